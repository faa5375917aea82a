package clock

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
)

// ErrBackwards says that a clock was asked to go back. Nothing in a book may happen before what is already in it.
var ErrBackwards = errors.New("clock: only goes forward")

// System is the machine's clock.
type System struct{}

// Now is the present instant.
func (System) Now() time.Time { return time.Now() }

// keep is how long a replica trusts what it last read: another replica's Advance is seen after at most this.
const keep = time.Second

// Movable is the practice program's clock: the machine's, plus what the database says it is ahead. It is safe for
// concurrent use.
type Movable struct {
	db *sqlx.DB

	mu     sync.Mutex
	ahead  time.Duration
	readAt time.Time
}

// New reads how far the clock is ahead; it fails when the database cannot be read.
func New(ctx context.Context, db *sqlx.DB) (*Movable, error) {
	c := &Movable{db: db}
	if err := c.read(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// Now is the present instant of the practice program. When the database does not answer within a second, what was last read
// stands.
func (c *Movable) Now() time.Time {
	c.mu.Lock()
	fresh := time.Since(c.readAt) < keep
	if !fresh {
		c.readAt = time.Now() // one caller reads; the others go on with what is known
	}
	c.mu.Unlock()
	if !fresh {
		ctx, cancel := context.WithTimeout(context.Background(), keep)
		defer cancel()
		_ = c.read(ctx)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// Advance moves the clock forward for the whole practice program. d is counted in whole seconds, rounded down;
// ErrBackwards when it is negative.
func (c *Movable) Advance(ctx context.Context, d time.Duration) error {
	if d < 0 {
		return ErrBackwards
	}
	var seconds int64
	err := c.db.GetContext(ctx, &seconds, `
		UPDATE practice.clock
		SET ahead_seconds = ahead_seconds + $1
		RETURNING ahead_seconds`, int64(d/time.Second))
	if err != nil {
		return fmt.Errorf("practice clock: %w", err)
	}
	c.know(seconds)
	return nil
}

func (c *Movable) read(ctx context.Context) error {
	var seconds int64
	err := c.db.GetContext(ctx, &seconds, `
		SELECT ahead_seconds
		FROM practice.clock`)
	if err != nil {
		return fmt.Errorf("practice clock: %w", err)
	}
	c.know(seconds)
	return nil
}

// know takes the larger value: a read that was overtaken by an Advance must not bring the clock back.
func (c *Movable) know(seconds int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = max(c.ahead, time.Duration(seconds)*time.Second)
	c.readAt = time.Now()
}
