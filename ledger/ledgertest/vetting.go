package ledgertest

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// Vet lets an organisation ask for money without an operator having looked at it, under the word of those that did so before there was the rule. A test of
// the rule itself goes through ledger/vetting.
func Vet(ctx context.Context, db sqlx.ExecerContext, organisationID int64) error {
	_, err := db.ExecContext(ctx, `
		INSERT INTO vetting (organisation_id, status, asked_at)
		VALUES ($1, 'before', $2)`, organisationID, At)
	return err
}
