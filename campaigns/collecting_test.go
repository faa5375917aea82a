package campaigns_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestNoFundCollectsWithoutPublishedUses(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	g := campaigntest.Found(t, db.App)
	draft := g.Draft(g.Plan())
	for _, asked := range []*sqlx.DB{db.App, db.Owner} {
		sqlMustBreak(t, asked, ledger.ErrNoPromise, `
			INSERT INTO fund (organisation_id, name, kind, collects_from, collects_until)
			VALUES ($1, '約束のない募金', 'campaign', '2026-10-01', '2026-10-31')`, g.ID)
		// A fund tied to a draft has uses, but nobody published them.
		sqlMustBreak(t, asked, ledger.ErrNoPromise, `
			WITH f AS (
				INSERT INTO fund (organisation_id, name, kind, collects_from)
				VALUES ($1, '下書きの募金', 'campaign', '2026-10-01')
				RETURNING id)
			UPDATE campaign SET fund_id = f.id FROM f WHERE organisation_id = $1 AND campaign.id = $2`, g.ID, draft)
	}
}

func TestNoFundCollectsBeforeItsUsesWerePublished(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	sqlMustBreak(t, g.DB, ledger.ErrNoPromise, `
		UPDATE fund SET collects_from = '2026-09-30' WHERE organisation_id = $1 AND id = $2`, g.ID, c.FundID)
	err := g.Try(func(tx *sqlx.Tx) error {
		return ledger.SetCollecting(t.Context(), tx, g.ID, c.FundID, g.Today().AddDays(-1), g.Today())
	})
	mustBe(t, "the day before", err, ledger.ErrNoPromise)
}

func TestNoGiftIsBookedPastTheProgramOutsideTheDaysOfCollecting(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	late := g.Enter(c, 1_000)
	// The same gift told for a day before collecting began, written by hand.
	const forged = `
		WITH d AS (
			INSERT INTO donation (organisation_id, campaign_id, plan_version, fund_id, channel, amount, counts_as, status, given_on, paid_on,
			       token_hash, entered_by, entered_at, key)
			SELECT organisation_id, $3::bigint, $4::smallint, fund_id, channel, amount, counts_as, status, $5::date, $5::date,
			       sha256(token_hash), entered_by, entered_at, 'forged'
			  FROM donation
			 WHERE organisation_id = $1 AND id = $2
			RETURNING id),
		t AS (
			INSERT INTO transaction (organisation_id, kind, source, booked_on, belongs_on, entry_count, actor_id, posted_at, donation_id)
			SELECT $1, 'donation', 'forged', $5, $5, 2, (SELECT min(id) FROM actor WHERE organisation_id = $1), now(), d.id FROM d
			RETURNING id)
		INSERT INTO entry (organisation_id, transaction_id, number, account, fund_id, amount, booked_on)
		SELECT $1, t.id, v.number, v.account, $6::bigint, v.amount, $5::date
		  FROM t, (VALUES (1, 1110, 1000), (2, 4210, -1000)) AS v (number, account, amount)`
	sqlMustBreak(t, g.DB, ledger.ErrNotCollecting, forged, g.ID, late.ID, c.ID, 1, "2026-09-30", c.FundID)
	sqlMustBreak(t, g.DB, ledger.ErrNotCollecting, forged, g.ID, late.ID, c.ID, 1, "2026-12-01", c.FundID)
	sqlMustBreak(t, g.DB, ledger.ErrGift, forged, g.ID, late.ID, nil, nil, "2026-10-01", c.FundID) // to no campaign, into its fund
	sqlMustBreak(t, g.DB, ledger.ErrGift, forged, g.ID, late.ID, c.ID, 1, "2026-10-01", g.General) // into another fund than agreed
}

func TestCollectingBeginsOnItsDay(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce(func(p *campaigns.Plan) { p.CollectsFrom = p.CollectsFrom.AddDays(3) })
	if c.Status != campaigns.Announced {
		t.Fatalf("campaign is %s, want announced", c.Status)
	}
	give := func() error {
		return g.Try(func(tx *sqlx.Tx) error {
			_, err := campaigns.Give(t.Context(), tx, g.OnlineGift(c, 1_000), g.At)
			return err
		})
	}
	g.Pass(2)
	mustBe(t, "the day before", give(), campaigns.ErrClosed)
	g.Pass(1)
	if err := give(); err != nil { // whether or not the daily job has turned the status
		t.Errorf("first day: %v", err)
	}
	turn(t, g, 1)
	if got := g.Campaign(c.ID).Status; got != campaigns.Open {
		t.Errorf("campaign is %s, want open", got)
	}
	turn(t, g, 0)
}

func TestCollectingEndsAfterItsLastDay(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Pass(60)
	turn(t, g, 0)
	if d := g.Give(c, 500); d.GivenOn != g.Today() {
		t.Errorf("gift of the last day: %+v", d)
	}
	g.Pass(1)
	turn(t, g, 1)
	if got := g.Campaign(c.ID).Status; got != campaigns.Closed {
		t.Errorf("campaign is %s, want closed", got)
	}
	err := g.Try(func(tx *sqlx.Tx) error {
		_, err := campaigns.Give(t.Context(), tx, g.OnlineGift(c, 500), g.At)
		return err
	})
	mustBe(t, "the day after", err, campaigns.ErrClosed)
	if d := g.Enter(c, 300, func(gift *campaigns.Gift) { gift.GivenOn = g.Today().AddDays(-5) }); d.Status != campaigns.Paid {
		t.Errorf("an envelope of an earlier day: %+v", d)
	}
}

func turn(t *testing.T, g *campaigntest.Group, want int) {
	t.Helper()
	g.In(func(tx *sqlx.Tx) error {
		turned, err := campaigns.TurnDue(t.Context(), tx, g.ID, g.At)
		if turned != want {
			t.Errorf("%d campaigns turned, want %d", turned, want)
		}
		return err
	})
}

func TestClosingNeedsAReasonAndEndsWithTheDay(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	closing := func(reason string) error {
		return g.Try(func(tx *sqlx.Tx) error { return campaigns.Close(t.Context(), tx, g.ID, c.ID, g.Head, g.At, reason) })
	}
	g.Pass(5)
	mustNeed(t, "no reason", closing(""), "reason", "reverse.reason_missing")
	if err := closing("目標に届いたため"); err != nil {
		t.Fatal(err)
	}
	if got := g.Campaign(c.ID).Status; got != campaigns.Closed {
		t.Errorf("campaign is %s, want closed", got)
	}
	mustBe(t, "close twice", closing("もう一度"), campaigns.ErrClosed)
	g.Give(c, 500) // the day itself still counts
	g.Pass(1)
	err := g.Try(func(tx *sqlx.Tx) error {
		_, err := campaigns.Give(t.Context(), tx, g.OnlineGift(c, 500), g.At)
		return err
	})
	mustBe(t, "the next day", err, campaigns.ErrClosed)
	steps, err := ledger.History(t.Context(), g.DB, g.ID, "campaign", c.ID)
	if err != nil || len(steps) != 3 || steps[2].Step != "closed" || steps[2].Reason != "目標に届いたため" || steps[2].Name != "練習 代表" {
		t.Errorf("history %+v, %v", steps, err)
	}
}

func TestStoppingBeforeTheFirstDayLeavesNothingToCollect(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce(func(p *campaigns.Plan) { p.CollectsFrom = p.CollectsFrom.AddDays(3) })
	err := g.Try(func(tx *sqlx.Tx) error {
		return campaigns.Close(t.Context(), tx, g.ID, c.ID, g.Head, g.At, "早すぎる")
	})
	mustBe(t, "close before the first day", err, campaigns.ErrClosed)
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.Stop(t.Context(), tx, g.ID, c.ID, g.Head, g.At, "会場がなくなった")
	})
	g.Pass(4)
	turn(t, g, 0)
	err = g.Try(func(tx *sqlx.Tx) error {
		_, err := campaigns.Enter(t.Context(), tx, g.CashGift(c, 500), ledger.CashBox, g.Treasurer, g.At)
		return err
	})
	mustBe(t, "a gift to a stopped campaign", err, campaigns.ErrClosed)
}

func TestAStoppedCampaignTakesNoGiftOnlineAndOwesItsReport(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Pay(c, 3_000, 0)
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.Stop(t.Context(), tx, g.ID, c.ID, g.Head, g.At, "会場がなくなった")
	})
	err := g.Try(func(tx *sqlx.Tx) error {
		_, err := campaigns.Give(t.Context(), tx, g.OnlineGift(c, 500), g.At)
		return err
	})
	mustBe(t, "online on the same day", err, campaigns.ErrClosed)
	g.Enter(c, 500) // handed over that morning
	g.Pass(120)
	if owed := overdue(t, g); len(owed) != 0 {
		t.Errorf("overdue on the due day itself: %+v", owed)
	}
	g.Pass(1)
	if owed := overdue(t, g); len(owed) != 1 || owed[0].ID != c.ID {
		t.Errorf("overdue the day after: %+v", owed)
	}
}

func TestAnOverdueReportHoldsUpTheSameInitiativeAlone(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Pass(121)
	next := g.Draft(g.Plan())
	announce := func(id int64) error {
		return g.Try(func(tx *sqlx.Tx) error { return campaigns.Announce(t.Context(), tx, g.ID, id, g.Head, g.At) })
	}
	mustBe(t, "same initiative", announce(next), campaigns.ErrReportOverdue)
	meals := g.Initiative
	g.In(func(tx *sqlx.Tx) (err error) {
		g.Initiative, err = ledger.StartInitiative(t.Context(), tx, ledger.Initiative{OrganisationID: g.ID, Name: "居場所", Kind: "salon"})
		return err
	})
	other := g.Draft(g.Plan())
	mustBe(t, "another initiative without a reason", announce(other), campaigns.ErrReasonNeeded)
	despite := func(reason string) error {
		return g.Try(func(tx *sqlx.Tx) error {
			return campaigns.AnnounceDespite(t.Context(), tx, g.ID, other, reason, g.Head, g.At)
		})
	}
	var bad ledger.Invalid
	if err := despite(strings.Repeat("長", 1001)); !errors.As(err, &bad) || bad["despite"] == "" {
		t.Errorf("too long a reason: %v", err)
	}
	if err := despite("台風で、すぐに場所を直す必要があります。"); err != nil {
		t.Errorf("another initiative with a reason: %v", err)
	}
	if got, err := campaigns.Despite(t.Context(), g.DB, g.ID, other); err != nil || got != "台風で、すぐに場所を直す必要があります。" {
		t.Errorf("the reason is kept as %q, %v", got, err)
	}
	g.Initiative = meals
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.MarkReported(t.Context(), tx, g.ID, c.ID, campaigns.Carry{}, g.Head, g.At)
	})
	if err := announce(next); err != nil {
		t.Errorf("after the report: %v", err)
	}
}

func TestAReportOnTheWayLeavesTheCampaignOpen(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	report := func() campaigns.Status {
		g.In(func(tx *sqlx.Tx) error {
			return campaigns.MarkReported(t.Context(), tx, g.ID, c.ID, campaigns.Carry{}, g.Head, g.At)
		})
		return g.Campaign(c.ID).Status
	}
	if got := report(); got != campaigns.Open {
		t.Errorf("while collecting the campaign is %s, want open", got)
	}
	g.Pass(61)
	if got := report(); got != campaigns.Reported {
		t.Errorf("after its last day the campaign is %s, want reported", got)
	}
	if got := report(); got != campaigns.Reported { // a correction
		t.Errorf("reported again it is %s", got)
	}
}

func overdue(t *testing.T, g *campaigntest.Group) []campaigns.Campaign {
	t.Helper()
	all, err := campaigns.Overdue(t.Context(), g.DB, g.ID, 0, g.Today())
	if err != nil {
		t.Fatal(err)
	}
	return all
}
