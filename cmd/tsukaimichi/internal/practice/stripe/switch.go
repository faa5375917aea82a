package stripe

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jmoiron/sqlx"
)

// Switch is something the practice Stripe can be made to do wrong, as Stripe and the network sometimes do.
type Switch string

// Each is a chance in percent, but Delay, which is minutes.
const (
	Duplicate Switch = "duplicate" // a webhook is sent twice
	Reverse   Switch = "reverse"   // the newest webhook goes first
	Lose      Switch = "lose"      // a webhook never comes
	Delay     Switch = "delay"     // webhooks come so many minutes late
	Error     Switch = "error"     // a request is answered with 500, with or without having been carried out
	Busy      Switch = "busy"      // a request is answered with 429
	Silence   Switch = "silence"   // a request is carried out and its answer lost
	Version   Switch = "version"   // a webhook is written in another version of the API
	Thin      Switch = "thin"      // a thin event comes instead of a webhook
	Bounce    Switch = "bounce"    // the bank sends a payout back, a day after it arrived
	Down      Switch = "down"      // a webhook finds the program without its database, and is tried again
	Late      Switch = "late"      // a card's payer objects weeks after he paid
)

// Switches are all of them in the order they are shown.
var Switches = []Switch{Duplicate, Reverse, Lose, Delay, Version, Thin, Down, Error, Busy, Silence, Bounce, Late}

// ErrSwitch says that there is no such switch, or not of that value.
var ErrSwitch = errors.New("practice stripe: no such switch")

// Set turns a switch to a value of 1–100, or off with 0. ErrSwitch for anything else.
func (s *Server) Set(ctx context.Context, name Switch, value int) error {
	known := false
	for _, other := range Switches {
		known = known || other == name
	}
	if !known || value < 0 || value > 100 {
		return fmt.Errorf("%s at %d: %w", name, value, ErrSwitch)
	}
	query, args := `DELETE FROM practice.switch WHERE name = $1`, []any{name}
	if value > 0 {
		query, args = `
			INSERT INTO practice.switch (name, value)
			VALUES ($1, $2)
			    ON CONFLICT ON CONSTRAINT switch_pkey DO UPDATE SET value = excluded.value`, append(args, value)
	}
	if _, err := s.db.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("practice switch %s: %w", name, err)
	}
	s.known.Store(nil)
	return nil
}

// Settings are the switches that are on. Those of another replica are seen within a second.
func (s *Server) Settings(ctx context.Context) (map[Switch]int, error) {
	if known := s.known.Load(); known != nil && time.Since(known.at) < time.Second {
		return known.on, nil
	}
	before := s.known.Load()
	on, err := settings(ctx, s.db)
	if err == nil {
		s.known.CompareAndSwap(before, &known{on, time.Now()})
	}
	return on, err
}

// known is what the switches were a moment ago.
type known struct {
	on map[Switch]int // never written to
	at time.Time
}

func settings(ctx context.Context, q sqlx.QueryerContext) (map[Switch]int, error) {
	var rows []struct {
		Name  Switch `db:"name"`
		Value int    `db:"value"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT name, value FROM practice.switch`); err != nil {
		return nil, fmt.Errorf("practice switches: %w", err)
	}
	on := map[Switch]int{}
	for _, row := range rows {
		on[row.Name] = row.Value
	}
	return on, nil
}

// strikes lets chance decide.
func (s *Server) strikes(on map[Switch]int, name Switch) bool {
	return on[name] > 0 && s.chance(on[name])
}

func chance(percent int) bool { return rand.IntN(100) < percent }

// errFault is a 500 that was asked for.
var errFault = errors.New("practice stripe: asked to fail")

// mishap is what goes wrong with one request.
type mishap struct{ before, after, silent bool }

// mishap decides what goes wrong with a request; a refusal is answered at once, and the request not carried out.
func (s *Server) mishap(ctx context.Context) (mishap, error) {
	on, err := s.Settings(ctx)
	if err != nil || len(on) == 0 {
		return mishap{}, err
	}
	if s.strikes(on, Busy) {
		return mishap{}, errBusy
	}
	m := mishap{silent: s.strikes(on, Silence)}
	if s.strikes(on, Error) {
		m.before = s.chance(50)
		m.after = !m.before
	}
	return m, nil
}

// spoil lets an operation fail before it did anything, or after it did everything.
func (m mishap) spoil(work func(context.Context, *account) (reply, error)) func(context.Context, *account) (reply, error) {
	return func(ctx context.Context, a *account) (reply, error) {
		if m.before {
			return reply{}, errFault
		}
		answer, err := work(ctx, a)
		if err == nil && m.after {
			answer = errInside.answer()
		}
		return answer, err
	}
}
