package campaigntest

import (
	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Plan is a complete plan of two uses, 84,000 yen together, collecting from today for 60 days.
func (g *Group) Plan(change ...func(*campaigns.Plan)) campaigns.Plan {
	today := g.Today()
	p := campaigns.Plan{
		Title: "見守り配食をつづけたい", Lead: "週に一度、ひとり暮らしの方へお弁当を届けています。", Need: "容器と食材の値上がりで続けられなくなりそうです。",
		OtherSources: "利用料 1食300円", Uncovered: "未定", CollectsFrom: today, CollectsUntil: today.AddDays(60),
		IfTooLittle: "食材を先に買います。", IfTooMuch: "来年度の食材に使います。", IfStopped: "連絡のつく方へお返しします。",
		ReportDueOn: today.AddDays(120), Responsible: "練習 代表",
		Uses: []campaigns.PlanUse{
			{Name: "食材", Detail: "20回分", Quantity: 20, Unit: "回", UnitPrice: 3_000, Amount: 60_000, DueOn: today.AddDays(90), Evidence: "レシート"},
			{Name: "容器", Amount: 24_000, DueOn: today.AddDays(30), Evidence: "領収書"},
		},
	}
	for _, f := range change {
		f(&p)
	}
	return p
}

// CostsOnUse makes the last use of a plan bear the processing costs.
func CostsOnUse(p *campaigns.Plan) {
	p.CostsBorneBy = campaigns.CostsUse
	p.Uses[len(p.Uses)-1].BearsCosts = true
}

// Draft begins a campaign and returns its id.
func (g *Group) Draft(p campaigns.Plan) int64 {
	g.T.Helper()
	var id int64
	g.In(func(tx *sqlx.Tx) (err error) {
		id, err = campaigns.StartDraft(g.T.Context(), tx, g.ID, g.Initiative, Unique("call"), p, g.Head, g.At)
		return err
	})
	return id
}

// Announce drafts and announces a campaign.
func (g *Group) Announce(change ...func(*campaigns.Plan)) campaigns.Campaign {
	g.T.Helper()
	id := g.Draft(g.Plan(change...))
	g.In(func(tx *sqlx.Tx) error { return campaigns.Announce(g.T.Context(), tx, g.ID, id, g.Head, g.At) })
	return g.Campaign(id)
}

// Campaign reads a campaign as it stands.
func (g *Group) Campaign(id int64) campaigns.Campaign {
	g.T.Helper()
	c, err := campaigns.Find(g.T.Context(), g.DB, g.ID, id)
	if err != nil {
		g.T.Fatal(err)
	}
	return c
}

// Uses returns the stated uses of a campaign in their priority.
func (g *Group) Uses(c campaigns.Campaign) []ledger.Use {
	g.T.Helper()
	uses, err := ledger.Uses(g.T.Context(), g.DB, g.ID, c.FundID)
	if err != nil {
		g.T.Fatal(err)
	}
	return uses
}

// Progress is where a campaign stands against its plan in force.
func (g *Group) Progress(c campaigns.Campaign) campaigns.Progress {
	g.T.Helper()
	p, err := campaigns.FindPlan(g.T.Context(), g.DB, g.ID, c.ID, c.Version)
	if err != nil {
		g.T.Fatal(err)
	}
	progress, err := campaigns.FindProgress(g.T.Context(), g.DB, c, p)
	if err != nil {
		g.T.Fatal(err)
	}
	return progress
}

// Plans are the published versions of a campaign's plan up to the one in force.
func (g *Group) Plans(c campaigns.Campaign) []campaigns.Plan {
	g.T.Helper()
	all := make([]campaigns.Plan, c.Version)
	for i := range all {
		var err error
		if all[i], err = campaigns.FindPlan(g.T.Context(), g.DB, g.ID, c.ID, i+1); err != nil {
			g.T.Fatal(err)
		}
	}
	return all
}
