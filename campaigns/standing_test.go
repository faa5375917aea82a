package campaigns_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// standing makes a plan one without an end, whose first fiscal year (to March 2027) is reported by the end of June.
func standing(p *campaigns.Plan) {
	p.Standing, p.CollectsUntil, p.ReportDueOn = true, ledger.Date{}, ledger.NewDate(2027, time.June, 30)
}

// planYear publishes the next year's plan of a standing call with 食材 for another amount.
func planYear(g *campaigntest.Group, c campaigns.Campaign, food ledger.Yen) (next campaigns.Plan, err error) {
	err = g.Try(func(tx *sqlx.Tx) error {
		p, err := campaigns.FindYearPlan(g.T.Context(), tx, c, g.Today())
		if err != nil {
			return err
		}
		p.Uses[0].Quantity, p.Uses[0].UnitPrice, p.Uses[0].Amount = 0, 0, food
		if err = campaigns.SaveYearPlan(g.T.Context(), tx, g.ID, c.ID, p, g.Today()); err != nil {
			return err
		}
		next, err = campaigns.PublishYear(g.T.Context(), tx, g.ID, c.ID, g.Head, g.At)
		return err
	})
	return next, err
}

func turnYear(g *campaigntest.Group) {
	g.In(func(tx *sqlx.Tx) error { _, err := campaigns.TurnDue(g.T.Context(), tx, g.ID, g.At); return err })
}

func reportYear(g *campaigntest.Group, c campaigns.Campaign, year int, left ledger.Yen) {
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.MarkReported(g.T.Context(), tx, g.ID, c.ID, campaigns.Carry{Left: left, Year: ledger.NewDate(year, time.April, 1)}, g.Head, g.At)
	})
}

func promised(g *campaigntest.Group, c campaigns.Campaign) []campaigns.Duty {
	all, err := campaigns.Duties(g.T.Context(), g.DB, g.ID, c.ID)
	if err != nil {
		g.T.Fatal(err)
	}
	return all
}

// The whole life: announced once in October 2026, planned for 2027 in March, collecting on across the turn of the year, each year reported by itself.
func TestStandingCallHasAPlanAndAReportForEachYear(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	c := g.Announce(standing)
	if d := promised(g, c); len(d) != 1 || d[0].DueOn != ledger.NewDate(2027, time.June, 30) || d[0].YearFrom != ledger.NewDate(2026, time.April, 1) {
		t.Fatalf("announcing promised %+v", d)
	}
	first := g.Enter(c, 50_000)
	g.Spend(g.Uses(c)[0], 20_000)
	g.Pass(165) // March 15th
	next, err := planYear(g, c, 90_000)
	if err != nil || next.Version != 2 || next.YearFrom != ledger.NewDate(2027, time.April, 1) || next.ReportDueOn != ledger.NewDate(2028, time.June, 30) {
		t.Fatalf("the plan of 2027 is %+v, %v", next, err)
	}
	g.Pass(16) // March 31st: this year's plan still holds
	turnYear(g)
	if d := g.Enter(c, 1_000); d.PlanVersion != 1 || g.Campaign(c.ID).Version != 1 {
		t.Errorf("on March 31st a gift names version %d", d.PlanVersion)
	}
	g.Pass(1)
	second := g.Enter(c, 7_000) // before the day's job has run
	turnYear(g)
	turnYear(g)
	c = g.Campaign(c.ID)
	if second.PlanVersion != 2 || c.Version != 2 || c.Status != campaigns.Open {
		t.Errorf("in the new year a gift names version %d of %+v", second.PlanVersion, c)
	}
	if d := promised(g, c); len(d) != 2 || d[1].DueOn != ledger.NewDate(2028, time.June, 30) || d[1].Number != 2 {
		t.Errorf("at the turn of the year are promised %+v", d)
	}
	p := g.Progress(c)
	if p.Promised != 114_000 || p.Carried != 31_000 || p.Received != 7_000 || p.Spent != 0 || p.Left != 38_000 || p.Uses[0].UseID != g.Uses(c)[0].ID {
		t.Errorf("the new year stands at %+v", p)
	}
	before, err := campaigns.FindPlan(t.Context(), g.DB, g.ID, c.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	old, err := campaigns.FindProgress(t.Context(), g.DB, c, before)
	if err != nil || old.Carried != 0 || old.Received != 51_000 || old.Spent != 20_000 || old.Left != 31_000 || old.People.Nameless != 2 {
		t.Errorf("the old year stands at %+v, %v", old, err)
	}
	reportYear(g, c, 2026, 31_000)
	if d := promised(g, c); !d[0].Met() || d[0].LeftOver != 31_000 || d[1].Met() || g.Campaign(c.ID).Status != campaigns.Open {
		t.Errorf("after the report of 2026: %+v, %s", d, g.Campaign(c.ID).Status)
	}
	if _, err = campaigns.HoldingsOf(t.Context(), g.DB, first); err != nil {
		t.Error(err)
	}
	g.MustBalance()
}

func TestStandingCallTakesNothingInAYearWithoutAPlan(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	g := campaigntest.Found(t, database.App)
	c := g.Announce(standing)
	g.Pass(190) // April 9th
	turnYear(g)
	gift := func() error {
		return g.Try(func(tx *sqlx.Tx) error {
			_, err := campaigns.Enter(t.Context(), tx, g.CashGift(c, 500), ledger.CashBox, g.Treasurer, g.At)
			return err
		})
	}
	if err := gift(); !errors.Is(err, campaigns.ErrClosed) {
		t.Errorf("without a plan: %v", err)
	}
	_, err := database.App.Exec(`
		INSERT INTO donation (organisation_id, campaign_id, plan_version, fund_id, channel, amount, counts_as, given_on, token_hash, entered_by, entered_at, key)
		SELECT $1, $2, 1, $3, 'cash', 500, 'nameless', $4::date, sha256('t'), min(id), now(), 'k' FROM actor WHERE organisation_id = $1`, g.ID, c.ID, c.FundID, g.Today())
	if ledger.ConstraintName(err) != "donation_in_its_year" {
		t.Errorf("the database says %v", err)
	}
	if _, err := planYear(g, c, 60_000); err != nil {
		t.Fatal(err)
	}
	if err := gift(); err != nil || g.Campaign(c.ID).Version != 2 || len(promised(g, c)) != 2 {
		t.Errorf("with a late plan: %v, version %d", err, g.Campaign(c.ID).Version)
	}
}

func TestYearOfAStandingCallOwesItsReportLikeAnyOther(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	c := g.Announce(standing)
	g.Enter(c, 10_000)
	reportYear(g, c, 2026, 10_000) // in its first month: on the way
	if d := promised(g, c); d[0].Met() {
		t.Error("a report on the way met the promise")
	}
	g.Pass(180)
	if _, err := planYear(g, c, 60_000); err != nil {
		t.Fatal(err)
	}
	g.Pass(93) // July 1st
	turnYear(g)
	late, err := campaigns.Overdue(t.Context(), g.DB, g.ID, 0, g.Today())
	if err != nil || len(late) != 1 {
		t.Fatalf("overdue are %+v, %v", late, err)
	}
	id := g.Draft(g.Plan())
	err = g.Try(func(tx *sqlx.Tx) error { return campaigns.Announce(t.Context(), tx, g.ID, id, g.Head, g.At) })
	if !errors.Is(err, campaigns.ErrReportOverdue) {
		t.Errorf("announcing another says %v", err)
	}
	reportYear(g, c, 2026, 10_000)
	reportYear(g, c, 2026, 10_000) // a correction meets nothing more
	if d := promised(g, c); !d[0].Met() || d[1].Met() {
		t.Errorf("owed are %+v", d)
	}
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.Close(t.Context(), tx, g.ID, c.ID, g.Head, g.At, "食堂を閉じます")
	})
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.MarkReported(t.Context(), tx, g.ID, c.ID, campaigns.Carry{Left: 10_000, By: g.Today().AddDays(60), Year: ledger.NewDate(2027, time.April, 1)}, g.Head, g.At)
	})
	if d := promised(g, c); len(d) != 3 || d[1].Number != 3 || d[1].DueOn != g.Today().AddDays(60) || g.Campaign(c.ID).Status != campaigns.Reported {
		t.Errorf("after the end: %+v, %s", d, g.Campaign(c.ID).Status)
	}
}

func TestStandingPlanSaysWhatIsWrongWithItsDays(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	o, err := ledger.FindOrganisation(t.Context(), g.DB, g.ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*campaigns.Plan)
		want   ledger.Invalid
	}{
		"complete":               {func(*campaigns.Plan) {}, ledger.Invalid{}},
		"report within the year": {func(p *campaigns.Plan) { p.ReportDueOn = ledger.NewDate(2027, time.March, 31) }, ledger.Invalid{"report_due_on": "campaign.report_before_year_end"}},
		"report long after":      {func(p *campaigns.Plan) { p.ReportDueOn = ledger.NewDate(2027, time.December, 1) }, ledger.Invalid{"report_due_on": "campaign.report_long_after_year"}},
		"an end":                 {func(p *campaigns.Plan) { p.CollectsUntil = p.CollectsFrom }, ledger.Invalid{"collects_until": "campaign.standing_has_no_end"}},
	} {
		if got := g.Plan(standing, func(p *campaigns.Plan) { p.CostsBorneBy = campaigns.CostsGeneral }, c.change).Missing(o, g.Today()); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Within a year the promise changes as any other; what was carried over is nobody's share, and this year's plan stays once the next is out.
func TestStandingCallChangesWithinItsYear(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	c := g.Announce(standing)
	named := func(gift *campaigns.Gift) {
		gift.Donor = campaigns.Donor{Name: "練習 花子", Mail: "hanako@example.jp"}
	}
	g.Enter(c, 30_000, named)
	g.Pass(180)
	if _, err := planYear(g, c, 60_000); err != nil {
		t.Fatal(err)
	}
	g.Propose(c, func(p *campaigns.Plan) { p.Uses[1].Amount = 30_000 })
	if _, err := g.TryPublish(c); err == nil {
		t.Error("this year's plan changed although the next is out")
	}
	g.Pass(10)
	turnYear(g)
	c = g.Campaign(c.ID)
	g.Enter(c, 8_000, named)
	change := g.Change(c, func(p *campaigns.Plan) { p.Uses = p.Uses[1:] })
	tally, err := campaigns.CountAnswers(t.Context(), g.DB, change)
	if err != nil || tally.Unspent != 38_000 || tally.Asked != 1 {
		t.Errorf("asked are %+v, %v", tally, err)
	}
	var share ledger.Yen
	if err = g.DB.Get(&share, `SELECT sum(amount) FROM change_share WHERE organisation_id = $1`, g.ID); err != nil || share != 8_000 {
		t.Errorf("the givers of the year hold %s, %v; want 8000", share, err)
	}
}
