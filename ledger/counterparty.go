package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Counterparty returns the id of whoever is paid or pays, by name, and enters him if need be. Names are kept as typed,
// never normalised.
func Counterparty(ctx context.Context, tx *sqlx.Tx, organisationID int64, name string) (int64, error) {
	for range 2 {
		var id int64
		err := tx.GetContext(ctx, &id, `
			SELECT id
			  FROM counterparty
			 WHERE organisation_id = $1 AND name = $2 AND erased_at IS NULL`, organisationID, name)
		if err == nil {
			return id, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return 0, fmt.Errorf("counterparty: %w", err)
		}
		if _, err = tx.ExecContext(ctx, `
			INSERT INTO counterparty (organisation_id, name)
			VALUES ($1, $2)
			    ON CONFLICT (organisation_id, name) WHERE erased_at IS NULL DO NOTHING`, organisationID, name); err != nil {
			return 0, fmt.Errorf("counterparty: %w", Classify(err))
		}
	}
	return 0, errors.New("counterparty: neither found nor made")
}

// Payees returns the names paid before, for the form's suggestions.
func Payees(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]string, error) {
	var names []string
	err := sqlx.SelectContext(ctx, q, &names, `
		SELECT name
		  FROM counterparty
		 WHERE organisation_id = $1 AND erased_at IS NULL
		 ORDER BY name
		 LIMIT 300`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("payees: %w", err)
	}
	return names, nil
}
