package pdf

import (
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/typeset"
)

// people sets the counts in large figures; a count and its unit are never parted.
func (s *setter) people(p document.People) {
	s.of = "「" + p.Label + "」"
	s.gap(4)
	const between = 4.5
	height := pitch(people, 1.15)
	y := baseline(people, height)
	label := s.types.Line(false, body, p.Label)
	marks := []mark{words(0, y, body, label, ink)}
	x := label.Width + between
	for _, c := range p.Counts {
		number := s.types.Line(true, people, document.Paper.Number(c.Number))
		unit := s.types.Line(false, fact, c.Unit)
		if width := number.Width + 0.6 + unit.Width; x > 0 && x+width > s.width {
			s.add(height, true, marks...)
			marks, x = nil, 0
		}
		marks = append(marks, words(x, y, people, number, ink), words(x+number.Width+0.6, y, fact, unit, ink))
		x += number.Width + 0.6 + unit.Width + between
	}
	s.add(height, false, marks...)
}

// facts sets labels and values in two columns between rules.
func (s *setter) facts(f document.Facts) {
	s.of = "項目"
	s.gap(2)
	label := 0.0
	for _, i := range f.Items {
		label = max(label, s.types.Widest(body, typeset.Run{Text: i.Label, Bold: true}))
	}
	label = min(label+6, 0.4*s.width)
	for n, i := range f.Items {
		s.of = "項目「" + i.Label + "」"
		size := body
		if i.Large {
			size = sum
		}
		r := row{of: s.of, pad: 1.7, width: s.width, below: edge, weight: thin}
		if n == 0 && !s.headed {
			r.above = thin
		}
		r.cells = []cell{
			{w: label, size: body, lines: s.breakWords(body, label-4, i.Label, true), drop: baseline(size, pitch(size, tight)) - baseline(body, pitch(body, tight))},
			{x: label, w: s.width - label, size: size, lines: s.breakText(size, s.width-label, i.Value, i.Large)},
		}
		s.slabs = append(s.slabs, r.slab())
	}
}

// columns sets two columns into one strip, or one after the other if that would be taller than a page.
func (s *setter) columns(c document.Columns) error {
	const between = 8.0
	half := (s.width - between) / 2
	s.gap(max(leadingWhite(c.Left, s.close), leadingWhite(c.Right, s.close)))
	left, err := s.part(c.Left, half)
	if err != nil {
		return err
	}
	right, err := s.part(c.Right, half)
	if err != nil {
		return err
	}
	if height := max(left.Height, right.Height); height <= s.room {
		s.of = left.Of
		s.add(height, false, append(left.Ink, shifted(right.Ink, half+between, 0)...)...)
		return nil
	}
	for _, b := range append(append(document.Blocks{}, c.Left...), c.Right...) {
		if err := s.set(b); err != nil {
			return err
		}
	}
	return nil
}

// leadingWhite is the white above a column, which part leaves out.
func leadingWhite(blocks document.Blocks, close bool) float64 {
	if len(blocks) > 0 && blocks[0].Kind() == (document.Heading{}).Kind() {
		return aboveHeading(close)
	}
	return 2
}

// part sets blocks into a single strip of a width.
func (s *setter) part(blocks document.Blocks, width float64) (slab, error) {
	p := setter{types: s.types, faces: s.faces, width: width, room: s.room, close: s.close}
	for _, b := range blocks {
		if err := p.set(b); err != nil {
			return slab{}, err
		}
	}
	var whole slab
	for i, strip := range p.slabs {
		if strip.Space && whole.Height == 0 {
			continue
		}
		if i == 0 || whole.Of == "" {
			whole.Of = strip.Of
		}
		whole.Ink = append(whole.Ink, shifted(strip.Ink, 0, whole.Height)...)
		whole.Height += strip.Height
	}
	return whole, nil
}
