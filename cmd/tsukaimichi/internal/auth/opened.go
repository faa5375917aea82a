package auth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Opened is a session of a person that has not ended, wherever it is.
type Opened struct {
	ID        int64     `db:"id"`
	StartedAt time.Time `db:"started_at"`
	Browser   string    `db:"browser"` // in plain words
	Here      bool      `db:"here"`    // it is the session of the request
}

// Opened returns the open sessions of a person, this one first, then the newest.
func (s *Sessions) Opened(ctx context.Context, personID int64) ([]Opened, error) {
	var all []Opened
	err := s.db.SelectContext(ctx, &all, `
		SELECT id, started_at, browser, token_hash = $2 AS here
		  FROM session
		 WHERE person_id = $1 AND expires_at > now()
		 ORDER BY here DESC, started_at DESC, token_hash`, personID, tokenHash(s.manager.Token(ctx)))
	if err != nil {
		return nil, fmt.Errorf("sessions of person %d: %w", personID, err)
	}
	return all, nil
}

// End ends one session of the person at once, on every replica. A session of somebody else, or one that is over, is left alone.
func (s *Sessions) End(ctx context.Context, personID, id int64) error {
	_, err := s.db.ExecContext(ctx, `
		UPDATE session
		   SET expires_at = now(), data = ''
		 WHERE id = $2 AND person_id = $1 AND expires_at > now()`, personID, id)
	if err != nil {
		return fmt.Errorf("session of person %d: %w", personID, err)
	}
	return nil
}

// EndOthers ends all sessions of the person but that of the request, at once, on every replica.
func (s *Sessions) EndOthers(ctx context.Context, personID int64) error {
	_, err := s.db.ExecContext(ctx, `
		UPDATE session
		   SET expires_at = now(), data = ''
		 WHERE person_id = $1 AND token_hash <> $2 AND expires_at > now()`, personID, tokenHash(s.manager.Token(ctx)))
	if err != nil {
		return fmt.Errorf("sessions of person %d: %w", personID, err)
	}
	return nil
}

// endAll ends every session of the person.
func endAll(ctx context.Context, tx *sqlx.Tx, personID int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE session
		   SET expires_at = now(), data = ''
		 WHERE person_id = $1 AND expires_at > now()`, personID)
	if err != nil {
		return fmt.Errorf("sessions of person %d: %w", personID, err)
	}
	return nil
}

// tokenHash is how scs names a session in its store.
func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
