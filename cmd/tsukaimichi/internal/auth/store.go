package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// store keeps sessions in PostgreSQL for scs, which hands it hashed tokens. Finding is prepared: it happens on
// every request.
type store struct {
	db   *sqlx.DB
	find *sqlx.Stmt
}

func newStore(db *sqlx.DB) (*store, error) {
	find, err := db.Preparex(`
		SELECT data
		  FROM session
		 WHERE token_hash = $1 AND expires_at > now()`)
	if err != nil {
		return nil, fmt.Errorf("session: %w", err)
	}
	return &store{db, find}, nil
}

// FindCtx returns the data of a session that is not over.
func (s *store) FindCtx(ctx context.Context, hash string) ([]byte, bool, error) {
	var data []byte
	err := s.find.GetContext(ctx, &data, hash)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("session: %w", err)
	}
	return data, true, nil
}

// CommitCtx keeps the data of a session until it is over.
func (s *store) CommitCtx(ctx context.Context, hash string, data []byte, expiry time.Time) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO session (token_hash, data, expires_at)
		VALUES ($1, $2, $3)
		    ON CONFLICT ON CONSTRAINT session_pkey DO UPDATE
		   SET data = excluded.data, expires_at = excluded.expires_at`, hash, data, expiry)
	if err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return nil
}

// DeleteCtx ends a session.
func (s *store) DeleteCtx(ctx context.Context, hash string) error {
	if _, err := s.db.ExecContext(ctx, `DELETE FROM session WHERE token_hash = $1`, hash); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return nil
}

// Find, Commit and Delete are there for scs's older interface; scs calls the ones above.
func (s *store) Find(hash string) ([]byte, bool, error) { return s.FindCtx(context.Background(), hash) }

// Commit is CommitCtx without a context.
func (s *store) Commit(hash string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), hash, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s *store) Delete(hash string) error { return s.DeleteCtx(context.Background(), hash) }
