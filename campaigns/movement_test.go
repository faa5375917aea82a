package campaigns_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// moved is a movement of the payment service that concerns no gift.
func moved(g *campaigntest.Group, kind campaigns.MovementKind, gross, cost ledger.Yen) campaigns.Movement {
	return campaigns.Movement{Ref: campaigntest.Unique("txn"), Kind: kind, Gross: gross, Cost: cost, Net: gross - cost, At: g.At}
}

func TestEachMovementHasItsEntries(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	about := func(d campaigns.Donation, kind campaigns.MovementKind, gross, cost ledger.Yen) campaigns.Movement {
		m := moved(g, kind, gross, cost)
		m.DonationID, m.SourceRef, m.ChargeRef = d.ID, "src_"+m.Ref, d.ChargeRef
		return m
	}
	d, _ := g.Pay(c, 3_000, 108)
	refund := about(d, campaigns.MovementRefund, -1_000, 0)
	failure := about(d, campaigns.MovementRefundFailure, 1_000, 0)
	failure.SourceRef = refund.SourceRef
	foreign := moved(g, campaigns.MovementCharge, 700, 25)
	foreign.DonationID = 999_999 // of another program on the same account
	for _, x := range []struct {
		name   string
		m      campaigns.Movement
		want   string
		at     ledger.Yen // then at the payment service
		f, gen ledger.Yen // then left in the campaign's and in the general fund
	}{
		{"refund", refund, "F 4219 1000 · F 1143 -1000", 1_892, 2_000, -108},
		{"refund failure", failure, "F 4219 -1000 · F 1143 1000", 2_892, 3_000, -108},
		{"refund that costs", about(d, campaigns.MovementRefund, -500, 15), "F 4219 500 · F 1143 -500 · G 5421 15 · G 1143 -15", 2_377, 2_500, -123},
		{"dispute", about(d, campaigns.MovementDispute, -2_500, 1_500), "F 1146 2500 · F 1143 -2500 · G 5422 1500 · G 1143 -1500", -1_623, 2_500, -1_623},
		{"won", about(d, campaigns.MovementDisputeReversal, 2_500, -1_500), "F 1146 -2500 · F 1143 2500 · G 5422 -1500 · G 1143 1500", 2_377, 2_500, -123},
		{"payout", moved(g, campaigns.MovementPayout, -2_000, 0), "G 1144 2000 · G 1143 -2000", 377, 2_500, -123},
		{"payout bounced", moved(g, campaigns.MovementPayoutReversal, 2_000, 0), "G 1144 -2000 · G 1143 2000", 2_377, 2_500, -123},
		{"payout that costs", moved(g, campaigns.MovementPayout, -1_000, 10), "G 1144 1000 · G 1143 -1010 · G 5421 10", 1_367, 2_500, -133},
		{"cost apart", moved(g, campaigns.MovementCost, -50, 0), "G 5421 50 · G 1143 -50", 1_317, 2_500, -183},
		{"unknown", moved(g, campaigns.MovementOther, 80, 0), "G 1145 -80 · G 1143 80", 1_397, 2_500, -183},
		{"foreign charge", foreign, "G 1145 -700 · G 1143 675 · G 5421 25", 2_072, 2_500, -208},
	} {
		if !g.Book(x.m) {
			t.Errorf("%s: not booked", x.name)
		}
		if g.Book(x.m) {
			t.Errorf("%s: booked twice", x.name)
		}
		if got := g.Entries("stripe:"+x.m.Ref, c.FundID); got != x.want {
			t.Errorf("%s: booked %q, want %q", x.name, got, x.want)
		}
		at, f, gen := g.Holds(ledger.StripeBalance), g.Left(c.FundID), g.Left(g.General)
		if at != x.at || f != x.f || gen != x.gen {
			t.Errorf("%s: at the service %s, F %s, G %s; want %s, %s, %s", x.name, at, f, gen, x.at, x.f, x.gen)
		}
	}
	g.MustBalance()
}

func TestAMovementOfNoYenIsNotBooked(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	if g.Book(moved(g, campaigns.MovementOther, 0, 0)) {
		t.Error("booked nothing")
	}
}

func TestTheUseThatBearsCostsPaysThem(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce(campaigntest.CostsOnUse)
	_, m := g.Pay(c, 3_000, 108)
	if got, want := g.Entries("stripe:"+m.Ref, c.FundID), "F 1143 2892 · F 4210 -3000 · F 5421 108"; got != want {
		t.Errorf("booked %q, want %q", got, want)
	}
	p := g.Progress(c)
	if p.Spent != 108 || p.Left != 2_892 || p.Uses[1].Spent != 108 || p.NoUse != 0 || g.Left(g.General) != 0 {
		t.Errorf("progress %+v, general %s", p, g.Left(g.General))
	}
}

func TestAPayoutOfManyGiftsAddsUp(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	for range 13 {
		g.Pay(c, 1_000, 36)
	}
	d, _ := g.Pay(c, 2_000, 72)
	back := moved(g, campaigns.MovementRefund, -500, 0)
	back.DonationID, back.SourceRef, back.ChargeRef = d.ID, "re_500", d.ChargeRef
	g.Book(back)
	if held := g.Holds(ledger.StripeBalance); held != 13_960 { // 13 × 964 + 1,928 − 500
		t.Fatalf("at the service %s, want 13,960", held)
	}
	g.Book(moved(g, campaigns.MovementPayout, -13_960, 0))
	g.In(func(tx *sqlx.Tx) error { // the bank's line
		_, err := ledger.Move(t.Context(), tx, ledger.Moved{
			OrganisationID: g.ID, On: g.Today(), From: ledger.InTransit, To: ledger.Bank, Amount: 13_960, Key: campaigntest.Unique("bank"),
		}, g.Treasurer, g.At)
		return err
	})
	for account, want := range map[int]ledger.Yen{
		ledger.Bank: 13_960, ledger.StripeBalance: 0, ledger.InTransit: 0, ledger.Gifts: -15_000, ledger.GiftsReturned: 500, ledger.ProcessingCost: 540,
	} {
		if got := g.Holds(account); got != want {
			t.Errorf("account %d holds %s, want %s", account, got, want)
		}
	}
	if f, gen := g.Left(c.FundID), g.Left(g.General); f != 14_500 || gen != -540 {
		t.Errorf("F %s, G %s; want 14,500 and -540", f, gen)
	}
}

func TestALostDisputeIsARefund(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d, _ := g.Pay(c, 3_000, 108)
	withheld := moved(g, campaigns.MovementDispute, -3_000, 1_500)
	withheld.DonationID, withheld.SourceRef, withheld.ChargeRef = d.ID, "dp_1", d.ChargeRef
	g.Book(withheld)
	lose := func() error {
		return g.Try(func(tx *sqlx.Tx) error {
			return campaigns.LoseDispute(t.Context(), tx, g.ID, d.ID, "dp_1", 3_000, g.Treasurer, g.At, g.Today())
		})
	}
	if err := lose(); err != nil {
		t.Fatal(err)
	}
	mustBe(t, "lost twice", lose(), ledger.ErrPostedBefore)
	if got, want := g.Entries("stripe:dp_1:lost", c.FundID), "F 4219 3000 · F 1146 -3000"; got != want {
		t.Errorf("booked %q, want %q", got, want)
	}
	if got := g.Gift(d.ID); got.Refunded != 3_000 || got.Stands() {
		t.Errorf("the gift %+v", got)
	}
	if f, gen, dispute := g.Left(c.FundID), g.Left(g.General), g.Holds(ledger.InDispute); f != 0 || gen != -1_608 || dispute != 0 {
		t.Errorf("F %s, G %s, in dispute %s; want 0, -1,608, 0", f, gen, dispute)
	}
}
