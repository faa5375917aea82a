package pdf

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/typeset"
)

// proof sets cells side by side in a frame, as the seal columns of a Japanese form are; one below the other where a cell
// would become too narrow. The stamp stands in the first.
func (s *setter) proof(p document.Proof) {
	if len(p.Cells) == 0 {
		return
	}
	s.of = "確かめた日「" + p.Cells[0].Label + "」"
	s.gap(4)
	const narrowest = 44.0
	across := max(1, min(len(p.Cells), int(s.width/narrowest)))
	for from := 0; from < len(p.Cells); from += across {
		var stamp *document.Stamp
		if from == 0 {
			stamp = p.Stamp
		}
		s.proofRow(p.Cells[from:min(from+across, len(p.Cells))], stamp)
	}
}

func (s *setter) proofRow(cells []document.ProofCell, stamp *document.Stamp) {
	const pad = 3.0
	shares := float64(len(cells))
	extra := 0.0
	if stamp != nil {
		extra = min(stampSide+pad, s.width/(shares+1))
	}
	width := (s.width - extra) / shares
	line, head := pitch(body, tight), pitch(body, tight)+2
	type set struct {
		label, value []typeset.Line
		x, w         float64
	}
	var list []set
	height, x := 0.0, 0.0
	for i, c := range cells {
		w, inner := width, width-2*pad
		if i == 0 {
			w += extra
		}
		one := set{label: s.breakWords(body, w-2*pad, c.Label, false), x: x, w: w}
		one.value = s.types.Break(body, inner, runs(c.Value, true)...)
		if len(c.Note) > 0 {
			one.value = append(one.value, s.breakText(body, inner, c.Note, false)...)
		}
		head = max(head, float64(len(one.label))*line+2)
		height = max(height, float64(len(one.value))*line+2*pad)
		list = append(list, one)
		x += w
	}
	if stamp != nil {
		height = max(height, stampSide+2)
	}
	marks := []mark{{kind: fill, w: s.width, h: head, colour: washi}, rule(0, head, s.width, thin, ink)}
	for i, one := range list {
		for n, l := range one.label {
			marks = append(marks, words(one.x+pad, 1+float64(n)*line+baseline(body, line), body, l, ink))
		}
		for n, l := range one.value {
			marks = append(marks, words(one.x+pad, head+pad+float64(n)*line+baseline(body, line), body, l, ink))
		}
		if i > 0 {
			marks = append(marks, mark{kind: fill, x: one.x - thin/2, w: thin, h: head + height, colour: ink})
		}
	}
	marks = append(marks, mark{kind: frame, x: thin / 2, y: thin / 2, w: s.width - thin, h: head + height - thin, colour: ink, thick: thin})
	if stamp != nil {
		marks = append(marks, s.stamp(*stamp, list[0].w-stampSide-1, head+height-stampSide-1)...)
	}
	s.add(head+height, false, marks...)
}

// voice hangs an opening bracket in the margin of what someone said.
func (s *setter) voice(v document.Voice) {
	s.of = "声「" + beginning(v.Text) + "」"
	const indent = 9.0
	s.gap(4)
	first := len(s.slabs)
	s.lines(indent, body, leading, s.breakWords(body, s.width-indent, v.Text, false), ink)
	bracket := s.types.Line(true, headline, "「")
	// The bracket's ink fills the right half of its em.
	s.slabs[first].Ink = append(s.slabs[first].Ink, words(indent-headline*typeset.MM-0.5, baseline(body, pitch(body, leading))-0.5, headline, bracket, nando))
	if v.By != "" {
		s.slabs[len(s.slabs)-1].KeepNext = true
		s.lines(indent, body, leading, s.breakWords(body, s.width-indent, v.By, false), soft)
	}
}

// list hangs a dot or a number before each point.
func (s *setter) list(l document.List) {
	s.of = "箇条書き"
	indent := 1.2 * body * typeset.MM
	if l.Ordered {
		indent = s.types.Widest(body, typeset.Run{Text: fmt.Sprintf("%d.", len(l.Items))}) + 2.5
	}
	for i, item := range l.Items {
		sign := "・"
		if l.Ordered {
			sign = fmt.Sprintf("%d.", i+1)
		}
		s.gap(1)
		first := len(s.slabs)
		s.lines(indent, body, leading, s.breakText(body, s.width-indent, item, false), ink)
		s.slabs[first].Ink = append(s.slabs[first].Ink, words(0, baseline(body, pitch(body, leading)), body, s.types.Line(false, body, sign), ink))
	}
}
