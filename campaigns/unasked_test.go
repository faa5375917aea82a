package campaigns_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func unasked(g *campaigntest.Group) campaigns.Unasked {
	u, err := campaigns.FindUnasked(g.T.Context(), g.DB, g.ID)
	if err != nil {
		g.T.Fatal(err)
	}
	return u
}

func decide(g *campaigntest.Group, d campaigns.Decision) (id int64, err error) {
	if d.Key == "" {
		d.Key = campaigntest.Unique("decision")
	}
	d.DecidedOn, d.DecidedBy = g.Today(), "役員会"
	err = g.Try(func(tx *sqlx.Tx) error {
		id, err = campaigns.DecideUse(g.T.Context(), tx, g.ID, d, g.Treasurer, g.At)
		return err
	})
	return id, err
}

// October has three givers, November one of them and five more, December one: November is told with October, December with both.
func TestUnaskedGiftsOfFewGiversStandTogether(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	none := campaigns.Campaign{}
	var donor int64
	for i := range 3 {
		d := g.Enter(none, 1_000, func(gift *campaigns.Gift) {
			gift.Donor, gift.Wish = campaigns.Donor{Name: fmt.Sprintf("練習 %d", i)}, "こどものために"
		})
		donor = d.DonorID
	}
	if u := unasked(g); len(u.Months) != 1 || !u.Months[0].Few() || !u.Few() || u.Gifts != 3 || u.Wishes != 3 {
		t.Errorf("three givers: %+v", u)
	}
	g.Pass(35)
	g.Enter(none, 2_000, func(gift *campaigns.Gift) { gift.Donor.ID = donor })
	for range 5 {
		g.Enter(none, 500)
	}
	g.Pass(30)
	g.Enter(none, 700)
	u := unasked(g)
	if len(u.Months) != 1 || u.Months[0].From != ledger.NewDate(2026, 10, 1) || u.Months[0].Until != ledger.NewDate(2026, 12, 1) || u.Months[0].Gifts != 10 || u.Amount != 8_200 || u.Few() {
		t.Errorf("together: %+v", u)
	}
}

// ¥10,000 come unasked: ¥6,000 for a kettle, ¥3,000 to a campaign; not more than is open. The kettle is bought for less and reported.
func TestGroupDecidesAboutUnaskedGiftsAndReports(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	g := campaigntest.Found(t, database.App)
	c := g.Announce()
	gift := g.Enter(campaigns.Campaign{}, 10_000)
	kettle := campaigns.Decision{Purpose: "集会所のやかん", Amount: 6_000, DueOn: g.Today().AddDays(60), Key: "kettle"}
	id, err := decide(g, kettle)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := decide(g, kettle); err != nil || again != id {
		t.Errorf("the same form again is %d, %v", again, err)
	}
	for name, d := range map[string]campaigns.Decision{
		"more than is open": {Purpose: "いす", Amount: 4_001, DueOn: g.Today().AddDays(60)}, "nothing": {Purpose: "いす", DueOn: g.Today().AddDays(60)},
		"no purpose": {Amount: 100, DueOn: g.Today().AddDays(60)}, "no day": {Purpose: "いす", Amount: 100}, "a day in five years": {Purpose: "いす", Amount: 100, DueOn: g.Today().AddDays(1900)},
	} {
		var bad ledger.Invalid
		if _, err := decide(g, d); !errors.As(err, &bad) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := decide(g, campaigns.Decision{Purpose: "配食の食材に", Amount: 3_000, CampaignID: c.ID}); err != nil {
		t.Fatal(err)
	}
	if p := g.Progress(c); p.Carried != 3_000 || p.Received != 0 || g.Left(g.General) != 7_000 {
		t.Errorf("the campaign has %+v", p)
	}
	uses := g.Uses(campaigns.Campaign{FundID: g.General})
	g.Check(g.Spend(uses[0], 4_500))
	report := func(rest string) error {
		return g.Try(func(tx *sqlx.Tx) error {
			return campaigns.ReportDecision(t.Context(), tx, g.ID, id, "やかんを1つ買いました。", rest, g.Head, g.At)
		})
	}
	var bad ledger.Invalid
	if err = report(""); !errors.As(err, &bad) || bad["rest"] == "" {
		t.Errorf("a rest without a word: %v", err)
	}
	if err = report("残り1,500円は、茶わんに使います。"); err != nil {
		t.Fatal(err)
	}
	if err = report("もう一度"); !errors.Is(err, campaigns.ErrReported) {
		t.Errorf("twice: %v", err)
	}
	d, err := campaigns.FindDecision(t.Context(), g.DB, g.ID, id)
	if err != nil || d.Spent != 4_500 || d.Report == nil || d.Report.Spent != 4_500 || d.Late(g.Today().AddDays(90)) != 0 {
		t.Errorf("decided is %+v, %v", d, err)
	}
	if u := unasked(g); u.Open() != 1_000 || u.Decided != 9_000 {
		t.Errorf("open are %s of %+v", u.Open(), u)
	}
	if _, err = database.App.Exec(`UPDATE gift_decision SET amount = 1 WHERE organisation_id = $1`, g.ID); err == nil {
		t.Error("a decision was changed")
	}
	if gift.Wish != "" {
		t.Errorf("a wish nobody had: %q", gift.Wish)
	}
	g.MustBalance()
}
