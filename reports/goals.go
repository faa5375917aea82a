package reports

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// goals are the people, meals, hours and things of the plan against what was reached: counted by the group, and no yen.
func (u Usage) goals() document.Blocks {
	if len(u.Figures.Progress.Goals) == 0 {
		return nil
	}
	table := document.Table{
		Name: "お金のほかの目標と実際。",
		Columns: []document.Column{
			{Head: "お金のほかの目標", Weight: 1}, {Head: "目標", End: true}, {Head: "実際", End: true}, {Head: "差", End: true},
		},
	}
	for _, g := range u.Figures.Progress.Goals {
		row := document.Row{Cells: []document.Text{document.Words(goalName(g)), document.Bare(ledger.Yen(g.Target)), document.Bare(ledger.Yen(g.Reached)), document.Difference(ledger.Yen(g.Reached - g.Target))}}
		if g.Target == 0 {
			row.Cells[1], row.Cells[3] = document.Words("—"), document.Words("—")
		}
		table.Rows = append(table.Rows, row)
	}
	return document.Blocks{table}
}

// goalName names a goal with its unit; of hours and things with how many gave them, unless those are few.
func goalName(g campaigns.GoalProgress) string {
	if g.Kind.Given() && g.Givers > 0 && !campaigns.Few(g.Givers) {
		return fmt.Sprintf("%s（%s、のべ%s人から）", g.Name, g.Unit, document.Screen.Number(int64(g.Givers)))
	}
	return fmt.Sprintf("%s（%s）", g.Name, g.Unit)
}

// yenless reports whether no yen were asked for and none moved.
func (u Usage) yenless() bool {
	p := u.Figures.Progress
	return u.Plan.Yenless() && p.Received == 0 && p.Spent == 0 && p.Carried == 0
}
