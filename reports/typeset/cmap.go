package typeset

import "fmt"

// readCmap fills planes and variants from the subtables of formats 12 or 4, and 14.
func (f *Face) readCmap() error {
	table := f.tables["cmap"]
	formats := map[uint16][]byte{}
	for i := range int(be.Uint16(table[2:])) {
		sub := table[be.Uint32(table[4+8*i+4:]):]
		formats[be.Uint16(sub)] = sub
	}
	switch {
	case formats[12] != nil:
		f.readSegmented(formats[12])
	case formats[4] != nil:
		f.readFormat4(formats[4])
	default:
		return fmt.Errorf("%w: no Unicode characters", ErrFont)
	}
	if sub := formats[14]; sub != nil {
		f.readVariants(sub)
	}
	return nil
}

func (f *Face) put(r rune, g uint16) {
	if r < 0 || r > 0x2ffff || g == 0 || int(g) >= f.glyphs {
		return
	}
	if f.planes[r>>8] == nil {
		f.planes[r>>8] = new([256]uint16)
	}
	f.planes[r>>8][r&255] = g
}

func (f *Face) readSegmented(sub []byte) {
	for i := range int(be.Uint32(sub[12:])) {
		group := sub[16+12*i:]
		first, last, g := be.Uint32(group), be.Uint32(group[4:]), be.Uint32(group[8:])
		for r := first; r <= last && r <= 0x2ffff; r++ {
			f.put(rune(r), uint16(g+r-first))
		}
	}
}

func (f *Face) readFormat4(sub []byte) {
	n := int(be.Uint16(sub[6:])) / 2
	ends, starts, deltas, offsets := sub[14:], sub[16+2*n:], sub[16+4*n:], sub[16+6*n:]
	for i := range n {
		first, last := int(be.Uint16(starts[2*i:])), int(be.Uint16(ends[2*i:]))
		delta, offset := be.Uint16(deltas[2*i:]), int(be.Uint16(offsets[2*i:]))
		for r := first; r <= last && r < 0xffff; r++ {
			g := uint16(r) + delta
			if offset != 0 {
				if g = be.Uint16(offsets[2*i+offset+2*(r-first):]); g != 0 {
					g += delta
				}
			}
			f.put(rune(r), g)
		}
	}
}

// readVariants reads the forms that differ from the plain character; a selector without an entry asks for the plain one.
func (f *Face) readVariants(sub []byte) {
	for i := range int(be.Uint32(sub[6:])) {
		record := sub[10+11*i:]
		offset := be.Uint32(record[7:])
		if offset == 0 {
			continue
		}
		forms := sub[offset:]
		for j := range int(be.Uint32(forms)) {
			form := forms[4+5*j:]
			f.variants[variant{uint24(form), uint24(record)}] = be.Uint16(form[3:])
		}
	}
}

func uint24(b []byte) rune { return rune(b[0])<<16 | rune(b[1])<<8 | rune(b[2]) }
