package reports

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// since says what came and went after the report before, next to the whole: every column is what the book said at a record of the log.
func (u Usage) since() document.Blocks {
	last := u.Figures.Last
	if last == nil {
		return nil
	}
	p := u.Figures.Progress
	table := document.Table{
		Name:    "前の報告までと、そのあと。単位は円。",
		Columns: []document.Column{{Head: "", Weight: 1}, {Head: "前の報告まで", End: true}, {Head: "そのあと", End: true}, {Head: "あわせて", End: true}},
	}
	add := func(name string, before, now ledger.Yen, total bool) {
		table.Rows = append(table.Rows, document.Row{Total: total, Bold: total, Cells: []document.Text{
			document.Words(name), document.Bare(before), document.Bare(now - before), document.Bare(now)}})
	}
	add("届いた", last.In, u.Figures.In(), false)
	for _, use := range p.Uses {
		if before := last.spent(use.UseID); before != 0 || use.Spent != 0 {
			add("使った：「"+use.Name+"」", before, use.Spent, false)
		}
	}
	if before := last.noUse(u.Figures); before != 0 || p.NoUse != 0 {
		add("使った："+noUse, before, p.NoUse, false)
	}
	add("使った（合計）", last.Spent, p.Spent, true)
	add("残り", last.Left, p.Left, true)
	table.Notes = []document.Text{document.Join(document.Words("前の報告は、"), document.Day(last.On),
		document.Words(fmt.Sprintf("、お金の記録の第%s番までです。この報告は、第%s番までです。", document.Screen.Number(last.Records), document.Screen.Number(u.Figures.Records))))}
	return document.Blocks{document.Heading{Text: "前の報告から", Note: "くりこしたお金を、そのあとどうしたかです。"}, table}
}

// noUse is what was spent up to that report on no use of the plan that is reported against now.
func (l Last) noUse(now Figures) ledger.Yen {
	sum := l.Spent
	for _, u := range now.Progress.Uses {
		sum -= l.spent(u.UseID)
	}
	return sum
}
