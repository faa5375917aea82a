package campaigntest

import (
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// OnlineGift is a card gift as a giver would fill it in today.
func (g *Group) OnlineGift(c campaigns.Campaign, amount ledger.Yen, change ...func(*campaigns.Gift)) campaigns.Gift {
	gift := campaigns.Gift{
		OrganisationID: g.ID, CampaignID: c.ID, Channel: campaigns.Card, Amount: amount, TermsVersion: "2026-1",
		Donor: campaigns.Donor{Name: "練習 花子", Mail: Unique("hanako") + "@example.jp"},
		Token: Unique("token"), Key: Unique("key"),
	}
	for _, f := range change {
		f(&gift)
	}
	return gift
}

// CashGift is a gift in cash as somebody of the group would enter it today.
func (g *Group) CashGift(c campaigns.Campaign, amount ledger.Yen, change ...func(*campaigns.Gift)) campaigns.Gift {
	gift := campaigns.Gift{
		OrganisationID: g.ID, CampaignID: c.ID, Channel: campaigns.Cash, Amount: amount, Counted: 1, GivenOn: g.Today(),
		Token: Unique("token"), Key: Unique("key"),
	}
	for _, f := range change {
		f(&gift)
	}
	return gift
}

// Give enters an online gift that is still to be paid.
func (g *Group) Give(c campaigns.Campaign, amount ledger.Yen, change ...func(*campaigns.Gift)) campaigns.Donation {
	g.T.Helper()
	var d campaigns.Donation
	g.In(func(tx *sqlx.Tx) (err error) {
		d, err = campaigns.Give(g.T.Context(), tx, g.OnlineGift(c, amount, change...), g.At)
		return err
	})
	return d
}

// Enter enters a gift in cash.
func (g *Group) Enter(c campaigns.Campaign, amount ledger.Yen, change ...func(*campaigns.Gift)) campaigns.Donation {
	g.T.Helper()
	var d campaigns.Donation
	g.In(func(tx *sqlx.Tx) (err error) {
		d, err = campaigns.Enter(g.T.Context(), tx, g.CashGift(c, amount, change...), ledger.CashBox, g.Treasurer, g.At)
		return err
	})
	return d
}

// OpenPage opens a payment page for a gift and returns its reference.
func (g *Group) OpenPage(d campaigns.Donation) string {
	g.T.Helper()
	var ref string
	g.In(func(tx *sqlx.Tx) error {
		expires := g.At.Add(time.Hour)
		a, err := campaigns.BeginAttempt(g.T.Context(), tx, d, g.At, expires)
		if err != nil {
			return err
		}
		ref = fmt.Sprintf("cs_%d_%d_%d", g.ID, d.ID, a.Attempt)
		return campaigns.AttemptOpened(g.T.Context(), tx, a, campaigns.Checkout{Ref: ref, URL: "https://pay.example/" + ref, ExpiresAt: expires})
	})
	return ref
}

// Charge is the movement of a gift's payment now, under a reference of its own.
func (g *Group) Charge(d campaigns.Donation, cost ledger.Yen) campaigns.Movement {
	ref := Unique("txn")
	return campaigns.Movement{
		Ref: ref, Kind: campaigns.MovementCharge, SourceRef: "ch_" + ref, DonationID: d.ID,
		Gross: d.Amount, Cost: cost, Net: d.Amount - cost, At: g.At,
	}
}

// PaidState is what the payment service says of a page that was paid.
func PaidState(d campaigns.Donation, ref string, m campaigns.Movement) campaigns.CheckoutState {
	return campaigns.CheckoutState{
		Ref: ref, DonationID: d.ID, Status: campaigns.CheckoutPaid, Amount: m.Gross, ChargeRef: m.SourceRef, ChargedAt: m.At, Movement: &m,
	}
}

// Settle brings a gift to a state of its payment.
func (g *Group) Settle(s campaigns.CheckoutState) campaigns.Settled {
	g.T.Helper()
	var out campaigns.Settled
	g.In(func(tx *sqlx.Tx) (err error) {
		out, err = campaigns.Settle(g.T.Context(), tx, g.ID, s, g.At)
		return err
	})
	return out
}

// Pay gives by card, opens the page, pays it and returns the gift and its charge.
func (g *Group) Pay(c campaigns.Campaign, amount, cost ledger.Yen, change ...func(*campaigns.Gift)) (campaigns.Donation, campaigns.Movement) {
	g.T.Helper()
	d := g.Give(c, amount, change...)
	m := g.Charge(d, cost)
	out := g.Settle(PaidState(d, g.OpenPage(d), m))
	if !out.NowPaid {
		g.T.Fatalf("donation %d of %s: not paid", d.ID, d.Amount)
	}
	return out.Donation, m
}

// Book books a movement and reports whether it was new.
func (g *Group) Book(m campaigns.Movement) bool {
	g.T.Helper()
	var booked bool
	g.In(func(tx *sqlx.Tx) (err error) {
		booked, err = campaigns.BookMovement(g.T.Context(), tx, g.ID, m, g.At)
		return err
	})
	return booked
}

// Gift reads a gift as it stands.
func (g *Group) Gift(id int64) campaigns.Donation {
	g.T.Helper()
	d, err := campaigns.FindDonation(g.T.Context(), g.DB, g.ID, id)
	if err != nil {
		g.T.Fatal(err)
	}
	return d
}
