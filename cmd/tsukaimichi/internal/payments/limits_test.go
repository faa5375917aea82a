package payments_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/stripe"
)

// try opens a payment page from an address, for a gift of a mail address, and reports whether it was opened.
func (w *world) try(address, mail string) bool {
	w.t.Helper()
	d := w.group.Give(w.call, 500, func(g *campaigns.Gift) { g.Donor.Mail = mail })
	o := w.opening(d)
	o.Address = address
	_, err := w.till.Open(ctx, o)
	if err != nil && !errors.Is(err, payments.ErrTooMany) {
		w.t.Fatal(err)
	}
	return err == nil
}

// standStill lets the program's clock stand: however slow the machine, all that follows happens in one minute.
func (w *world) standStill() {
	at := w.clock.Now()
	w.till.Now = func() time.Time { return at }
}

func TestNewPaymentPagesAreLimited(t *testing.T) {
	t.Parallel()
	usual := payments.UsualLimits
	for name, c := range map[string]struct {
		most int
		try  func(w *world, i int) bool
		wait time.Duration
	}{
		"per address": {usual.AddressHour, func(w *world, i int) bool { return w.try("192.0.2.9:4000", fmt.Sprintf("a%d@example.jp", i)) }, 2 * time.Hour},
		"per household of IPv6": {usual.AddressHour, func(w *world, i int) bool {
			return w.try(fmt.Sprintf("[2001:db8:1:2::%x]:4000", i+1), fmt.Sprintf("a%d@example.jp", i))
		}, 2 * time.Hour},
		"per mail address": {usual.MailHour, func(w *world, i int) bool { return w.try(fmt.Sprintf("192.0.2.%d:1", i), "a@example.jp") }, 2 * time.Hour},
		"in all": {usual.MinuteInAll, func(w *world, i int) bool {
			return w.try(fmt.Sprintf("192.0.2.%d:1", i), fmt.Sprintf("a%d@example.jp", i))
		}, 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.till.Limits = payments.Limits{}
			w.standStill()
			opened := 0
			for i := range c.most + 3 {
				if c.try(w, i) {
					opened++
				}
			}
			if opened != c.most {
				t.Errorf("%d pages opened, want %d", opened, c.most)
			}
			w.till.Now = w.clock.Now
			w.pass(c.wait)
			if !c.try(w, 200) {
				t.Error("still refused after waiting")
			}
		})
	}
}

func TestPageThatIsOpenCountsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.till.Limits = payments.Limits{}
	d, page := w.give(3000)
	for range 3 * payments.UsualLimits.AddressHour {
		if again := w.open(d); again != page {
			t.Fatalf("another page: %s", again)
		}
	}
}

func TestPageIsClosedWhenManyCardsAreTriedOnIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.till.Limits = payments.UsualLimits
	w.till.Limits.CardHour = 1000
	d, page := w.give(500)
	for range w.till.Limits.PageRefusals {
		w.press(page, "decline")
	}
	w.hear()
	w.wantStatus(d, campaigns.Pending)
	w.press(page, "decline")
	w.hear()
	w.hear()
	w.wantStatus(d, campaigns.Expired)
}

func TestOneCardIsNotTriedOnManyPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.till.Limits = payments.UsualLimits
	w.till.Limits.MailHour = 1000
	same := func(g *campaigns.Gift) { g.Donor.Mail = "onecard@example.jp" } // in practice everybody has one card
	var last campaigns.Donation
	for range w.till.Limits.CardHour + 1 {
		var page string
		last, page = w.give(500, same)
		w.press(page, "decline")
		w.hear()
	}
	w.hear()
	w.wantStatus(last, campaigns.Expired)
	first := w.count(`SELECT count(*) FROM donation WHERE status = 'expired'`)
	if first != 1 {
		t.Errorf("%d pages were closed", first)
	}
}

func TestCardIsSwitchedOffWhenRefusalsJump(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.till.Limits.JumpRefusals = 10
	w.set(stripe.Duplicate, 100) // one that comes twice is one
	for range 3 {
		w.paid(3000)
	}
	refuse := func(n int) {
		for range n {
			_, page := w.give(500)
			w.press(page, "decline")
			w.hear()
		}
	}
	refuse(9)
	if online, _ := w.till.Online(ctx, w.group.ID); !online {
		t.Fatal("switched off after nine")
	}
	_, page := w.give(1000, konbini)
	w.press(w.press(page, "konbini"), "paid")
	voucher, page := w.give(1000, konbini)
	paper := w.press(page, "konbini")
	w.hear()
	refuse(2) // eleven against four that were paid; the voucher is not
	if online, _ := w.till.Online(ctx, w.group.ID); !online {
		t.Fatal("switched off while three in four are refused")
	}
	refuse(1)
	d := w.group.Give(w.call, 500)
	if _, err := w.till.Open(ctx, w.opening(d)); !errors.Is(err, payments.ErrNoAccount) {
		t.Fatalf("still offered: %v", err)
	}
	w.wantProblems(payments.Refusals)
	standing, err := w.till.FindStanding(ctx, w.group.ID)
	if err != nil || standing.Online || standing.PausedWhy != "refusals" {
		t.Errorf("%+v, %v", standing, err)
	}
	w.press(paper, "paid") // what is out can still be paid
	w.hear()
	w.wantStatus(voucher, campaigns.Paid)
	if err := w.till.Resume(ctx, w.group.ID); err != nil {
		t.Fatal(err)
	}
	w.open(d)
	w.hear() // the old refusals do not switch it off again
	w.wantProblems()
	w.paid(1000)
	w.wantSound()
}

func TestStaffSwitchesCardOffAndOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, want := range []bool{false, true} {
		act := w.till.Pause
		if want {
			act = w.till.Resume
		}
		if err := act(ctx, w.group.ID); err != nil {
			t.Fatal(err)
		}
		if online, err := w.till.Online(ctx, w.group.ID); err != nil || online != want {
			t.Errorf("online %v, %v; want %v", online, err, want)
		}
	}
}
