package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Evidence is 証憑: a receipt, invoice or photograph kept as a file and known by the hash of its bytes.
type Evidence struct {
	OrganisationID int64     `db:"organisation_id"`
	ID             int64     `db:"id"`
	ExpenseID      int64     `db:"expense_id"`     // exactly one of these two
	TransactionID  int64     `db:"transaction_id"` //
	FileHash       []byte    `db:"file_hash"`      // SHA-256
	Type           string    `db:"type"`           // image/jpeg or application/pdf
	Size           int64     `db:"size"`           // bytes
	AddedAt        time.Time `db:"added_at"`
}

// AddEvidence puts a file beside an expense or transaction and returns its id.
func AddEvidence(ctx context.Context, tx *sqlx.Tx, v Evidence, by Actor, at time.Time) (int64, error) {
	actor, err := ActorID(ctx, tx, v.OrganisationID, by)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO evidence (organisation_id, expense_id, transaction_id, file_hash, type, size, actor_id, added_at)
		VALUES ($1, nullif($2::bigint, 0), nullif($3::bigint, 0), $4, $5, $6, $7, $8)
		RETURNING id`, v.OrganisationID, v.ExpenseID, v.TransactionID, v.FileHash, v.Type, v.Size, actor, at)
	if err != nil {
		return 0, fmt.Errorf("evidence: %w", Classify(err))
	}
	return id, nil
}

const selectEvidence = `
	SELECT organisation_id, id, coalesce(expense_id, 0) AS expense_id, coalesce(transaction_id, 0) AS transaction_id,
	       file_hash, type, size, added_at
	  FROM evidence`

// EvidenceOfExpense returns the papers of an expense in the order they were added.
func EvidenceOfExpense(ctx context.Context, q sqlx.QueryerContext, organisationID, expenseID int64) ([]Evidence, error) {
	var all []Evidence
	err := sqlx.SelectContext(ctx, q, &all, selectEvidence+`
		 WHERE organisation_id = $1 AND expense_id = $2 AND erased_at IS NULL
		 ORDER BY added_at, id`, organisationID, expenseID)
	if err != nil {
		return nil, fmt.Errorf("evidence of expense %d: %w", expenseID, err)
	}
	return all, nil
}

// FindEvidence returns a piece of evidence, or ErrNotFound.
func FindEvidence(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Evidence, error) {
	var v Evidence
	err := sqlx.GetContext(ctx, q, &v, selectEvidence+`
		 WHERE organisation_id = $1 AND id = $2 AND erased_at IS NULL`, organisationID, id)
	if errors.Is(err, sql.ErrNoRows) {
		return v, ErrNotFound
	}
	if err != nil {
		return v, fmt.Errorf("evidence %d: %w", id, err)
	}
	return v, nil
}
