package ledger

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Counterparty returns the id of whoever is paid or pays, by name, and enters him if need be. Names are kept as typed,
// never normalised.
func Counterparty(ctx context.Context, tx *sqlx.Tx, organisationID int64, name string) (int64, error) {
	var id int64
	err := tx.GetContext(ctx, &id, `
		WITH known AS (
			SELECT id FROM counterparty
			 WHERE organisation_id = $1 AND name = $2 AND erased_at IS NULL
			 LIMIT 1),
		made AS (
			INSERT INTO counterparty (organisation_id, name)
			SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM known)
			RETURNING id)
		SELECT id FROM known UNION ALL SELECT id FROM made`, organisationID, name)
	if err != nil {
		return 0, fmt.Errorf("counterparty: %w", Classify(err))
	}
	return id, nil
}

// Payees returns the names paid before, for the form's suggestions.
func Payees(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]string, error) {
	var names []string
	err := sqlx.SelectContext(ctx, q, &names, `
		SELECT DISTINCT c.name
		  FROM counterparty c
		 WHERE c.organisation_id = $1 AND c.erased_at IS NULL
		 ORDER BY c.name
		 LIMIT 300`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("payees: %w", err)
	}
	return names, nil
}
