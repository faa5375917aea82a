package card

import (
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/vector"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/typeset"
)

// The colours of the screen (tokens.css).
var (
	paper   = color.RGBA{255, 255, 255, 255}
	ink     = color.RGBA{26, 26, 26, 255}
	inkSoft = color.RGBA{77, 77, 77, 255}
	nando   = color.RGBA{0, 97, 115, 255}
	attend  = color.RGBA{251, 245, 224, 255}
	washi   = color.RGBA{246, 245, 241, 255}
)

// sheet is a picture being drawn.
type sheet struct {
	picture *image.RGBA
	faces   typeset.Faces
	words   *typeset.Case
}

func newSheet(faces typeset.Faces) *sheet {
	s := &sheet{picture: image.NewRGBA(image.Rect(0, 0, Width, Height)), faces: faces, words: typeset.NewCase(faces)}
	s.fill(paper, s.picture.Bounds())
	return s
}

func (s *sheet) fill(c color.RGBA, r image.Rectangle) {
	draw.Draw(s.picture, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// lines breaks a bold text of a size in pixels into lines of like length as wide as the card. The case measures in points and millimetres: a pixel here is a point there.
func (s *sheet) lines(text string, size int) []string {
	var out []string
	for _, l := range s.words.Balance(float64(size), inner*typeset.MM, typeset.Run{Text: text, Bold: true}) {
		out = append(out, l.Text)
	}
	return out
}

// line writes one line with its baseline at y and returns where it ends. What would leave the card is drawn smaller.
func (s *sheet) line(text string, bold bool, size, x, y int, c color.RGBA) int {
	face := s.faces.Regular
	if bold {
		face = s.faces.Bold
	}
	contours, width := face.Outlines(text)
	scale := float64(size)
	if room := float64(Width - margin - x); width*scale > room {
		scale = room / width
	}
	r := vector.NewRasterizer(Width, Height)
	for _, contour := range contours {
		trace(r, contour, func(p typeset.Point) (float32, float32) {
			return float32(float64(x) + p.X*scale), float32(float64(y) - p.Y*scale)
		})
	}
	r.Draw(s.picture, s.picture.Bounds(), image.NewUniform(c), image.Point{})
	return x + int(width*scale)
}

// trace follows a contour of quadratic curves, in which two control points beside each other have a corner half way between them.
func trace(r *vector.Rasterizer, contour []typeset.Point, place func(typeset.Point) (x, y float32)) {
	if len(contour) < 3 {
		return
	}
	between := func(a, b typeset.Point) typeset.Point {
		return typeset.Point{X: (a.X + b.X) / 2, Y: (a.Y + b.Y) / 2, On: true}
	}
	first := 0
	for first < len(contour) && !contour[first].On {
		first++
	}
	start := between(contour[0], contour[len(contour)-1])
	if first < len(contour) {
		start = contour[first]
	} else {
		first = -1 // control points alone
	}
	r.MoveTo(place(start))
	var control *typeset.Point
	to := func(p typeset.Point) {
		x, y := place(p)
		if control == nil {
			r.LineTo(x, y)
			return
		}
		cx, cy := place(*control)
		r.QuadTo(cx, cy, x, y)
		control = nil
	}
	for i := range len(contour) {
		p := contour[(first+1+i)%len(contour)]
		switch {
		case p.On:
			to(p)
		case control != nil:
			to(between(*control, p))
			control = &p
		default:
			control = &p
		}
	}
	to(start)
	r.ClosePath()
}

// road draws the line of the pages: what was promised as a box with a flag at its end, what came and was spent within it, and the amounts below.
func (s *sheet) road(f Facts) {
	scale := max(f.Promised, f.Spent)
	if !f.Final {
		scale = max(scale, f.Received)
	}
	at := func(a ledger.Yen) int {
		place, err := max(0, a).Mul(inner-24, int64(scale), ledger.HalfUp)
		if err != nil {
			return margin
		}
		return margin + int(place)
	}
	top, low := lineTop, lineTop+lineThick
	s.fill(ink, image.Rect(margin, top, at(f.Promised)+2, low))
	s.fill(washi, image.Rect(margin+2, top+2, at(f.Promised), low-2))
	if !f.Final && f.Received > f.Spent {
		s.hatch(image.Rect(max(margin+2, at(f.Spent)), top+2, at(f.Received), low-2))
	}
	s.fill(nando, image.Rect(margin, top, at(f.Spent), low))
	post := at(f.Promised)
	s.fill(ink, image.Rect(post-2, top-18, post+3, low))
	s.fill(ink, image.Rect(max(margin, post-30), top-18, post, top-4))
	x := margin
	for _, a := range f.amounts() {
		x = s.line(a.name+" ", false, 26, x, low+52, inkSoft)
		x = s.line(a.amount.String()+"円", true, 32, x+6, low+52, ink) + 44
	}
}

// hatch fills with slanted strokes: there, and not spent yet.
func (s *sheet) hatch(r image.Rectangle) {
	s.fill(paper, r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if (x+y)%12 < 4 {
				s.picture.SetRGBA(x, y, nando)
			}
		}
	}
}
