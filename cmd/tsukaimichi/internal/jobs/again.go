package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
)

// A running job may have looked already when a new reason for it comes. The reason is noted in the job's row; whoever begins
// or ends the job needs the row for himself, and who brings a reason shares it until his transaction is committed. So either the run
// that follows sees the reason, or the reason finds the job ended. Sharing keeps many that come at once from waiting for each other.

// askAgain makes sure that a run of the job begins soon after the caller's transaction; one that failed does not wait its time. False if
// the job cannot be held to it: it ended or began just now, and the caller tries once more.
func askAgain(ctx context.Context, tx *sqlx.Tx, id int64) (kept bool, err error) {
	var held int64
	err = tx.GetContext(ctx, &held, `
		SELECT id
		  FROM river.river_job
		 WHERE id = $1
		   AND ((state = 'available' AND scheduled_at <= clock_timestamp()) OR (state = 'running' AND metadata ? 'again'))
		   FOR SHARE`, id)
	if err == nil {
		return true, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("job %d: %w", id, err)
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE river.river_job
		   SET metadata = CASE WHEN state = 'running' THEN metadata || '{"again": true}' ELSE metadata END,
		       scheduled_at = CASE WHEN state = 'running' THEN scheduled_at ELSE now() END,
		       state = CASE WHEN state = 'running' THEN state ELSE 'available' END
		 WHERE id = $1
		   AND (state IN ('retryable', 'scheduled') OR (state = 'available' AND scheduled_at > clock_timestamp())
		        OR (state = 'running' AND NOT metadata ? 'again'))`, id)
	if err != nil {
		return false, fmt.Errorf("job %d: %w", id, err)
	}
	noted, err := result.RowsAffected()
	return noted == 1, err
}

// end completes a job whose work is done, unless it was asked for again meanwhile: then it is due at once.
func (w *worker) end(ctx context.Context, job *river.Job[args]) error {
	tx, err := w.db.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("job %d: %w", job.ID, err)
	}
	defer tx.Rollback() // after the commit it does nothing
	var again bool
	err = tx.GetContext(ctx, &again, `
		SELECT metadata ? 'again'
		  FROM river.river_job
		 WHERE id = $1
		   FOR UPDATE`, job.ID)
	if err != nil {
		return fmt.Errorf("job %d: %w", job.ID, err)
	}
	if again {
		_, err = tx.ExecContext(ctx, `UPDATE river.river_job SET metadata = metadata - 'again' WHERE id = $1`, job.ID)
	} else {
		_, err = river.JobCompleteTx[*riverdatabasesql.Driver](ctx, tx.Tx, job)
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		return fmt.Errorf("job %d: %w", job.ID, err)
	}
	if again {
		return river.JobSnooze(0)
	}
	return nil
}
