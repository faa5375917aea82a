package pdf

import (
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/typeset"
)

// stampSide is the width of the round date stamp, in mm.
const stampSide = 22.0

func (s *setter) signature(sig document.Signature) {
	s.of = "署名「" + sig.Name + "」"
	width := s.width
	if sig.Stamp != nil {
		width -= stampSide + 6
	}
	lines := s.breakText(body, width, sig.Statement, false)
	if len(sig.Statement) == 0 {
		lines = nil
	}
	who := document.Paper.Date(sig.On)
	for _, part := range []string{sig.Role, sig.Name} {
		if who != "" && part != "" {
			who += "　"
		}
		who += part
	}
	lines = append(lines, s.breakWords(body, width, who, false)...)
	s.gap(4)
	s.beside(lines, width, sig.Stamp, mark{})
}

// footerName is what a footer's strips belong to.
const footerName = "結び"

// footer ends the paper under a rule: lines, stamp, code.
func (s *setter) footer(f document.Footer) error {
	s.of = footerName
	const gap = 5.0
	width := s.width
	var code mark
	if f.QR != "" {
		m, err := codeMark(f.QR, qrSide)
		if err != nil {
			return err
		}
		code = inset(m)
		width -= code.w + gap
	}
	if f.Stamp != nil {
		width -= stampSide + gap
	}
	over := 0
	if s.full {
		over = s.overCode(f.Lines, width, code.h)
	}
	above := 8.0
	if s.close {
		above = 4.5
	}
	s.gap(above)
	s.add(3, true, rule(0, thin/2, s.width, thin, ink))
	if over > 0 {
		s.lines(0, body, footLead, s.footLines(f.Lines[:over], s.width), ink)
		s.slabs[len(s.slabs)-1].KeepNext = true
	}
	s.beside(s.footLines(f.Lines[over:], width), width, f.Stamp, code)
	return nil
}

// footLead is the leading of words on one sheet.
const footLead = 1.43

func (s *setter) footLines(texts []document.Text, width float64) []typeset.Line {
	var lines []typeset.Line
	for _, t := range texts {
		lines = append(lines, s.breakText(body, width, t, false)...)
	}
	return lines
}

// overCode is how many of a footer's texts stand over the code, as wide as the sheet, so that the whole is lowest.
func (s *setter) overCode(texts []document.Text, width, code float64) int {
	best, least := 0, 0.0
	for n := range len(texts) + 1 {
		beside := float64(len(s.footLines(texts[n:], width))) * pitch(body, footLead)
		height := float64(len(s.footLines(texts[:n], s.width)))*pitch(body, footLead) + max(beside, code)
		if n == 0 || height < least-1e-9 {
			best, least = n, height
		}
	}
	return best
}

// beside sets lines with a stamp and a code at the end of the strip, all standing on one line. They are never parted.
func (s *setter) beside(lines []typeset.Line, width float64, stamp *document.Stamp, code mark) {
	lead := leading
	if s.close {
		lead = footLead
	}
	p := pitch(body, lead)
	height := max(float64(len(lines))*p, code.h)
	if stamp != nil {
		height = max(height, stampSide)
	}
	var marks []mark
	y := height - float64(len(lines))*p
	for i, l := range lines {
		marks = append(marks, words(0, y+float64(i)*p+baseline(body, p), body, l, ink))
	}
	x := s.width
	if code.w > 0 {
		x -= code.w
		code.x, code.y = x, height-code.h
		marks = append(marks, code)
		x -= 5
	}
	if stamp != nil {
		marks = append(marks, s.stamp(*stamp, x-stampSide, height-stampSide)...)
	}
	s.add(height, false, marks...)
}

// tilt is how a stamp comes down from a hand, in degrees anticlockwise.
const tilt = -7.0

// stamp draws a ring with two bars and three lines of letters as shapes. Its words stand in the text as well.
func (s *setter) stamp(st document.Stamp, x, y float64) []mark {
	const unit = stampSide / 100 // the drawing is 100 units wide
	frame := mark{kind: circle, x: x + 4*unit, y: y + 4*unit, w: 92 * unit, h: 92 * unit, colour: nando, thick: 2.2 * unit, turn: tilt, about: "stamp"}
	box := mark{kind: outlines, x: x, y: y, w: stampSide, h: stampSide, colour: nando, turn: tilt, about: st.Top + " " + st.Day() + " " + st.Bottom}
	for _, at := range []float64{36, 64} {
		box.shapes = append(box.shapes, slat(6.5*unit, (100-at-1.1)*unit, 87*unit, 2.2*unit))
	}
	for _, l := range []struct {
		text          string
		size, base, w float64
	}{{st.Top, 13, 29, 62}, {st.Day(), 17, 56, 82}, {st.Bottom, 13, 80, 56}} {
		shapes, width := s.faces.Bold.Outlines(l.text)
		scale := l.size
		if width*scale > l.w {
			scale = l.w / width
		}
		for _, c := range shapes {
			for i := range c {
				c[i].X = (50 + (c[i].X-width/2)*scale) * unit
				c[i].Y = (100 - l.base + c[i].Y*scale) * unit
			}
			box.shapes = append(box.shapes, c)
		}
	}
	return []mark{frame, box}
}

// slat is a thin box as a contour.
func slat(x, y, w, h float64) []typeset.Point {
	return []typeset.Point{{X: x, Y: y, On: true}, {X: x + w, Y: y, On: true}, {X: x + w, Y: y + h, On: true}, {X: x, Y: y + h, On: true}}
}
