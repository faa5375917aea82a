package campaigns_test

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// newGroup founds a group in a database of its own.
func newGroup(t *testing.T) *campaigntest.Group {
	t.Helper()
	return campaigntest.Found(t, pgtest.New(t).App)
}

func TestAGiftIsAnnouncedPaidSpentAndShown(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d, m := g.Pay(c, 3_000, 108)
	if d.Status != campaigns.Paid || d.PaidOn != g.Today() {
		t.Errorf("the gift is %s on %s, want paid today", d.Status, d.PaidOn)
	}
	want := "F 1143 3000 · F 4210 -3000 · G 5421 108 · G 1143 -108"
	if got := g.Entries("stripe:"+m.Ref, c.FundID); got != want {
		t.Errorf("booked %q, want %q", got, want)
	}
	g.Check(g.Spend(g.Uses(c)[0], 1_200))
	p := g.Progress(c)
	if p.Promised != 84_000 || p.Received != 3_000 || p.Spent != 1_200 || p.Left != 1_800 || p.People.Persons != 1 {
		t.Errorf("progress %+v", p)
	}
	if u := p.Uses[0]; u.Received != 3_000 || u.Spent != 1_200 || u.Left != 1_800 {
		t.Errorf("first use %+v", u)
	}
	if left := g.Left(g.General); left != -108 {
		t.Errorf("the general fund bears the costs: %s, want -108", left)
	}
	if held := g.Holds(ledger.StripeBalance); held != 2_892 {
		t.Errorf("at the payment service %s, want 2,892", held)
	}
	g.MustBalance()
}
