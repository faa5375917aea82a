package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Failed is a job that is not going well.
type Failed struct {
	Kind           string    `db:"kind"`
	OrganisationID int64     `db:"organisation_id"`
	ID             int64     `db:"id"`
	Attempts       int       `db:"attempts"`
	GivenUp        bool      `db:"given_up"` // no further attempt follows
	LastAt         time.Time `db:"last_at"`
	Error          string    `db:"error"` // of the last attempt, for operators
}

// Troubles returns the jobs that were given up or have failed at least three times, newest first, at most 200.
// Given-up ones are kept 30 days.
func Troubles(ctx context.Context, db *sqlx.DB) ([]Failed, error) {
	var failed []Failed
	err := db.SelectContext(ctx, &failed, `
		SELECT kind,
		       (args->>'organisation_id')::bigint AS organisation_id,
		       (args->>'id')::bigint AS id,
		       attempt AS attempts,
		       state IN ('discarded', 'cancelled') AS given_up,
		       attempted_at AS last_at,
		       coalesce(errors[array_length(errors, 1)]->>'error', '') AS error
		  FROM river.river_job
		 WHERE attempted_at IS NOT NULL
		   AND (state IN ('discarded', 'cancelled') OR (state IN ('retryable', 'available') AND attempt >= 3))
		 ORDER BY attempted_at DESC
		 LIMIT 200`)
	if err != nil {
		return nil, fmt.Errorf("failed jobs: %w", err)
	}
	return failed, nil
}
