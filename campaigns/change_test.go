package campaigns_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func set(use int, amount ledger.Yen) func(*campaigns.Plan) {
	return func(p *campaigns.Plan) {
		p.Uses[use].Amount, p.Uses[use].Quantity, p.Uses[use].UnitPrice = amount, 0, 0
	}
}

func shift(amount ledger.Yen) func(*campaigns.Plan) {
	return func(p *campaigns.Plan) {
		set(0, p.Uses[0].Amount+amount)(p)
		set(1, p.Uses[1].Amount-amount)(p)
	}
}

func removed(p *campaigns.Plan) { p.Uses = p.Uses[:1] }

func TestChangeWithinTheWidthIsInForceAtOnce(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce() // 60,000 and 24,000: the width is 16,800
	g.Enter(c, 84_000)
	change := g.Change(c, shift(16_800))
	if change.Status != campaigns.InForce || change.Moved != 16_800 || change.Width != 16_800 {
		t.Errorf("got %+v", change)
	}
	if got := g.Campaign(c.ID).Version; got != 2 {
		t.Errorf("version %d in force, want 2", got)
	}
	uses := g.Uses(c)
	if uses[0].Planned != 76_800 || uses[1].Planned != 7_200 {
		t.Errorf("the fund's uses: %+v", uses)
	}
	if d := g.Enter(g.Campaign(c.ID), 1_000); d.PlanVersion != 2 {
		t.Errorf("a gift names version %d, want 2", d.PlanVersion)
	}
	g.Spend(uses[1], 100)
	g.MustBalance()
}

func TestSmallStepsDoNotAddUpToALargeOne(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Enter(c, 84_000)
	g.Change(c, shift(10_000))
	change := g.Change(c, shift(6_801))
	if change.Status != campaigns.Asking || change.Moved != 16_801 || change.BaseVersion != 1 {
		t.Errorf("16,801 in two steps: got %+v, want to be asked", change)
	}
}

func TestAnotherOrderMovesMoneyToo(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Enter(c, 60_000) // fills the first use
	change := g.Change(c, func(p *campaigns.Plan) { p.Uses[0], p.Uses[1] = p.Uses[1], p.Uses[0] })
	if change.Status != campaigns.Asking || change.Moved != 24_000 {
		t.Errorf("got %+v, want 24,000 yen moved and givers asked", change)
	}
}

func TestRemovingAUseAsksUnlessNobodyGave(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	if change := g.Change(c, removed); change.Status != campaigns.InForce {
		t.Errorf("nobody gave: %+v, want in force", change)
	}
	use := g.Uses(c)[1]
	g.Enter(g.Campaign(c.ID), 60_000)
	mustBe(t, "spending on a removed use", g.TrySpend(use, 100), ledger.ErrUseHeld)

	other := g.Announce()
	g.Enter(other, 84_000)
	if change := g.Change(other, removed); change.Status != campaigns.Asking || change.DecidesOn != g.Today().AddDays(14) {
		t.Errorf("got %+v, want to be asked until the fourteenth day", change)
	}
}

func TestChangeSaysWhatKeepsItFromBeingPublished(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Enter(c, 84_000)
	g.Spend(g.Uses(c)[1], 5_000)
	for name, k := range map[string]struct {
		change func(*campaigns.Plan)
		field  string
	}{
		"no reason":            {func(p *campaigns.Plan) { p.Reason = ""; shift(1_000)(p) }, "reason"},
		"nothing else":         {func(p *campaigns.Plan) {}, "uses"},
		"less than was spent":  {set(1, 4_999), "use2_amount"},
		"removed after paying": {removed, "uses"},
		"the same name again":  {func(p *campaigns.Plan) { p.Uses = append(p.Uses, p.Uses[0]); p.Uses[2].UseID = 0 }, "use3_name"},
	} {
		g.Propose(c, k.change)
		_, err := g.TryPublish(c)
		var bad ledger.Invalid
		if !errors.As(err, &bad) || bad[k.field] == "" {
			t.Errorf("%s: got %v, want %s", name, err, k.field)
		}
	}
}

func TestProposalCanBeGivenUp(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Propose(c, shift(1_000))
	g.In(func(tx *sqlx.Tx) error { return campaigns.DropProposal(t.Context(), tx, g.ID, c.ID) })
	p, err := campaigns.FindProposal(t.Context(), g.DB, g.Campaign(c.ID))
	if err != nil || p.Reason != "" || p.Uses[0].Amount != 60_000 {
		t.Errorf("got %+v, %v, want the version in force", p, err)
	}
	draft := g.Draft(g.Plan())
	mustBe(t, "a campaign's own draft", g.Try(func(tx *sqlx.Tx) error {
		return campaigns.DropProposal(t.Context(), tx, g.ID, draft)
	}), campaigns.ErrNotFound)
}

func TestLaterVersionKeepsWhatWasPromisedAboutPromises(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	change := g.Change(c, func(p *campaigns.Plan) {
		wide := ledger.Yen(999_999)
		p.Margin, p.IfStopped, p.Title, p.ReportDueOn = &wide, "何もしません。", "ほかの名前", g.Today().AddDays(900)
		p.Uses[0].Name = "旅行"
		shift(1_000)(p)
	})
	old, _ := campaigns.FindPlan(t.Context(), g.DB, g.ID, c.ID, 1)
	next, err := campaigns.FindPlan(t.Context(), g.DB, g.ID, c.ID, change.Version)
	if err != nil {
		t.Fatal(err)
	}
	if next.Width() != old.Width() || next.IfStopped != old.IfStopped || next.Title != old.Title || next.ReportDueOn != old.ReportDueOn || next.Uses[0].Name != old.Uses[0].Name {
		t.Errorf("got %+v", next)
	}
}

func TestWhileGiversAreAskedTouchedUsesRestAndOthersGoOn(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Enter(c, 84_000)
	food, boxes := g.Uses(c)[0], g.Uses(c)[1]
	unpaid := g.Spend(boxes, 300, func(e *ledger.Expense) { e.Account = ledger.Payable })
	change := g.Change(c, func(p *campaigns.Plan) {
		removed(p)
		p.Uses = append(p.Uses, campaigns.PlanUse{Name: "会場", Amount: 24_000, DueOn: g.Today().AddDays(50), Evidence: "領収書"})
	})
	mustBe(t, "spending on a touched use", g.TrySpend(boxes, 100), ledger.ErrUseHeld)
	mustBe(t, "approving an invoice of it", g.Try(func(tx *sqlx.Tx) error {
		return ledger.CheckExpense(t.Context(), tx, g.ID, unpaid, g.Auditor, g.At)
	}), ledger.ErrUseHeld)
	mustBe(t, "spending on a use that is only proposed", g.TrySpend(g.Uses(c)[2], 100), ledger.ErrUseHeld)
	g.Spend(food, 100)
	if d := g.Enter(c, 1_000); d.PlanVersion != 1 {
		t.Errorf("a gift meanwhile names version %d, want the one in force", d.PlanVersion)
	}
	g.Propose(c, shift(1_000))
	_, err := g.TryPublish(c)
	mustBe(t, "a second change", err, campaigns.ErrAsking)

	g.Pass(14)
	if g.Decide(change) {
		t.Error("decided on the last day of answering")
	}
	g.Pass(1)
	if !g.Decide(change) || g.Decide(change) {
		t.Error("want it decided once, on the day after")
	}
	if got := g.Campaign(c.ID).Version; got != 2 {
		t.Errorf("version %d in force, want 2", got)
	}
	mustBe(t, "the removed use", g.TrySpend(boxes, 100), ledger.ErrUseHeld)
	g.Spend(g.Uses(g.Campaign(c.ID))[1], 100)
	if d := g.Enter(g.Campaign(c.ID), 1_000); d.PlanVersion != 2 {
		t.Errorf("a gift on the day names version %d, want 2", d.PlanVersion)
	}
	g.MustBalance()
}

func TestWithdrawnChangeLeavesThingsAsTheyWere(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Enter(c, 84_000)
	boxes := g.Uses(c)[1]
	change := g.Change(c, removed)
	g.In(func(tx *sqlx.Tx) error {
		return campaigns.Withdraw(t.Context(), tx, g.ID, change.ID, g.Head, g.At, "会場が見つかったため")
	})
	g.Spend(boxes, 100)
	g.Pass(20)
	if g.Decide(change) || g.Campaign(c.ID).Version != 1 {
		t.Error("a withdrawn version came into force")
	}
	if next := g.Change(c, shift(1_000)); next.Version != 3 || g.Campaign(c.ID).Version != 3 {
		t.Errorf("the next version: %+v", next)
	}
	if v, _ := campaigns.VersionOn(t.Context(), g.DB, g.ID, c.ID, g.Today().AddDays(-1)); v != 1 {
		t.Errorf("version %d the day before, want 1", v)
	}
}

func TestProposedVersionStandsStillInTheDatabase(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Enter(c, 84_000)
	change := g.Change(c, removed)
	for _, forged := range []string{
		`INSERT INTO plan_use (organisation_id, campaign_id, version, position, use_id, name, amount, due_on, evidence)
		 SELECT organisation_id, campaign_id, version, 9, use_id, 'あとから', amount, due_on, evidence FROM plan_use WHERE organisation_id = $1 AND campaign_id = $2 AND version = 2`,
		`UPDATE campaign SET version = 2 WHERE organisation_id = $1 AND id = $2`,
		`UPDATE plan_change SET reason = 'ほか' WHERE organisation_id = $1 AND campaign_id = $2`,
		`UPDATE change_ask SET amount = amount + 1 WHERE organisation_id = $1 AND $2::bigint > 0`,
	} {
		sqlMustBreak(t, g.DB, ledger.ErrFrozen, forged, g.ID, c.ID)
	}
	g.Pass(15)
	g.Decide(change)
	if _, err := g.DB.Exec(`UPDATE plan_change SET status = 'withdrawn', in_force_on = NULL WHERE organisation_id = $1`, g.ID); ledger.ConstraintName(err) != "plan_change_ends_once" {
		t.Errorf("withdrawn after it was decided: %v", err)
	}
}
