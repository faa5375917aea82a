package jobs

import (
	"context"
	"database/sql/driver"
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
