package reports

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// promises are the uses one by one, each a line with its reason, and then as a table.
func (u Usage) promises() document.Blocks {
	if u.yenless() {
		return nil
	}
	note := "旗のところまでが約束です。旗をこえた分は、たてじまで示します。線の長さは、使いみちごとに決めています。"
	blocks := document.Blocks{document.Heading{Text: "約束と、実際", Note: note}}
	for i := range u.Figures.Progress.Uses {
		blocks = append(blocks, u.UseBar(i))
	}
	return append(blocks, u.differences())
}

// UseBar is the line of the use with an index, counted from 0.
func (u Usage) UseBar(i int) document.Bar {
	use := u.Figures.Progress.Uses[i]
	return document.Bar{
		Label: use.Name, Number: i + 1, How: use.Detail, Terms: terms(use.PlanUse), Why: u.why(use),
		Promised: use.Amount, Received: use.Received, Spent: use.Spent, Left: use.Received - use.Spent, Settled: u.final(),
	}
}

// terms are what a use was promised with.
func terms(use campaigns.PlanUse) []string {
	var list []string
	if use.Quantity > 0 && use.UnitPrice > 0 {
		list = append(list, product(use))
	}
	if use.Evidence != "" {
		list = append(list, use.Evidence+"で示します")
	}
	return list
}

func product(use campaigns.PlanUse) string {
	return fmt.Sprintf("%s%s × %s円", document.Screen.Number(use.Quantity), use.Unit, document.Screen.Yen(use.UnitPrice))
}

// why is the reason for what became of a use.
func (u Usage) why(use campaigns.UseProgress) string {
	if reason := u.Content.Reason(use.UseID); reason != "" {
		return reason
	}
	switch {
	case !u.final(): // still being collected and spent
		return ""
	case Deviation(use) == 0:
		return "予定どおりです。"
	}
	return "理由　" + NotStated
}

// differences is the same figures as a table, in yen and percent.
func (u Usage) differences() document.Table {
	table := document.Table{
		Name: "使いみちごとの約束、実際、差、割合。単位は円。", Caption: "差は、実際から約束を引いた金額です（円）", Fold: true,
		Columns: []document.Column{
			{Head: "使いみち", Weight: 1}, {Head: "約束", End: true}, {Head: "実際", End: true}, {Head: "差", End: true}, {Head: "割合", End: true},
		},
	}
	row := func(name string, promised, spent ledger.Yen) document.Row {
		return document.Row{Cells: []document.Text{
			document.Words(name), document.Bare(promised), document.Bare(spent), document.Difference(spent - promised), deviationShare(promised, spent),
		}}
	}
	p := u.Figures.Progress
	for _, use := range p.Uses {
		table.Rows = append(table.Rows, row(use.Name, use.Amount, use.Spent))
	}
	if p.NoUse != 0 {
		table.Rows = append(table.Rows, noUseRow(p.NoUse, document.Words(NotStated)))
	}
	total := row("合計", p.Promised, p.Spent)
	total.Total, total.Bold = true, true
	table.Rows = append(table.Rows, total)
	return table
}

// noUse names what was spent and carries none of the stated uses.
const noUse = "約束にない支出"

// noUseRow is what was spent and carries none of the stated uses.
func noUseRow(spent ledger.Yen, last document.Text) document.Row {
	return document.Row{Cells: []document.Text{
		document.Words(noUse), document.Bare(0), document.Bare(spent), document.Difference(spent), last,
	}}
}

// deviationShare is the difference in tenths of a percent of the promise.
func deviationShare(promised, spent ledger.Yen) document.Text {
	if promised <= 0 {
		return document.Words("—")
	}
	share, err := (spent - promised).Mul(1000, int64(promised), ledger.HalfUp)
	if err != nil {
		return document.Words("—")
	}
	return document.Change(int64(share))
}

// reasons is the table of the edition on one sheet: difference and reason side by side, or without the reasons where they have no room.
func (u Usage) reasons(b brevity) document.Blocks {
	blocks := u.useTable(b)
	if !b.reasons || blocks == nil {
		return blocks
	}
	table := blocks[1].(document.Table)
	table.Name = "使いみちごとの約束、実際、差と理由。単位は円。"
	table.Columns[0].Weight = 0
	table.Columns = append(table.Columns, document.Column{Head: "理由", Weight: 1})
	p := u.Figures.Progress
	for i := range table.Rows {
		why := NotStated // of what was spent and carries none of the uses
		switch {
		case i < len(p.Uses):
			why = u.shortWhy(p.Uses[i])
		case table.Rows[i].Total:
			why = fmt.Sprintf("レシート・領収書%d枚", u.Figures.Papers)
		}
		table.Rows[i].Cells = append(table.Rows[i].Cells, document.Words(why))
	}
	blocks[1] = table
	return blocks
}

// shortWhy is the reason in few words.
func (u Usage) shortWhy(use campaigns.UseProgress) string {
	why := u.Content.Reason(use.UseID)
	if why == "" && Deviation(use) == 0 {
		return "予定どおり"
	}
	return orNotStated(why)
}
