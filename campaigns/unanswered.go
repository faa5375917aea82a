package campaigns

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// EndUnanswered ends the payment pages that were asked for, whose answer never came and whose time is over, with their gifts,
// and says how many gifts ended. Nobody was led to such a page; money that arrives all the same still turns its gift paid.
func EndUnanswered(ctx context.Context, tx *sqlx.Tx, organisationID int64, at time.Time) (int, error) {
	var gifts []int64
	err := tx.SelectContext(ctx, &gifts, `
		UPDATE checkout
		   SET status = 'expired'
		 WHERE organisation_id = $1 AND ref IS NULL AND status = 'open' AND expires_at < $2
		RETURNING donation_id`, organisationID, at)
	if err != nil {
		return 0, fmt.Errorf("unanswered checkouts: %w", ledger.Classify(err))
	}
	ended := 0
	for _, id := range gifts {
		did, err := giveUp(ctx, tx, Donation{OrganisationID: organisationID, ID: id}, CheckoutExpired)
		if err != nil {
			return ended, err
		}
		if did {
			ended++
		}
	}
	return ended, nil
}
