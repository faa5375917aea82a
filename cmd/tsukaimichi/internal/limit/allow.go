package limit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Allow counts one more try for the key and reports whether it is among the n that a span of time has room for. A
// try that is refused is not counted, so waiting always helps. The key says what is tried and by whom:
// "sign_in:hanako@example.jp".
func Allow(ctx context.Context, db *sqlx.DB, key string, n int, span time.Duration, now time.Time) (bool, error) {
	from := now.Truncate(span)
	left := span - now.Sub(from) // how much of the span before still counts
	var count int
	err := db.GetContext(ctx, &count, `
		WITH before AS (
		     SELECT coalesce(max(count::bigint * $5 / $6), 0) AS weight
		       FROM rate_count
		      WHERE key_hash = $1 AND span_from = $3)
		INSERT INTO rate_count AS r (key_hash, span_from, count, expires_at)
		SELECT $1, $2, 1, $4
		  FROM before
		 WHERE weight < $7
		    ON CONFLICT ON CONSTRAINT rate_count_pkey DO UPDATE
		   SET count = r.count + 1
		 WHERE r.count + (SELECT weight FROM before) < $7
		RETURNING count`,
		hashOf(key), from, from.Add(-span), from.Add(2*span), left.Milliseconds(), span.Milliseconds(), n)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("rate count: %w", err)
	}
	return true, nil
}

// Prune removes counts that no longer count.
func Prune(ctx context.Context, db *sqlx.DB, now time.Time) error {
	if _, err := db.ExecContext(ctx, `DELETE FROM rate_count WHERE expires_at <= $1`, now); err != nil {
		return fmt.Errorf("rate count: %w", err)
	}
	return nil
}

func hashOf(key string) []byte {
	sum := sha256.Sum256([]byte(key))
	return sum[:]
}
