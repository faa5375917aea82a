package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// ErrNotFound says that there is no such letter.
var ErrNotFound = errors.New("mail: not found")

// Mailbox is the Sender of practice mode: it takes every letter and sends it nowhere. The letters stay in the outbox,
// where the mailbox page reads them with Recent and Find.
type Mailbox struct{}

// Send takes the letter.
func (Mailbox) Send(context.Context, Letter) error { return nil }

// Recent returns the newest letters of all organisations, sent or waiting, that are not erased. It is for the practice
// mailbox alone: letters are private to whom they were written.
func Recent(ctx context.Context, db *sqlx.DB, most int) ([]Letter, error) {
	var letters []Letter
	err := db.SelectContext(ctx, &letters, `
		SELECT `+letterColumns+`
		  FROM mail
		 WHERE erased_at IS NULL
		 ORDER BY created_at DESC, id DESC
		 LIMIT $1`, most)
	if err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	return letters, nil
}

// Find returns one letter that is not erased, for the practice mailbox; ErrNotFound otherwise.
func Find(ctx context.Context, db *sqlx.DB, organisationID, id int64) (Letter, error) {
	var letter Letter
	err := db.GetContext(ctx, &letter, `
		SELECT `+letterColumns+`
		  FROM mail
		 WHERE organisation_id = $1 AND id = $2 AND erased_at IS NULL`, organisationID, id)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return Letter{}, fmt.Errorf("mail %d of organisation %d: %w", id, organisationID, err)
	}
	return letter, nil
}

// Undelivered returns the organisation's letters that were given up and are still kept, newest first, so that
// somebody can ring the people who wait for them.
func Undelivered(ctx context.Context, db *sqlx.DB, organisationID int64) ([]Letter, error) {
	var letters []Letter
	err := db.SelectContext(ctx, &letters, `
		SELECT `+letterColumns+`
		  FROM mail
		 WHERE organisation_id = $1 AND failed_at IS NOT NULL AND erased_at IS NULL
		 ORDER BY failed_at DESC
		 LIMIT 200`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("undelivered mail of organisation %d: %w", organisationID, err)
	}
	return letters, nil
}
