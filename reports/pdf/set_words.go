package pdf

import (
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/typeset"
)

// title sets the kicker, the headline, and the edition at the end of its line or, if there is no room, below it.
func (s *setter) title(t document.Title) {
	s.of = "題「" + t.Text + "」"
	if t.Kicker != "" {
		s.lines(0, body, leading, s.breakWords(body, s.width, t.Kicker, false), ink)
		s.slabs[len(s.slabs)-1].KeepNext = true
	}
	const between = 6
	var edition typeset.Line
	if len(t.Edition) > 0 {
		edition = s.types.Line(false, body, t.Edition.Say(document.Paper))
	}
	lines := s.types.Balance(headline, s.width, typeset.Run{Text: t.Text, Bold: true})
	last := lines[len(lines)-1]
	beside := last.Width+between+edition.Width <= s.width
	p := pitch(headline, tight)
	for i, l := range lines {
		marks := []mark{words(0, baseline(headline, p), headline, l, ink)}
		if i == len(lines)-1 && beside && edition.Width > 0 {
			marks = append(marks, words(s.width-edition.Width, baseline(headline, p), body, edition, ink))
		}
		s.add(p, true, marks...)
	}
	if !beside {
		s.lines(0, body, leading, s.breakText(body, s.width, t.Edition, false), ink)
	}
	s.slabs[len(s.slabs)-1].KeepNext = true
	if !s.close {
		s.gap(3)
	}
}

// addressee sets the name large over a rule as wide as half the page, or wider if the name is.
func (s *setter) addressee(a document.Addressee) {
	s.of = "あて名"
	s.gap(6)
	p := pitch(name, tight)
	honorific := s.types.Line(false, name, a.Honorific)
	const between = 5.0
	lines := s.types.Balance(name, s.width-honorific.Width-between, typeset.Run{Text: a.Name, Bold: true})
	end := 0.0
	for i, l := range lines {
		marks := []mark{words(0, baseline(name, p), name, l, ink)}
		end = max(end, l.Width)
		if i == len(lines)-1 {
			marks = append(marks, words(l.Width+between, baseline(name, p), name, honorific, ink))
			end = max(end, l.Width+between+honorific.Width)
		}
		s.add(p, true, marks...)
	}
	s.add(2, true, rule(0, 1, max(s.width/2, end), thin, ink))
	s.gap(4)
}

// tabLength is the heavy beginning of a rule under a heading.
const tabLength = 14.0

func (s *setter) heading(h document.Heading) {
	s.of = "見出し「" + h.Text + "」"
	if h.Sub {
		s.subheading(h)
		return
	}
	below := 2.5
	if s.close {
		below = 1.2
	}
	s.gap(aboveHeading(s.close))
	first := len(s.slabs)
	s.lines(0, heading, tight, s.types.Balance(heading, s.width, typeset.Run{Text: h.Text, Bold: true}), ink)
	for i := first; i < len(s.slabs); i++ { // a heading is never parted
		s.slabs[i].KeepNext = true
	}
	s.add(1.2, true, rule(0, 0.6, s.width, thin, ink), rule(0, 0.6+thin, tabLength, bold, ink))
	s.gap(below)
	if h.Note != "" {
		s.lines(0, body, leading, s.breakWords(body, s.width, h.Note, false), soft)
		s.slabs[len(s.slabs)-1].KeepNext = true
		s.gap(below)
	}
}

// subheading is bold and has no rule.
func (s *setter) subheading(h document.Heading) {
	s.gap(aboveHeading(s.close) / 2)
	first := len(s.slabs)
	s.lines(0, body, leading, s.types.Balance(body, s.width, typeset.Run{Text: h.Text, Bold: true}), ink)
	if h.Note != "" {
		s.lines(0, body, leading, s.breakWords(body, s.width, h.Note, false), soft)
	}
	for i := first; i < len(s.slabs); i++ {
		s.slabs[i].KeepNext = true
	}
}

func aboveHeading(close bool) float64 {
	if close {
		return 5
	}
	return 9
}

func (s *setter) paragraph(p document.Paragraph) {
	s.of = "文「" + beginning(p.Text.Say(document.Paper)) + "」"
	above, lead, c := 2.0, leading, ink
	if s.close {
		above, lead = 0.5, footLead
	}
	if s.full {
		above = 1.2
	}
	if p.Quiet {
		c = soft
	}
	s.gap(above)
	s.lines(0, body, lead, s.breakText(body, s.width, p.Text, false), c)
}

// note sets a box whose strips each draw their part of it, so that a long one can cross a page.
func (s *setter) note(n document.Note) {
	s.of = "お知らせ「" + beginning(n.Title) + "」"
	const bar, inside, pad = 8 * px, 5.0, 3.0
	s.gap(4)
	first := len(s.slabs)
	width := s.width - bar - 2*inside
	s.add(pad, true)
	if n.Title != "" {
		s.lines(bar+inside, body, leading, s.breakWords(body, width, n.Title, true), ink)
		s.slabs[len(s.slabs)-1].KeepNext = true
	}
	for _, t := range n.Texts {
		s.lines(bar+inside, body, leading, s.breakText(body, width, t, false), ink)
	}
	s.slabs[len(s.slabs)-1].KeepNext = true
	s.add(pad, false)
	for i := first; i < len(s.slabs); i++ {
		b := &s.slabs[i]
		var box []mark
		if n.Attend {
			box = append(box, mark{kind: fill, w: s.width, h: b.Height, colour: attend})
		}
		box = append(box, mark{kind: fill, w: bar, h: b.Height, colour: ink},
			mark{kind: fill, x: s.width - thin, w: thin, h: b.Height, colour: ink})
		if i == first {
			box = append(box, rule(0, thin/2, s.width, thin, ink))
		}
		if i == len(s.slabs)-1 {
			box = append(box, rule(0, b.Height-thin/2, s.width, thin, ink))
		}
		b.Ink = append(box, b.Ink...)
	}
	s.gap(2)
}

func (s *setter) rule() {
	s.of = "線"
	s.gap(4)
	s.add(thin, true, rule(0, thin/2, s.width, thin, ink))
	s.gap(2)
}

// beginning is enough of a text to know it by.
func beginning(text string) string {
	const enough = 12
	if letters := []rune(text); len(letters) > enough {
		return string(letters[:enough]) + "…"
	}
	return text
}
