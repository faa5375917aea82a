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
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Problem is something the program put aside for a person, or a daily check that did not come out. The rest went on.
type Problem struct {
	OrganisationID int64       `db:"organisation_id"`
	Kind           ProblemKind `db:"kind"`
	Ref            string      `db:"ref"`         // the payment service's name of it, or the check's
	DonationID     int64       `db:"donation_id"` // 0 where no gift is concerned
	Amount         ledger.Yen  `db:"amount"`      // yen concerned; of a check, by how much it is out
	Detail         string      `db:"detail"`      // a code for whoever looks into it; nothing personal
	FirstAt        time.Time   `db:"first_at"`
	DueAt          time.Time   `db:"due_at"` // zero where nothing is due
}

// ProblemKind says what a person has to look at.
type ProblemKind string

// The kinds of problem.
const (
	NotYen        ProblemKind = "currency" // a line that is not in yen
	NotBooked     ProblemKind = "line"     // a line the book did not take
	YenUnclear    ProblemKind = "unclear"  // yen in 照合待ち: paid twice, another amount, or nobody knows what for
	AnotherAmount ProblemKind = "amount"   // a payment page asks for another amount than was agreed
	NotKnown      ProblemKind = "unknown"  // a payment page of a gift nobody knows
	NotProcessed  ProblemKind = "event"    // a webhook that could not be followed
	Disputed      ProblemKind = "dispute"  // a payer objects: evidence is due
	NotRefunded   ProblemKind = "refund"   // a refund that was refused, came back, or hangs
	Refusals      ProblemKind = "refusals" // so many cards were refused that card and konbini were switched off
	CheckFailed   ProblemKind = "check"    // a daily check
)

// Problems returns what waits for a person in an organisation, the oldest first.
func Problems(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Problem, error) {
	var all []Problem
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT organisation_id, kind, ref, coalesce(donation_id, 0) AS donation_id, amount, detail, first_at,
		       coalesce(due_at, '0001-01-01 00:00:00Z') AS due_at
		  FROM payment_problem
		 WHERE organisation_id = $1 AND solved_at IS NULL
		 ORDER BY first_at, kind, ref`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("problems of organisation %d: %w", organisationID, err)
	}
	return all, nil
}

// putAside notes a problem; the same one again is one row. One that was solved comes back when it happens again; one that a person has looked after, only
// when it has changed.
func (t *Till) putAside(ctx context.Context, q sqlx.QueryerContext, p Problem) error {
	var news bool
	err := sqlx.GetContext(ctx, q, &news, `
		INSERT INTO payment_problem AS p (organisation_id, kind, ref, donation_id, amount, detail, first_at, last_at, due_at)
		SELECT $1, $2, $3, (SELECT d.id FROM donation d WHERE d.organisation_id = $1 AND d.id = $4), $5, $6, $7, $7, $8
		    ON CONFLICT ON CONSTRAINT payment_problem_pkey DO UPDATE
		   SET amount = excluded.amount, detail = excluded.detail, last_at = excluded.last_at, due_at = excluded.due_at,
		       solved_at = CASE WHEN p.seen AND (p.amount, p.detail) = (excluded.amount, excluded.detail) THEN p.solved_at END,
		       seen = p.seen AND (p.amount, p.detail) = (excluded.amount, excluded.detail),
		       first_at = CASE WHEN p.solved_at IS NULL OR (p.seen AND (p.amount, p.detail) = (excluded.amount, excluded.detail))
		                       THEN p.first_at ELSE excluded.first_at END
		RETURNING first_at = last_at`,
		p.OrganisationID, p.Kind, p.Ref, p.DonationID, p.Amount, p.Detail, t.Now(), sql.NullTime{Time: p.DueAt, Valid: !p.DueAt.IsZero()})
	if err != nil {
		return fmt.Errorf("problem %s %s: %w", p.Kind, p.Ref, err)
	}
	if !news {
		return nil
	}
	t.Log.WarnContext(ctx, "payment put aside", "organisation", p.OrganisationID, "kind", p.Kind, "ref", p.Ref, "detail", p.Detail)
	return nil
}

// solve ends a problem, if there is one.
func (t *Till) solve(ctx context.Context, e sqlx.ExecerContext, organisationID int64, kind ProblemKind, ref string) error {
	_, err := e.ExecContext(ctx, `
		UPDATE payment_problem
		   SET solved_at = $4, seen = false
		 WHERE organisation_id = $1 AND kind = $2 AND ref = $3 AND (solved_at IS NULL OR seen)`, organisationID, kind, ref, t.Now())
	if err != nil {
		return fmt.Errorf("problem %s %s: %w", kind, ref, err)
	}
	return nil
}

// Solve is a person saying that a problem was looked after. A check ends by itself alone, and refusals with Resume.
func (t *Till) Solve(ctx context.Context, organisationID int64, kind ProblemKind, ref string) error {
	_, err := t.DB.ExecContext(ctx, `
		UPDATE payment_problem
		   SET solved_at = $4, seen = true
		 WHERE organisation_id = $1 AND kind = $2 AND ref = $3 AND kind NOT IN ('check', 'refusals') AND solved_at IS NULL`, organisationID, kind, ref, t.Now())
	if err != nil {
		return fmt.Errorf("problem %s %s: %w", kind, ref, err)
	}
	return nil
}

// InDispute reports whether the payer of a gift objects to it at his bank, which has not decided yet.
func (t *Till) InDispute(ctx context.Context, organisationID, donationID int64) (bool, error) {
	var open bool
	err := t.DB.GetContext(ctx, &open, `
		SELECT EXISTS (
		       SELECT FROM payment_problem
		        WHERE organisation_id = $1 AND donation_id = $2 AND kind = 'dispute' AND detail = 'open' AND (solved_at IS NULL OR seen))`,
		organisationID, donationID)
	if err != nil {
		return false, fmt.Errorf("dispute of donation %d: %w", donationID, err)
	}
	return open, nil
}

// passing reports whether an error may go away by itself, so that trying again helps: Stripe or the database could not be reached,
// the key is not taken just now, the program is stopping.
func passing(ctx context.Context, err error) bool {
	var refused *stripepay.Refused
	switch {
	case ctx.Err() != nil, errors.Is(err, campaigns.ErrPaymentUnavailable), errors.Is(err, stripepay.ErrKey):
		return true
	case errors.Is(err, campaigns.ErrPaymentUnknown), errors.Is(err, campaigns.ErrNotFound), errors.Is(err, campaigns.ErrAmountDiffers),
		errors.Is(err, stripepay.ErrCurrency), errors.As(err, &refused):
		return false
	}
	return !ruled(err)
}

// ruled reports whether the book refused: a rule of its own, which no second try breaks.
func ruled(err error) bool {
	var invalid ledger.Invalid
	if errors.As(err, &invalid) || ledger.ConstraintName(err) != "" {
		return true
	}
	for _, rule := range []error{
		ledger.ErrPeriodClosed, ledger.ErrNotCollecting, ledger.ErrGift, ledger.ErrFrozen, ledger.ErrNoPromise, ledger.ErrRefundTooMuch, ledger.ErrPostedBefore,
		ledger.ErrFundClosed, ledger.ErrAccountClosed, ledger.ErrNoSuchRow, ledger.ErrOverflow, ledger.ErrUnbalanced,
	} {
		if errors.Is(err, rule) {
			return true
		}
	}
	return false
}

// codeOf is what may be written down of an error: the name of the rule, never words of somebody else's.
func codeOf(err error) string {
	var refused *stripepay.Refused
	switch {
	case errors.Is(err, campaigns.ErrAmountDiffers):
		return "amount"
	case errors.As(err, &refused):
		return "stripe " + refused.Code
	case errors.Is(err, stripepay.ErrCurrency):
		return "currency"
	case errors.Is(err, ledger.ErrPeriodClosed):
		return "period closed"
	case errors.Is(err, ledger.ErrNotCollecting):
		return "not collecting"
	case errors.Is(err, campaigns.ErrNotFound), errors.Is(err, campaigns.ErrPaymentUnknown):
		return "not found"
	}
	return ledger.ConstraintName(err)
}
