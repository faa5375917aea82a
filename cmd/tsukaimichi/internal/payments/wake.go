package payments

import (
	"context"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// wakeWithin is how long it may take to enqueue a job.
const wakeWithin = 10 * time.Second

// wake enqueues the job that follows an organisation's events. All events of an organisation want the same one job: were it enqueued with each, all that come at
// once would wait for the lock of its row and for each other's commits. So one goes for all that wait when it sets out, and their events are on disk then.
func (t *Till) wake(ctx context.Context, organisationID int64) error {
	found, _ := t.bells.LoadOrStore(organisationID, &bell{})
	return found.(*bell).ring(func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), wakeWithin) // the others did not hang up
		defer cancel()
		return ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) error { return t.Enqueue(ctx, tx, EventsJob, organisationID, 0) })
	})
}

// bell is rung by many and heard once by each: whoever comes while it rings waits for the next time, together with all who do.
type bell struct {
	mu   sync.Mutex
	turn sync.Mutex // held while it rings
	next *ring
}

type ring struct {
	once sync.Once
	err  error
}

// ring does what it is given, or returns with what one who set out after the call came to.
func (b *bell) ring(do func() error) error {
	b.mu.Lock()
	if b.next == nil {
		b.next = &ring{}
	}
	r := b.next
	b.mu.Unlock()
	r.once.Do(func() {
		b.turn.Lock()
		defer b.turn.Unlock()
		b.mu.Lock()
		b.next = nil // who comes from here on waits for the next
		b.mu.Unlock()
		r.err = do()
	})
	return r.err
}
