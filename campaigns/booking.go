package campaigns

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Booking returns the transaction that booked a gift, or ErrNotFound while its money is not there.
func Booking(ctx context.Context, q sqlx.QueryerContext, organisationID, donationID int64) (int64, error) {
	var id int64
	err := sqlx.GetContext(ctx, q, &id, `
		SELECT id
		  FROM transaction
		 WHERE organisation_id = $1 AND donation_id = $2 AND kind = 'donation'`, organisationID, donationID)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ErrNotFound
	}
	if err != nil {
		return 0, fmt.Errorf("booking of donation %d: %w", donationID, err)
	}
	return id, nil
}
