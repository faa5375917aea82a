package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// victimOf makes the test binary a process that takes a job of the database in hand and never ends it.
const victimOf = "JOBS_TEST_VICTIM_OF"

// TestPlayVictim is the other process of the tests below.
func TestPlayVictim(t *testing.T) {
	dsn := os.Getenv(victimOf)
	if dsn == "" {
		return
	}
	db, err := sqlx.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(db, slog.New(slog.DiscardHandler), Kind{Name: "slow", Work: func(context.Context, int64, int64) error {
		fmt.Println("in hand")
		select {}
	}}, Kind{Name: "sweep", Every: time.Second, Work: func(context.Context, int64, int64) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	if err = c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {}
}

// victim starts the other process and waits until it has the job in hand.
func victim(t *testing.T, db *pgtest.DB) *exec.Cmd {
	t.Helper()
	process := exec.Command(os.Args[0], "-test.run=^TestPlayVictim$")
	process.Env = append(os.Environ(), victimOf+"="+db.AppDSN)
	said, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err = process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = process.Process.Kill() })
	if _, err = fmt.Fscanf(said, "in hand\n"); err != nil {
		t.Fatal(err)
	}
	return process
}

func kill(t *testing.T, process *exec.Cmd) {
	t.Helper()
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = process.Wait()
}

// survivor is a client that tells of the work it does.
func survivor(t *testing.T, db *sqlx.DB) (c *Client, slow, swept chan time.Time) {
	t.Helper()
	slow, swept = make(chan time.Time, 100), make(chan time.Time, 100)
	tell := func(to chan time.Time) Work {
		return func(context.Context, int64, int64) error { to <- time.Now(); return nil }
	}
	c, err := New(db, slog.New(slog.DiscardHandler), Kind{Name: "slow", Work: tell(slow)}, Kind{Name: "sweep", Every: time.Second, Work: tell(swept)})
	if err != nil {
		t.Fatal(err)
	}
	c.alive.settle = 0 // the test's database may have started just now
	return c, slow, swept
}

func enqueueSlow(t *testing.T, db *sqlx.DB, c *Client) {
	t.Helper()
	err := ledger.InTx(t.Context(), db, func(tx *sqlx.Tx) error { return c.Enqueue(t.Context(), tx, "slow", 7, 12) })
	if err != nil {
		t.Fatal(err)
	}
}

func start(t *testing.T, c *Client) {
	t.Helper()
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// patient is far longer than anything here takes on a busy machine, and far shorter than what would happen without the presence.
const patient = time.Minute

func awaited(t *testing.T, what string, happened chan time.Time) {
	t.Helper()
	select {
	case <-happened:
	case <-time.After(patient):
		t.Errorf("%s: not within %v", what, patient)
	}
}

func eventually(t *testing.T, what string, true func() bool) {
	t.Helper()
	for began := time.Now(); !true(); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > patient {
			t.Fatalf("%s: not within %v", what, patient)
		}
	}
}

// killLeader kills a process that leads. Its term does not end by itself before the test does.
func killLeader(t *testing.T, db *pgtest.DB, process *exec.Cmd, not string) {
	t.Helper()
	eventually(t, "leader", func() bool {
		var leads bool
		err := db.Super.Get(&leads, `SELECT EXISTS (SELECT 1 FROM river.river_leader WHERE leader_id <> $1)`, not)
		return err == nil && leads
	})
	kill(t, process)
	result, err := db.Super.Exec(`UPDATE river.river_leader SET expires_at = now() + interval '1 hour' WHERE leader_id <> $1`, not)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		t.Fatalf("%d leaders, %v", n, err)
	}
}

func TestNextProcessTakesUpAtOnceWhatAKilledOneWasDoing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c, slow, swept := survivor(t, db.App)
	enqueueSlow(t, db.App, c)
	killLeader(t, db, victim(t, db), c.alive.id)
	start(t, c)
	awaited(t, "the job", slow) // usually a second after the attempt that was cut off
	awaited(t, "the sweep", swept)
	var errors string
	err := db.Super.Get(&errors, `SELECT errors[1]->>'error' FROM river.river_job WHERE kind = 'slow'`)
	if err != nil || errors != "the process at work on it is gone" {
		t.Errorf("noted %q, %v", errors, err)
	}
}

func TestReplicaTakesUpWhatAKilledOneWasDoing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c, slow, _ := survivor(t, db.App)
	enqueueSlow(t, db.App, c)
	other := victim(t, db)
	eventually(t, "the other's term", func() bool { // before this one can bid for it
		var leads bool
		err := db.Super.Get(&leads, `SELECT EXISTS (SELECT 1 FROM river.river_leader)`)
		return err == nil && leads
	})
	start(t, c)
	killLeader(t, db, other, c.alive.id)
	awaited(t, "the job", slow)
	eventually(t, "the end of the dead's term", func() bool { // the replica bids for leadership every five or six seconds; nobody stands in its way
		var leads bool
		err := db.Super.Get(&leads, `SELECT EXISTS (SELECT 1 FROM river.river_leader WHERE leader_id <> $1)`, c.alive.id)
		return err == nil && !leads
	})
}

// long lets a presence believe that what it has seen it saw long ago.
func (p *presence) long() {
	for job := range p.since {
		p.since[job] = time.Now().Add(-time.Hour)
	}
}

// stateOf looks twice, a long time between, and returns what has become of the newest job.
func stateOf(t *testing.T, db *sqlx.DB, p *presence) (state string) {
	t.Helper()
	for range 2 {
		if err := p.look(t.Context(), leftFor); err != nil {
			t.Fatal(err)
		}
		p.long()
	}
	if err := db.Get(&state, `SELECT state FROM river.river_job ORDER BY id DESC LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	return state
}

func TestOnlyWhatNobodyIsAtWorkOnIsTakenUp(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	mine, _, _ := survivor(t, db.App)
	other, _, _ := survivor(t, db.App)
	t.Cleanup(mine.alive.end)
	t.Cleanup(other.alive.end)
	running := func(by string, attempt int) {
		t.Helper()
		_, err := db.Super.Exec(`
			UPDATE river.river_job SET state = 'running', attempt = $2, attempted_at = now(), attempted_by = ARRAY['before', $1]
			 WHERE finalized_at IS NULL`, by, attempt)
		if err != nil {
			t.Fatal(err)
		}
	}
	enqueueSlow(t, db.App, mine)
	if err := other.alive.appear(t.Context()); err != nil {
		t.Fatal(err)
	}

	running(other.alive.id, 1)
	if got := stateOf(t, db.Super, mine.alive); got != "running" {
		t.Errorf("another's that lives: %s", got)
	}
	running(mine.alive.id, 1)
	var id int64
	if err := db.Super.Get(&id, `SELECT id FROM river.river_job`); err != nil {
		t.Fatal(err)
	}
	mine.alive.inHand.Store(id, true)
	if got := stateOf(t, db.Super, mine.alive); got != "running" {
		t.Errorf("mine in hand: %s", got)
	}
	mine.alive.inHand.Delete(id)
	if got := stateOf(t, db.Super, mine.alive); got != "available" {
		t.Errorf("mine whose end was not written down: %s", got)
	}
	other.alive.end()
	running(other.alive.id, 25)
	if got := stateOf(t, db.Super, mine.alive); got != "discarded" {
		t.Errorf("after its last attempt: %s", got)
	}
	enqueueSlow(t, db.App, mine) // nothing keeps the next one from coming
	running(other.alive.id, 24)
	if got := stateOf(t, db.Super, mine.alive); got != "available" {
		t.Errorf("another's that is gone: %s", got)
	}
}

func TestPresenceComesBackAfterItsSessionEnded(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c, _, _ := survivor(t, db.App)
	t.Cleanup(c.alive.end)
	if err := c.alive.look(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Super.Exec(`
		SELECT pg_terminate_backend(pid)
		  FROM pg_locks
		 WHERE locktype = 'advisory' AND classid = $1
		   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, present); err != nil {
		t.Fatal(err)
	}
	if err := c.alive.look(t.Context(), 0); err == nil {
		t.Error("the end of the session was not noticed")
	}
	eventually(t, "it appears again", func() bool { return c.alive.look(t.Context(), 0) == nil }) // the old session gives up its lock as it ends
}
