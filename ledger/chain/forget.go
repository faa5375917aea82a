package chain

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Forget closes the private part of transactions' records for good, in the same database transaction in which what they
// name is erased: a memo, a counterparty. It returns how many were open until then. Verify goes on checking their public parts.
// A record that is not sealed yet is sealed as it stands after the erasing, so nothing needs forgetting.
func Forget(ctx context.Context, tx *sqlx.Tx, organisationID int64, transactionIDs ...int64) (int64, error) {
	return forget(ctx, tx, organisationID, `
		SELECT id FROM log_record WHERE organisation_id = $1 AND kind = 'transaction' AND subject_id = ANY ($2)`, pq.Array(transactionIDs))
}

// ForgetCounterparty does what Forget does for every transaction that names a counterparty. It reads all entries of the organisation.
func ForgetCounterparty(ctx context.Context, tx *sqlx.Tx, organisationID, counterpartyID int64) (int64, error) {
	return forget(ctx, tx, organisationID, `
		SELECT r.id
		  FROM entry e
		  JOIN log_record r ON r.organisation_id = e.organisation_id AND r.kind = 'transaction' AND r.subject_id = e.transaction_id
		 WHERE e.organisation_id = $1 AND e.counterparty_id = $2`, counterpartyID)
}

// forget takes the head of the log first: a sealer at work has read what is being erased and would put it into a private part.
func forget(ctx context.Context, tx *sqlx.Tx, organisationID int64, records string, argument any) (int64, error) {
	if _, err := tx.ExecContext(ctx, `SELECT FROM log_heads WHERE organisation_id = $1 FOR UPDATE`, organisationID); err != nil {
		return 0, fmt.Errorf("forget: %w", err)
	}
	done, err := tx.ExecContext(ctx, `
		DELETE FROM salt
		 WHERE organisation_id = $1 AND record_id IN (`+records+`)`, organisationID, argument)
	if err != nil {
		return 0, fmt.Errorf("forget: %w", err)
	}
	n, err := done.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("forget: %w", err)
	}
	return n, nil
}
