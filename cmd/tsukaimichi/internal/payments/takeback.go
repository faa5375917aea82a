package payments

import (
	"context"
	"errors"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// takeBackDays is how long a giver may take a gift back himself, after the day it was paid: as long as the law gives for much that is bought at the door.
const takeBackDays = 8

// ErrTakeBackOver says that a giver cannot take his gift back himself any more: the days have passed, it was refunded or disputed, or its money
// has left Stripe for the bank. The group still can give it back.
var ErrTakeBackOver = errors.New("payments: can not be taken back by the giver any more")

// TakeBackUntil is the last day on which a giver may take a gift back himself, the zero Date when he may not. Whether its money is still at Stripe, TakeBack finds
// out.
func (t *Till) TakeBackUntil(d campaigns.Donation) ledger.Date {
	until := d.PaidOn.AddDays(takeBackDays)
	if !d.Channel.Online() || !d.Stands() || d.Refunded > 0 || d.ChargeRef == "" || ledger.DateOf(t.Now()).After(until) {
		return ledger.Date{}
	}
	return until
}

// TakeBack gives a gift back whole, on the giver's own wish; one that was given back whole stays so. ErrTakeBackOver when it is too late for that.
func (t *Till) TakeBack(ctx context.Context, d campaigns.Donation) error {
	d, err := campaigns.FindDonation(ctx, t.DB, d.OrganisationID, d.ID)
	if err != nil {
		return err
	}
	if d.Refunded == d.Amount {
		return nil // the button was pressed twice
	}
	if t.TakeBackUntil(d).IsZero() {
		return ErrTakeBackOver
	}
	a, err := t.account(ctx, d.OrganisationID)
	if err != nil {
		return err
	}
	asking, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	here, err := a.StillHere(asking, d.ChargeRef)
	if errors.Is(err, campaigns.ErrPaymentUnknown) {
		return ErrTakeBackOver // paid through another account
	}
	if err != nil {
		return err
	}
	if !here {
		return ErrTakeBackOver
	}
	err = t.Refund(ctx, RefundWish{OrganisationID: d.OrganisationID, DonationID: d.ID, Amount: d.Amount, Reason: "寄付者の申し出（8日以内）", By: ledger.ByDonor()})
	if errors.Is(err, ErrAskedBefore) {
		return nil
	}
	return err
}
