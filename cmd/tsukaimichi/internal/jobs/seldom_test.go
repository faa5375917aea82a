package jobs

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// diary is a log that can be read while it is written.
type diary struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write takes a line.
func (d *diary) Write(line []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(line)
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.String()
}

func TestOutageDoesNotFloodTheLog(t *testing.T) {
	t.Parallel()
	said := &diary{}
	log := slog.NewTextHandler(said, nil)
	db := pgtest.New(t)
	c, err := New(db.App, slog.New(log), Kind{Name: "slow", Workers: 1, Work: func(context.Context, int64, int64) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	if err = c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err = db.Owner.Exec(`ALTER TABLE river.river_job RENAME TO away`); err != nil { // as if it were away
		t.Fatal(err)
	}
	eventually(t, "the outage is told", func() bool { return strings.Contains(said.String(), fetchFailed) })
	time.Sleep(time.Second) // many more tries
	if _, err = db.Owner.Exec(`ALTER TABLE river.away RENAME TO river_job`); err != nil {
		t.Fatal(err)
	}
	if err = c.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(said.String(), fetchFailed); got != 1 {
		t.Errorf("said %d times:\n%s", got, said.String())
	}
}
