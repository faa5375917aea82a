package campaigns_test

import (
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestDraftMayHaveGaps(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	id := g.Draft(campaigns.Plan{Uses: []campaigns.PlanUse{{Name: "家賃"}}})
	p, err := campaigns.FindPlan(t.Context(), g.DB, g.ID, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	if p.Title != "" || p.Total() != 0 || len(p.Uses) != 1 || p.Uses[0].Name != "家賃" {
		t.Errorf("draft %+v", p)
	}
	if c := g.Campaign(id); c.Status != campaigns.Draft || c.Public() || c.FundID != 0 {
		t.Errorf("campaign %+v", c)
	}
}

func TestDraftIsSavedAgainAndAgain(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	id := g.Draft(campaigns.Plan{})
	for _, title := range []string{"冬の居場所", "冬の居場所をひらく"} {
		p := g.Plan(func(p *campaigns.Plan) { p.Title = title })
		slug := campaigntest.Unique("saved")
		g.In(func(tx *sqlx.Tx) error {
			return campaigns.SaveDraft(t.Context(), tx, g.ID, id, g.Initiative, slug, p)
		})
		got, err := campaigns.FindPlan(t.Context(), g.DB, g.ID, id, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got.Title != title || got.Total() != 84_000 || len(got.Uses) != 2 || g.Campaign(id).Slug != slug {
			t.Errorf("saved %+v as %s", got, g.Campaign(id).Slug)
		}
	}
}

func TestDraftRefusesWhatItCannotHold(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	for name, c := range map[string]struct {
		change     func(*campaigns.Plan)
		field, key string
	}{
		"long title":         {func(p *campaigns.Plan) { p.Title = strings.Repeat("長", 61) }, "title", "field.too_long"},
		"nul in need":        {func(p *campaigns.Plan) { p.Need = "a\x00b" }, "need", "field.characters"},
		"broken text":        {func(p *campaigns.Plan) { p.Saying = "\xff" }, "saying", "field.characters"},
		"31 uses":            {func(p *campaigns.Plan) { p.Uses = make([]campaigns.PlanUse, 31) }, "uses", "campaign.too_many_uses"},
		"product differs":    {func(p *campaigns.Plan) { p.Uses[0].Amount = 59_999 }, "use1_amount", "campaign.product_differs"},
		"amount too large":   {func(p *campaigns.Plan) { p.Uses[1].Amount = 1_000_000_000 }, "use2_amount", "amount.too_large"},
		"negative amount":    {func(p *campaigns.Plan) { p.Uses[1].Amount = -1 }, "use2_amount", "amount.too_large"},
		"ends before start":  {func(p *campaigns.Plan) { p.CollectsUntil = p.CollectsFrom.AddDays(-1) }, "collects_until", "campaign.until_before_from"},
		"report before end":  {func(p *campaigns.Plan) { p.ReportDueOn = p.CollectsUntil }, "report_due_on", "campaign.report_before_end"},
		"unknown cost payer": {func(p *campaigns.Plan) { p.CostsBorneBy = "nobody" }, "costs_borne_by", "field.unknown"},
	} {
		err := g.Try(func(tx *sqlx.Tx) error {
			_, err := campaigns.StartDraft(t.Context(), tx, g.ID, g.Initiative, campaigntest.Unique("x"), g.Plan(c.change), g.Head, g.At)
			return err
		})
		mustNeed(t, name, err, c.field, c.key)
	}
}

func TestLineBreaksAreKeptInLongTexts(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	id := g.Draft(g.Plan(func(p *campaigns.Plan) { p.Need = "一行目\r\n二行目\n三行目" }))
	p, err := campaigns.FindPlan(t.Context(), g.DB, g.ID, id, 0)
	if err != nil || p.Need != "一行目\r\n二行目\n三行目" {
		t.Errorf("need %q, %v", p.Need, err)
	}
}

func TestSlugHasAShapeAndOneCampaign(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	taken := g.Announce().Slug
	other := campaigntest.Found(t, g.DB)
	draft := g.Campaign(g.Draft(g.Plan())).Slug
	for _, c := range []struct {
		group     *campaigntest.Group
		slug, key string
	}{
		{g, "a", "campaign.slug_shape"}, {g, "居場所", "campaign.slug_shape"}, {g, "a/b", "campaign.slug_shape"},
		{g, draft, "campaign.slug_taken"}, {other, taken, "campaign.slug_taken"},
	} {
		err := c.group.Try(func(tx *sqlx.Tx) error {
			_, err := campaigns.StartDraft(t.Context(), tx, c.group.ID, c.group.Initiative, c.slug, campaigns.Plan{}, c.group.Head, c.group.At)
			return err
		})
		mustNeed(t, c.slug, err, "slug", c.key)
	}
}

func TestWidthIsAFifthButAtLeastTenThousand(t *testing.T) {
	t.Parallel()
	own := ledger.Yen(12_345)
	for _, c := range []struct {
		total  ledger.Yen
		margin *ledger.Yen
		want   ledger.Yen
	}{
		{694_300, nil, 138_860}, {50_000, nil, 10_000}, {50_001, nil, 10_000}, {49_999, nil, 10_000}, {50_005, nil, 10_001}, {0, nil, 10_000},
		{694_300, &own, 12_345},
	} {
		p := campaigns.Plan{Margin: c.margin, Uses: []campaigns.PlanUse{{Amount: c.total}}}
		if got := p.Width(); got != c.want {
			t.Errorf("width of %s: got %s, want %s", c.total, got, c.want)
		}
	}
}

func TestOwnWidthLiesBetweenATenthAndHalf(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	o, err := ledger.FindOrganisation(t.Context(), g.DB, g.ID)
	if err != nil {
		t.Fatal(err)
	}
	for margin, ok := range map[ledger.Yen]bool{8_399: false, 8_400: true, 42_000: true, 42_001: false} { // of 84,000
		p := g.Plan(func(p *campaigns.Plan) { p.Margin = &margin })
		if got := p.Missing(o, g.Today())["margin"] == ""; got != ok {
			t.Errorf("width %s of 84,000: accepted %v, want %v", margin, got, ok)
		}
	}
}

func TestCopyKeepsThePlanAndLeavesTheDaysEmpty(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce(campaigntest.CostsOnUse)
	var id int64
	g.In(func(tx *sqlx.Tx) (err error) {
		id, err = campaigns.Copy(t.Context(), tx, g.ID, c.ID, campaigntest.Unique("copy"), g.Head, g.At)
		return err
	})
	p, err := campaigns.FindPlan(t.Context(), g.DB, g.ID, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	if p.Title != "見守り配食をつづけたい" || p.Total() != 84_000 || !p.Uses[1].BearsCosts || p.Uses[0].UnitPrice != 3_000 {
		t.Errorf("copy %+v", p)
	}
	if !p.CollectsFrom.IsZero() || !p.CollectsUntil.IsZero() || !p.ReportDueOn.IsZero() || !p.Uses[0].DueOn.IsZero() || p.Uses[0].UseID != 0 {
		t.Errorf("days or uses were copied: %+v", p)
	}
	if got := g.Campaign(id); got.Status != campaigns.Draft || got.FundID != 0 {
		t.Errorf("copy is %+v", got)
	}
	err = g.Try(func(tx *sqlx.Tx) error {
		_, err := campaigns.Copy(t.Context(), tx, g.ID, 999, campaigntest.Unique("copy"), g.Head, g.At)
		return err
	})
	mustBe(t, "copy of nothing", err, campaigns.ErrNotFound)
}

func TestDraftIsClosedOnceAnnounced(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	err := g.Try(func(tx *sqlx.Tx) error {
		return campaigns.SaveDraft(t.Context(), tx, g.ID, c.ID, g.Initiative, campaigntest.Unique("late"), g.Plan())
	})
	mustBe(t, "save after announcing", err, campaigns.ErrNotDraft)
	err = g.Try(func(tx *sqlx.Tx) error { return campaigns.Announce(t.Context(), tx, g.ID, c.ID, g.Head, g.At) })
	mustBe(t, "announce twice", err, campaigns.ErrNotDraft)
}
