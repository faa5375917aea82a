package jobs

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

const (
	// fetchFailed is what River says each time a queue cannot be asked for jobs: eighty times a second while the database is away.
	fetchFailed = "producer: Error fetching jobs"
	// saidAgain is how often it is passed on.
	saidAgain = 10 * time.Second
)

// seldom is a log that is not flooded by an outage of the database.
type seldom struct {
	slog.Handler
	saidAt *atomic.Int64
}

func newSeldom(log *slog.Logger) *slog.Logger {
	return slog.New(seldom{log.Handler(), new(atomic.Int64)})
}

// Handle passes a record on, unless the same trouble was told just now.
func (s seldom) Handle(ctx context.Context, r slog.Record) error {
	if r.Message == fetchFailed {
		before, now := s.saidAt.Load(), r.Time.UnixNano()
		if now-before < int64(saidAgain) || !s.saidAt.CompareAndSwap(before, now) {
			return nil
		}
	}
	return s.Handler.Handle(ctx, r)
}

// WithAttrs keeps the memory of what was said.
func (s seldom) WithAttrs(attrs []slog.Attr) slog.Handler {
	return seldom{s.Handler.WithAttrs(attrs), s.saidAt}
}

// WithGroup keeps the memory of what was said.
func (s seldom) WithGroup(name string) slog.Handler {
	return seldom{s.Handler.WithGroup(name), s.saidAt}
}
