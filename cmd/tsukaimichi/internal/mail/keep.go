package mail

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Erase empties the letters whose keeping time is over and returns how many. One that was still waiting is given up.
func Erase(ctx context.Context, db *sqlx.DB, now time.Time) (int64, error) {
	result, err := db.ExecContext(ctx, `
		UPDATE mail
		   SET recipient = '', reply_to = '', subject = '', text = '', attachments = '[]', erased_at = $1,
		       failed_at = CASE WHEN sent_at IS NULL THEN coalesce(failed_at, $1) END,
		       problem = CASE WHEN sent_at IS NULL AND failed_at IS NULL THEN 'too late' ELSE problem END
		 WHERE erased_at IS NULL AND keep_until <= $1`, now)
	if err != nil {
		return 0, fmt.Errorf("mail past its keeping time: %w", err)
	}
	return result.RowsAffected()
}

// EraseRecipient empties every letter of the organisation to an address, sent or not, when its holder is erased. It is
// part of that change.
func EraseRecipient(ctx context.Context, tx *sqlx.Tx, organisationID int64, address string, at time.Time) error {
	address, err := ParseAddress(address)
	if err != nil {
		return nil // nothing was ever written there
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE mail
		   SET recipient = '', reply_to = '', subject = '', text = '', attachments = '[]', erased_at = $3,
		       failed_at = CASE WHEN sent_at IS NULL THEN coalesce(failed_at, $3) END,
		       problem = CASE WHEN sent_at IS NULL AND failed_at IS NULL THEN 'erased' ELSE problem END
		 WHERE organisation_id = $1 AND recipient = $2 AND erased_at IS NULL`, organisationID, address, at)
	if err != nil {
		return fmt.Errorf("mail of an erased recipient: %w", err)
	}
	return nil
}
