package campaigntest

import (
	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
)

// Secret makes the secrets of links in tests.
func Secret(name string) string { return "secret of " + name }

// Propose keeps a draft of a campaign's next version: the one in force, changed, with a reason.
func (g *Group) Propose(c campaigns.Campaign, change func(*campaigns.Plan)) {
	g.T.Helper()
	p, err := campaigns.FindPlan(g.T.Context(), g.DB, g.ID, c.ID, g.Campaign(c.ID).Version)
	if err != nil {
		g.T.Fatal(err)
	}
	p.Reason = "会場が使えなくなったため"
	change(&p)
	g.In(func(tx *sqlx.Tx) error { return campaigns.SaveProposal(g.T.Context(), tx, g.ID, c.ID, p) })
}

// TryPublish publishes the proposal.
func (g *Group) TryPublish(c campaigns.Campaign) (campaigns.Change, error) {
	var out campaigns.Change
	err := g.Try(func(tx *sqlx.Tx) (err error) {
		out, err = campaigns.PublishChange(g.T.Context(), tx, g.ID, c.ID, Secret, g.Head, g.At)
		return err
	})
	return out, err
}

// Change proposes and publishes a version.
func (g *Group) Change(c campaigns.Campaign, change func(*campaigns.Plan)) campaigns.Change {
	g.T.Helper()
	g.Propose(c, change)
	out, err := g.TryPublish(c)
	if err != nil {
		g.T.Fatal(err)
	}
	return out
}

// Asks are the questions of a change.
func (g *Group) Asks(c campaigns.Change) []campaigns.Asked {
	g.T.Helper()
	all, err := campaigns.Asks(g.T.Context(), g.DB, g.ID, c.ID)
	if err != nil {
		g.T.Fatal(err)
	}
	return all
}

// Choose answers a question by its link.
func (g *Group) Choose(ask campaigns.Ask, choice campaigns.Choice, toUse int64) error {
	return g.Try(func(tx *sqlx.Tx) error {
		return campaigns.Choose(g.T.Context(), tx, g.ID, ask.ID, campaigns.Answer{Choice: choice, ToUseID: toUse, Told: campaigns.ToldLink}, g.Treasurer, g.At)
	})
}

// Decide decides a change, if its day has come.
func (g *Group) Decide(c campaigns.Change) bool {
	g.T.Helper()
	var done bool
	g.In(func(tx *sqlx.Tx) (err error) {
		done, err = campaigns.Decide(g.T.Context(), tx, g.ID, c.ID, g.At)
		return err
	})
	return done
}

// Returns are the shares that go back because of a change.
func (g *Group) Returns(c campaigns.Change) []campaigns.Return {
	g.T.Helper()
	all, err := campaigns.Returns(g.T.Context(), g.DB, g.ID, c.ID)
	if err != nil {
		g.T.Fatal(err)
	}
	return all
}
