package chain

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErasureRecord is the record that the private part of another, its subject, was closed. Without it a missing salt is a fault: who
// changes a private column could otherwise take the salt away and be unseen.
const ErasureRecord ledger.RecordKind = "erasure"

// Forget closes the private part of transactions' records for good, in the same database transaction in which what they
// name is erased: a memo, a counterparty. It returns how many were open until then; each leaves a record of its own. Verify goes on
// checking their public parts. A record that is not sealed yet is sealed as it stands after the erasing, so nothing needs forgetting.
func Forget(ctx context.Context, tx *sqlx.Tx, organisationID int64, at time.Time, transactionIDs ...int64) (int, error) {
	return forget(ctx, tx, organisationID, at, `
		SELECT id FROM log_record WHERE organisation_id = $1 AND kind = 'transaction' AND subject_id = ANY ($2)`, pq.Array(transactionIDs))
}

// ForgetCounterparty does what Forget does for every transaction that names a counterparty. It reads all entries of the organisation.
func ForgetCounterparty(ctx context.Context, tx *sqlx.Tx, organisationID int64, at time.Time, counterpartyID int64) (int, error) {
	return forget(ctx, tx, organisationID, at, `
		SELECT r.id
		  FROM entry e
		  JOIN log_record r ON r.organisation_id = e.organisation_id AND r.kind = 'transaction' AND r.subject_id = e.transaction_id
		 WHERE e.organisation_id = $1 AND e.counterparty_id = $2`, counterpartyID)
}

// forget takes the head of the log first: a sealer at work has read what is being erased and would put it into a private part.
func forget(ctx context.Context, tx *sqlx.Tx, organisationID int64, at time.Time, records string, argument any) (int, error) {
	if _, err := tx.ExecContext(ctx, `SELECT FROM log_heads WHERE organisation_id = $1 FOR UPDATE`, organisationID); err != nil {
		return 0, fmt.Errorf("forget: %w", err)
	}
	var closed []int64
	err := tx.SelectContext(ctx, &closed, `
		DELETE FROM salt
		 WHERE organisation_id = $1 AND record_id IN (`+records+`)
		RETURNING record_id`, organisationID, argument)
	if err != nil {
		return 0, fmt.Errorf("forget: %w", err)
	}
	for _, id := range closed {
		if err = ledger.Record(ctx, tx, organisationID, ErasureRecord, id, "", at); err != nil {
			return 0, err
		}
	}
	return len(closed), nil
}
