package campaigns_test

import (
	"testing"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// received lists what came in for each use.
func received(p campaigns.Progress) []ledger.Yen {
	all := make([]ledger.Yen, len(p.Uses))
	for i, u := range p.Uses {
		all[i] = u.Received
	}
	return all
}

func mustReceive(t *testing.T, what string, p campaigns.Progress, want ...ledger.Yen) {
	t.Helper()
	for i, got := range received(p) {
		if got != want[i] {
			t.Errorf("%s: uses received %v, want %v", what, received(p), want)
			return
		}
	}
}

func TestMoneyFillsTheUsesInTheirPriority(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce() // 60,000 and 24,000
	for _, step := range []struct {
		gift ledger.Yen
		want [2]ledger.Yen
	}{{50_000, [2]ledger.Yen{50_000, 0}}, {10_000, [2]ledger.Yen{60_000, 0}}, {1, [2]ledger.Yen{60_000, 1}}, {23_999, [2]ledger.Yen{60_000, 24_000}},
		{6_000, [2]ledger.Yen{60_000, 30_000}}} { // what is over stays with the last
		g.Enter(c, step.gift)
		mustReceive(t, step.gift.String(), g.Progress(c), step.want[:]...)
	}
}

func TestAGiftForANamedUseGoesThereFirst(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	uses := g.Uses(c)
	named := func(u ledger.Use) func(*campaigns.Gift) { return func(x *campaigns.Gift) { x.UseID = u.ID } }
	g.Enter(c, 5_000, named(uses[1]))
	g.Enter(c, 1_000)
	mustReceive(t, "named", g.Progress(c), 1_000, 5_000)
	d := g.Enter(c, 30_000, named(uses[1])) // more than it needs: it was given for that
	mustReceive(t, "named beyond the promise", g.Progress(c), 1_000, 35_000)
	if err := giveBack(t, g, d, 30_000); err != nil {
		t.Fatal(err)
	}
	mustReceive(t, "given back", g.Progress(c), 1_000, 5_000)
	g.Give(c, 9_000, named(uses[0]))
	mustReceive(t, "one that is not paid", g.Progress(c), 1_000, 5_000)
}

func TestWhatWasSpentBeforeItCameWasAdvanced(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Enter(c, 2_000)
	uses := g.Uses(c)
	id := g.Spend(uses[1], 5_000)
	p := g.Progress(c)
	if u := p.Uses[1]; u.Received != 2_000 || u.Spent != 5_000 || u.Left != -3_000 || u.Waiting != 5_000 {
		t.Errorf("second use %+v", u)
	}
	g.Enter(c, 60_000)
	p = g.Progress(c) // paid from the fund: nobody advances anything any more, and the first use has the rest
	if u := p.Uses[1]; u.Received != 5_000 || u.Left != 0 {
		t.Errorf("second use %+v", u)
	}
	if u := p.Uses[0]; u.Received != 57_000 || u.Left != 57_000 {
		t.Errorf("first use %+v", u)
	}
	if p.Spent != 5_000 || p.Waiting != 5_000 || p.Left != 57_000 {
		t.Errorf("progress %+v", p)
	}
	g.Check(id)
	if p = g.Progress(c); p.Waiting != 0 || p.Uses[1].Waiting != 0 || p.Spent != 5_000 {
		t.Errorf("checked: %+v", p)
	}
	refused := g.Spend(uses[0], 700)
	g.In(func(tx *sqlx.Tx) error {
		return ledger.RefuseExpense(t.Context(), tx, g.ID, refused, g.Auditor, g.At, "レシートがない")
	})
	if p = g.Progress(c); p.Spent != 5_000 || p.Uses[0].Spent != 0 || p.Waiting != 0 {
		t.Errorf("refused: %+v", p)
	}
}

func TestWhatNamesNoUseIsShownApart(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Enter(c, 10_000)
	g.Spend(ledger.Use{FundID: c.FundID}, 330)
	g.Spend(g.Uses(c)[0], 1_000)
	if p := g.Progress(c); p.Spent != 1_330 || p.NoUse != 330 || p.Uses[0].Spent != 1_000 || p.Left != 8_670 {
		t.Errorf("progress %+v", p)
	}
}

func TestGiftsInKindStandApart(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	g.Enter(c, 1_000)
	uses := g.Uses(c)
	rice := campaigns.InKind{
		OrganisationID: g.ID, FundID: c.FundID, UseID: uses[0].ID, InitiativeID: g.Initiative, Account: ledger.ProvisionsExpense, Worth: 5_000,
		From: "練習農園", What: "米 10kg(店頭の値段)", On: g.Today(), Key: "rice",
	}
	receive := func(k campaigns.InKind) (id int64, err error) {
		err = g.Try(func(tx *sqlx.Tx) error {
			id, err = campaigns.ReceiveInKind(t.Context(), tx, k, g.Treasurer, g.At)
			return err
		})
		return id, err
	}
	id, err := receive(rice)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := g.Entries("in_kind:rice", c.FundID), "F 5240 5000 · F 4220 -5000"; got != want {
		t.Errorf("booked %q, want %q", got, want)
	}
	p := g.Progress(c)
	if p.InKind != 5_000 || p.Received != 1_000 || p.Spent != 0 || p.Left != 1_000 || p.Uses[0].Spent != 0 || p.Uses[0].Received != 1_000 {
		t.Errorf("progress %+v", p)
	}
	_, err = receive(rice)
	mustBe(t, "the same form", err, ledger.ErrPostedBefore)
	rice.What, rice.Key = "", "rice2"
	_, err = receive(rice)
	mustNeed(t, "of what?", err, "what", "expense.what_missing")
	g.In(func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(t.Context(), tx, g.ID, id, g.Treasurer, g.At, g.Today(), "まちがい")
		return err
	})
	if p = g.Progress(c); p.InKind != 0 || p.Received != 1_000 || p.Spent != 0 || p.Left != 1_000 || p.Uses[0].Spent != 0 {
		t.Errorf("reversed: %+v", p)
	}
}

func TestWhatWasCarriedInFillsTheUsesToo(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	transfer(t, g, g.General, c.FundID, 0, 61_000)
	g.Enter(c, 2_000)
	if p := g.Progress(c); p.Carried != 61_000 || p.Received != 2_000 || p.Left != 63_000 {
		t.Errorf("progress %+v", p)
	}
	mustReceive(t, "carried", g.Progress(c), 60_000, 3_000)
	transfer(t, g, c.FundID, g.General, g.Uses(c)[1].ID, 500) // a waiver borne by the use
	if p := g.Progress(c); p.Spent != 500 || p.Uses[1].Spent != 500 || p.Carried != 61_000 || p.Left != 62_500 {
		t.Errorf("spent by transfer: %+v", p)
	}
}

func TestPeopleAreCountedBeforeYen(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	hanako := func(x *campaigns.Gift) { x.Donor = campaigns.Donor{Name: "練習 花子", Mail: "hanako@example.jp"} }
	g.Pay(c, 3_000, 108, hanako)
	g.Pay(c, 500, 18, hanako)
	g.Enter(c, 1_000, hanako)
	g.Give(c, 9_000)                                                                                     // not paid
	g.Enter(c, 100, func(x *campaigns.Gift) { x.CountsAs = campaigns.CountsPerson })                     // nobody is invented
	g.Enter(c, 4_000, func(x *campaigns.Gift) { x.Counted = 3 })                                         // three nameless gifts
	g.Enter(c, 8_600, func(x *campaigns.Gift) { x.CountsAs, x.Counted = campaigns.CountsHousehold, 86 }) // envelopes
	g.Enter(c, 300, func(x *campaigns.Gift) {
		x.Donor = campaigns.Donor{Name: "練習家", Kind: "household", Address: "練習町1"}
	}) // one more
	g.Enter(c, 10_000, func(x *campaigns.Gift) {
		x.Donor = campaigns.Donor{Name: "練習商店", Kind: "company", Mail: "c@example.jp"}
	}) // 社
	returned := g.Enter(c, 700, func(x *campaigns.Gift) { x.Donor = campaigns.Donor{Name: "練習 もどる"} })
	if err := giveBack(t, g, returned, 700); err != nil {
		t.Fatal(err)
	}
	got, err := campaigns.CountPeople(t.Context(), g.DB, g.ID, c.ID)
	want := campaigns.People{Persons: 1, Households: 87, Companies: 1, Nameless: 4}
	if err != nil || got != want {
		t.Errorf("people %+v, %v, want %+v", got, err, want)
	}
	sqlMustName(t, g.DB, "donation_person_is_known", `
		INSERT INTO donation (organisation_id, fund_id, channel, amount, counts_as, given_on, token_hash, entered_by, entered_at, key)
		SELECT organisation_id, $2::bigint, 'cash', 100, 'person', '2026-10-01', sha256('p'), entered_by, now(), 'p'
		  FROM donation
		 WHERE organisation_id = $1
		 LIMIT 1`, g.ID, g.General)
}

func TestADraftHasProgressOfNothing(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Campaign(g.Draft(g.Plan()))
	if p := g.Progress(c); p.Promised != 84_000 || p.Received != 0 || len(p.Uses) != 2 || p.Uses[0].Left != 0 {
		t.Errorf("progress %+v", p)
	}
}

// TestPromisedReceivedSpentAndLeftAreTheSameRows checks on random books that Carried + Received − Spent = Left, and that the uses
// add up to the campaign.
func TestPromisedReceivedSpentAndLeftAreTheSameRows(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	rapid.Check(t, func(r *rapid.T) {
		costs := func(p *campaigns.Plan) {
			if rapid.Bool().Draw(r, "costs on a use") {
				campaigntest.CostsOnUse(p)
			}
		}
		c := g.Announce(costs)
		uses := g.Uses(c)
		yen := func(name string, most int) ledger.Yen { return ledger.Yen(rapid.IntRange(500, most).Draw(r, name)) }
		use := func() ledger.Use { return rapid.SampledFrom(append(uses, ledger.Use{FundID: c.FundID})).Draw(r, "use") }
		var given []campaigns.Donation
		var left ledger.Yen
		for range rapid.IntRange(1, 8).Draw(r, "events") {
			switch rapid.IntRange(0, 6).Draw(r, "event") {
			case 0:
				amount := yen("cash", 90_000)
				given = append(given, g.Enter(c, amount, func(x *campaigns.Gift) { x.UseID = use().ID }))
				left += amount
			case 1:
				amount, cost := yen("card", 90_000), ledger.Yen(rapid.IntRange(0, 400).Draw(r, "cost"))
				d, _ := g.Pay(c, amount, cost)
				given = append(given, d)
				left += amount
				if p, _ := campaigns.FindPlan(t.Context(), g.DB, g.ID, c.ID, 1); p.CostsBorneBy == campaigns.CostsUse {
					left -= cost
				}
			case 2:
				amount := yen("expense", 40_000)
				g.Spend(use(), amount)
				left -= amount
			case 3:
				if len(given) > 0 {
					d := rapid.SampledFrom(given).Draw(r, "gift")
					if giveBack(t, g, d, 500) == nil {
						left -= 500
					}
				}
			case 4:
				g.In(func(tx *sqlx.Tx) error {
					_, err := campaigns.ReceiveInKind(t.Context(), tx, campaigns.InKind{
						OrganisationID: g.ID, FundID: c.FundID, UseID: use().ID, InitiativeID: g.Initiative, Account: ledger.ProvisionsExpense,
						Worth: yen("rice", 9_000), What: "米", On: g.Today(), Key: campaigntest.Unique("rice"),
					}, g.Treasurer, g.At)
					return err
				})
			case 5:
				amount := yen("transfer in", 9_000)
				transfer(t, g, g.General, c.FundID, 0, amount)
				left += amount
			case 6:
				amount := yen("transfer out", 9_000)
				transfer(t, g, c.FundID, g.General, use().ID, amount)
				left -= amount
			}
		}
		p := g.Progress(c)
		if p.Carried+p.Received-p.Spent != p.Left || p.Left != left || g.Left(c.FundID) != left {
			r.Fatalf("carried %s + received %s − spent %s ≠ left %s, want %s", p.Carried, p.Received, p.Spent, p.Left, left)
		}
		in, out := ledger.Yen(0), p.NoUse
		for _, u := range p.Uses {
			in, out = in+u.Received, out+u.Spent
			if u.Left != u.Received-u.Spent {
				r.Fatalf("use %+v", u)
			}
		}
		if in != p.Carried+p.Received || out != p.Spent {
			r.Fatalf("uses received %s of %s and spent %s of %s", in, p.Carried+p.Received, out, p.Spent)
		}
	})
	g.MustBalance()
}

func transfer(t *testing.T, g *campaigntest.Group, from, to, use int64, amount ledger.Yen) {
	t.Helper()
	g.In(func(tx *sqlx.Tx) error {
		_, err := ledger.Transfer(t.Context(), tx, ledger.Transferred{
			OrganisationID: g.ID, On: g.Today(), From: from, To: to, FromUse: use, InitiativeID: g.Initiative, Amount: amount, Reason: "移す",
			Key: campaigntest.Unique("move"),
		}, g.Treasurer, g.At)
		return err
	})
}
