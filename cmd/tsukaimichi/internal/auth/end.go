package auth

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrCode says that the digits are wrong; they may be typed again.
var ErrCode = errors.New("auth: wrong code")

// ErrExpired says that digits or a link do not work any more, or never did: used, too old, too many tries, unknown.
var ErrExpired = errors.New("auth: code or link expired")

// EnterCode takes the digits typed in the browser that asked for them and returns who signed in. They work once.
// ErrCode if they are wrong, ErrExpired if there is nothing to type them for any more.
func EnterCode(ctx context.Context, db *sqlx.DB, browser, code string, now time.Time) (personID int64, err error) {
	// The try counts before the digits are compared, and stays counted: many at once get five between them.
	var try struct {
		ID       int64         `db:"id"`
		PersonID sql.NullInt64 `db:"person_id"`
		CodeHash []byte        `db:"code_hash"`
	}
	err = db.GetContext(ctx, &try, `
		UPDATE sign_in
		   SET tries = tries + 1
		 WHERE browser_hash = $1 AND tries < $2 AND used_at IS NULL AND expires_at > $3
		RETURNING id, person_id, code_hash`, hashOf("browser", browser), mostTries, now)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ErrExpired
	}
	if err != nil {
		return 0, fmt.Errorf("sign-in: %w", err)
	}
	right := subtle.ConstantTimeCompare(try.CodeHash, codeHash(browser, digits(code))) == 1
	if !right || !try.PersonID.Valid {
		return 0, ErrCode
	}
	result, err := db.ExecContext(ctx, `
		UPDATE sign_in
		   SET used_at = $2
		 WHERE id = $1 AND used_at IS NULL`, try.ID, now)
	if err != nil {
		return 0, fmt.Errorf("sign-in: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return 0, errors.Join(ErrExpired, err)
	}
	return try.PersonID.Int64, nil
}

// OneTimeLink returns the token of a link that signs the person in once before it has lasted its time, without a
// mail. It is for operators and practice mode. ledger.ErrNoSuchRow if there is no such person.
func OneTimeLink(ctx context.Context, db *sqlx.DB, personID int64, lasts time.Duration, now time.Time) (token string, err error) {
	if personID == 0 {
		return "", ledger.ErrNoSuchRow
	}
	token = newToken()
	err = ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		_, err := insertSignIn(ctx, tx, signIn{personID: personID, token: token, at: now, until: now.Add(lasts)})
		return err
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// PeekLink returns the name of the person whom the link would sign in, for the page with the button, and uses
// nothing up. The page names the person so that nobody works under another's name by a link somebody sent.
// ErrExpired if the link does not work.
func PeekLink(ctx context.Context, db *sqlx.DB, token string, now time.Time) (name string, err error) {
	err = db.GetContext(ctx, &name, `
		SELECT p.name
		  FROM sign_in s
		  JOIN person p ON p.id = s.person_id
		 WHERE s.token_hash = $1 AND s.used_at IS NULL AND s.expires_at > $2`, hashOf("link", token), now)
	return name, expiredIfNone(err)
}

// UseLink is the button's doing, by POST alone: it uses the link up and returns who signed in. ErrExpired if it does not
// work.
func UseLink(ctx context.Context, db *sqlx.DB, token string, now time.Time) (personID int64, err error) {
	err = db.GetContext(ctx, &personID, `
		UPDATE sign_in
		   SET used_at = $2
		 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2 AND person_id IS NOT NULL
		RETURNING person_id`, hashOf("link", token), now)
	return personID, expiredIfNone(err)
}

func expiredIfNone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrExpired
	}
	if err != nil {
		return fmt.Errorf("sign-in: %w", err)
	}
	return nil
}

// Prune removes what is over: tries to sign in that ended a day ago, ceremonies, apps never set up to the end, browsers not seen for
// long, and sessions.
func Prune(ctx context.Context, db *sqlx.DB, now time.Time) error {
	for _, over := range []struct {
		query string
		since time.Time
	}{
		{`DELETE FROM sign_in WHERE expires_at <= $1`, now.Add(-24 * time.Hour)},
		{`DELETE FROM ceremony WHERE expires_at <= $1`, now},
		{`DELETE FROM code_app WHERE status = 'pending' AND created_at <= $1`, now.Add(-24 * time.Hour)},
		{`DELETE FROM known_browser WHERE seen_at <= $1`, now.Add(-knownLasts)},
	} {
		if _, err := db.ExecContext(ctx, over.query, over.since); err != nil {
			return fmt.Errorf("sign-in: %w", err)
		}
	}
	// Sessions end by the machine's clock, as the cookies in browsers do. For a while after they ended they are kept, so that a request under
	// way does not bring one back.
	if _, err := db.ExecContext(ctx, `DELETE FROM session WHERE expires_at <= now() - interval '10 minutes'`); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return nil
}
