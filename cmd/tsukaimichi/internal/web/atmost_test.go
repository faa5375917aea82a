package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestAtMostSoManyAreInside(t *testing.T) {
	t.Parallel()
	var inside, most, done atomic.Int64
	handler := atMost(3, func(http.ResponseWriter, *http.Request) {
		now := inside.Add(1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		time.Sleep(time.Millisecond)
		inside.Add(-1)
		done.Add(1)
	})
	var all sync.WaitGroup
	for range 30 {
		all.Go(func() { handler(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil)) })
	}
	all.Wait()
	if most.Load() > 3 || done.Load() != 30 {
		t.Errorf("%d were inside at once, %d came in; want 3 at most, and all 30", most.Load(), done.Load())
	}
}

func TestWhoGivesUpOutsideNeverComesIn(t *testing.T) {
	t.Parallel()
	stay, came := make(chan struct{}), make(chan struct{})
	handler := atMost(1, func(http.ResponseWriter, *http.Request) { close(came); <-stay })
	go handler(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil))
	<-came
	gone, leave := context.WithCancel(t.Context())
	leave()
	handler(httptest.NewRecorder(), httptest.NewRequestWithContext(gone, http.MethodPost, "/", nil)) // a second close would panic
	close(stay)
}
