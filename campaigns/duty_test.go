package campaigns_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestEveryCallIsAnnouncedWithThePromiseOfAReport(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	all := duties(t, g, c)
	if len(all) != 1 || all[0].Number != 1 || all[0].Met() || all[0].DueOn != g.Today().AddDays(120) {
		t.Errorf("announced with %+v", all)
	}
	if got := all[0].Late(g.Today().AddDays(120)); got != 0 {
		t.Errorf("on the due day it is %d days late", got)
	}
	if got := all[0].Late(g.Today().AddDays(123)); got != 3 {
		t.Errorf("three days after it is %d days late", got)
	}
}

// The report of day 125 is five days late and leaves ¥30,000, promised for day 300; that report comes on day 290 and leaves nothing.
func TestWhatIsLeftOverIsPromisedAgainUntilTheFundIsAtZero(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	begin := g.Today()
	g.Pass(125)
	mustBeInvalid(t, "no day", report(g, c, campaigns.Carry{Left: 30_000}), "rest_by", "report.rest_by_missing")
	mustBeInvalid(t, "today", report(g, c, campaigns.Carry{Left: 30_000, By: g.Today()}), "rest_by", "report.rest_by_past")
	mustBeInvalid(t, "far", report(g, c, campaigns.Carry{Left: 30_000, By: g.Today().AddDays(732)}), "rest_by", "report.rest_by_far")
	mustReport(t, g, c, campaigns.Carry{Left: 30_000, By: begin.AddDays(300)})
	all := duties(t, g, c)
	if len(all) != 2 || all[0].Late(g.Today()) != 5 || all[0].LeftOver != 30_000 || all[1].DueOn != begin.AddDays(300) || all[1].Met() {
		t.Fatalf("after the first report: %+v", all)
	}
	if owed := overdue(t, g); len(owed) != 0 {
		t.Errorf("nothing is late, but %+v", owed)
	}

	g.Pass(1) // a correction does not put off what was promised
	mustBeInvalid(t, "put off", report(g, c, campaigns.Carry{Left: 30_000, By: begin.AddDays(400), Correction: true}), "rest_by", "report.rest_by_moved")
	mustReport(t, g, c, campaigns.Carry{Left: 31_000, By: begin.AddDays(300), Correction: true})
	if all = duties(t, g, c); len(all) != 2 || all[0].LeftOver != 30_000 {
		t.Errorf("a correction changed the promises: %+v", all)
	}

	g.Pass(180) // day 306
	if owed := overdue(t, g); len(owed) != 1 || owed[0].ID != c.ID {
		t.Errorf("late with the second report: %+v", owed)
	}
	mustReport(t, g, c, campaigns.Carry{})
	all = duties(t, g, c)
	if len(all) != 2 || !all[1].Met() || all[1].Late(g.Today()) != 6 || all[1].LeftOver != 0 {
		t.Errorf("at zero: %+v", all)
	}
	if _, err := campaigns.OpenDuty(t.Context(), g.DB, g.ID, c.ID); !errors.Is(err, campaigns.ErrNotFound) {
		t.Errorf("the duty is over, but %v", err)
	}
}

func TestACorrectionThatFindsMoneyBeginsADuty(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Pass(100)
	mustReport(t, g, c, campaigns.Carry{})
	mustBeInvalid(t, "no day", report(g, c, campaigns.Carry{Left: 500, Correction: true}), "rest_by", "report.rest_by_missing")
	mustReport(t, g, c, campaigns.Carry{Left: 500, By: g.Today().AddDays(50), Correction: true})
	if all := duties(t, g, c); len(all) != 2 || all[1].DueOn != g.Today().AddDays(50) {
		t.Errorf("the correction says that ¥500 are left: %+v", all)
	}
	mustReport(t, g, c, campaigns.Carry{Correction: true})
	if all := duties(t, g, c); len(all) != 2 || !all[1].Met() {
		t.Errorf("the next one that nothing is: %+v", all)
	}
}

func TestMoneyAfterTheLastReportIsReportedOn(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Enter(c, 3_000)
	g.Pass(100)
	mustReport(t, g, c, campaigns.Carry{}) // says zero, but there is money
	resume := func() (n int) {
		g.In(func(tx *sqlx.Tx) (err error) {
			n, err = campaigns.ResumeDuties(t.Context(), tx, g.ID, g.At)
			return err
		})
		return n
	}
	if first, again := resume(), resume(); first != 1 || again != 0 {
		t.Errorf("resumed %d, then %d", first, again)
	}
	if all := duties(t, g, c); len(all) != 2 || all[1].DueOn != g.Today().AddDays(90) {
		t.Errorf("resumed: %+v", all)
	}
}

func report(g *campaigntest.Group, c campaigns.Campaign, carry campaigns.Carry) error {
	return g.Try(func(tx *sqlx.Tx) error {
		return campaigns.MarkReported(g.T.Context(), tx, g.ID, c.ID, carry, g.Head, g.At)
	})
}

func mustReport(t *testing.T, g *campaigntest.Group, c campaigns.Campaign, carry campaigns.Carry) {
	t.Helper()
	if err := report(g, c, carry); err != nil {
		t.Fatal(err)
	}
}

func mustBeInvalid(t *testing.T, name string, err error, field, key string) {
	t.Helper()
	var bad ledger.Invalid
	if !errors.As(err, &bad) || bad[field] != key {
		t.Errorf("%s: %v, want %s", name, err, key)
	}
}

func duties(t *testing.T, g *campaigntest.Group, c campaigns.Campaign) []campaigns.Duty {
	t.Helper()
	all, err := campaigns.Duties(t.Context(), g.DB, g.ID, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
