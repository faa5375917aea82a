package limit_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/limit"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func allow(t *testing.T, db *sqlx.DB, key string, n int, now time.Time) bool {
	t.Helper()
	ok, err := limit.Allow(context.Background(), db, key, n, time.Hour, now)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func TestSixthTryInAnHourIsRefusedAndOthersAreNot(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	for try := range 8 {
		if got, want := allow(t, db, "sign_in:hanako@example.jp", 5, noon.Add(time.Duration(try)*time.Minute)), try < 5; got != want {
			t.Errorf("try %d: allowed %v; want %v", try+1, got, want)
		}
	}
	if !allow(t, db, "sign_in:taro@example.jp", 5, noon) {
		t.Error("another person is refused")
	}
}

// TestSpanSlides: five at 12:50 must not be followed by five at 13:05.
func TestSpanSlides(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	for range 5 {
		allow(t, db, "k", 5, noon.Add(50*time.Minute))
	}
	for _, c := range []struct {
		after time.Duration
		want  []bool
	}{
		{61 * time.Minute, []bool{true, false}}, // 59 of the first 60 minutes count: 4 of 5
		{91 * time.Minute, []bool{true, true, false}},
		{119 * time.Minute, []bool{true, true, false}},
		{5 * time.Hour, []bool{true, true, true, true, true, false}},
	} {
		for i, want := range c.want {
			if got := allow(t, db, "k", 5, noon.Add(c.after)); got != want {
				t.Errorf("%v later, try %d: allowed %v; want %v", c.after, i+1, got, want)
			}
		}
	}
}

func TestManyAtOnceGetNoMoreThanThereIsRoomFor(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	var allowed atomic.Int64
	var all sync.WaitGroup
	for range 30 {
		all.Go(func() {
			if allow(t, db, "k", 7, noon) {
				allowed.Add(1)
			}
		})
	}
	all.Wait()
	if got := allowed.Load(); got != 7 {
		t.Errorf("%d of 30 allowed; want 7", got)
	}
}

func TestNothingIsAllowedWhereNothingIsRoomFor(t *testing.T) {
	t.Parallel()
	if allow(t, pgtest.New(t).App, "k", 0, noon) {
		t.Error("one of none allowed")
	}
}

func TestCountsHoldNoAddressAndArePruned(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	allow(t, db, "sign_in:hanako@example.jp", 5, noon)
	var row string
	if err := db.Get(&row, `SELECT encode(key_hash, 'escape') || r::text FROM rate_count r`); err != nil || strings.Contains(row, "hanako") {
		t.Errorf("row %q, %v", row, err)
	}
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{time.Hour, 1}, {2 * time.Hour, 0}} {
		var left int
		if err := limit.Prune(context.Background(), db, noon.Add(c.after)); err != nil {
			t.Fatal(err)
		}
		if err := db.Get(&left, `SELECT count(*) FROM rate_count`); err != nil || left != c.want {
			t.Errorf("%d counts left after %v, %v; want %d", left, c.after, err, c.want)
		}
	}
}
