package pdf

import (
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/typeset"
)

// between is the white between two columns of a table.
const between = 4.0

// table sets rows under a head that comes again on each page. The row before a total stays with it.
func (s *setter) table(t document.Table) {
	s.of = "表「" + t.Name + "」"
	s.gap(1)
	first := len(s.slabs)
	if t.Caption != "" {
		s.lines(0, body, leading, s.breakWords(body, s.width, t.Caption, false), soft)
		s.slabs[len(s.slabs)-1].KeepNext = true
	}
	pad := 1.6
	if s.close {
		pad = 1.15
	}
	widths := s.columnWidths(t)
	var head *slab
	if hasHead(t) {
		r := row{of: s.of, width: s.width, pad: pad, below: ink, weight: heavy, keep: true}
		x := 0.0
		for i, c := range t.Columns {
			r.cells = append(r.cells, cell{x: x, w: widths[i], size: body, end: c.End, lines: s.breakWords(body, widths[i], c.Head, false)})
			x += widths[i] + between
		}
		h := r.slab()
		h.Cut = nil
		if h.Height < s.room/3 { // a taller one is printed once: it would leave no room for its rows
			head = &h
		}
		s.slabs = append(s.slabs, h)
	}
	for n, line := range t.Rows {
		r := row{of: s.of, width: s.width, pad: pad, below: edge, weight: thin, head: head}
		r.keep = n+1 < len(t.Rows) && t.Rows[n+1].Total
		if line.Total {
			r.below, r.weight = ink, heavy
			r.above = heavy
		}
		x := 0.0
		for i, c := range t.Columns {
			r.cells = append(r.cells, cell{x: x, w: widths[i], size: body, end: c.End,
				lines: s.types.Break(body, widths[i], runs(line.Cells[i], line.Bold || line.Total || i == 0)...)})
			x += widths[i] + between
		}
		s.slabs = append(s.slabs, r.slab())
	}
	s.keepWhole(first)
	for _, note := range t.Notes {
		s.gap(1)
		s.lines(0, body, leading, s.breakText(body, s.width, note, false), soft)
	}
}

// keepWhole keeps the strips from first on together if they are a small part of a page: such a table is read at a glance.
func (s *setter) keepWhole(first int) {
	height := 0.0
	for _, b := range s.slabs[first:] {
		height += b.Height
	}
	if height > 0.4*s.room {
		return
	}
	for i := first; i < len(s.slabs)-1; i++ {
		s.slabs[i].KeepNext = true
	}
}

func hasHead(t document.Table) bool {
	for _, c := range t.Columns {
		if c.Head != "" {
			return true
		}
	}
	return false
}

// least is the narrowest a column of words may become.
const least = 22.0

// columnWidths gives a column without weight what its widest cell needs, and shares the rest by weight. If that leaves too
// little, columns of words give way before columns of numbers.
func (s *setter) columnWidths(t document.Table) []float64 {
	widths := make([]float64, len(t.Columns))
	weights, weighted := make([]float64, len(t.Columns)), 0.0
	rest := s.width - between*float64(len(t.Columns)-1)
	for i, c := range t.Columns {
		weights[i] = float64(max(0, c.Weight))
		weighted += weights[i]
	}
	if weighted == 0 {
		weights[0], weighted = 1, 1
	}
	reserve, giving := 0.0, 0.0
	for i, c := range t.Columns {
		if weights[i] > 0 {
			reserve += least
			continue
		}
		widths[i] = s.natural(t, i)
		rest -= widths[i]
		if !c.End {
			giving += widths[i]
		}
	}
	if lack := reserve - rest; lack > 0 && giving > 0 {
		for i, c := range t.Columns {
			if weights[i] == 0 && !c.End {
				cut := min(widths[i]*lack/giving, max(0, widths[i]-least))
				widths[i] -= cut
				rest += cut
			}
		}
	}
	if rest < reserve/2 { // too many columns: all become narrower, and their cells turn more often
		total := s.width - between*float64(len(t.Columns)-1)
		for i := range widths {
			widths[i] = total / float64(len(widths))
		}
		return widths
	}
	for i := range widths {
		if weights[i] > 0 {
			widths[i] = rest * weights[i] / weighted
		}
	}
	return widths
}

func (s *setter) natural(t document.Table, i int) float64 {
	widest := s.types.Widest(body, typeset.Run{Text: t.Columns[i].Head})
	for _, r := range t.Rows {
		widest = max(widest, s.types.Widest(body, runs(r.Cells[i], r.Bold || r.Total || i == 0)...))
	}
	return widest + 0.05
}
