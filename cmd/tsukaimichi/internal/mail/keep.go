package mail

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Erase empties the letters whose keeping time is over and returns how many. One that was still waiting is given up.
func Erase(ctx context.Context, db *sqlx.DB, now time.Time) (int64, error) {
	result, err := db.ExecContext(ctx, `
		UPDATE mail
		   SET recipient = '', reply_to = '', subject = '', text = '', attachments = '[]', stop_url = '', erased_at = $1,
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
	return eraseLetters(ctx, tx, organisationID, address, []string{"%"}, at)
}

// EraseLetters is EraseRecipient where an address is that of several people: what has left is emptied, and of what still waits the letters whose
// keys are like one of the patterns.
func EraseLetters(ctx context.Context, tx *sqlx.Tx, organisationID int64, address string, keys []string, at time.Time) error {
	address, err := ParseAddress(address)
	if err != nil {
		return nil // nothing was ever written there
	}
	return eraseLetters(ctx, tx, organisationID, address, keys, at)
}

func eraseLetters(ctx context.Context, tx *sqlx.Tx, organisationID int64, address string, keys []string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE mail
		   SET recipient = '', reply_to = '', subject = '', text = '', attachments = '[]', stop_url = '', erased_at = $4,
		       failed_at = CASE WHEN sent_at IS NULL THEN coalesce(failed_at, $4) END,
		       problem = CASE WHEN sent_at IS NULL AND failed_at IS NULL THEN 'erased' ELSE problem END
		 WHERE organisation_id = $1 AND recipient = $2 AND erased_at IS NULL
		   AND (sent_at IS NOT NULL OR failed_at IS NOT NULL OR key LIKE ANY ($3))`, organisationID, address, pq.Array(keys), at)
	if err != nil {
		return fmt.Errorf("mail of an erased recipient: %w", err)
	}
	return nil
}
