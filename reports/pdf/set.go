package pdf

import (
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/typeset"
)

// setter turns blocks into slabs, one column wide.
type setter struct {
	types *typeset.Case
	faces typeset.Faces
	width float64 // mm
	room  float64 // of a whole page, mm
	close bool    // the one-page edition: less white
	full  bool    // the footer is as wide as the sheet
	of    string  // what is being set, as a person would name it
	slabs []slab

	headed bool // a heading's rule has just been drawn
}

func (s *setter) set(b document.Block) (err error) {
	before := len(s.slabs)
	switch b := b.(type) {
	case document.Title:
		s.title(b)
	case document.Addressee:
		s.addressee(b)
	case document.Heading:
		s.heading(b)
	case document.Paragraph:
		s.paragraph(b)
	case document.Note:
		s.note(b)
	case document.Rule:
		s.rule()
	case document.PageBreak:
		s.slabs = append(s.slabs, slab{NewPage: true, Of: "改ページ"})
	case document.People:
		s.people(b)
	case document.Facts:
		s.facts(b)
	case document.Bar:
		s.bar(b)
	case document.Table:
		s.table(b)
	case document.Shares:
		s.table(b.Table())
	case document.Proof:
		s.proof(b)
	case document.Voice:
		s.voice(b)
	case document.List:
		s.list(b)
	case document.Columns:
		err = s.columns(b)
	case document.Photo:
		err = s.photo(b)
	case document.QR:
		err = s.qr(b)
	case document.Signature:
		s.signature(b)
	case document.Boxes:
		s.boxes(b)
	case document.Footer:
		err = s.footer(b)
	}
	h, isHeading := b.(document.Heading)
	s.headed = isHeading && !h.Sub && h.Note == ""
	if b.KeepsWithNext() && len(s.slabs) > before {
		s.slabs[len(s.slabs)-1].KeepNext = true
	}
	return err
}

// add appends a strip.
func (s *setter) add(height float64, keep bool, marks ...mark) {
	s.slabs = append(s.slabs, slab{Height: height, KeepNext: keep, Of: s.of, Ink: marks})
}

// gap appends white. What is kept with the next stays so across it.
func (s *setter) gap(mm float64) {
	if n := len(s.slabs); n > 0 {
		s.slabs = append(s.slabs, slab{Height: mm, KeepNext: s.slabs[n-1].KeepNext, Space: true})
	}
}

// runs gives the text as it is written on paper.
func runs(t document.Text, bold bool) []typeset.Run {
	out := make([]typeset.Run, len(t))
	for i, span := range t {
		out[i] = typeset.Run{Text: span.Say(document.Paper), Bold: bold || span.Bold}
	}
	return out
}

func (s *setter) breakText(size, width float64, t document.Text, bold bool) []typeset.Line {
	return s.types.Break(size, width, runs(t, bold)...)
}

func (s *setter) breakWords(size, width float64, words string, bold bool) []typeset.Line {
	return s.types.Break(size, width, typeset.Run{Text: words, Bold: bold})
}

// lines appends a strip a line, indented by x, so that a text can cross a page; at least two lines stay on either side.
func (s *setter) lines(x, size, lead float64, lines []typeset.Line, c colour) {
	p := pitch(size, lead)
	for i, l := range lines {
		keep := len(lines) > 1 && (i == 0 || i == len(lines)-2)
		s.add(p, keep, words(x, baseline(size, p), size, l, c))
	}
}
