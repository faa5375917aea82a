package payments

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestBellRingsAfterWhoRangIt counts what was on disk when the bell rang: never less than what its ringer had put there, and far fewer rings than ringers.
func TestBellRingsAfterWhoRangIt(t *testing.T) {
	t.Parallel()
	var b bell
	var stored, rings atomic.Int64
	var seen atomic.Int64 // how much of it a ring saw at most
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			mine := stored.Add(1)
			if err := b.ring(func() error {
				rings.Add(1)
				now := stored.Load()
				time.Sleep(time.Millisecond)
				seen.Store(max(seen.Load(), now))
				return nil
			}); err != nil {
				t.Error(err)
			}
			if seen.Load() < mine {
				t.Errorf("number %d was not seen", mine)
			}
		})
	}
	all.Wait()
	if n := rings.Load(); n > 150 {
		t.Errorf("%d rings for 200", n)
	}
}

// TestLeftEventsWaitForWhoIsAtIt is for a backlog that takes longer than it takes to look for what is left.
func TestLeftEventsWaitForWhoIsAtIt(t *testing.T) {
	t.Parallel()
	var till Till
	till.desk(7) <- struct{}{}
	if err := till.ProcessLeft(t.Context(), 7); err != nil {
		t.Errorf("while somebody is at it: %v", err)
	}
	hurried, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := till.Process(hurried, 7); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("its job: %v, want it to wait", err)
	}
}

// TestWebhookThatFindsNoSeatIsNotAcknowledged lets its sender hang up while others are taken in.
func TestWebhookThatFindsNoSeatIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	var till Till
	till.open.Do(func() { till.seats = make(chan struct{}, 1) })
	till.seats <- struct{}{}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := till.Receive(gone, 7, nil, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("acknowledged: %v", err)
	}
}
