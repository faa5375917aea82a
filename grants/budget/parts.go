package budget

import (
	"slices"

	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Parts are who pays a line: this grant, other income, the group itself. Together they are its amount.
type Parts struct{ Grant, Other, Own ledger.Yen }

// AllQuotes is how many quotes a line has: those attached, and those on paper.
func (c Cost) AllQuotes() int { return c.Quotes + len(c.Papers) }

// Said reports whether somebody said a part of any line.
func (s Sheet) Said() bool {
	return slices.ContainsFunc(s.Costs, func(c Cost) bool { return c.Grant != nil || c.Other != nil })
}

// Unsaid is the sheet with all parts left to be worked out.
func (s Sheet) Unsaid() Sheet {
	s.Costs = slices.Clone(s.Costs)
	for i := range s.Costs {
		s.Costs[i].Grant, s.Costs[i].Other = nil, nil
	}
	return s
}

// divide says of each line who pays it. What somebody said stands; the rest of the grant goes to what the call accepts, by priority and then in the order of the
// sheet, the rest of other income to what is left, and what is left then is the group's own. What does not come out is a problem.
func (w *Worked) divide() {
	grant, other := w.Share.Grant, w.Share.Income
	order := make([]int, len(w.Lines))
	for i := range w.Lines {
		order[i] = i
		l := &w.Lines[i]
		l.Parts = Parts{}
		if l.Cost.Grant != nil {
			l.Parts.Grant = *l.Cost.Grant
			grant -= l.Parts.Grant
		}
		if l.Cost.Other != nil {
			l.Parts.Other = *l.Cost.Other
			other -= l.Parts.Other
		}
	}
	last := func(priority int) int {
		if priority == 0 {
			return 1 << 20
		}
		return priority
	}
	slices.SortStableFunc(order, func(a, b int) int { return last(w.Lines[a].Priority) - last(w.Lines[b].Priority) })
	for _, i := range order {
		l := &w.Lines[i]
		if l.Cost.Grant == nil {
			l.Parts.Grant = clamp(grant, min(l.Eligible, l.Amount-l.Parts.Other))
			grant -= l.Parts.Grant
		}
	}
	for _, i := range order {
		l := &w.Lines[i]
		if l.Cost.Other == nil {
			l.Parts.Other = clamp(other, l.Amount-l.Parts.Grant)
			other -= l.Parts.Other
		}
		l.Parts.Own = l.Amount - l.Parts.Grant - l.Parts.Other
	}
	w.agree(grant, other)
}

// clamp is as much of what is left as there is room for, and never less than nothing.
func clamp(left, room ledger.Yen) ledger.Yen { return max(0, min(left, room)) }

// agree says which parts do not come out. grant and other are what no line took, or, below zero, what lines took too much.
func (w *Worked) agree(grant, other ledger.Yen) {
	said := false
	for i, l := range w.Lines {
		said = said || l.Cost.Grant != nil || l.Cost.Other != nil
		if l.Cost.Grant != nil && (l.Parts.Grant > l.Eligible || l.Parts.Grant < 0) {
			w.problem(i, template.Error, "grant_above_eligible")
		}
		if l.Parts.Own < 0 || l.Parts.Other < 0 {
			w.problem(i, template.Error, "parts_above_amount")
		}
	}
	if said && grant != 0 {
		w.problem(-1, template.Warning, "grant_parts_differ")
	}
	if said && other != 0 && w.Share.Surplus == 0 {
		w.problem(-1, template.Warning, "other_parts_differ")
	}
}
