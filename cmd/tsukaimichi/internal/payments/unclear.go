package payments

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
)

// sticks is how long a payment is given back under one key: an error of Stripe's own sticks to it. Another key does not give back twice, as the whole charge goes back.
const sticks = 10 * time.Minute

// GiveUnclearBack returns a payment that stands in 照合待ち to its payer: a gift that was paid twice, or of another amount than was agreed. ref is that of the
// problem. Pressing twice gives back once; the lines of the statement clear 照合待ち. campaigns.ErrNotFound when there is no such problem, or it
// is not a payment.
func (t *Till) GiveUnclearBack(ctx context.Context, organisationID int64, ref string) error {
	var p Problem
	err := t.DB.GetContext(ctx, &p, `
		SELECT organisation_id, kind, ref, coalesce(donation_id, 0) AS donation_id, amount, detail, first_at
		  FROM payment_problem
		 WHERE organisation_id = $1 AND kind = 'unclear' AND ref = $2`, organisationID, ref)
	if err == nil && p.settled() {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) || (err == nil && p.Detail != string(campaigns.MovementCharge)) {
		return campaigns.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("problem %s: %w", ref, err)
	}
	a, err := t.account(ctx, organisationID)
	if err != nil {
		return err
	}
	charge, err := a.ChargeOf(ctx, ref)
	if err != nil {
		return err
	}
	_, err = a.Refund(ctx, stripepay.RefundRequest{
		PaymentRef: charge, DonationID: p.DonationID, Amount: p.Amount, Key: fmt.Sprintf("unclear-%s-%d", ref, t.Now().Unix()/int64(sticks/time.Second)),
	})
	var refused *stripepay.Refused
	if errors.As(err, &refused) && refused.Code == "charge_already_refunded" {
		err = nil
	}
	if err != nil {
		return err
	}
	return t.solve(ctx, t.DB, organisationID, YenUnclear, ref)
}

// unclear puts yen aside that went to 照合待ち, unless they go out again that way: a second payment that was given back is no problem any more.
func (t *Till) unclear(ctx context.Context, tx *sqlx.Tx, organisationID int64, m campaigns.Movement) error {
	if m.Kind != campaigns.MovementCharge {
		result, err := tx.ExecContext(ctx, `
			UPDATE payment_problem
			   SET solved_at = coalesce(solved_at, $4), detail = $5 || ' ' || detail
			 WHERE organisation_id = $1 AND kind = 'unclear' AND NOT starts_with(detail, $5) AND coalesce(donation_id, 0) = $2 AND amount = $3
			   AND ref = (SELECT min(p.ref)
			                FROM payment_problem p
			               WHERE p.organisation_id = $1 AND p.kind = 'unclear' AND NOT starts_with(p.detail, $5)
			                 AND coalesce(p.donation_id, 0) = $2 AND p.amount = $3)`, organisationID, m.DonationID, -m.Gross, t.Now(), settled)
		if err != nil {
			return fmt.Errorf("problem %s: %w", m.Ref, err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 1 {
			return err
		}
	}
	return t.putAside(ctx, tx, Problem{OrganisationID: organisationID, Kind: YenUnclear, Ref: m.Ref, DonationID: m.DonationID, Amount: m.Gross, Detail: string(m.Kind)})
}
