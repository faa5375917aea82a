package ledger

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Fault is something in the book that does not fit, by the transaction it is in.
type Fault struct {
	TransactionID int64  `db:"transaction_id"` // 0 where it concerns the book as a whole
	What          string `db:"what"`
}

// String names the fault for an operator.
func (f Fault) String() string {
	if f.TransactionID == 0 {
		return f.What
	}
	return fmt.Sprintf("transaction %d: %s", f.TransactionID, f.What)
}

//go:embed query/verify.sql
var verifySQL string

// Verify recomputes the rules of the book for an organisation, whatever the database let through: every fund of every transaction
// sums to zero, every transaction has all its entries and its log record, reversals mirror, transfers between funds sum to
// zero, refunds stay below their gifts, gifts are booked once and for their amount. It returns the first hundred faults and how many
// transactions it looked at.
func Verify(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Fault, int64, error) {
	var checked int64
	if err := sqlx.GetContext(ctx, q, &checked, `SELECT count(*) FROM transaction WHERE organisation_id = $1`, organisationID); err != nil {
		return nil, 0, fmt.Errorf("verify organisation %d: %w", organisationID, err)
	}
	var faults []Fault
	if err := sqlx.SelectContext(ctx, q, &faults, verifySQL, organisationID); err != nil {
		return nil, checked, fmt.Errorf("verify organisation %d: %w", organisationID, err)
	}
	return faults, checked, nil
}

// BrokenRules asks, for all organisations at once, what the guards of headers and entries would have refused, had they been on: a guard looks
// only at what is posted. It returns the first hundred faults.
func BrokenRules(ctx context.Context, q sqlx.QueryerContext) ([]Fault, error) {
	var faults []Fault
	err := sqlx.SelectContext(ctx, q, &faults, `
		SELECT transaction_id, 'of organisation ' || organisation_id || ' breaks ' || rule AS what
		  FROM broken_rules()
		 ORDER BY organisation_id, transaction_id, rule
		 LIMIT 100`)
	if err != nil {
		return nil, fmt.Errorf("verify rules: %w", err)
	}
	return faults, nil
}
