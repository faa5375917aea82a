package jobs_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/jobs"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestReasonThatComesWhileItsJobRunsIsDoneAfterwards(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	began, on := make(chan bool, 10), make(chan bool, 10)
	c := newClient(t, db, jobs.Kind{Name: "events", Work: func(context.Context, int64, int64) error {
		began <- true
		<-on
		return nil
	}})
	runs := func(within time.Duration) bool {
		select {
		case <-began:
			return true
		case <-time.After(within):
			return false
		}
	}
	enqueue(t, db, c, "events", 7, 0)
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !runs(time.Minute) {
		t.Fatal("not begun")
	}
	for range 3 {
		enqueue(t, db, c, "events", 7, 0)
	}
	undo := errors.New("undo")
	on <- true
	if !runs(time.Minute) {
		t.Error("not done a second time")
	}
	err := ledger.InTx(context.Background(), db, func(tx *sqlx.Tx) error {
		return errors.Join(c.Enqueue(context.Background(), tx, "events", 7, 0), undo)
	})
	if !errors.Is(err, undo) {
		t.Error(err)
	}
	on <- true
	if runs(3 * time.Second) {
		t.Error("done a third time")
	}
	on <- true
	if err := c.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestFailedJobDoesNotLetANewReasonWait(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	y := &tally{fail: func(times int) error {
		if times == 1 {
			return errors.New("not yet")
		}
		return nil
	}}
	c := newClient(t, db.App, jobs.Kind{Name: "events", Work: y.work})
	enqueue(t, db.App, c, "events", 7, 0)
	drain(t, c)
	if _, err := db.Super.Exec(`UPDATE river.river_job SET scheduled_at = now() + interval '1 h'`); err != nil { // as after many failures
		t.Fatal(err)
	}
	drain(t, c)
	if got := len(y.calls()); got != 1 {
		t.Fatalf("%d calls; want one", got)
	}
	enqueue(t, db.App, c, "events", 7, 0)
	drain(t, c)
	if got := len(y.calls()); got != 2 {
		t.Errorf("%d calls; want a second", got)
	}
}

// TestNoReasonIsOverlooked brings reasons all the time, from several sides: whatever moment one comes at, a run that begins afterwards sees it.
func TestNoReasonIsOverlooked(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	if _, err := db.Super.Exec(`CREATE TABLE reason (n bigserial PRIMARY KEY, seen boolean NOT NULL DEFAULT false); GRANT ALL ON reason, reason_n_seq TO PUBLIC`); err != nil {
		t.Fatal(err)
	}
	c := newClient(t, db.App, jobs.Kind{Name: "events", Workers: 2, Work: func(ctx context.Context, _, _ int64) error {
		_, err := db.App.ExecContext(ctx, `UPDATE reason SET seen = true WHERE NOT seen`)
		return err
	}})
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			for range 150 {
				err := ledger.InTx(context.Background(), db.App, func(tx *sqlx.Tx) error {
					if _, err := tx.Exec(`INSERT INTO reason DEFAULT VALUES`); err != nil {
						return err
					}
					return c.Enqueue(context.Background(), tx, "events", 7, 0)
				})
				if err != nil {
					t.Error(err)
				}
				time.Sleep(2 * time.Millisecond)
			}
		})
	}
	all.Wait()
	left := -1
	for begin := time.Now(); left != 0 && time.Since(begin) < time.Minute; time.Sleep(10 * time.Millisecond) {
		if err := db.Super.Get(&left, `SELECT count(*) FROM reason WHERE NOT seen`); err != nil {
			t.Fatal(err)
		}
	}
	if left != 0 {
		t.Errorf("%d of 450 reasons were overlooked", left)
	}
	if err := c.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}
