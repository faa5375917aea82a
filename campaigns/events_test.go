package campaigns_test

import (
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// events is a group whose campaign bears its processing costs (F), with an award (A) and a fund for waivers (W).
type events struct {
	*campaigntest.Group
	t    *testing.T
	c    campaigns.Campaign
	a, w int64
	wUse int64
}

func newEvents(t *testing.T) *events {
	t.Helper()
	e := &events{Group: newGroup(t), t: t}
	e.c = e.Announce(campaigntest.CostsOnUse)
	e.In(func(tx *sqlx.Tx) (err error) {
		if e.a, err = ledger.OpenFund(t.Context(), tx, ledger.Fund{OrganisationID: e.ID, Name: "助成金", Kind: ledger.AwardFund}); err != nil {
			return err
		}
		if e.w, err = ledger.OpenFund(t.Context(), tx, ledger.Fund{OrganisationID: e.ID, Name: "減免", Kind: ledger.SeparateFund}); err != nil {
			return err
		}
		e.wUse, err = ledger.StateUse(t.Context(), tx, ledger.Use{OrganisationID: e.ID, FundID: e.w, Position: 1, Name: "食事代の減免", Planned: 5_000})
		return err
	})
	return e
}

// left fails the test unless F, G, A and W have that left.
func (e *events) left(event string, f, g, a, w ledger.Yen) {
	e.t.Helper()
	got := fmt.Sprint(e.Left(e.c.FundID), e.Left(e.General), e.Left(e.a), e.Left(e.w))
	if want := fmt.Sprint(f, g, a, w); got != want {
		e.t.Errorf("%s: F G A W have %s left, want %s", event, got, want)
	}
}

// holds fails the test unless the accounts hold that.
func (e *events) holds(event string, want map[int]ledger.Yen) {
	e.t.Helper()
	for account, yen := range want {
		if got := e.Holds(account); got != yen {
			e.t.Errorf("%s: account %d holds %s, want %s", event, account, got, yen)
		}
	}
}

func (e *events) grant(debit, credit int, amount ledger.Yen) {
	e.t.Helper()
	e.In(func(tx *sqlx.Tx) error {
		_, err := ledger.Post(e.t.Context(), tx, ledger.Transaction{
			OrganisationID: e.ID, Kind: ledger.Grant, Source: campaigntest.Unique("grant"), On: e.Today(), By: e.Treasurer, At: e.At,
			Entries: []ledger.Entry{{Account: debit, FundID: e.a, Amount: amount}, {Account: credit, FundID: e.a, Amount: -amount}},
		})
		return err
	})
}

// TestTwelveEventsOfTheBook walks one book through all of them and looks at funds and accounts after each.
func TestTwelveEventsOfTheBook(t *testing.T) {
	t.Parallel()
	e := newEvents(t)
	ctx, f := t.Context(), e.c.FundID

	e.In(func(tx *sqlx.Tx) error {
		_, err := ledger.OpenBook(ctx, tx, e.ID, e.Today(), []ledger.Entry{
			{Account: ledger.CashBox, FundID: e.General, Amount: 10_000}, {Account: ledger.Bank, FundID: e.General, Amount: 200_000},
			{Account: ledger.Bank, FundID: e.w, Amount: 5_000},
		}, e.Treasurer, e.At)
		return err
	})
	e.left("opening", 0, 210_000, 0, 5_000)

	e.Enter(e.c, 64_500, func(x *campaigns.Gift) {
		x.Channel, x.CountsAs, x.Counted = campaigns.Envelope, campaigns.CountsHousehold, 86
	})
	e.left("envelopes", 64_500, 210_000, 0, 5_000)
	e.holds("envelopes", map[int]ledger.Yen{ledger.CashBox: 74_500, ledger.Gifts: -64_500})

	move := func(from, to int, amount ledger.Yen) {
		e.In(func(tx *sqlx.Tx) error {
			_, err := ledger.Move(ctx, tx, ledger.Moved{
				OrganisationID: e.ID, On: e.Today(), From: from, To: to, Amount: amount, Key: campaigntest.Unique("move"),
			}, e.Treasurer, e.At)
			return err
		})
	}
	move(ledger.CashBox, ledger.Bank, 64_500)
	e.left("deposit", 64_500, 210_000, 0, 5_000)
	e.holds("deposit", map[int]ledger.Yen{ledger.CashBox: 10_000, ledger.Bank: 269_500})

	d, charge := e.Pay(e.c, 3_000, 108)
	if got, want := e.Entries("stripe:"+charge.Ref, f), "F 1143 2892 · F 4210 -3000 · F 5421 108"; got != want {
		t.Errorf("card gift: booked %q, want %q", got, want)
	}
	e.left("card gift", 67_392, 210_000, 0, 5_000)

	e.Book(moved(e.Group, campaigns.MovementPayout, -2_892, 0))
	e.holds("payout", map[int]ledger.Yen{ledger.StripeBalance: 0, ledger.InTransit: 2_892})
	move(ledger.InTransit, ledger.Bank, 2_892)
	e.left("payout", 67_392, 210_000, 0, 5_000)
	e.holds("payout arrived", map[int]ledger.Yen{ledger.InTransit: 0, ledger.Bank: 272_392})

	back := moved(e.Group, campaigns.MovementRefund, -3_000, 0)
	back.DonationID, back.SourceRef, back.ChargeRef = d.ID, "re_full", d.ChargeRef
	e.Book(back)
	if got, want := e.Entries("stripe:"+back.Ref, f), "F 4219 3000 · F 1143 -3000"; got != want {
		t.Errorf("full refund: booked %q, want %q", got, want)
	}
	e.left("full refund", 64_392, 210_000, 0, 5_000)
	e.holds("full refund", map[int]ledger.Yen{ledger.StripeBalance: -3_000, ledger.GiftsReturned: 3_000, ledger.ProcessingCost: 108})

	use := e.Uses(e.c)[0]
	e.Check(e.Spend(use, 1_000, func(x *ledger.Expense) {
		general := x.Lines[0]
		general.FundID, general.UseID, general.Amount = e.General, 0, 400
		x.Lines[0].Amount = 600
		x.Lines = append(x.Lines, general)
	}))
	e.left("one receipt, two funds", 63_792, 209_600, 0, 5_000)
	e.holds("one receipt, two funds", map[int]ledger.Yen{ledger.CashBox: 9_000, ledger.ProvisionsExpense: 1_000})

	advance := e.Spend(use, 3_480, func(x *ledger.Expense) { x.Account = ledger.Payable })
	e.left("a member advances, unchecked", 63_792, 209_600, 0, 5_000)
	e.Check(advance)
	e.left("a member advances, checked", 60_312, 209_600, 0, 5_000)
	e.In(func(tx *sqlx.Tx) error {
		_, err := ledger.RepayExpense(ctx, tx, e.ID, advance, ledger.Bank, e.Today(), e.Treasurer, e.At)
		return err
	})
	e.left("repaid", 60_312, 209_600, 0, 5_000)
	e.holds("repaid", map[int]ledger.Yen{ledger.Payable: 0, ledger.Bank: 268_912})

	spend := func(amount ledger.Yen) {
		e.Check(e.Spend(ledger.Use{FundID: e.a}, amount, func(x *ledger.Expense) { x.Account, x.Lines[0].Account = ledger.Bank, 5290 }))
	}
	e.grant(ledger.Bank, ledger.GrantsAhead, 100_000)
	e.left("概算 grant", 60_312, 209_600, 0, 5_000) // owed until it is spent
	spend(70_000)
	e.left("70,000 of it spent", 60_312, 209_600, -70_000, 5_000)
	e.grant(ledger.GrantsAhead, ledger.GrantsPrivate, 70_000)
	e.left("recognised", 60_312, 209_600, 0, 5_000)
	e.holds("recognised", map[int]ledger.Yen{ledger.GrantsAhead: -30_000, ledger.GrantsPrivate: -70_000, ledger.Bank: 298_912})

	spend(20_000)
	e.left("精算 grant, spent first", 60_312, 209_600, -20_000, 5_000)
	e.grant(ledger.GrantsReceivable, ledger.GrantsPrivate, 20_000)
	e.left("精算 grant, recognised", 60_312, 209_600, 0, 5_000)
	e.grant(ledger.Bank, ledger.GrantsReceivable, 20_000)
	e.holds("精算 grant, paid", map[int]ledger.Yen{ledger.GrantsReceivable: 0, ledger.GrantsPrivate: -90_000, ledger.Bank: 298_912})

	transfer(t, e.Group, e.w, e.General, e.wUse, 500)
	e.left("five meals waived", 60_312, 210_100, 0, 4_500)

	e.In(func(tx *sqlx.Tx) error {
		_, err := campaigns.ReceiveInKind(ctx, tx, campaigns.InKind{
			OrganisationID: e.ID, FundID: f, UseID: use.ID, InitiativeID: e.Initiative, Account: ledger.ProvisionsExpense, Worth: 5_000,
			What: "米 10kg", On: e.Today(), Key: "rice",
		}, e.Treasurer, e.At)
		return err
	})
	e.left("rice", 60_312, 210_100, 0, 4_500)
	e.holds("rice", map[int]ledger.Yen{ledger.GiftsInKind: -5_000, ledger.ProvisionsExpense: 9_480})

	p := e.Progress(e.c)
	if p.Received != 64_500 || p.Spent != 4_188 || p.Left != 60_312 || p.InKind != 5_000 || p.People != (campaigns.People{Households: 86}) {
		t.Errorf("progress %+v", p)
	}
	e.MustBalance()
}
