package payments

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// The details of a NotRefunded refund that say where the yen are now; any other is a no of Stripe's.
const (
	AnswerUnclear   = "unclear"                        // Stripe answered with an error of its own: it may have been made, and is looked for
	RefusedDisputed = "stripe charge_disputed"         // the payer objects at his bank, which holds the yen
	RefusedReturned = "stripe charge_already_refunded" // it was given back before, at Stripe's own pages
	CameBack        = "came back"                      // it did not reach the giver
)

// RefundJob is the kind of the job that asks Stripe for a refund whose answer is not known yet.
const RefundJob = "payments_refund"

// ErrAskedBefore says that the gift was refunded since its page was read: the same press of the button came twice.
var ErrAskedBefore = errors.New("payments: the refund was asked for before")

// RefundWish is a refund that somebody asks for.
type RefundWish struct {
	OrganisationID int64
	DonationID     int64
	Amount         ledger.Yen
	Before         ledger.Yen // what was refunded of the gift when its page was read
	Reason         string
	By             ledger.Actor
}

// Refund gives a gift back the way it came, in part or whole. The intent is committed with the receipt that it changes; then Stripe is asked, and its answer kept. When the
// answer does not come the job asks again, under the same key: it is one refund. ErrAskedBefore when Before does not hold any more; Invalid
// when the gift was not paid online, more is asked than is left, or Stripe does not give it back.
func (t *Till) Refund(ctx context.Context, w RefundWish) error {
	if _, err := t.account(ctx, w.OrganisationID); err != nil {
		return err
	}
	var r campaigns.Refund
	err := ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) (err error) {
		if r, err = campaigns.AskRefund(ctx, tx, w.OrganisationID, w.DonationID, w.Amount, w.By, t.Now(), w.Reason); err != nil {
			return t.askedBefore(ctx, tx, w, err)
		}
		if err = t.onlyOne(ctx, tx, w, r); err != nil {
			return err
		}
		if err = t.fitReceipt(ctx, tx, w.OrganisationID, w.DonationID); err != nil {
			return err
		}
		return t.Enqueue(ctx, tx, RefundJob, w.OrganisationID, r.ID)
	})
	if err != nil {
		return err
	}
	err = t.SendRefund(ctx, w.OrganisationID, r.ID)
	if err != nil && passing(ctx, err) {
		t.Log.WarnContext(ctx, "refund waits", "organisation", w.OrganisationID, "refund", r.ID, "error", err)
		return nil // the job goes on
	}
	return err
}

// askedBefore finds out whether a refusal is that of a second press.
func (t *Till) askedBefore(ctx context.Context, tx *sqlx.Tx, w RefundWish, refused error) error {
	gift, err := campaigns.FindDonation(ctx, tx, w.OrganisationID, w.DonationID)
	switch {
	case errors.Is(err, campaigns.ErrNotFound):
		return refused
	case err != nil:
		return err
	case gift.Refunded != w.Before:
		return ErrAskedBefore
	}
	return refused
}

// onlyOne lets one refund of a gift be on its way to Stripe at a time, so that no answer is taken for another's; the gift's row is locked.
func (t *Till) onlyOne(ctx context.Context, tx *sqlx.Tx, w RefundWish, r campaigns.Refund) error {
	gift, err := campaigns.FindDonation(ctx, tx, w.OrganisationID, w.DonationID)
	if err != nil {
		return err
	}
	if gift.Refunded != w.Before+w.Amount {
		return ErrAskedBefore
	}
	all, err := campaigns.Refunds(ctx, tx, w.OrganisationID, w.DonationID)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID != r.ID && other.Status == campaigns.RefundPending && other.Ref == "" {
			return ledger.Invalid{"amount": "refund.under_way"}
		}
	}
	if gift.Channel == campaigns.Konbini {
		donor, err := t.donor(ctx, tx, gift)
		if err != nil {
			return err
		}
		if donor.Mail == "" { // Stripe asks the giver by mail for a bank account
			return ledger.Invalid{"amount": "refund.mail_missing"}
		}
	}
	return nil
}

func (t *Till) donor(ctx context.Context, q sqlx.QueryerContext, d campaigns.Donation) (campaigns.Donor, error) {
	if d.DonorID == 0 {
		return campaigns.Donor{}, nil
	}
	return campaigns.FindDonor(ctx, q, d.OrganisationID, d.DonorID)
}

// refundCameBack tells giver and group that a refund did not reach the giver.
func (t *Till) refundCameBack(ctx context.Context, tx *sqlx.Tx, organisationID int64, d campaigns.Donation, m campaigns.Movement) error {
	return errors.Join(
		t.fitReceipt(ctx, tx, organisationID, d.ID),
		t.putAside(ctx, tx, Problem{OrganisationID: organisationID, Kind: NotRefunded, Ref: m.SourceRef, DonationID: d.ID, Amount: m.Gross, Detail: CameBack}),
		t.tellCameBack(ctx, tx, d, m),
	)
}
