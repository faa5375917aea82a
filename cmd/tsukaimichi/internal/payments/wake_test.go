package payments

import (
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
