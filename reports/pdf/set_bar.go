package pdf

import (
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/typeset"
)

// bar sets the label, the line, the facts under it, and the reason. Measures are those of the screen, in px.
func (s *setter) bar(b document.Bar) {
	s.of = "線「" + b.Label + "」"
	if b.Brief {
		s.briefBar(b)
		return
	}
	above := 5.0
	if s.close || b.Label == "" {
		above = 2
	}
	s.gap(above)
	if b.Label != "" {
		label := b.Label
		if b.Number > 0 {
			label = strconv.Itoa(b.Number) + "　" + label
		}
		s.lines(0, fact, tight, s.types.Balance(fact, s.width, typeset.Run{Text: label, Bold: true}), ink)
		s.slabs[len(s.slabs)-1].KeepNext = true
	}
	for _, l := range []struct {
		text string
		c    colour
	}{{b.How, ink}, {strings.Join(b.Terms, "　"), soft}, {b.Say, ink}} {
		if l.text != "" {
			s.lines(0, body, leading, s.breakWords(body, s.width, l.text, false), l.c)
			s.slabs[len(s.slabs)-1].KeepNext = true
		}
	}
	if line, ok := b.Line(); ok {
		marks, height := drawLine(line, s.width, b.Total)
		s.add(height, true, marks...)
	}
	s.barFacts(b)
	if b.Why != "" {
		s.slabs[len(s.slabs)-1].KeepNext = true
		s.gap(1.5)
		first := len(s.slabs)
		s.lines(5, body, leading, s.breakWords(body, s.width-5, b.Why, false), ink)
		for i := first; i < len(s.slabs); i++ {
			s.slabs[i].Ink = append(s.slabs[i].Ink, mark{kind: fill, w: bold, h: s.slabs[i].Height, colour: edge})
		}
	}
}

// briefBar sets the label with the two amounts at the end of its line, or below it where they do not fit, and the line.
func (s *setter) briefBar(b document.Bar) {
	s.gap(2.5)
	label := s.types.Balance(fact, s.width, typeset.Run{Text: b.Label, Bold: true})
	said := s.types.Line(false, body, "約束 "+document.Paper.Yen(b.Promised)+"円　使った "+document.Paper.Yen(b.Spent)+"円")
	p := pitch(fact, tight)
	for i, l := range label {
		marks := []mark{words(0, baseline(fact, p), fact, l, ink)}
		if i == len(label)-1 && l.Width+between+said.Width <= s.width {
			marks = append(marks, words(s.width-said.Width, baseline(fact, p), body, said, ink))
			said = typeset.Line{}
		}
		s.add(p, true, marks...)
	}
	if said.Width > 0 {
		s.add(pitch(body, tight), true, words(0, baseline(body, pitch(body, tight)), body, said, ink))
	}
	if line, ok := b.Line(); ok {
		marks, height := drawLine(line, s.width, false)
		s.gap(1)
		s.add(height, false, marks...)
	}
	s.slabs[len(s.slabs)-1].KeepNext = false
}

// drawLine draws the parts of a line: the outline of what was promised, what is left, what was spent, what is beyond, the
// bracket of what came, and the flag last, above all.
func drawLine(line document.Line, width float64, total bool) (marks []mark, height float64) {
	const edgeThick = 1.5 * px
	top, thick, bracket, flag, post := 10*px, 17*px, 35*px, 4*px, 29*px
	if total {
		top, thick, bracket, flag, post = 14*px, 24*px, 46*px, 6*px, 40*px
	}
	at := func(part int) float64 { return width * float64(part) / document.Full }
	box := func(k kind, from, to int, c colour) {
		if to > from {
			marks = append(marks, mark{kind: k, x: at(from), y: top, w: at(to) - at(from), h: thick, colour: c, thick: edgeThick})
		}
	}
	box(frame, 0, line.Track, ink)
	box(hatch, line.Hatch[0], line.Hatch[1], nando)
	box(fill, 0, line.Solid, nando)
	box(stripes, line.Stripes[0], line.Stripes[1], ink)
	height = top + thick + 6*px
	if line.Bracket > 0 {
		end := at(line.Bracket)
		marks = append(marks, rule(0, bracket, end, heavy, ink),
			mark{kind: fill, x: 0, y: bracket - 4*px, w: heavy, h: 8 * px, colour: ink},
			mark{kind: fill, x: end - heavy, y: bracket - 4*px, w: heavy, h: 8 * px, colour: ink})
		height = bracket + 8*px
	}
	return append(marks, flagMark(at(line.Track), 0, flag, post)), height
}

// flagMark is a post at x with a pennant of twice half flying to the left.
func flagMark(x, y, half, post float64) mark {
	const side, tail = 1.5 * px, 16.5 * px
	return mark{kind: polygon, x: x, y: y, colour: ink, thick: 1.5 * px, about: "flag", corners: [][2]float64{
		{side, 0}, {side, post}, {-side, post}, {-side, 2 * half}, {-tail, 2 * half}, {-tail + 4.5*px, half}, {-tail, 0}}}
}

// barFacts sets keys, names and amounts in columns of equal width, as many to a strip as fit.
func (s *setter) barFacts(b document.Bar) {
	const between = 5.0
	facts := b.Facts()
	size := fact
	cells := make([]factCell, len(facts))
	widest, inRow := 0.0, -between
	for i, f := range facts {
		cells[i] = factCell{f.Ink, s.types.Line(false, body, f.Name),
			s.types.Line(true, size, document.Paper.Yen(f.Amount)), s.types.Line(false, body, "円")}
		widest = max(widest, cells[i].width())
		inRow += cells[i].width() + between
	}
	across := max(1, min(len(facts), int((s.width+between)/(widest+between))))
	if across < len(facts) {
		across = min(across, (len(facts)+1)/2)
	}
	step := func(i int) float64 { return (s.width + between) / float64(across) }
	if s.full && across < len(facts) && inRow <= s.width { // one strip, where columns as wide as their words make it one
		across = len(facts)
		step = func(i int) float64 { return cells[i].width() + between + (s.width-inRow)/float64(len(facts)) }
	}
	nameHeight, amountHeight := pitch(body, 1.4), pitch(size, tight)
	for from := 0; from < len(cells); from += across {
		row := cells[from:min(from+across, len(cells))]
		var marks []mark
		x := 0.0
		for i, c := range row {
			y := baseline(body, nameHeight)
			marks = append(marks, keyMarks(c.ink, x, y)...)
			marks = append(marks, words(x+c.indent(), y, body, c.name, ink))
			y = nameHeight + baseline(size, amountHeight)
			marks = append(marks, words(x, y, size, c.amount, ink), words(x+c.amount.Width+0.6, y, body, c.unit, ink))
			x += step(from + i)
		}
		s.add(nameHeight+amountHeight+1, from+across < len(cells), marks...)
	}
}

type factCell struct {
	ink                document.Ink
	name, amount, unit typeset.Line
}

const keyWidth, keyGap = 26 * px, 2.0

func (c factCell) indent() float64 {
	if c.ink == document.None {
		return 0
	}
	return keyWidth + keyGap
}

func (c factCell) width() float64 {
	return max(c.indent()+c.name.Width, c.amount.Width+0.6+c.unit.Width)
}

// keyMarks draws the small sample that stands before a fact's name, on its baseline y.
func keyMarks(k document.Ink, x, y float64) []mark {
	box := mark{x: x + px, y: y - 11*px, w: 24 * px, h: 11 * px, thick: 1.5 * px}
	switch k {
	case document.Track:
		box.kind, box.w, box.h, box.y, box.colour = frame, 22*px, 9*px, y-10*px, ink
		return []mark{box, {kind: fill, x: x + 22.5*px, y: y - 14*px, w: 3 * px, h: 16 * px, colour: ink}}
	case document.Bracket:
		return []mark{rule(x+px, y-6*px, 24*px, heavy, ink), {kind: fill, x: x + px, y: y - 10*px, w: heavy, h: 8 * px, colour: ink},
			{kind: fill, x: x + 23*px, y: y - 10*px, w: heavy, h: 8 * px, colour: ink}}
	case document.Solid:
		box.kind, box.colour = fill, nando
	case document.Hatch:
		box.kind, box.colour = hatch, nando
	case document.Stripes:
		box.kind, box.colour = stripes, ink
	default:
		return nil
	}
	return []mark{box}
}
