package pdf

import "github.com/tsukaimichi/tsukaimichi/reports/typeset"

// row is cells side by side that can be cut between lines.
type row struct {
	of     string
	cells  []cell
	width  float64
	pad    float64 // above and below the lines
	above  float64 // weight of the rule over it, 0 for none
	below  colour  // of the rule under it
	weight float64 // of the rule under it
	keep   bool
	head   *slab
}

// cell is lines in a column.
type cell struct {
	x, w  float64
	size  float64
	end   bool
	drop  float64 // lowers the lines, to share a baseline with larger ones beside
	lines []typeset.Line
}

func (r row) height() float64 {
	h := 0.0
	for _, c := range r.cells {
		h = max(h, c.drop+float64(len(c.lines))*pitch(c.size, tight))
	}
	return h + 2*r.pad
}

func (r row) slab() slab {
	h := r.height()
	marks := []mark{rule(0, h-r.weight/2, r.width, r.weight, r.below)}
	if r.above > 0 { // upon the rule of the row before
		marks = append(marks, rule(0, 0, r.width, r.above, ink))
	}
	for _, c := range r.cells {
		p := pitch(c.size, tight)
		for i, l := range c.lines {
			x := c.x
			if c.end {
				x += c.w - l.Width
			}
			marks = append(marks, words(x, r.pad+c.drop+float64(i)*p+baseline(c.size, p), c.size, l, ink))
		}
	}
	return slab{Height: h, KeepNext: r.keep, Of: r.of, Ink: marks, Head: r.head, Cut: r.cut}
}

// cut leaves at least two lines on this side, unless the row ends sooner.
func (r row) cut(room float64) (first, rest slab, ok bool) {
	a, b := r, r
	a.cells, b.cells = nil, nil
	a.keep, b.above = false, 0
	progress, left := false, 0
	for _, c := range r.cells {
		fit := int((room - 2*r.pad - c.drop) / pitch(c.size, tight))
		n := min(len(c.lines), max(fit, 0))
		if n < 2 && n < len(c.lines) {
			return slab{}, slab{}, false
		}
		if len(c.lines)-n == 1 && n > 2 { // and not a single one on the other
			n--
		}
		progress = progress || n > 0
		left += len(c.lines) - n
		top, bottom := c, c
		top.lines, bottom.lines = c.lines[:n], c.lines[n:]
		bottom.drop = 0
		a.cells, b.cells = append(a.cells, top), append(b.cells, bottom)
	}
	if !progress || left == 0 {
		return slab{}, slab{}, false
	}
	return a.slab(), b.slab(), true
}
