package feeds

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrAddress says that nothing is read at an address: it never was one, or was taken back.
var ErrAddress = errors.New("feeds: no calendar at this address")

func hashOf(token string) []byte {
	hash := sha256.Sum256([]byte("calendar " + token))
	return hash[:]
}

// Open makes a new secret for an organisation's calendar and returns it, once; the one before ends.
func Open(ctx context.Context, tx *sqlx.Tx, organisationID int64, by ledger.Actor, at time.Time) (token string, err error) {
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return "", err
	}
	token = rand.Text()
	_, err = tx.ExecContext(ctx, `
		INSERT INTO calendar_feed (organisation_id, token_hash, made_at, made_by)
		VALUES ($1, $2, $3, $4)
		    ON CONFLICT ON CONSTRAINT calendar_feed_pkey DO UPDATE
		   SET token_hash = excluded.token_hash, made_at = excluded.made_at, made_by = excluded.made_by`, organisationID, hashOf(token), at, actor)
	if err != nil {
		return "", fmt.Errorf("calendar: %w", ledger.Classify(err))
	}
	return token, nil
}

// Close takes an organisation's address back. Twice is once.
func Close(ctx context.Context, tx *sqlx.Tx, organisationID int64) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM calendar_feed WHERE organisation_id = $1`, organisationID); err != nil {
		return fmt.Errorf("calendar: %w", err)
	}
	return nil
}

// Address is what is known of an address: not where it is.
type Address struct {
	At time.Time `db:"made_at"`
	By string    `db:"name"`
}

// fromStanding is the address of an organisation whose maker has a role there on the day $2: whoever leaves takes along no window into the group.
const fromStanding = `
		  FROM calendar_feed f
		  JOIN actor a ON a.organisation_id = f.organisation_id AND a.id = f.made_by AND a.kind = 'person'
		 WHERE f.organisation_id = $1
		   AND EXISTS (SELECT FROM membership m
		                WHERE m.organisation_id = f.organisation_id AND m.person_id = a.subject_id
		                  AND m.from_on <= $2 AND (m.until_on IS NULL OR m.until_on >= $2))`

// Opened returns since when an organisation has an address that opens on the day, and by whom; the zero Address when it has none.
func Opened(ctx context.Context, q sqlx.QueryerContext, organisationID int64, on ledger.Date) (Address, error) {
	var a Address
	err := sqlx.GetContext(ctx, q, &a, `
		SELECT f.made_at, a.name`+fromStanding, organisationID, on)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return a, fmt.Errorf("calendar: %w", err)
	}
	return a, nil
}

// Check says whether a secret opens an organisation's calendar on the day; ErrAddress otherwise.
func Check(ctx context.Context, q sqlx.QueryerContext, organisationID int64, token string, on ledger.Date) error {
	return there(ctx, q, `SELECT EXISTS (SELECT`+fromStanding+` AND f.token_hash = $3)`, organisationID, on, hashOf(token))
}

// OpenPerson makes a new secret for one person's calendar, as Open does for an organisation's.
func OpenPerson(ctx context.Context, tx *sqlx.Tx, personID int64, at time.Time) (token string, err error) {
	token = rand.Text()
	_, err = tx.ExecContext(ctx, `
		INSERT INTO person_feed (person_id, token_hash, made_at)
		VALUES ($1, $2, $3)
		    ON CONFLICT ON CONSTRAINT person_feed_pkey DO UPDATE
		   SET token_hash = excluded.token_hash, made_at = excluded.made_at`, personID, hashOf(token), at)
	if err != nil {
		return "", fmt.Errorf("calendar of person %d: %w", personID, ledger.Classify(err))
	}
	return token, nil
}

// ClosePerson takes a person's address back. Twice is once.
func ClosePerson(ctx context.Context, tx *sqlx.Tx, personID int64) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM person_feed WHERE person_id = $1`, personID); err != nil {
		return fmt.Errorf("calendar of person %d: %w", personID, err)
	}
	return nil
}

// OpenedPerson returns since when a person has an address; the zero Address when he has none.
func OpenedPerson(ctx context.Context, q sqlx.QueryerContext, personID int64) (Address, error) {
	var a Address
	err := sqlx.GetContext(ctx, q, &a, `SELECT made_at, '' AS name FROM person_feed WHERE person_id = $1`, personID)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return a, fmt.Errorf("calendar of person %d: %w", personID, err)
	}
	return a, nil
}

// CheckPerson says whether a secret opens a person's calendar; ErrAddress otherwise.
func CheckPerson(ctx context.Context, q sqlx.QueryerContext, personID int64, token string) error {
	return there(ctx, q, `SELECT EXISTS (SELECT FROM person_feed WHERE person_id = $1 AND token_hash = $2)`, personID, hashOf(token))
}

func there(ctx context.Context, q sqlx.QueryerContext, query string, id int64, args ...any) error {
	var is bool
	if err := sqlx.GetContext(ctx, q, &is, query, append([]any{id}, args...)...); err != nil {
		return fmt.Errorf("calendar of %d: %w", id, err)
	}
	if !is {
		return ErrAddress
	}
	return nil
}
