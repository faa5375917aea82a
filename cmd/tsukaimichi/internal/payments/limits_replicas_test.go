package payments_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// replica is another program on the same database.
func (w *world) replica() *payments.Till {
	return &payments.Till{
		DB: w.db.App, Box: w.till.Box, Now: w.till.Now, BaseURL: w.till.BaseURL, Site: w.till.Site, Log: w.till.Log, Enqueue: w.till.Enqueue, Limits: w.till.Limits,
	}
}

// TestReplicasCountTogether opens pages through two programs at once: together they open as many as one may.
func TestReplicasCountTogether(t *testing.T) {
	t.Parallel()
	many := payments.Limits{AddressHour: 1000, MailHour: 1000, MinuteInAll: 1000, CardHour: 1000, PageRefusals: 1000, JumpMinutes: 10, JumpRefusals: 1000, JumpPerPaid: 3}
	for name, c := range map[string]struct {
		limit func(*payments.Limits)
		who   func(i int) (address, mail string)
	}{
		"per address": {func(l *payments.Limits) { l.AddressHour = 7 }, func(i int) (string, string) { return "192.0.2.9:1", fmt.Sprintf("a%d@example.jp", i) }},
		"per mail":    {func(l *payments.Limits) { l.MailHour = 7 }, func(i int) (string, string) { return fmt.Sprintf("192.0.2.%d:1", i), "a@example.jp" }},
		"in all":      {func(l *payments.Limits) { l.MinuteInAll = 7 }, func(i int) (string, string) { return fmt.Sprintf("192.0.2.%d:1", i), fmt.Sprintf("a%d@example.jp", i) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.till.Limits = many
			c.limit(&w.till.Limits)
			w.standStill()
			tills := []*payments.Till{w.till, w.replica()}
			var openings []payments.Opening
			for i := range 24 {
				address, mail := c.who(i)
				o := w.opening(w.group.Give(w.call, 500, func(g *campaigns.Gift) { g.Donor.Mail = mail }))
				o.Address = address
				openings = append(openings, o)
			}
			var opened atomic.Int64
			var all sync.WaitGroup
			for i, o := range openings {
				all.Go(func() {
					switch _, err := tills[i%2].Open(ctx, o); {
					case err == nil:
						opened.Add(1)
					case err != payments.ErrTooMany: // the bare word: which limit it was would help only who tries cards
						t.Errorf("refused with %v", err)
					}
				})
			}
			all.Wait()
			if got := opened.Load(); got != 7 {
				t.Errorf("two programs opened %d pages, want 7", got)
			}
		})
	}
}

// TestReplicasCountRefusalsTogether lets each refusal be followed by the other program in turn.
func TestReplicasCountRefusalsTogether(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		limit func(*payments.Limits)
		mail  string // everybody has one card by his mail address
	}{
		"of one card":     {func(l *payments.Limits) { l.CardHour = 5 }, "onecard@example.jp"},
		"on one page":     {func(l *payments.Limits) { l.PageRefusals = 5 }, ""},
		"of all, a jump":  {func(l *payments.Limits) { l.JumpRefusals = 6 }, ""},
		"few, and nobody": {func(l *payments.Limits) { l.JumpRefusals = 7 }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c.limit(&w.till.Limits)
			tills := []*payments.Till{w.till, w.replica()}
			d, page := w.give(500)
			for i := range 6 {
				if c.mail != "" {
					d, page = w.give(500, func(g *campaigns.Gift) { g.Donor.Mail = c.mail })
				}
				w.press(page, "decline")
				w.deliver()
				if err := tills[i%2].Process(ctx, w.group.ID); err != nil {
					t.Fatal(err)
				}
			}
			w.hear()
			over := w.group.Gift(d.ID).Status == campaigns.Expired
			if want := name == "of one card" || name == "on one page"; over != want {
				t.Errorf("the page was closed: %v, want %v", over, want)
			}
			for i, till := range tills {
				online, err := till.Online(ctx, w.group.ID)
				if want := name != "of all, a jump"; err != nil || online != want {
					t.Errorf("program %d offers cards: %v, %v; want %v", i, online, err, want)
				}
			}
		})
	}
}

// TestSwitchOfOneReplicaHoldsForAll stops cards in one program and asks the other; the ways that need no Stripe go on.
func TestSwitchOfOneReplicaHoldsForAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.replica()
	if err := w.till.Pause(ctx, w.group.ID); err != nil {
		t.Fatal(err)
	}
	d := w.group.Give(w.call, 500)
	if _, err := other.Open(ctx, w.opening(d)); !errors.Is(err, payments.ErrNoAccount) {
		t.Errorf("the other program opens a page: %v", err)
	}
	w.group.Enter(w.call, 2000)
	w.wantBook(ledger.CashBox, 2000)
	if err := other.Resume(ctx, w.group.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.till.Open(ctx, w.opening(d)); err != nil {
		t.Errorf("after the other program went on: %v", err)
	}
}
