package jobs

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestOutageDoesNotFloodTheLog(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	log := slog.NewTextHandler(&said, nil)
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
	time.Sleep(time.Second)
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
