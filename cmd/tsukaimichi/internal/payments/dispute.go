package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// disputesLast is how long after it was opened a dispute may still end.
const disputesLast = 200 * 24 * time.Hour

// followDisputes tells the group of every open dispute and books those that were lost, for which Stripe writes no line of the statement.
func (t *Till) followDisputes(ctx context.Context, organisationID int64, a account) error {
	var all []stripepay.Dispute
	if err := a.Disputes(ctx, t.Now().Add(-disputesLast), func(d stripepay.Dispute) error {
		all = append(all, d)
		return nil
	}); err != nil {
		return err
	}
	settled, err := t.settledDisputes(ctx, organisationID, all)
	if err != nil {
		return err
	}
	var first error
	for _, d := range all {
		if settled[d.Ref] {
			continue
		}
		err := t.followDispute(ctx, organisationID, d)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && first == nil {
			first = fmt.Errorf("dispute %s: %w", d.Ref, err)
		}
	}
	return first
}

// settledDisputes are those that have ended and need nothing more: their problem is solved, and a lost one is booked.
func (t *Till) settledDisputes(ctx context.Context, organisationID int64, all []stripepay.Dispute) (map[string]bool, error) {
	var ended []string
	for _, d := range all {
		if d.Outcome == stripepay.DisputeWon || d.Outcome == stripepay.DisputeLost {
			ended = append(ended, d.Ref)
		}
	}
	var refs []string
	err := t.DB.SelectContext(ctx, &refs, `
		SELECT ref
		  FROM payment_problem
		 WHERE organisation_id = $1 AND kind = 'dispute' AND ref = ANY ($2) AND solved_at IS NOT NULL AND NOT seen AND detail IN ('won', 'lost')`,
		organisationID, pq.Array(ended))
	if err != nil {
		return nil, fmt.Errorf("disputes of organisation %d: %w", organisationID, err)
	}
	settled := map[string]bool{}
	for _, ref := range refs {
		settled[ref] = true
	}
	return settled, nil
}

func (t *Till) followDispute(ctx context.Context, organisationID int64, d stripepay.Dispute) error {
	aside := Problem{OrganisationID: organisationID, Kind: Disputed, Ref: d.Ref, DonationID: d.DonationID, Amount: d.Amount, DueAt: d.AnswerBy, Detail: string(d.Outcome)}
	switch d.Outcome {
	case stripepay.DisputeOpen, stripepay.DisputeWarning:
		return t.putAside(ctx, t.DB, aside)
	case stripepay.DisputeWon:
		return t.disputeOver(ctx, aside)
	}
	err := t.lose(ctx, organisationID, d)
	switch {
	case err == nil, errors.Is(err, ledger.ErrPostedBefore):
		return t.disputeOver(ctx, aside)
	case passing(ctx, err):
		return err
	}
	aside.DueAt = time.Time{}
	return t.putAside(ctx, t.DB, aside)
}

// disputeOver notes how a dispute ended, so that it is not followed again.
func (t *Till) disputeOver(ctx context.Context, p Problem) error {
	_, err := t.DB.ExecContext(ctx, `
		INSERT INTO payment_problem AS p (organisation_id, kind, ref, donation_id, amount, detail, first_at, last_at, solved_at)
		SELECT $1, $2, $3, (SELECT d.id FROM donation d WHERE d.organisation_id = $1 AND d.id = $4), $5, $6, $7, $7, $7
		    ON CONFLICT ON CONSTRAINT payment_problem_pkey DO UPDATE
		   SET detail = excluded.detail, last_at = excluded.last_at, solved_at = excluded.solved_at, seen = false`,
		p.OrganisationID, p.Kind, p.Ref, p.DonationID, p.Amount, p.Detail, t.Now())
	if err != nil {
		return fmt.Errorf("problem %s %s: %w", p.Kind, p.Ref, err)
	}
	return nil
}

// lose books a lost dispute of the charge that paid a gift. One of another charge is settled by its own lines in 照合待ち.
func (t *Till) lose(ctx context.Context, organisationID int64, d stripepay.Dispute) error {
	return ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) error {
		gift, err := campaigns.FindDonation(ctx, tx, organisationID, d.DonationID)
		if errors.Is(err, campaigns.ErrNotFound) || (err == nil && gift.ChargeRef != d.ChargeRef) {
			return nil
		}
		if err != nil {
			return err
		}
		at := t.Now()
		err = campaigns.LoseDispute(ctx, tx, organisationID, gift.ID, d.Ref, d.Amount, ledger.BySystem("決済の記録"), at, ledger.DateOf(at))
		if err != nil {
			return err
		}
		return t.fitReceipt(ctx, tx, organisationID, gift.ID)
	})
}
