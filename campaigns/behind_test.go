package campaigns_test

import (
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// dropUse publishes the next year's plan without the use of a name.
func dropUse(g *campaigntest.Group, c campaigns.Campaign, name string) error {
	return g.Try(func(tx *sqlx.Tx) error {
		p, err := campaigns.FindYearPlan(g.T.Context(), tx, c, g.Today())
		if err != nil {
			return err
		}
		p.Uses = slices.DeleteFunc(p.Uses, func(u campaigns.PlanUse) bool { return u.Name == name })
		if err = campaigns.SaveYearPlan(g.T.Context(), tx, g.ID, c.ID, p, g.Today()); err != nil {
			return err
		}
		_, err = campaigns.PublishYear(g.T.Context(), tx, g.ID, c.ID, g.Head, g.At)
		return err
	})
}

// boxes are the second use of the plan: 60,000 go to food before it.
func TestYearsPlanDropsNoUseThatMoneyLiesOn(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	c := g.Announce(standing)
	boxes := g.Uses(c)[1]
	g.Enter(c, 70_000)
	g.Pass(165)
	mustNeed(t, "10,000 lie on it", dropUse(g, c, boxes.Name), "uses", "campaign.use_left_behind")
	g.Check(g.Spend(boxes, 9_999))
	mustNeed(t, "1 lies on it", dropUse(g, c, boxes.Name), "uses", "campaign.use_left_behind")
	g.Check(g.Spend(boxes, 1))
	if err := dropUse(g, c, boxes.Name); err != nil {
		t.Errorf("all of it is spent: %v", err)
	}
}

// Gifts that come after the plan was published may lie on a use it drops: nothing is spent on it until a change of the plan names it again.
func TestMoneyOnADroppedUseWaitsForADecision(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	c := g.Announce(standing)
	boxes := g.Uses(c)[1]
	g.Pass(165)
	if err := dropUse(g, c, boxes.Name); err != nil {
		t.Fatal(err)
	}
	g.Enter(c, 70_000)
	g.Check(g.Spend(boxes, 1_000)) // this year's plan still holds
	g.Pass(20)
	turnYear(g)
	c = g.Campaign(c.ID)
	behind := func() []campaigns.UseProgress {
		t.Helper()
		uses, err := campaigns.HeldBehind(t.Context(), g.DB, c)
		if err != nil {
			t.Fatal(err)
		}
		return uses
	}
	if got := behind(); len(got) != 1 || got[0].UseID != boxes.ID || got[0].Left != 9_000 {
		t.Errorf("behind are %+v, want 9,000 on the boxes", got)
	}
	mustBe(t, "spending on it", g.TrySpend(boxes, 100), ledger.ErrUseHeld)
	g.Change(c, func(p *campaigns.Plan) {
		p.Uses = append(p.Uses, campaigns.PlanUse{Name: boxes.Name, Amount: 9_000, DueOn: g.Today().AddDays(60), Evidence: "レシート"})
	})
	c = g.Campaign(c.ID)
	if c.Version != 3 || len(behind()) != 0 {
		t.Errorf("after the change: version %d, behind %+v", c.Version, behind())
	}
	p, err := campaigns.FindPlan(t.Context(), g.DB, g.ID, c.ID, c.Version)
	if err != nil || p.Uses[len(p.Uses)-1].UseID != boxes.ID {
		t.Errorf("the boxes are another use now: %+v, %v", p.Uses, err)
	}
	g.Check(g.Spend(boxes, 9_000))
	g.MustBalance()
}
