package payments

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/ledger"
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

// sendRefunds asks Stripe for every refund whose answer is not known.
func (t *Till) sendRefunds(ctx context.Context, organisationID int64) error {
	var ids []int64
	err := t.DB.SelectContext(ctx, &ids, `
		SELECT id
		  FROM refund
		 WHERE organisation_id = $1 AND status = 'pending' AND ref IS NULL
		 ORDER BY asked_at, id`, organisationID)
	if err != nil {
		return fmt.Errorf("refunds of organisation %d: %w", organisationID, err)
	}
	var first error
	for _, id := range ids {
		if err := t.SendRefund(ctx, organisationID, id); err != nil && first == nil && passing(ctx, err) {
			first = fmt.Errorf("refund %d: %w", id, err)
		}
	}
	return first
}

// unsent is a refund Stripe has not answered yet.
type unsent struct {
	campaigns.Refund
	gift  campaigns.Donation
	donor campaigns.Donor
	call  int
}

// SendRefund asks Stripe for a refund whose answer is not known. It may be repeated: whatever was lost, one refund is made. A refund that Stripe
// refuses is taken back, and Invalid returned.
func (t *Till) SendRefund(ctx context.Context, organisationID, refundID int64) error {
	u, err := t.unsent(ctx, organisationID, refundID)
	if err != nil || u.ID == 0 {
		return err
	}
	a, err := t.account(ctx, organisationID)
	if err != nil {
		return err
	}
	answer, found, err := a.FindRefund(ctx, u.gift.ChargeRef, u.ID)
	if err == nil && !found {
		answer, err = a.Refund(ctx, stripepay.RefundRequest{
			PaymentRef: u.gift.ChargeRef, DonationID: u.gift.ID, RefundID: u.ID, Amount: u.Amount, Mail: u.donor.Mail,
			Key: fmt.Sprintf("refund-%d-%d-%d", organisationID, u.ID, u.call),
		})
	}
	if err != nil {
		return t.refundFailed(ctx, u, err)
	}
	return ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) error {
		if err := campaigns.RefundAsked(ctx, tx, u.Refund, answer.Ref); err != nil {
			return err
		}
		return errors.Join(t.tellRefund(ctx, tx, u), t.solve(ctx, tx, organisationID, NotRefunded, fmt.Sprint(u.ID)))
	})
}

func (t *Till) unsent(ctx context.Context, organisationID, refundID int64) (unsent, error) {
	var u unsent
	var donationID int64
	err := t.DB.QueryRowxContext(ctx, `
		SELECT r.donation_id, coalesce(c.call, 1)
		  FROM refund r
		  LEFT JOIN refund_call c ON c.organisation_id = r.organisation_id AND c.refund_id = r.id
		 WHERE r.organisation_id = $1 AND r.id = $2`, organisationID, refundID).Scan(&donationID, &u.call)
	if err != nil {
		return u, fmt.Errorf("refund %d: %w", refundID, err)
	}
	all, err := campaigns.Refunds(ctx, t.DB, organisationID, donationID)
	if err != nil {
		return u, err
	}
	for _, r := range all {
		if r.ID == refundID && r.Status == campaigns.RefundPending && r.Ref == "" {
			u.Refund = r
		}
	}
	if u.ID == 0 {
		return u, nil
	}
	if u.gift, err = campaigns.FindDonation(ctx, t.DB, organisationID, donationID); err != nil {
		return u, err
	}
	u.donor, err = t.donor(ctx, t.DB, u.gift)
	return u, err
}

// refundFailed decides what an error means: an error of Stripe's own sticks to its key, so the next call has another one, and looks first whether the refund was made;
// a plain no takes the refund back.
func (t *Till) refundFailed(ctx context.Context, u unsent, failed error) error {
	var refused *stripepay.Refused
	if errors.As(failed, &refused) && refused.Status == http.StatusInternalServerError {
		_, err := t.DB.ExecContext(ctx, `
			INSERT INTO refund_call AS c (organisation_id, refund_id, call)
			VALUES ($1, $2, $3 + 1)
			    ON CONFLICT ON CONSTRAINT refund_call_pkey DO UPDATE SET call = greatest(c.call, excluded.call)`, u.OrganisationID, u.ID, u.call)
		if err != nil {
			return fmt.Errorf("refund %d: %w", u.ID, err)
		}
		return failed
	}
	if passing(ctx, failed) || refused == nil {
		return failed
	}
	err := ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) error {
		if err := campaigns.RefundRefused(ctx, tx, u.Refund); err != nil {
			return err
		}
		if err := t.fitReceipt(ctx, tx, u.OrganisationID, u.gift.ID); err != nil {
			return err
		}
		return t.putAside(ctx, tx, Problem{
			OrganisationID: u.OrganisationID, Kind: NotRefunded, Ref: fmt.Sprint(u.ID), DonationID: u.gift.ID, Amount: u.Amount, Detail: codeOf(failed),
		})
	})
	if err != nil {
		return err
	}
	return ledger.Invalid{"amount": "refund.refused"}
}

// refundCameBack tells giver and group that a refund did not reach the giver.
func (t *Till) refundCameBack(ctx context.Context, tx *sqlx.Tx, organisationID int64, d campaigns.Donation, m campaigns.Movement) error {
	return errors.Join(
		t.fitReceipt(ctx, tx, organisationID, d.ID),
		t.putAside(ctx, tx, Problem{OrganisationID: organisationID, Kind: NotRefunded, Ref: m.SourceRef, DonationID: d.ID, Amount: m.Gross, Detail: "came back"}),
		t.tellCameBack(ctx, tx, d, m),
	)
}

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
