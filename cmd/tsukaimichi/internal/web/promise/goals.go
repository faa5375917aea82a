package promise

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Goals are the goals besides yen and how far they are reached, as lines.
func Goals(goals []campaigns.GoalProgress) []page.Bar {
	var bars []page.Bar
	for _, g := range goals {
		bar := page.Bar{Name: g.Name, Unit: g.Unit, Promised: ledger.Yen(g.Target), Spent: ledger.Yen(g.Reached)}
		switch {
		case g.Kind.Given() && g.Givers > 0 && !campaigns.Few(g.Givers):
			bar.Say = fmt.Sprintf("のべ%s人からいただきました。", page.Count(g.Givers))
		case g.Target == 0:
			bar.Say = "目標のほかに、いただきました。"
		}
		bars = append(bars, bar)
	}
	return bars
}
