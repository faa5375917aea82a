package sample

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// call drafts a campaign on the day the writer is at; announce says whether it is published at once.
func (w *writer) call(slug string, p campaigns.Plan, announce bool) (c campaigns.Campaign) {
	w.do(func() error {
		id, err := campaigns.StartDraft(w.ctx, w.tx, w.organisation, w.initiative, slug, p, w.helper, w.at)
		if err != nil || !announce {
			return err
		}
		if err = campaigns.Announce(w.ctx, w.tx, w.organisation, id, w.head, w.at); err != nil {
			return err
		}
		c, err = campaigns.Find(w.ctx, w.tx, w.organisation, id)
		return err
	})
	return c
}

// uses returns the ids of a campaign's uses in their priority.
func (w *writer) uses(c campaigns.Campaign) (ids []int64) {
	w.do(func() error {
		uses, err := ledger.Uses(w.ctx, w.tx, w.organisation, c.FundID)
		for _, u := range uses {
			ids = append(ids, u.ID)
		}
		return err
	})
	if w.err != nil {
		return make([]int64, 30) // nothing is done with them any more
	}
	return ids
}

// turn opens and closes what is due.
func (w *writer) turn() {
	w.do(func() error {
		_, err := campaigns.TurnDue(w.ctx, w.tx, w.organisation, w.at)
		return err
	})
}

// gift fills in what every sample gift has.
func (w *writer) gift(c campaigns.Campaign, g campaigns.Gift) campaigns.Gift {
	g.OrganisationID, g.CampaignID, g.GivenOn, g.Key = w.organisation, c.ID, w.today(), w.key()
	token := sha256.Sum256([]byte(g.Key + w.base.String())) // opens a practice gift, nothing else
	g.Token = hex.EncodeToString(token[:16])
	g.Counted = max(g.Counted, 1)
	return g
}

// hand enters a gift the group has in hand.
func (w *writer) hand(c campaigns.Campaign, place int, g campaigns.Gift) (d campaigns.Donation) {
	w.do(func() (err error) {
		d, err = campaigns.Enter(w.ctx, w.tx, w.gift(c, g), place, w.treasurer, w.at)
		return err
	})
	return d
}

// give enters an online gift that waits for its money.
func (w *writer) give(c campaigns.Campaign, g campaigns.Gift) (d campaigns.Donation) {
	w.do(func() error {
		terms, err := campaigns.CurrentTerms(w.ctx, w.tx)
		if err != nil {
			return err
		}
		g.TermsVersion = terms.Version
		d, err = campaigns.Give(w.ctx, w.tx, w.gift(c, g), w.at)
		return err
	})
	return d
}

// pay gives online and pays at once, at 3.6 % as the practice Stripe takes, and returns what is left of it.
func (w *writer) pay(c campaigns.Campaign, g campaigns.Gift) (net ledger.Yen) {
	d := w.give(c, g)
	w.do(func() error {
		cost, err := d.Amount.Mul(36, 1000, ledger.HalfUp)
		if err != nil {
			return err
		}
		expires := w.at.Add(time.Hour)
		a, err := campaigns.BeginAttempt(w.ctx, w.tx, d, w.at, expires)
		if err != nil {
			return err
		}
		ref := fmt.Sprintf("sample_%d_%d", w.organisation, d.ID)
		if err = campaigns.AttemptOpened(w.ctx, w.tx, a, campaigns.Checkout{Ref: ref, ExpiresAt: expires}); err != nil {
			return err
		}
		net = d.Amount - cost
		_, err = campaigns.Settle(w.ctx, w.tx, w.organisation, campaigns.CheckoutState{
			Ref: ref, DonationID: d.ID, Status: campaigns.CheckoutPaid, Amount: d.Amount, ChargeRef: "ch_" + ref, ChargedAt: w.at,
			Movement: &campaigns.Movement{
				Ref: "txn_" + ref, Kind: campaigns.MovementCharge, SourceRef: "ch_" + ref, DonationID: d.ID, Gross: d.Amount, Cost: cost, Net: net, At: w.at,
			},
		}, w.at)
		return err
	})
	return net
}

// payOut books that the payment service sends what it holds to the bank.
func (w *writer) payOut(amount ledger.Yen) {
	w.do(func() error {
		ref := fmt.Sprintf("sample_payout_%d", w.organisation)
		_, err := campaigns.BookMovement(w.ctx, w.tx, w.organisation, campaigns.Movement{
			Ref: "txn_" + ref, Kind: campaigns.MovementPayout, SourceRef: "po_" + ref, Gross: -amount, Net: -amount, At: w.at,
		}, w.at)
		return err
	})
}

func (w *writer) receipt(d campaigns.Donation) {
	w.do(func() error {
		_, err := campaigns.Issue(w.ctx, w.tx, w.organisation, d.ID, w.treasurer, w.at)
		return err
	})
}
