package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/jobs"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// tally is a kind's work that notes what it was called with and fails as told.
type tally struct {
	mu   sync.Mutex
	seen [][2]int64
	fail func(times int) error
}

func (y *tally) work(_ context.Context, organisationID, id int64) error {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.seen = append(y.seen, [2]int64{organisationID, id})
	if y.fail != nil {
		return y.fail(len(y.seen))
	}
	return nil
}

func (y *tally) calls() [][2]int64 {
	y.mu.Lock()
	defer y.mu.Unlock()
	return slices.Clone(y.seen)
}

func TestJobIsDoneWithItsIdsAfterTheCommit(t *testing.T) {
	t.Parallel()
	db, y := pgtest.New(t).App, &tally{}
	c := newClient(t, db, jobs.Kind{Name: "receipt", Work: y.work}, jobs.Kind{Name: "other", Work: (&tally{}).work})
	enqueue(t, db, c, "receipt", 7, 12)
	drain(t, c)
	drain(t, c)
	if got := y.calls(); len(got) != 1 || got[0] != [2]int64{7, 12} {
		t.Errorf("calls %v; want one with 7 and 12", got)
	}
}

func TestJobOfARolledBackChangeIsNotThere(t *testing.T) {
	t.Parallel()
	db, y := pgtest.New(t).App, &tally{}
	c := newClient(t, db, jobs.Kind{Name: "receipt", Work: y.work})
	undo := errors.New("undo")
	err := ledger.InTx(context.Background(), db, func(tx *sqlx.Tx) error {
		if err := c.Enqueue(context.Background(), tx, "receipt", 7, 12); err != nil {
			t.Error(err)
		}
		return undo
	})
	drain(t, c)
	if !errors.Is(err, undo) || len(y.calls()) != 0 {
		t.Errorf("%v, calls %v; want none", err, y.calls())
	}
}

func TestSameJobWaitsOnceAndCanComeAgainWhenDone(t *testing.T) {
	t.Parallel()
	db, y := pgtest.New(t).App, &tally{}
	c := newClient(t, db, jobs.Kind{Name: "receipt", Work: y.work}, jobs.Kind{Name: "thanks", Work: y.work, Workers: 2})
	for range 3 {
		enqueue(t, db, c, "receipt", 7, 12)
		enqueue(t, db, c, "receipt", 7, 13)
		enqueue(t, db, c, "receipt", 8, 12)
		enqueue(t, db, c, "thanks", 7, 12)
	}
	drain(t, c)
	if got := y.calls(); len(got) != 4 {
		t.Errorf("calls %v; want four, one of each", got)
	}
	enqueue(t, db, c, "receipt", 7, 12)
	drain(t, c)
	if got := y.calls(); len(got) != 5 {
		t.Errorf("calls %v; want the first again", got)
	}
}

func TestFailedJobIsTriedAgain(t *testing.T) {
	t.Parallel()
	db, y := pgtest.New(t).App, &tally{fail: func(times int) error {
		switch times {
		case 1:
			return errors.New("not yet")
		}
		return nil
	}}
	c := newClient(t, db, jobs.Kind{Name: "receipt", Work: y.work})
	enqueue(t, db, c, "receipt", 7, 12)
	drain(t, c)
	if got := len(y.calls()); got != 1 {
		t.Errorf("%d calls at once; want one", got)
	}
	for begin := time.Now(); len(y.calls()) < 2 && time.Since(begin) < time.Minute; time.Sleep(100 * time.Millisecond) {
		drain(t, c)
	}
	if got := len(y.calls()); got != 2 {
		t.Errorf("%d calls; want a second attempt", got)
	}
}

func TestPanickingJobDoesNotEndTheProgram(t *testing.T) {
	t.Parallel()
	db, y := pgtest.New(t).App, &tally{fail: func(times int) error { panic("nil map") }}
	c := newClient(t, db, jobs.Kind{Name: "receipt", Work: y.work})
	enqueue(t, db, c, "receipt", 7, 12)
	drain(t, c)
	if got := len(y.calls()); got != 1 {
		t.Errorf("%d calls; want one", got)
	}
}

func TestHopelessJobIsGivenUpAndListed(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	y := &tally{fail: func(int) error { return fmt.Errorf("receipt 12: %w: no template", jobs.ErrGiveUp) }}
	c := newClient(t, db, jobs.Kind{Name: "receipt", Work: y.work})
	enqueue(t, db, c, "receipt", 7, 12)
	drain(t, c)
	got, err := jobs.Troubles(context.Background(), db)
	if err != nil || len(got) != 1 || !got[0].GivenUp || got[0].Kind != "receipt" || got[0].OrganisationID != 7 || got[0].ID != 12 ||
		!strings.Contains(got[0].Error, "no template") {
		t.Errorf("Troubles = %+v, %v", got, err)
	}
}

func TestJobMayEnqueueAnother(t *testing.T) {
	t.Parallel()
	db, y := pgtest.New(t).App, &tally{}
	var c *jobs.Client
	first := func(ctx context.Context, organisationID, id int64) error {
		return ledger.InTx(ctx, db, func(tx *sqlx.Tx) error { return c.Enqueue(ctx, tx, "second", organisationID, id+1) })
	}
	c = newClient(t, db, jobs.Kind{Name: "first", Work: first}, jobs.Kind{Name: "second", Work: y.work})
	enqueue(t, db, c, "first", 7, 12)
	drain(t, c)
	if got := y.calls(); len(got) != 1 || got[0] != [2]int64{7, 13} {
		t.Errorf("calls %v; want the second job's", got)
	}
}

func TestWorkersOfAKindAreLimited(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	var now, most atomic.Int64
	c := newClient(t, db, jobs.Kind{Name: "letter", Workers: 2, Work: func(context.Context, int64, int64) error {
		most.Store(max(most.Load(), now.Add(1)))
		time.Sleep(5 * time.Millisecond)
		now.Add(-1)
		return nil
	}})
	for id := range int64(20) {
		enqueue(t, db, c, "letter", 7, id)
	}
	drain(t, c)
	if got := most.Load(); got > 2 {
		t.Errorf("%d at once; want two at most", got)
	}
}

func TestPeriodicWorkRunsWithoutBeingAsked(t *testing.T) {
	t.Parallel()
	db, y := pgtest.New(t).App, &tally{}
	c := newClient(t, db, jobs.Kind{Name: "sweep", Work: y.work, Every: time.Second})
	drain(t, c)
	if got := y.calls(); len(got) != 0 {
		t.Errorf("Drain ran it: %v", got)
	}
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for begin := time.Now(); len(y.calls()) < 2 && time.Since(begin) < time.Minute; {
		time.Sleep(20 * time.Millisecond)
	}
	if err := c.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := y.calls(); len(got) < 2 || got[0] != [2]int64{0, 0} {
		t.Errorf("calls %v; want some with 0 and 0", got)
	}
}

func TestFailingSweepKeepsItsInterval(t *testing.T) {
	t.Parallel()
	db, y := pgtest.New(t).App, &tally{fail: func(int) error { return errors.New("no connection") }}
	c := newClient(t, db, jobs.Kind{Name: "sweep", Work: y.work, Every: time.Second})
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	// The fourth attempt of another kind would come 98 seconds after the first.
	for begin := time.Now(); len(y.calls()) < 4 && time.Since(begin) < time.Minute; {
		time.Sleep(20 * time.Millisecond)
	}
	if err := c.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := len(y.calls()); got < 4 {
		t.Errorf("%d calls in a minute; want four", got)
	}
}

func TestStopWaitsForARunningJob(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	began, ended := make(chan bool), atomic.Bool{}
	c := newClient(t, db, jobs.Kind{Name: "slow", Work: func(ctx context.Context, _, _ int64) error {
		close(began)
		time.Sleep(300 * time.Millisecond)
		ended.Store(ctx.Err() == nil)
		return nil
	}})
	enqueue(t, db, c, "slow", 7, 1)
	ctx, cancel := context.WithCancel(t.Context())
	if err := c.Start(ctx); err != nil {
		t.Fatal(err)
	}
	<-began
	cancel() // what a signal does
	if err := c.Stop(t.Context()); err != nil || !ended.Load() {
		t.Errorf("Stop: %v, job ended undisturbed: %v", err, ended.Load())
	}
}

func TestStopCancelsAJobThatTakesTooLong(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	began := make(chan bool)
	c := newClient(t, db, jobs.Kind{Name: "slow", Work: func(ctx context.Context, _, _ int64) error {
		close(began)
		<-ctx.Done()
		return ctx.Err()
	}})
	enqueue(t, db, c, "slow", 7, 1)
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-began
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := c.Stop(ctx); err != nil {
		t.Error(err)
	}
}

func TestBadKindsAreRefused(t *testing.T) {
	t.Parallel()
	db, work := pgtest.New(t).App, (&tally{}).work
	for name, kinds := range map[string][]jobs.Kind{
		"no name":         {{Work: work}},
		"upper case":      {{Name: "Receipt", Work: work}},
		"no work":         {{Name: "receipt"}},
		"twice":           {{Name: "receipt", Work: work}, {Name: "receipt", Work: work}},
		"an hour":         {{Name: "receipt", Work: work, Timeout: time.Hour}},
		"every 10 ms":     {{Name: "receipt", Work: work, Every: 10 * time.Millisecond}},
		"the shared name": {{Name: "shared", Work: work}},
	} {
		if _, err := jobs.New(db, nil, kinds...); !errors.Is(err, jobs.ErrKind) {
			t.Errorf("%s: %v; want ErrKind", name, err)
		}
	}
	c := newClient(t, db)
	tx := db.MustBegin()
	defer tx.Rollback()
	if err := c.Enqueue(context.Background(), tx, "unknown", 7, 1); !errors.Is(err, jobs.ErrKind) {
		t.Errorf("unknown kind: %v; want ErrKind", err)
	}
}
