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
		err = t.mayAskAgain(ctx, u, a)
	}
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

// unclearFor is how long a refund whose answer was an error of Stripe's own is looked for before it is asked for under another key.
const unclearFor = 15 * time.Minute

// mayAskAgain stands before every call under another key: behind the error the refund may have been made, and what Stripe lists may lag. It wants the list to have
// had its time, and to be all that the charge knows of.
func (t *Till) mayAskAgain(ctx context.Context, u unsent, a account) error {
	if u.call == 1 {
		return nil
	}
	var early bool
	err := t.DB.GetContext(ctx, &early, `
		SELECT EXISTS (
		       SELECT FROM payment_problem
		        WHERE organisation_id = $1 AND kind = 'refund' AND ref = $2 AND last_at > $3)`, u.OrganisationID, fmt.Sprint(u.ID), t.Now().Add(-unclearFor))
	if err != nil {
		return fmt.Errorf("refund %d: %w", u.ID, err)
	}
	listed := false
	if !early {
		if listed, err = a.RefundsListed(ctx, u.gift.ChargeRef); err != nil {
			return err
		}
	}
	if !listed {
		return fmt.Errorf("refund %d may have been made: %w", u.ID, campaigns.ErrPaymentUnavailable)
	}
	return nil
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

// refundFailed decides what an error means: an error of Stripe's own sticks to its key, so the next call has another one, once it is sure that the refund was not made; people
// are told that it hangs. A plain no takes the refund back.
func (t *Till) refundFailed(ctx context.Context, u unsent, failed error) error {
	var refused *stripepay.Refused
	if errors.As(failed, &refused) && refused.Status == http.StatusInternalServerError {
		if err := t.putAside(ctx, t.DB, Problem{ // first: it says when the error came
			OrganisationID: u.OrganisationID, Kind: NotRefunded, Ref: fmt.Sprint(u.ID), DonationID: u.gift.ID, Amount: u.Amount, Detail: AnswerUnclear,
		}); err != nil {
			return err
		}
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
	if errors.Is(err, campaigns.ErrNotFound) {
		return t.answeredBefore(ctx, u)
	}
	if err != nil {
		return err
	}
	return ledger.Invalid{"amount": "refund.refused"}
}

// answeredBefore says what came of a refund that another process, faster, had answered: nothing is wrong with one that was made.
func (t *Till) answeredBefore(ctx context.Context, u unsent) error {
	all, err := campaigns.Refunds(ctx, t.DB, u.OrganisationID, u.gift.ID)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.ID == u.ID && r.Status == campaigns.RefundFailed {
			return ledger.Invalid{"amount": "refund.refused"}
		}
	}
	return nil
}
