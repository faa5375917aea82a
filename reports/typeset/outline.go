package typeset

// Point is a corner or, if not On, the control point of a quadratic curve, in em; y grows upwards from the baseline.
type Point struct {
	X, Y float64
	On   bool
}

// Outlines returns the closed contours of s as one line from x = 0 and its width, in em, for text that is drawn as a
// shape: the words of a stamp. Characters without a glyph are left out.
func (f *Face) Outlines(s string) (contours [][]Point, width float64) {
	em := float64(f.em)
	for _, r := range Clean(s) {
		g := f.glyph(r)
		if g == 0 {
			continue
		}
		for _, contour := range f.contours(g, 0) {
			for i := range contour {
				contour[i].X, contour[i].Y = contour[i].X/em+width, contour[i].Y/em
			}
			contours = append(contours, contour)
		}
		advance, _ := f.metric(g)
		width += float64(advance) / em
	}
	return contours, width
}

// maxDepth stops composites that contain themselves.
const maxDepth = 6

func (f *Face) contours(g uint16, depth int) [][]Point {
	d := f.drawing(g)
	if len(d) < 10 || depth > maxDepth {
		return nil
	}
	if n := int(int16(be.Uint16(d))); n >= 0 {
		return simple(d, n)
	}
	var all [][]Point
	for p := 10; ; {
		part := readPart(d[p:])
		for _, contour := range f.contours(part.glyph, depth+1) {
			all = append(all, part.place(contour))
		}
		if p += part.size; part.flags&0x20 == 0 {
			return all
		}
	}
}

// part is one component of a composite glyph and where it goes.
type part struct {
	flags, glyph uint16
	size         int // bytes of the record
	dx, dy       float64
	a, b, c, d   float64
}

func readPart(r []byte) part {
	p := part{flags: be.Uint16(r), glyph: be.Uint16(r[2:]), size: 4, a: 1, d: 1}
	if p.flags&1 != 0 {
		p.dx, p.dy = float64(int16(be.Uint16(r[4:]))), float64(int16(be.Uint16(r[6:])))
		p.size += 4
	} else {
		p.dx, p.dy = float64(int8(r[4])), float64(int8(r[5]))
		p.size += 2
	}
	if p.flags&2 == 0 { // matched by points, which no Japanese face does
		p.dx, p.dy = 0, 0
	}
	fixed := func(i int) float64 { return float64(int16(be.Uint16(r[p.size+2*i:]))) / (1 << 14) }
	switch {
	case p.flags&0x08 != 0:
		p.a, p.d = fixed(0), fixed(0)
		p.size += 2
	case p.flags&0x40 != 0:
		p.a, p.d = fixed(0), fixed(1)
		p.size += 4
	case p.flags&0x80 != 0:
		p.a, p.b, p.c, p.d = fixed(0), fixed(1), fixed(2), fixed(3)
		p.size += 8
	}
	return p
}

func (p part) place(contour []Point) []Point {
	out := make([]Point, len(contour))
	for i, q := range contour {
		out[i] = Point{q.X*p.a + q.Y*p.c + p.dx, q.X*p.b + q.Y*p.d + p.dy, q.On}
	}
	return out
}

// simple reads n contours. Flags repeat, and coordinates are differences of one or two bytes.
func simple(d []byte, n int) [][]Point {
	if n == 0 {
		return nil
	}
	count := int(be.Uint16(d[10+2*(n-1):])) + 1
	p := 10 + 2*n
	p += 2 + int(be.Uint16(d[p:]))
	flags := make([]byte, 0, count)
	for len(flags) < count {
		flags = append(flags, d[p])
		if d[p]&8 != 0 {
			for range d[p+1] {
				flags = append(flags, d[p])
			}
			p++
		}
		p++
	}
	points := make([]Point, count)
	p = coordinates(d, p, flags[:count], 2, 16, func(i int, v float64) { points[i].X, points[i].On = v, flags[i]&1 != 0 })
	coordinates(d, p, flags[:count], 4, 32, func(i int, v float64) { points[i].Y = v })
	contours, first := make([][]Point, n), 0
	for i := range contours {
		last := int(be.Uint16(d[10+2*i:]))
		contours[i] = points[first : last+1 : last+1]
		first = last + 1
	}
	return contours
}

func coordinates(d []byte, p int, flags []byte, short, same byte, set func(i int, v float64)) int {
	v := 0
	for i, f := range flags {
		switch {
		case f&short != 0 && f&same != 0:
			v += int(d[p])
			p++
		case f&short != 0:
			v -= int(d[p])
			p++
		case f&same == 0:
			v += int(int16(be.Uint16(d[p:])))
			p += 2
		}
		set(i, float64(v))
	}
	return p
}
