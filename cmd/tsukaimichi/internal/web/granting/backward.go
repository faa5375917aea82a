package granting

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/calendar"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// drawnAfter is how many days after the closing day the picture goes on; the table has all.
const drawnAfter = 100

// planOf is the plan from the deadline back, as a table and as a picture with the other days of the call.
func planOf(c catalogue.Call, missing []string, today ledger.Date) (page.Table, page.Gantt) {
	t := page.Table{Caption: "締切から逆にたどった段取り", Columns: []page.Column{{Text: "すること"}, {Text: "遅くとも始める日"}, {Text: "終える日"}, {Text: "かかる日数"}}}
	type line struct {
		row   page.Row
		drawn page.GanttLine
	}
	var lines []line
	for _, s := range c.Backward(missing) {
		begin := page.Day(s.From)
		if s.From.Before(today) {
			begin += "すぎています"
		}
		lines = append(lines, line{page.Row{Name: s.What, Cells: []string{begin, page.Day(s.Until), fmt.Sprintf("%d日", s.Open)}}, page.GanttLine{Name: s.What, From: s.From, Until: s.Until, Late: s.From.Before(today)}})
	}
	for _, d := range c.Deadlines {
		if !d.On.IsZero() {
			lines = append(lines, line{page.Row{Name: d.Kind, Cells: []string{page.Day(d.On), howWords(d), ""}}, page.GanttLine{Name: strings.TrimSuffix(d.Kind+"（"+howWords(d)+"）", "（）"), From: d.On, Until: d.On, Day: true}})
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return a.drawn.From.Sub(b.drawn.From) })
	g := page.Gantt{Today: today}
	closes := c.On(catalogue.Closing)
	for _, l := range lines {
		t.Rows = append(t.Rows, l.row)
		if closes.IsZero() || l.drawn.From.Sub(closes) <= drawnAfter { // a work that ends a year later would leave nothing of the weeks before
			g.Lines = append(g.Lines, l.drawn)
		}
	}
	if len(g.Lines) > 0 {
		g.Label = fmt.Sprintf("段取りの図。%sから%sまで。同じ日は、下の表にあります。", page.DayOnly(g.Lines[0].From), page.DayOnly(g.Lines[len(g.Lines)-1].Until))
		g.Closed = closedDays(g)
	}
	return t, g
}

// howWords is how a day is met, with what is noted beside it.
func howWords(d catalogue.Deadline) string { return strings.TrimSpace(d.How() + "　" + d.Note) }

// closedDays are the days on which offices are closed; of a picture of more than half a year they would be a haze.
func closedDays(g page.Gantt) []ledger.Date {
	from, until := g.Lines[0].From, g.Lines[0].Until
	for _, line := range g.Lines {
		if line.From.Before(from) {
			from = line.From
		}
		if line.Until.After(until) {
			until = line.Until
		}
	}
	if until.Sub(from) > 185 {
		return nil
	}
	var closed []ledger.Date
	for day := from; !day.After(until); day = day.AddDays(1) {
		if !calendar.OfficeOpen(day) {
			closed = append(closed, day)
		}
	}
	return closed
}
