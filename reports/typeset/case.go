package typeset

import (
	"maps"
	"slices"
	"unicode/utf8"
)

// MM is the length of a point in millimetres.
const MM = 25.4 / 72

// firstPrivate to lastPrivate are the codes of U+E000…U+F8FF, which Clean keeps free.
const firstPrivate, lastPrivate = 0xe000, 0xf8ff

// Run is text of one weight.
type Run struct {
	Text string
	Bold bool
}

// Line is one line, ready to draw.
type Line struct {
	Text  string  // as it reads
	Codes string  // what to draw with the font that Font casts
	Width float64 // mm, at the size it was set in
}

// Case is the type case of one document: it knows the glyphs in use. It is not for use by several goroutines.
type Case struct {
	faces   Faces
	used    map[uint16]sort // by code
	codes   map[key]uint16  // private ones
	private map[uint16]string
	seen    map[key]sorted
	missing map[rune]int
}

// sort is a piece of type: a glyph of a face.
type sort struct {
	face  *Face
	glyph uint16
}

// key is a character as asked for.
type key struct {
	r, selector rune
	bold        bool
}

// sorted is a character as found.
type sorted struct {
	code    uint16
	advance int // thousandths of an em
}

// NewCase begins a document.
func NewCase(faces Faces) *Case {
	return &Case{faces: faces, used: map[uint16]sort{}, codes: map[key]uint16{}, private: map[uint16]string{},
		seen: map[key]sorted{}, missing: map[rune]int{}}
}

// Line sets s as one line, however long.
func (c *Case) Line(bold bool, size float64, s string) Line {
	text := c.compose([]Run{{oneLine(s), bold}})
	return text.line(0, len(text.letters), size)
}

// Missing lists the characters that were set as 〓, in order.
func (c *Case) Missing() []rune { return slices.Sorted(maps.Keys(c.missing)) }

// Codes lists the codes in use, in order.
func (c *Case) Codes() []uint16 { return slices.Sorted(maps.Keys(c.used)) }

// Private tells what the private codes read as.
func (c *Case) Private() map[uint16]string { return c.private }

// Font casts the TrueType font that draws the codes of all lines set so far.
func (c *Case) Font() []byte { return cast(c.faces.Regular, c.used) }

// letter finds the first character of s with its variation selector; n is its length in bytes.
func (c *Case) letter(s string, bold bool) (found sorted, n int) {
	r, n := utf8.DecodeRuneInString(s)
	k := key{r: r, bold: bold}
	if v, m := utf8.DecodeRuneInString(s[n:]); m > 0 && isSelector(v) {
		k.selector = v
		n += m
	}
	found, ok := c.seen[k]
	if !ok {
		found = c.place(k)
		c.seen[k] = found
	}
	if found.code == 0 { // not in the faces: counted each time
		c.missing[r]++
		geta, _ := c.letter(string(Geta), bold)
		return geta, n
	}
	return found, n
}

// place gives a character its piece of type and code; a zero code means that there is none.
func (c *Case) place(k key) sorted {
	s, exact := c.find(k)
	if s.face == nil {
		return sorted{}
	}
	if !exact {
		k.selector = 0 // the plain form: what can be copied out again must say the same
	}
	code := uint16(k.r)
	if k.bold || k.r > 0xffff || k.selector != 0 {
		var ok bool
		if code, ok = c.codes[k]; !ok {
			if len(c.codes) > lastPrivate-firstPrivate {
				return sorted{}
			}
			code = firstPrivate + uint16(len(c.codes))
			c.codes[k] = code
			c.private[code] = string(k.r)
			if k.selector != 0 {
				c.private[code] += string(k.selector)
			}
		}
	}
	c.used[code] = s
	return sorted{code, s.face.advance(s.glyph)}
}

func (c *Case) find(k key) (s sort, exact bool) {
	faces := []*Face{c.faces.Regular}
	if k.bold {
		faces = []*Face{c.faces.Bold, c.faces.Regular}
	}
	if k.selector != 0 {
		for _, f := range faces {
			if g := f.variants[variant{k.r, k.selector}]; g != 0 {
				return sort{f, g}, true
			}
		}
	}
	for _, f := range faces {
		if g := f.glyph(k.r); g != 0 {
			return sort{f, g}, false
		}
	}
	if k.r == 0xa0 {
		return c.find(key{r: ' ', bold: k.bold})
	}
	return sort{}, false
}
