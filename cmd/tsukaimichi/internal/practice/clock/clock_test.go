package clock_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/clock"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

const day = 24 * time.Hour

func TestAdvanceIsSeenByEveryReplicaWithinASecond(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t)
	one, err := clock.New(ctx, db.App)
	if err != nil {
		t.Fatal(err)
	}
	other, err := clock.New(ctx, db.App)
	if err != nil {
		t.Fatal(err)
	}
	before := one.Now()
	if err := one.Advance(ctx, 30*day); err != nil {
		t.Fatal(err)
	}
	if got := one.Now().Sub(before); got < 30*day || got > 30*day+time.Minute {
		t.Errorf("own clock moved by %v, want 30 days", got)
	}
	time.Sleep(1100 * time.Millisecond)
	if got := other.Now().Sub(before); got < 30*day || got > 30*day+time.Minute {
		t.Errorf("other replica's clock moved by %v, want 30 days", got)
	}
}

func TestClockOnlyGoesForward(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t)
	c, err := clock.New(ctx, db.App)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Advance(ctx, -time.Hour); !errors.Is(err, clock.ErrBackwards) {
		t.Errorf("Advance(−1h) = %v, want ErrBackwards", err)
	}
	if _, err := db.App.ExecContext(ctx, `UPDATE practice.clock SET ahead_seconds = -1`); err == nil {
		t.Error("the database took a clock that is behind")
	}
	if err := c.Advance(ctx, 7*day); err != nil {
		t.Fatal(err)
	}
	db.App.MustExec(`UPDATE practice.clock SET ahead_seconds = 0`)
	time.Sleep(1100 * time.Millisecond)
	if got := time.Until(c.Now()); got < 7*day-time.Minute {
		t.Errorf("a clock set back in the database took the program back, to %v ahead", got)
	}
}

func TestClockStandsWhenTheDatabaseIsGone(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t)
	c, err := clock.New(ctx, db.App)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Advance(ctx, 7*day); err != nil {
		t.Fatal(err)
	}
	if err := db.App.Close(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond)
	if got := time.Until(c.Now()); got < 7*day-time.Minute {
		t.Errorf("without the database the clock is %v ahead, want 7 days", got)
	}
}
