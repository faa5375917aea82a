package pdf

import (
	"fmt"
	"math"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/reports/typeset"
)

// operators writes the shapes among the marks as PDF operators; letters and photographs are maroto's.
func operators(marks []mark, s sheet) []byte {
	p := pen{height: s.height}
	for _, m := range marks {
		switch m.kind {
		case fill:
			p.fill(m.colour).box(m).op("f")
		case frame:
			p.stroke(m.colour, m.thick).box(m).op("S")
		case hatch:
			p.hatch(m)
		case stripes:
			p.stripes(m)
		case polygon:
			p.polygon(m)
		case circle:
			p.stroke(m.colour, m.thick)
			p.turned(m, func() { p.circle(m) })
		case outlines:
			p.fill(m.colour)
			p.turned(m, func() { p.outlines(m) })
		case modules:
			p.fill(colour{}).modules(m)
		}
	}
	return p.out
}

// enlarged draws operators as large as the sheet is.
func (s sheet) enlarged(drawing []byte) []byte {
	if s.times == 1 || len(drawing) == 0 {
		return drawing
	}
	var p pen
	p.raw(s.times)
	p.out = append(p.out, "0 0 "...)
	p.raw(s.times)
	p.out = append(p.out, "0 0 cm\n"...)
	return append(p.out, drawing...)
}

// pen writes operators; it takes mm from the top left and writes points from the bottom left.
type pen struct {
	out    []byte
	height float64
}

func (p *pen) num(mm float64) {
	p.out = strconv.AppendFloat(p.out, math.Round(mm/typeset.MM*100)/100, 'f', -1, 64)
	p.out = append(p.out, ' ')
}

// raw writes a number as it is.
func (p *pen) raw(v float64) {
	p.out = strconv.AppendFloat(p.out, math.Round(v*1e5)/1e5, 'f', -1, 64)
	p.out = append(p.out, ' ')
}

func (p *pen) op(name string) { p.out = append(append(p.out, name...), '\n') }

func (p *pen) at(x, y float64) { p.num(x); p.num(p.height - y) }

func (p *pen) colour(c colour, name string) {
	for _, v := range c {
		p.out = fmt.Appendf(p.out, "%.3f ", float64(v)/255)
	}
	p.op(name)
}

func (p *pen) fill(c colour) *pen { p.colour(c, "rg"); return p }

func (p *pen) stroke(c colour, thick float64) *pen {
	p.colour(c, "RG")
	p.num(thick)
	p.op("w")
	return p
}

func (p *pen) box(m mark) *pen {
	p.at(m.x, m.y+m.h)
	p.num(m.w)
	p.num(m.h)
	p.op("re")
	return p
}

func (p *pen) segment(x1, y1, x2, y2 float64) {
	p.at(x1, y1)
	p.op("m")
	p.at(x2, y2)
	p.op("l")
}

// The patterns are those of the screen: lines of 2.2 px every 7 at 45°, upright ones of 3 px every 5.
const (
	hatchStep, hatchThick   = 7 * px * math.Sqrt2, 2.2 * px
	stripeStep, stripeThick = 5 * px, 3 * px
)

// hatch draws lines from bottom left to top right. They are counted from the page's edge, so that neighbours join.
func (p *pen) hatch(m mark) {
	p.op("q")
	p.fill(white).box(m).op("f")
	p.box(m).op("W n")
	p.stroke(m.colour, hatchThick)
	bottom := m.y + m.h
	for c := math.Floor((m.x+m.y)/hatchStep) * hatchStep; c < m.x+m.w+bottom; c += hatchStep { // x + y = c
		p.segment(c-bottom-1, bottom+1, c-m.y+1, m.y-1)
	}
	p.op("S")
	p.op("Q")
	p.stroke(m.colour, m.thick).box(m).op("S")
}

func (p *pen) stripes(m mark) {
	p.op("q")
	p.fill(white).box(m).op("f")
	p.box(m).op("W n")
	p.fill(m.colour)
	for x := m.x; x < m.x+m.w; x += stripeStep {
		p.box(mark{x: x, y: m.y, w: stripeThick, h: m.h})
	}
	p.op("f")
	p.op("Q")
	p.stroke(m.colour, m.thick).box(m).op("S")
}

// polygon fills corners after drawing their edge in white, so that a flag stands off the line it marks.
func (p *pen) polygon(m mark) {
	path := func() {
		for i, c := range m.corners {
			p.at(m.x+c[0], m.y+c[1])
			p.op([]string{"m", "l"}[min(i, 1)])
		}
		p.op("h")
	}
	p.stroke(white, m.thick)
	path()
	p.op("S")
	p.fill(m.colour)
	path()
	p.op("f")
}

// turned draws within a frame turned clockwise around the centre of the box.
func (p *pen) turned(m mark, draw func()) {
	sin, cos := math.Sincos(-m.turn * math.Pi / 180)
	x, y := (m.x+m.w/2)/typeset.MM, (p.height-m.y-m.h/2)/typeset.MM
	p.op("q")
	for _, v := range []float64{cos, sin, -sin, cos, x - x*cos + y*sin, y - x*sin - y*cos} {
		p.raw(v)
	}
	p.op("cm")
	draw()
	p.op("Q")
}

// bow is the length of the handles that make a quarter of a circle of a Bézier curve.
const bow = 0.5523

func (p *pen) circle(m mark) {
	x, y, r := m.x+m.w/2, m.y+m.h/2, m.w/2
	p.at(x+r, y)
	p.op("m")
	for _, q := range [][2]float64{{1, 0}, {0, -1}, {-1, 0}, {0, 1}} { // from there, anticlockwise
		next := [2]float64{q[1], -q[0]}
		p.at(x+r*(q[0]+bow*next[0]), y+r*(q[1]+bow*next[1]))
		p.at(x+r*(next[0]+bow*q[0]), y+r*(next[1]+bow*q[1]))
		p.at(x+r*next[0], y+r*next[1])
		p.op("c")
	}
	p.op("S")
}

// outlines fills contours of quadratic curves, which PDF writes as cubic ones.
func (p *pen) outlines(m mark) {
	for _, contour := range m.shapes {
		p.contour(contour, m.x, m.y+m.h)
	}
	p.op("f")
}

func (p *pen) contour(c []typeset.Point, x, y float64) {
	if len(c) < 2 {
		return
	}
	first := c[0]
	if !first.On {
		first = c[len(c)-1]
		if !first.On {
			first = middle(c[0], first)
		}
	}
	to := func(q typeset.Point) { p.at(x+q.X, y-q.Y) }
	to(first)
	p.op("m")
	here := first
	curve := func(control, end typeset.Point) {
		to(typeset.Point{X: here.X + (control.X-here.X)*2/3, Y: here.Y + (control.Y-here.Y)*2/3})
		to(typeset.Point{X: end.X + (control.X-end.X)*2/3, Y: end.Y + (control.Y-end.Y)*2/3})
		to(end)
		p.op("c")
		here = end
	}
	for i, q := range c {
		next := c[(i+1)%len(c)]
		if i == len(c)-1 {
			next = first
			next.On = true
		}
		switch {
		case q.On:
			if q != here {
				to(q)
				p.op("l")
				here = q
			}
		case next.On:
			curve(q, next)
		default:
			curve(q, middle(q, next))
		}
	}
	p.op("h")
}

func middle(a, b typeset.Point) typeset.Point {
	return typeset.Point{X: (a.X + b.X) / 2, Y: (a.Y + b.Y) / 2, On: true}
}

// modules fills runs of dark squares. One reaches a hair into a dark one below it, or viewers show a seam.
func (p *pen) modules(m mark) {
	side := m.w / float64(len(m.code))
	for y, row := range m.code {
		for x := 0; x < len(row); {
			end := x
			below := y+1 < len(m.code)
			for end < len(row) && row[end] {
				below = below && m.code[y+1][end]
				end++
			}
			if end > x {
				h := side
				if below {
					h += 0.02
				}
				p.box(mark{x: m.x + float64(x)*side, y: m.y + float64(y)*side, w: float64(end-x) * side, h: h})
			}
			x = max(end, x+1)
		}
	}
	p.op("f")
}
