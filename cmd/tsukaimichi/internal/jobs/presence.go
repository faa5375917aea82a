package jobs

import (
	"context"
	"database/sql/driver"
	_ "embed"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
)

const (
	// present is the first key of the advisory locks by which processes show that they are alive; the second is made of
	// the client's id.
	present = 7_103_002
	// lookEvery is how often a process looks for what others left behind.
	lookEvery = 2 * time.Second
	// leftFor is how long a job has to lie there with nobody at work on it. Of the process's own: longer than River
	// takes to write down how a job ended.
	leftFor    = time.Second
	ownLeftFor = 10 * time.Second
	// trusting is how long after the start one look is enough.
	trusting = 5 * time.Second
	// settling is how long after a start of the database nobody counts as dead: its end ended everybody's locks.
	settling = 5 * time.Second
	// patience is for one look.
	patience = 5 * time.Second
)

// presence shows that a process is alive, and takes up what dead ones left. A session of its own holds an advisory lock,
// which PostgreSQL drops with the process, however it ends. Without it a job that was under way would keep its like from
// being enqueued until rescueAfter, and nothing periodic would run until the dead leader's term is over.
//
// Jobs of the process's own can be left as well: when the database went away, the end of a job, or that one was
// fetched, may never have been heard of.
type presence struct {
	db     *sqlx.DB
	log    *slog.Logger
	id     string // of the client
	kinds  map[string]Kind
	inHand sync.Map      // ids of jobs that are being done
	settle time.Duration // settling, but in tests

	conn  *sqlx.Conn // holds the lock; nil while there is none
	since map[leftJob]time.Time
	stop  context.CancelFunc
	ended chan struct{}
}

// leftJob is one attempt of a job that nobody seems to be at work on.
type leftJob struct {
	ID      int64 `db:"id"`
	Attempt int   `db:"attempt"`
}

// begin appears, looks around once, and then again and again until end. A process that has just started trusts its
// eyes: most likely it takes the place of one that died.
func (p *presence) begin(ctx context.Context) error {
	began := time.Now()
	if err := p.look(ctx, 0); err != nil {
		return err
	}
	ctx, p.stop = context.WithCancel(context.WithoutCancel(ctx))
	p.ended = make(chan struct{})
	go func() {
		defer close(p.ended)
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			left := leftFor
			if time.Since(began) < trusting {
				left = 0
			}
			if err := p.look(ctx, left); err != nil && ctx.Err() == nil {
				p.log.WarnContext(ctx, "jobs left behind", "error", err)
			}
		}
	}()
	return nil
}

// end disappears, when the last job is done.
func (p *presence) end() {
	if p.stop != nil {
		p.stop()
		<-p.ended
		p.stop = nil
	}
	if p.conn != nil { // the session itself may end a moment later than a new one of ours begins
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_, _ = p.conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1, hashtext($2))`, present, p.id)
	}
	p.leave()
}

// appear takes the lock in a session that is kept for it.
func (p *presence) appear(ctx context.Context) error {
	conn, err := p.db.Connx(ctx)
	if err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	p.conn = conn
	var ours bool
	if err = conn.GetContext(ctx, &ours, `SELECT pg_try_advisory_lock($1, hashtext($2))`, present, p.id); err == nil && !ours {
		err = fmt.Errorf("client %s: an earlier session has not ended yet", p.id)
	}
	if err != nil {
		p.leave()
		return fmt.Errorf("jobs: %w", err)
	}
	return nil
}

// leave ends the session. It must not go back among the others: it may still hold the lock.
func (p *presence) leave() {
	if p.conn == nil {
		return
	}
	_ = p.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = p.conn.Close() // it is gone already
	p.conn = nil
}

// look makes sure of the lock, and takes up what was left for so long.
func (p *presence) look(ctx context.Context, left time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if p.conn == nil {
		if err := p.appear(ctx); err != nil {
			return err
		}
	}
	err := p.endTerm(ctx)
	if err == nil {
		err = p.takeUp(ctx, left)
	}
	if err != nil {
		p.leave() // the next look appears anew
		return fmt.Errorf("jobs: %w", err)
	}
	return nil
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
