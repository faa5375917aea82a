package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// ErrDecided says that the expense was checked or refused meanwhile.
var ErrDecided = errors.New("ledger: decided already")

// ErrFundShort says that a restricted fund would fall below zero by an expense: cover it from the general fund first.
var ErrFundShort = errors.New("ledger: the fund has less than that")

// CheckExpense confirms an expense. The checker must be another person than who entered it (ErrSamePerson), and no
// restricted fund of the expense may be below zero afterwards unless it is an award paid in arrears (ErrFundShort). An unpaid
// expense is posted now. ErrReversed when the booking of a paid one was reversed: refuse it instead.
func CheckExpense(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, by Actor, at time.Time) error {
	e, err := lockExpense(ctx, tx, organisationID, id, Unchecked)
	if err != nil {
		return err
	}
	if by.Kind != KindPerson || by.SubjectID == e.EnteredPerson {
		return fmt.Errorf("expense %d: %w", id, ErrSamePerson)
	}
	if err = lockFunds(ctx, tx, organisationID); err != nil {
		return err
	}
	if e.TransactionID > 0 {
		gone, err := reversed(ctx, tx, organisationID, e.TransactionID)
		if err != nil {
			return err
		}
		if gone {
			return fmt.Errorf("expense %d: %w", id, ErrReversed)
		}
	} else if e.TransactionID, err = postUnpaid(ctx, tx, e, by, at); err != nil {
		return err
	}
	if err = fundsCover(ctx, tx, e); err != nil {
		return err
	}
	return decide(ctx, tx, e, Checked, by, at, "")
}

func postUnpaid(ctx context.Context, tx *sqlx.Tx, e Expense, by Actor, at time.Time) (int64, error) {
	payee, err := Counterparty(ctx, tx, e.OrganisationID, e.Payee)
	if err != nil {
		return 0, err
	}
	return Post(ctx, tx, e.transaction(payee, by, at))
}

// RefuseExpense says no to an expense, with a reason, and reverses it if it was posted. Who entered it may do so himself.
func RefuseExpense(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, by Actor, at time.Time, reason string) error {
	if reason == "" {
		return Invalid{"reason": "reverse.reason_missing"}
	}
	e, err := lockExpense(ctx, tx, organisationID, id, Unchecked)
	if err != nil {
		return err
	}
	if e.TransactionID > 0 {
		_, err = Reverse(ctx, tx, organisationID, e.TransactionID, by, at, DateOf(at), reason)
		if err != nil && !errors.Is(err, ErrReversed) { // somebody may have reversed the booking itself
			return err
		}
	}
	return decide(ctx, tx, e, Refused, by, at, reason)
}

// ReverseExpense takes back a checked expense by reversing its booking, with a reason. It stays in the list as
// checked; its reversal stands beside it in the book.
func ReverseExpense(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, by Actor, at time.Time, reason string) error {
	e, err := lockExpense(ctx, tx, organisationID, id, Checked)
	if err != nil {
		return err
	}
	if _, err = Reverse(ctx, tx, organisationID, e.TransactionID, by, at, DateOf(at), reason); err != nil {
		return err
	}
	return Note(ctx, tx, organisationID, "expense", id, "reversed", by, at, reason)
}

// lockExpense returns an expense that nobody else decides meanwhile. ErrDecided unless it has the status.
func lockExpense(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, status ExpenseStatus) (Expense, error) {
	if _, err := tx.ExecContext(ctx, `
		SELECT id
		  FROM expense
		 WHERE organisation_id = $1 AND id = $2
		   FOR NO KEY UPDATE`, organisationID, id); err != nil {
		return Expense{}, fmt.Errorf("expense %d: %w", id, err)
	}
	e, err := FindExpense(ctx, tx, organisationID, id)
	if err == nil && e.Status != status {
		err = fmt.Errorf("expense %d: %w", id, ErrDecided)
	}
	return e, err
}

func decide(ctx context.Context, tx *sqlx.Tx, e Expense, status ExpenseStatus, by Actor, at time.Time, reason string) error {
	actor, err := ActorID(ctx, tx, e.OrganisationID, by)
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE expense
		   SET status = $3, decided_by = $4, decided_person_id = $5, decided_at = $6, reason = $7, transaction_id = nullif($8::bigint, 0)
		 WHERE organisation_id = $1 AND id = $2 AND status = 'unchecked'`,
		e.OrganisationID, e.ID, status, actor, by.SubjectID, at, reason, e.TransactionID)
	if err != nil {
		return fmt.Errorf("expense %d: %w", e.ID, Classify(err))
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("expense %d: %w", e.ID, ErrDecided))
	}
	return Note(ctx, tx, e.OrganisationID, "expense", e.ID, string(status), by, at, reason)
}

// lockFunds lets one decision at a time look at what the funds hold.
func lockFunds(ctx context.Context, tx *sqlx.Tx, organisationID int64) error {
	_, err := tx.ExecContext(ctx, `
		SELECT id
		  FROM fund
		 WHERE organisation_id = $1 AND kind = 'general'
		   FOR NO KEY UPDATE`, organisationID)
	if err != nil {
		return fmt.Errorf("funds: %w", err)
	}
	return nil
}

func fundsCover(ctx context.Context, tx *sqlx.Tx, e Expense) error {
	funds := make([]int64, len(e.Lines))
	for i, l := range e.Lines {
		funds[i] = l.FundID
	}
	var short int64
	err := tx.GetContext(ctx, &short, `
		SELECT coalesce(min(f.id), 0)
		  FROM fund f
		 WHERE f.organisation_id = $1 AND f.id = ANY ($2)
		   AND f.kind NOT IN ('award', 'general') -- 精算: spent first, paid later; the general fund owes whoever advanced
		   AND (SELECT sum(e.amount)
		          FROM flow e
		         WHERE e.organisation_id = f.organisation_id AND e.fund_id = f.id AND e.account < 3000) < 0`,
		e.OrganisationID, pq.Array(funds))
	if err != nil {
		return fmt.Errorf("funds: %w", err)
	}
	if short > 0 {
		return fmt.Errorf("fund %d: %w", short, ErrFundShort)
	}
	return nil
}
