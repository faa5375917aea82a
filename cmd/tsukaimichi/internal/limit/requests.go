package limit

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/go-chi/httprate"
	"github.com/jmoiron/sqlx"
)

// patience is how long a request waits for its count.
const patience = 2 * time.Second

// Requests lets n requests of one network address through in a span of time; name keeps the counts of different
// routes apart. The address is RemoteAddr's (Network): behind a proxy, a middleware before this one has to
// set it, and only from a header of a proxy that is trusted. limited answers what is too much (a page with status
// 429; Retry-After is set), failed answers when counting failed. Requests in one process are counted one after
// another, so it is for forms, not for every page.
func Requests(
	db *sqlx.DB, name string, n int, span time.Duration,
	limited http.HandlerFunc, failed func(http.ResponseWriter, *http.Request, error),
) func(http.Handler) http.Handler {
	by := func(r *http.Request) (string, error) { return name + ":" + Network(r.RemoteAddr), nil }
	return httprate.LimitBy(n, span, by,
		httprate.WithLimitCounter(&counter{db: db}),
		httprate.WithLimitHandler(limited),
		httprate.WithErrorHandler(failed), // httprate's own would print the error
	)
}

// counter is httprate's count in PostgreSQL. Two replicas may each let one more through in the same moment; where
// that matters, Allow is exact.
type counter struct {
	db   *sqlx.DB
	span time.Duration
}

// Config tells the counter how long a span is.
func (c *counter) Config(_ int, span time.Duration) { c.span = span }

// Increment counts one.
func (c *counter) Increment(key string, span time.Time) error { return c.IncrementBy(key, span, 1) }

// IncrementBy counts amount.
func (c *counter) IncrementBy(key string, span time.Time, amount int) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, err := c.db.ExecContext(ctx, `
		INSERT INTO rate_count AS r (key_hash, span_from, count, expires_at)
		VALUES ($1, $2, $3, $4)
		    ON CONFLICT ON CONSTRAINT rate_count_pkey DO UPDATE
		   SET count = r.count + excluded.count`, hashOf(key), span, amount, span.Add(2*c.span))
	if err != nil {
		return fmt.Errorf("rate count: %w", err)
	}
	return nil
}

// Get returns the counts of this span and the one before.
func (c *counter) Get(key string, span, before time.Time) (int, int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var counts struct {
		Now    int `db:"now"`
		Before int `db:"before"`
	}
	err := c.db.GetContext(ctx, &counts, `
		SELECT coalesce(sum(count) FILTER (WHERE span_from = $2), 0) AS now,
		       coalesce(sum(count) FILTER (WHERE span_from = $3), 0) AS before
		  FROM rate_count
		 WHERE key_hash = $1 AND span_from IN ($2, $3)`, hashOf(key), span, before)
	if err != nil {
		return 0, 0, fmt.Errorf("rate count: %w", err)
	}
	return counts.Now, counts.Before, nil
}
