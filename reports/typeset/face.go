package typeset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/tsukaimichi/tsukaimichi/reports/fonts"
)

// ErrFont says that bytes are not a TrueType font with outlines; OpenType/CFF, collections and WOFF are not.
var ErrFont = errors.New("typeset: not a TrueType font")

var be = binary.BigEndian

// Face is a parsed font file. It keeps the bytes it was given, never changes, and may be shared.
type Face struct {
	tables   map[string][]byte
	em       int // units per em
	glyphs   int
	metrics  int // entries with an advance of their own in hmtx
	longLoca bool
	planes   [0x300]*[256]uint16 // rune → glyph up to U+2FFFF, 256 runes a page
	variants map[variant]uint16
}

type variant struct{ base, selector rune }

// Faces are the two weights a document is set in. Bold falls back to Regular where it lacks a glyph.
type Faces struct{ Regular, Bold *Face }

// Noto is Noto Sans JP, parsed once for the process.
var Noto = sync.OnceValues(func() (Faces, error) {
	regular, err := ParseFace(fonts.Regular)
	if err != nil {
		return Faces{}, fmt.Errorf("regular: %w", err)
	}
	bold, err := ParseFace(fonts.Bold)
	if err != nil {
		return Faces{}, fmt.Errorf("bold: %w", err)
	}
	return NewFaces(regular, bold)
})

// NewFaces joins two weights; ErrFont when they count a different number of units to the em, since a document's
// small font has one measure, or when the regular one has no 〓 to stand for what is missing.
func NewFaces(regular, bold *Face) (Faces, error) {
	if regular.em != bold.em {
		return Faces{}, fmt.Errorf("%w: weights of %d and %d units", ErrFont, regular.em, bold.em)
	}
	if !regular.Has(Geta) || !regular.Has(' ') {
		return Faces{}, fmt.Errorf("%w: no 〓", ErrFont)
	}
	return Faces{regular, bold}, nil
}

// ParseFace reads a TrueType file; ErrFont if it is not one.
func ParseFace(file []byte) (f *Face, err error) {
	defer func() { // tables point at each other: a damaged file can send a read anywhere
		if recover() != nil {
			f, err = nil, fmt.Errorf("%w: damaged", ErrFont)
		}
	}()
	if len(file) < 12 || be.Uint32(file) != 0x00010000 && string(file[:4]) != "true" {
		return nil, ErrFont
	}
	file = file[:len(file):len(file)] // what lies behind it in memory is not the font
	f = &Face{tables: map[string][]byte{}, variants: map[variant]uint16{}}
	for i := range int(be.Uint16(file[4:])) {
		entry := file[12+16*i:]
		offset, length := be.Uint32(entry[8:]), be.Uint32(entry[12:])
		f.tables[string(entry[:4])] = file[offset : uint64(offset)+uint64(length)]
	}
	for _, t := range []string{"head", "hhea", "maxp", "hmtx", "loca", "glyf", "cmap", "OS/2"} {
		if f.tables[t] == nil {
			return nil, fmt.Errorf("%w: no table %q", ErrFont, t)
		}
	}
	f.em = int(be.Uint16(f.tables["head"][18:]))
	f.longLoca = be.Uint16(f.tables["head"][50:]) == 1
	f.glyphs = int(be.Uint16(f.tables["maxp"][4:]))
	f.metrics = int(be.Uint16(f.tables["hhea"][34:]))
	if f.em == 0 || f.metrics == 0 {
		return nil, fmt.Errorf("%w: no measure", ErrFont)
	}
	return f, f.readCmap()
}

// Has reports whether the face draws r.
func (f *Face) Has(r rune) bool { return f.glyph(r) != 0 }

func (f *Face) glyph(r rune) uint16 {
	if r < 0 || r > 0x2ffff || f.planes[r>>8] == nil {
		return 0
	}
	return f.planes[r>>8][r&255]
}

// advance is the width of a glyph in thousandths of an em, rounded as gofpdf rounds it, so that both count the same.
func (f *Face) advance(g uint16) int {
	a, _ := f.metric(g)
	return int(math.Round(float64(a) * 1000 / float64(f.em)))
}

func (f *Face) metric(g uint16) (advance uint16, bearing int16) {
	h, last := f.tables["hmtx"], f.metrics-1
	if int(g) <= last {
		return be.Uint16(h[4*int(g):]), int16(be.Uint16(h[4*int(g)+2:]))
	}
	return be.Uint16(h[4*last:]), int16(be.Uint16(h[4*f.metrics+2*(int(g)-f.metrics):]))
}

// drawing is the glyph's entry of table glyf, empty for a space.
func (f *Face) drawing(g uint16) []byte {
	l, i := f.tables["loca"], int(g)
	if f.longLoca {
		return f.tables["glyf"][be.Uint32(l[4*i:]):be.Uint32(l[4*i+4:])]
	}
	return f.tables["glyf"][2*uint32(be.Uint16(l[2*i:])) : 2*uint32(be.Uint16(l[2*i+2:]))]
}
