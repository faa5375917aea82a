package typeset

import (
	"maps"
	"math/bits"
	"slices"
)

// cast makes a TrueType font that draws each code with its piece of type. Hints, variants, vertical measures and names
// stay behind: the font lives inside one PDF.
func cast(base *Face, used map[uint16]sort) []byte {
	codes := slices.Sorted(maps.Keys(used))
	f := foundry{base: base, ids: map[sort]uint16{}}
	f.id(sort{base, 0})
	glyphs := make([]uint16, len(codes))
	for i, c := range codes {
		glyphs[i] = f.id(used[c])
	}
	for i := 0; i < len(f.list); i++ { // the list grows while composites name their parts
		f.add(f.list[i])
	}
	f.loca = be.AppendUint32(f.loca, uint32(len(f.glyf)))
	n := uint16(len(f.list))
	head := patched(base.tables["head"], 50, 1) // long offsets
	be.PutUint32(head[8:], 0)
	post := make([]byte, 32)
	copy(post, base.tables["post"][:min(16, len(base.tables["post"]))])
	be.PutUint32(post, 0x00030000) // no glyph names
	return bind(map[string][]byte{
		"head": head, "hhea": patched(base.tables["hhea"], 34, n), "maxp": f.maxp(n), "post": post,
		"OS/2": base.tables["OS/2"], "name": {0, 0, 0, 0, 0, 6}, "cmap": cmap4(codes, glyphs),
		"hmtx": f.hmtx, "loca": f.loca, "glyf": f.glyf,
	})
}

type foundry struct {
	base             *Face
	ids              map[sort]uint16
	list             []sort
	glyf, loca, hmtx []byte
}

func (f *foundry) id(s sort) uint16 {
	id, ok := f.ids[s]
	if !ok {
		id = uint16(len(f.list))
		f.ids[s] = id
		f.list = append(f.list, s)
	}
	return id
}

func (f *foundry) add(s sort) {
	f.loca = be.AppendUint32(f.loca, uint32(len(f.glyf)))
	advance, bearing := s.face.metric(s.glyph)
	f.hmtx = be.AppendUint16(be.AppendUint16(f.hmtx, advance), uint16(bearing))
	if d := s.face.drawing(s.glyph); len(d) >= 10 {
		f.glyf = append(f.glyf, unhinted(d, func(g uint16) uint16 { return f.id(sort{s.face, g}) })...)
	}
	for len(f.glyf)%4 != 0 {
		f.glyf = append(f.glyf, 0)
	}
}

// maxp allows what the larger of the faces in use needs.
func (f *foundry) maxp(glyphs uint16) []byte {
	table := patched(f.base.tables["maxp"], 4, glyphs)
	for _, s := range f.list {
		if s.face == f.base {
			continue
		}
		other := s.face.tables["maxp"]
		for i := 6; i+2 <= min(len(table), len(other), 32); i += 2 {
			be.PutUint16(table[i:], max(be.Uint16(table[i:]), be.Uint16(other[i:])))
		}
		break
	}
	return table
}

// unhinted copies a glyph without its instructions, its parts renumbered.
func unhinted(d []byte, renumber func(uint16) uint16) []byte {
	if n := int(int16(be.Uint16(d))); n >= 0 {
		p := 10 + 2*n
		rest := p + 2 + int(be.Uint16(d[p:]))
		return slices.Concat(d[:p], []byte{0, 0}, d[rest:])
	}
	out := slices.Clone(d)
	for p := 10; ; {
		part := readPart(out[p:])
		be.PutUint16(out[p:], part.flags&^0x100) // no instructions follow
		be.PutUint16(out[p+2:], renumber(part.glyph))
		if p += part.size; part.flags&0x20 == 0 {
			return out[:p]
		}
	}
}

// cmap4 writes a character map of format 4 for codes in order.
func cmap4(codes, glyphs []uint16) []byte {
	type segment struct{ first, last, delta uint16 }
	var segments []segment
	for i, c := range codes {
		delta := glyphs[i] - c
		if n := len(segments); n > 0 && segments[n-1].last == c-1 && segments[n-1].delta == delta {
			segments[n-1].last = c
		} else {
			segments = append(segments, segment{c, c, delta})
		}
	}
	segments = append(segments, segment{0xffff, 0xffff, 1})
	n := uint16(len(segments))
	step, search := searchRange(n, 2)
	out := words(0, 1, 3, 1, 0, 12, 4, 16+8*n, 0, 2*n, search, step, 2*n-search)
	for _, s := range segments {
		out = be.AppendUint16(out, s.last)
	}
	out = be.AppendUint16(out, 0)
	for _, s := range segments {
		out = be.AppendUint16(out, s.first)
	}
	for _, s := range segments {
		out = be.AppendUint16(out, s.delta)
	}
	return append(out, make([]byte, 2*n)...)
}

// bind writes the tables in order with their checksums.
func bind(tables map[string][]byte) []byte {
	names := slices.Sorted(maps.Keys(tables))
	n := uint16(len(names))
	step, search := searchRange(n, 16)
	out := append([]byte{0, 1, 0, 0}, words(n, search, step, 16*n-search)...)
	offset, head := uint32(12+16*len(names)), uint32(0)
	for _, name := range names {
		if name == "head" {
			head = offset
		}
		table := tables[name]
		out = append(out, name...)
		out = be.AppendUint32(out, checksum(table))
		out = be.AppendUint32(out, offset)
		out = be.AppendUint32(out, uint32(len(table)))
		offset += uint32(len(table)+3) &^ 3
	}
	for _, name := range names {
		out = append(out, tables[name]...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	be.PutUint32(out[head+8:], 0xb1b0afba-checksum(out))
	return out
}

func searchRange(n, size uint16) (step, search uint16) {
	step = uint16(bits.Len16(n) - 1)
	return step, size << step
}

func checksum(b []byte) (sum uint32) {
	for ; len(b) >= 4; b = b[4:] {
		sum += be.Uint32(b)
	}
	var last [4]byte
	copy(last[:], b)
	return sum + be.Uint32(last[:])
}

func patched(table []byte, at int, v uint16) []byte {
	out := slices.Clone(table)
	be.PutUint16(out[at:], v)
	return out
}

func words(values ...uint16) (out []byte) {
	for _, v := range values {
		out = be.AppendUint16(out, v)
	}
	return out
}
