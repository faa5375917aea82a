package campaigns_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// A call was handed out 20 days ago and is typed in today: cash of then names its version 0, online it takes nothing before a version is announced here.
func TestPaperCallBeginsWithVersionZero(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	g := campaigntest.Found(t, database.App)
	was := g.Today().AddDays(-20)
	id := g.Draft(g.Plan(func(p *campaigns.Plan) { p.CollectsFrom = was }))
	announce := func() error {
		return g.Try(func(tx *sqlx.Tx) error { return campaigns.Announce(t.Context(), tx, g.ID, id, g.Head, g.At) })
	}
	save := func(p campaigns.PaperCall) error {
		p.CampaignID = id
		return g.Try(func(tx *sqlx.Tx) error { return campaigns.SavePaper(t.Context(), tx, g.ID, p, g.Head, g.At) })
	}
	if err := announce(); err == nil {
		t.Fatal("a call was announced for days before it")
	}
	for _, p := range []campaigns.PaperCall{{Way: "circular"}, {HandedOutOn: g.Today().AddDays(1), Way: "circular"}, {HandedOutOn: was, Way: "shout"}} {
		if err := save(p); err == nil {
			t.Errorf("%+v was kept", p)
		}
	}
	if err := save(campaigns.PaperCall{HandedOutOn: was, Way: "circular"}); err != nil {
		t.Fatal(err)
	}
	var bad ledger.Invalid
	if err := announce(); !errors.As(err, &bad) || bad["paper"] != "paper.scan_missing" {
		t.Errorf("without a scan: %v", err)
	}
	if err := save(campaigns.PaperCall{HandedOutOn: was, Way: "circular", ScanHash: make([]byte, 32), ScanType: "application/pdf"}); err != nil {
		t.Fatal(err)
	}
	if err := announce(); err != nil {
		t.Fatal(err)
	}
	c := g.Campaign(id)
	if p := g.Plans(c)[0]; !p.OnPaper() || p.EditionName() != "第0版（紙で公表）" || c.Status != campaigns.Open {
		t.Errorf("announced is %+v of %+v", p, c)
	}
	if err := save(campaigns.PaperCall{HandedOutOn: was, Way: "board"}); !errors.Is(err, campaigns.ErrNotDraft) {
		t.Errorf("changing it then: %v", err)
	}
	if _, err := database.App.Exec(`UPDATE paper_call SET way = 'board' WHERE organisation_id = $1`, g.ID); err == nil {
		t.Error("the database lets it change")
	}
	if d := g.Enter(c, 3_000, func(gift *campaigns.Gift) { gift.GivenOn = was.AddDays(2) }); d.PlanVersion != 1 {
		t.Errorf("cash of then names %d", d.PlanVersion)
	}
	online := func() error {
		return g.Try(func(tx *sqlx.Tx) error {
			_, err := campaigns.Give(t.Context(), tx, g.OnlineGift(c, 1_000), g.At)
			return err
		})
	}
	if err := online(); !errors.Is(err, campaigns.ErrClosed) {
		t.Errorf("online: %v", err)
	}
	_, err := database.App.Exec(`
		INSERT INTO donation (organisation_id, campaign_id, plan_version, fund_id, channel, amount, counts_as, given_on, token_hash, entered_by, entered_at, key,
		       terms_version, terms_at)
		SELECT $1, $2, 1, $3, 'card', 500, 'nameless', $4::date, sha256('t'), min(id), now(), 'k', '2026-1', now()
		  FROM actor WHERE organisation_id = $1`, g.ID, c.ID, c.FundID, g.Today())
	if ledger.ConstraintName(err) != "donation_paper_by_hand" {
		t.Errorf("the database says %v", err)
	}
	g.Change(c, func(p *campaigns.Plan) { p.Reason = "画面でも読めるようにします。" }) // the same words, announced here
	if err := online(); err != nil {
		t.Errorf("with a version announced here: %v", err)
	}
	if all := g.Plans(g.Campaign(id)); all[1].EditionName() != "第1版" || all[1].OnPaper() {
		t.Errorf("announced here is %s", all[1].EditionName())
	}
	g.MustBalance()
}
