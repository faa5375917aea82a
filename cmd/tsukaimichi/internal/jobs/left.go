package jobs

import (
	"context"
	_ "embed"
	"encoding/json"
	"time"
)

// leftJob is one attempt of a job that nobody seems to be at work on.
type leftJob struct {
	ID      int64 `db:"id"`
	Attempt int   `db:"attempt"`
}

// endTerm ends the term of a leader that died, so that another is elected at once.
func (p *presence) endTerm(ctx context.Context) error {
	_, err := p.conn.ExecContext(ctx, `
		DELETE FROM river.river_leader
		 WHERE leader_id <> $1
		   AND pg_postmaster_start_time() < now() - $3 * interval '1 second'
		   AND pg_try_advisory_xact_lock_shared($2, hashtext(leader_id))`, p.id, present, p.settle.Seconds())
	return err
}

// found is a job under way that is not being done, as far as can be seen.
type found struct {
	leftJob
	MaxAttempts int       `db:"max_attempts"`
	Kind        string    `db:"kind"`
	AttemptedAt time.Time `db:"attempted_at"`
	Own         bool      `db:"own"`
}

//go:embed query/left.sql
var leftSQL string

// takeUp lets jobs that were left be done again.
func (p *presence) takeUp(ctx context.Context, left time.Duration) error {
	var all []found
	if err := p.conn.SelectContext(ctx, &all, leftSQL, p.id, present, p.settle.Seconds()); err != nil {
		return err
	}
	before, now := p.since, time.Now()
	p.since = map[leftJob]time.Time{}
	for _, job := range all {
		kind, known := p.kinds[job.Kind]
		_, inHand := p.inHand.Load(job.ID)
		if !known || (job.Own && inHand) {
			continue
		}
		since, seen := before[job.leftJob]
		if !seen {
			since = now
		}
		p.since[job.leftJob] = since
		enough := left
		if job.Own {
			enough = ownLeftFor
		}
		if now.Sub(since) < enough {
			continue
		}
		if err := p.letGo(ctx, job, kind); err != nil {
			return err
		}
		p.log.WarnContext(ctx, "job taken up again", "kind", job.Kind, "job", job.ID, "attempt", job.Attempt, "own", job.Own)
	}
	return nil
}

// letGo ends an attempt that its process did not survive. The next one comes soon, for a job is seldom why a process dies, and its like may be
// waiting; later each time, for it may be why; and none after the last. What comes by itself is done at each start anyhow, so there it
// does not count.
func (p *presence) letGo(ctx context.Context, job found, kind Kind) error {
	note, err := json.Marshal(map[string]any{"at": time.Now(), "attempt": job.Attempt, "error": "the process at work on it is gone", "trace": ""})
	if err != nil {
		return err
	}
	counts := job.Attempt
	if kind.Every > 0 {
		counts = 0
	}
	_, err = p.conn.ExecContext(ctx, `
		UPDATE river.river_job
		   SET state = CASE WHEN $6 THEN 'discarded'::river.river_job_state ELSE 'available' END,
		       finalized_at = CASE WHEN $6 THEN now() END,
		       attempt = $3, scheduled_at = $4, errors = array_append(errors, $5::jsonb)
		 WHERE id = $1 AND attempt = $2 AND state = 'running'`,
		job.ID, job.Attempt, counts, job.AttemptedAt.Add(time.Duration(min(counts, 10))*time.Second), string(note), counts >= job.MaxAttempts)
	return err
}
