package campaigns_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestAnnouncingSaysEachThingThatIsMissing(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	margin := ledger.Yen(1)
	for name, c := range map[string]struct {
		change     func(*campaigns.Plan)
		field, key string
	}{
		"title":             {func(p *campaigns.Plan) { p.Title = "" }, "title", "campaign.title_missing"},
		"need":              {func(p *campaigns.Plan) { p.Need = "" }, "need", "campaign.need_missing"},
		"other sources":     {func(p *campaigns.Plan) { p.OtherSources = "" }, "other_sources", "campaign.other_sources_missing"},
		"uncovered":         {func(p *campaigns.Plan) { p.Uncovered = "" }, "uncovered", "campaign.uncovered_missing"},
		"too little":        {func(p *campaigns.Plan) { p.IfTooLittle = "" }, "if_too_little", "campaign.too_little_missing"},
		"too much":          {func(p *campaigns.Plan) { p.IfTooMuch = "" }, "if_too_much", "campaign.too_much_missing"},
		"stopped":           {func(p *campaigns.Plan) { p.IfStopped = "" }, "if_stopped", "campaign.stopped_missing"},
		"responsible":       {func(p *campaigns.Plan) { p.Responsible = "" }, "responsible", "campaign.responsible_missing"},
		"first day":         {func(p *campaigns.Plan) { p.CollectsFrom = ledger.Date{} }, "collects_from", "campaign.from_missing"},
		"first day past":    {func(p *campaigns.Plan) { p.CollectsFrom = g.Today().AddDays(-1) }, "collects_from", "campaign.from_past"},
		"last day":          {func(p *campaigns.Plan) { p.CollectsUntil = ledger.Date{} }, "collects_until", "campaign.until_missing"},
		"report day":        {func(p *campaigns.Plan) { p.ReportDueOn = ledger.Date{} }, "report_due_on", "campaign.report_due_missing"},
		"uses":              {func(p *campaigns.Plan) { p.Uses = nil }, "uses", "campaign.uses_missing"},
		"name of a use":     {func(p *campaigns.Plan) { p.Uses[0].Name = "" }, "use1_name", "campaign.use_name_missing"},
		"amount of a use":   {func(p *campaigns.Plan) { p.Uses[1].Amount = 0 }, "use2_amount", "campaign.use_amount_missing"},
		"day of a use":      {func(p *campaigns.Plan) { p.Uses[1].DueOn = ledger.Date{} }, "use2_due_on", "campaign.use_due_missing"},
		"evidence of a use": {func(p *campaigns.Plan) { p.Uses[0].Evidence = "" }, "use1_evidence", "campaign.use_evidence_missing"},
		"who bears costs":   {func(p *campaigns.Plan) { p.CostsBorneBy = campaigns.CostsUse }, "costs_borne_by", "campaign.costs_use_missing"},
		"two bear costs": {func(p *campaigns.Plan) {
			campaigntest.CostsOnUse(p)
			p.Uses[0].BearsCosts = true
		}, "costs_borne_by", "campaign.costs_use_missing"},
		"width": {func(p *campaigns.Plan) { p.Margin = &margin }, "margin", "campaign.margin_range"},
	} {
		id := g.Draft(g.Plan(c.change))
		err := g.Try(func(tx *sqlx.Tx) error { return campaigns.Announce(t.Context(), tx, g.ID, id, g.Head, g.At) })
		mustNeed(t, name, err, c.field, c.key)
		if got := g.Campaign(id).Status; got != campaigns.Draft {
			t.Errorf("%s: campaign is %s, want draft", name, got)
		}
	}
}

func TestAnnouncingNeedsWhoAsks(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	for name, change := range map[string]func(*ledger.Organisation){
		"representative": func(o *ledger.Organisation) { o.Representative = "" },
		"address":        func(o *ledger.Organisation) { o.Address = "" },
		"contact":        func(o *ledger.Organisation) { o.Phone, o.Mail = "", "" },
	} {
		g := campaigntest.Found(t, db, change)
		id := g.Draft(g.Plan())
		err := g.Try(func(tx *sqlx.Tx) error { return campaigns.Announce(t.Context(), tx, g.ID, id, g.Head, g.At) })
		mustNeed(t, name, err, "organisation", "campaign.organisation_incomplete")
	}
}

func TestAPrivateAddressAndOneContactAreEnough(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App, func(o *ledger.Organisation) { o.AddressDisclosed, o.Phone = false, "" })
	if c := g.Announce(); c.Status != campaigns.Open {
		t.Errorf("campaign %+v", c)
	}
}

func TestAnnouncingOpensTheFundAndStatesItsUses(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	if c.Status != campaigns.Open || c.Version != 1 || !c.Public() {
		t.Errorf("campaign %+v", c)
	}
	fund, err := ledger.FindFund(t.Context(), g.DB, g.ID, c.FundID)
	if err != nil {
		t.Fatal(err)
	}
	if fund.Kind != ledger.CampaignFund || fund.Name != "見守り配食をつづけたい" || fund.CollectsFrom != g.Today() || fund.CollectsUntil != g.Today().AddDays(60) {
		t.Errorf("fund %+v", fund)
	}
	uses := g.Uses(c)
	if len(uses) != 2 || uses[0].Name != "食材" || uses[0].Planned != 60_000 || uses[1].Planned != 24_000 || uses[1].Position != 2 {
		t.Errorf("uses %+v", uses)
	}
	p, err := campaigns.FindPlan(t.Context(), g.DB, g.ID, c.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	if *p.Margin != 16_800 || !p.PublishedAt.Equal(g.At) || p.Uses[0].UseID != uses[0].ID {
		t.Errorf("version 1: width %s, %+v", *p.Margin, p)
	}
	if found, err := campaigns.FindPublic(t.Context(), g.DB, c.Slug); err != nil || found.ID != c.ID {
		t.Errorf("by its public name: %+v, %v", found, err)
	}
	if n, err := ledger.Records(t.Context(), g.DB, g.ID); err != nil || n != 1 {
		t.Errorf("%d log records, %v, want the plan", n, err)
	}
}

func TestOfManyAnnouncingAtOnceOneDoes(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	id := g.Draft(g.Plan())
	var did atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			err := g.Try(func(tx *sqlx.Tx) error { return campaigns.Announce(t.Context(), tx, g.ID, id, g.Head, g.At) })
			if err == nil {
				did.Add(1)
			} else if !errors.Is(err, campaigns.ErrNotDraft) {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	if did.Load() != 1 || len(g.Uses(g.Campaign(id))) != 2 {
		t.Errorf("%d announced, uses %+v", did.Load(), g.Uses(g.Campaign(id)))
	}
}

func TestAPublicNameTakenMeanwhileIsSaidWhenAnnouncing(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	other := campaigntest.Found(t, g.DB)
	id := g.Draft(g.Plan())
	slug := g.Campaign(id).Slug
	var theirs int64
	other.In(func(tx *sqlx.Tx) (err error) {
		if theirs, err = campaigns.StartDraft(t.Context(), tx, other.ID, other.Initiative, slug, other.Plan(), other.Head, other.At); err != nil {
			return err
		}
		return campaigns.Announce(t.Context(), tx, other.ID, theirs, other.Head, other.At)
	})
	err := g.Try(func(tx *sqlx.Tx) error { return campaigns.Announce(t.Context(), tx, g.ID, id, g.Head, g.At) })
	mustNeed(t, slug, err, "slug", "campaign.slug_taken")
}

func TestADraftHasNoPublicName(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	slug := g.Campaign(g.Draft(g.Plan())).Slug
	_, err := campaigns.FindPublic(t.Context(), g.DB, slug)
	mustBe(t, slug, err, campaigns.ErrNotFound)
}

func TestAPublishedPlanIsFrozen(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	g := campaigntest.Found(t, db.App)
	c := g.Announce()
	for name, asked := range map[string]*sqlx.DB{"app": db.App, "owner": db.Owner} {
		who := breaker{t, name, asked}
		who.refuse(`UPDATE plan SET title = '別の題' WHERE organisation_id = $1 AND campaign_id = $2 AND version = 1`, g.ID, c.ID)
		who.refuse(`UPDATE plan SET version = 0 WHERE organisation_id = $1 AND campaign_id = $2 AND version = 1`, g.ID, c.ID)
		who.refuse(`DELETE FROM plan WHERE organisation_id = $1 AND campaign_id = $2 AND version = 1`, g.ID, c.ID)
		who.refuse(`UPDATE plan_use SET amount = 1, quantity = NULL WHERE organisation_id = $1 AND campaign_id = $2 AND version = 1`, g.ID, c.ID)
		who.refuse(`DELETE FROM plan_use WHERE organisation_id = $1 AND campaign_id = $2 AND version = 1`, g.ID, c.ID)
		who.refuse(`
			INSERT INTO plan_use (organisation_id, campaign_id, version, position, use_id, name, amount, due_on, evidence)
			SELECT organisation_id, campaign_id, version, 9, use_id, '飲み会', 1, due_on, evidence
			  FROM plan_use
			 WHERE organisation_id = $1 AND campaign_id = $2 AND version = 1 AND position = 1`, g.ID, c.ID)
		who.refuse(`UPDATE campaign SET version = 0 WHERE organisation_id = $1 AND id = $2`, g.ID, c.ID)
		who.refuse(`UPDATE campaign SET status = 'draft', version = 1 WHERE organisation_id = $1 AND id = $2`, g.ID, c.ID)
		who.refuse(`UPDATE campaign SET fund_id = NULL WHERE organisation_id = $1 AND id = $2`, g.ID, c.ID)
		who.refuse(`DELETE FROM campaign WHERE organisation_id = $1 AND id = $2`, g.ID, c.ID)
		who.refuse(`TRUNCATE plan_use`)
		who.refuse(`TRUNCATE plan CASCADE`)
	}
	p, err := campaigns.FindPlan(t.Context(), db.App, g.ID, c.ID, 1)
	if err != nil || p.Title != "見守り配食をつづけたい" || p.Total() != 84_000 || len(p.Uses) != 2 {
		t.Errorf("version 1 is %+v, %v", p, err)
	}
}

type breaker struct {
	t    *testing.T
	name string
	db   *sqlx.DB
}

// refuse fails the test unless the statement is refused: as a change of what stands, or for want of the right.
func (b breaker) refuse(query string, args ...any) {
	b.t.Helper()
	_, err := b.db.ExecContext(b.t.Context(), query, args...)
	if err = ledger.Classify(err); !errors.Is(err, ledger.ErrFrozen) && !(b.name == "app" && errors.Is(err, ledger.ErrNoRight)) {
		b.t.Errorf("%s: %s: got %v, want a refusal", b.name, query, err)
	}
}

func TestGroupNobodyLookedAtAnnouncesNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	g := campaigntest.Found(t, db.App)
	if _, err := db.Owner.ExecContext(t.Context(), `
		ALTER TABLE vetting DISABLE TRIGGER vetting_kept;
		DELETE FROM vetting;
		ALTER TABLE vetting ENABLE ALWAYS TRIGGER vetting_kept`); err != nil {
		t.Fatal(err)
	}
	id := g.Draft(g.Plan())
	err := g.Try(func(tx *sqlx.Tx) error { return campaigns.Announce(t.Context(), tx, g.ID, id, g.Head, g.At) })
	var bad ledger.Invalid
	if !errors.As(err, &bad) || bad["vetting"] != "campaign.not_vetted" || len(bad) != 1 {
		t.Errorf("announcing: %v, want the vetting alone to be missing", err)
	}
	_, err = db.App.ExecContext(t.Context(), `
		UPDATE campaign
		   SET status = 'open', version = 1, fund_id = $3
		 WHERE organisation_id = $1 AND id = $2`, g.ID, id, g.General)
	if !errors.Is(ledger.Classify(err), ledger.ErrNotVetted) {
		t.Errorf("past the program: %v, want ErrNotVetted", err)
	}
	if err = ledgertest.Vet(t.Context(), db.App, g.ID); err != nil {
		t.Fatal(err)
	}
	g.In(func(tx *sqlx.Tx) error { return campaigns.Announce(t.Context(), tx, g.ID, id, g.Head, g.At) })
}
