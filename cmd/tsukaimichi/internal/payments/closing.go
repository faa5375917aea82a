package payments

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// OpenAtClosing returns what is open of an organisation's payments when its days up to until are closed: an account that was connected by then
// and whose statement was not yet read beyond that day, so that money of these days may still come into the book.
func OpenAtClosing(ctx context.Context, q sqlx.QueryerContext, organisationID int64, until ledger.Date) ([]ledger.Finding, error) {
	var behind int
	err := sqlx.GetContext(ctx, q, &behind, `
		SELECT count(*)
		  FROM stripe_account
		 WHERE organisation_id = $1 AND (connected_at IS NULL OR connected_at < $2) AND (swept_until IS NULL OR swept_until < $2)`,
		organisationID, until.AddDays(1).Midnight())
	if err != nil {
		return nil, fmt.Errorf("sweep of organisation %d: %w", organisationID, err)
	}
	if behind == 0 {
		return nil, nil
	}
	return []ledger.Finding{{Kind: ledger.NotSwept, Count: behind}}, nil
}
