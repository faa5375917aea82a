package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
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

// CommitCtx keeps the data of a session until it is over. What the person sees in the list of sessions stands beside it. A session that
// was ended meanwhile stays ended: a request that was under way does not bring it back.
func (s *store) CommitCtx(ctx context.Context, hash string, data []byte, expiry time.Time) error {
	_, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		return fmt.Errorf("session: %w", err)
	}
	a := arrivalOf(values)
	_, err = s.db.ExecContext(ctx, `
		INSERT INTO session (token_hash, data, expires_at, person_id, started_at, browser)
		VALUES ($1, $2, $3, nullif($4::bigint, 0), $5, $6)
		    ON CONFLICT ON CONSTRAINT session_pkey DO UPDATE
		   SET data = excluded.data, expires_at = excluded.expires_at, person_id = excluded.person_id,
		       started_at = excluded.started_at, browser = excluded.browser
		 WHERE session.expires_at > now()`, hash, data, expiry, a.PersonID, instantOrNull(a.At), a.Browser)
	if err != nil {
		return fmt.Errorf("session: %w", ledger.Classify(err))
	}
	return nil
}

func instantOrNull(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// DeleteCtx ends a session. The row stays until it is pruned, so that nothing under way brings it back.
func (s *store) DeleteCtx(ctx context.Context, hash string) error {
	_, err := s.end(ctx, hash)
	return err
}

// end ends a session and reports whether it was still open.
func (s *store) end(ctx context.Context, hash string) (bool, error) {
	result, err := s.db.ExecContext(ctx, `
		UPDATE session
		   SET expires_at = now(), data = ''
		 WHERE token_hash = $1 AND expires_at > now()`, hash)
	if err != nil {
		return false, fmt.Errorf("session: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("session: %w", err)
	}
	return n > 0, nil
}

// Find, Commit and Delete are there for scs's older interface; scs calls the ones above.
func (s *store) Find(hash string) ([]byte, bool, error) { return s.FindCtx(context.Background(), hash) }

// Commit is CommitCtx without a context.
func (s *store) Commit(hash string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), hash, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s *store) Delete(hash string) error { return s.DeleteCtx(context.Background(), hash) }
