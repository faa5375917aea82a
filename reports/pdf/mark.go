package pdf

import "github.com/tsukaimichi/tsukaimichi/reports/typeset"

// kind is what a mark is.
type kind string

const (
	letters  kind = "text"    // a line of text; y is its baseline
	photo    kind = "photo"   // a JPEG filling the box
	fill     kind = "fill"    // a filled box
	frame    kind = "frame"   // a box drawn along its edge
	hatch    kind = "hatch"   // a box of diagonal lines, framed
	stripes  kind = "stripes" // a box of upright lines, framed
	polygon  kind = "polygon" // filled, with a white seam
	circle   kind = "circle"  // in the box, drawn along its edge
	outlines kind = "outline" // letters as shapes
	modules  kind = "modules" // the dark squares of a code
)

// mark is one thing on a page. x and y are mm from the top left of what it was set on.
type mark struct {
	kind       kind
	x, y, w, h float64
	colour     colour
	thick      float64 // of the drawn edge, mm
	size       float64 // of letters, pt
	line       typeset.Line
	jpeg       []byte
	turn       float64 // degrees, clockwise around the centre of the box
	corners    [][2]float64
	shapes     [][]typeset.Point // mm, y upwards from the box's bottom left
	code       [][]bool
	about      string // what a shape shows, for the layout's text form
}

// slab is a strip of marks.
type slab = typeset.Slab[[]mark]

// shifted copies marks to another place.
func shifted(marks []mark, dx, dy float64) []mark {
	out := make([]mark, len(marks))
	for i, m := range marks {
		m.x += dx
		m.y += dy
		out[i] = m
	}
	return out
}

// rule is a horizontal line of the given weight whose middle is at y.
func rule(x, y, w, thick float64, c colour) mark {
	return mark{kind: fill, x: x, y: y - thick/2, w: w, h: thick, colour: c}
}

// words is a line of text with its baseline at y.
func words(x, y, size float64, l typeset.Line, c colour) mark {
	return mark{kind: letters, x: x, y: y, w: l.Width, size: size, line: l, colour: c}
}
