package main

import (
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

var (
	kills     = flag.Int("kills", 20, "how often the program, and the database, is killed")
	crashSeed = flag.Uint64("crashseed", 0, "what the moments of the kills begin with; 0 takes another each time")
)

// moments are when the next kill comes: soon, and never at the same point of what is going on.
func moments(t *testing.T) func() {
	seed := *crashSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("-crashseed %d -kills %d", seed, *kills)
	r := rand.New(rand.NewPCG(seed, 0))
	return func() { time.Sleep(time.Duration(200+r.IntN(600)) * time.Millisecond) }
}

// TestKilledProgramLosesNothingAcknowledged kills the program under load, again and again, without a warning.
//
//	go test ./cmd/tsukaimichi -run Killed -kills 200
func TestKilledProgramLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	w := newTrial(t, db.AppDSN, db.App, db.Super, 1)
	program := w.replicas[0]
	program.start()
	still := w.live()
	crowd, leave := w.gather(false)
	next := moments(t)
	for range *kills {
		next()
		program.kill()
		program.start()
	}
	crowd.killAtWork(program.start)
	leave()
	crowd.settle()
	still()
	crowd.reckon()
}

// TestDatabaseStoppedAtOnceIsOutlived ends PostgreSQL as pg_ctl stop -m immediate does, again and again, under load. The program stays up, says that
// it cannot be reached, and goes on by itself.
func TestDatabaseStoppedAtOnceIsOutlived(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	w := newTrial(t, c.DSN(practiceDatabase, practiceRole), c.open(practiceRole), c.open(""), 1)
	if off, err := forgetful(t.Context(), w.db); err != nil || len(off) > 0 {
		t.Fatalf("this database would forget: %v, %v", off, err)
	}
	program := w.replicas[0]
	program.start()
	still := w.live()
	crowd, leave := w.gather(true)
	next := moments(t)
	next()
	before := w.metric("go_goroutines")
	for range *kills {
		next()
		c.stopAtOnce()
		w.wantAway()
		c.start()
		w.wantBack()
	}
	leave()
	crowd.settle()
	still()
	crowd.reckon()
	w.wantCalm(before)
	c.wantNoStorm()
}

func TestForgetfulDatabaseIsNamed(t *testing.T) {
	t.Parallel()
	off, err := forgetful(t.Context(), pgtest.New(t).App) // made to be fast
	if err != nil || !slices.Equal(off, []string{"fsync", "full_page_writes", "synchronous_commit"}) {
		t.Errorf("got %v, %v", off, err)
	}
}
