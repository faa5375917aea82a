package payments_test

import (
	"errors"
	"flag"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

var strideFlag = flag.Int64("stride", 4, "how many places there are from one at which the connection is torn to the next; 1 is every place")

// TestConnectionTornAnywhereEndsTheSame gives and refunds in part once for many a place at which the connection to the database can be torn: before each statement,
// after it, before a commit and after it.
func TestConnectionTornAnywhereEndsTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var left atomic.Int64 // so many places are passed before the connection is torn
	w.till.DB, w.till.Hurried = fragile(t, w.db.AppDSN, func() bool { return left.Add(-1) == 0 }), true
	l := &liver{world: w, t: t}
	first := 1 + rand.Int64N(*strideFlag)
	t.Logf("from place %d, -stride %d", first, *strideFlag)
	for place := first; ; place += *strideFlag {
		left.Store(place)
		l.gifts = append(l.gifts, l.giveAndRefund())
		if left.Load() > 0 {
			break // the whole way has fewer places
		}
	}
	left.Store(0)
	w.sweep()
	all := l.outcome().gifts
	want := all[len(all)-1] // was never torn
	for i, got := range all {
		if got != want {
			t.Errorf("torn at place %d: %s, want %s", first+int64(i)**strideFlag, got, want)
		}
	}
	for kind, want := range map[string]int{"donation-link": len(all), "donation-thanks": len(all), "donation-refund": len(all)} {
		if got := w.mails(kind); got != want {
			t.Errorf("%d letters %s, want %d", got, kind, want)
		}
	}
	if places := int64(len(all)) * *strideFlag; places < 100 {
		t.Errorf("only %d places", places)
	}
	w.wantSound()
}

// giveAndRefund is the way of a gift, each step taken again when its connection is torn.
func (l *liver) giveAndRefund() campaigns.Donation {
	l.t.Helper()
	again := func(do func() error) {
		l.t.Helper()
		err := do()
		for tries := 0; errors.Is(err, errTorn) && tries < 3; tries++ {
			l.pass(time.Minute) // an event waits before it is followed again
			err = do()
		}
		if err != nil {
			l.t.Errorf("after %d gifts: %v", len(l.gifts), err)
		}
	}
	d := l.group.Give(l.call, 3000, receiptByMail)
	var page string
	again(func() (err error) {
		page, err = l.till.Open(ctx, l.opening(d))
		return err
	})
	hear := func(sign string) {
		l.t.Helper()
		again(func() error {
			_, err := l.stripe.Deliver(ctx)
			err = errors.Join(err, l.till.Process(ctx, l.group.ID))
			if err == nil && l.count(`SELECT count(*) FROM transaction WHERE donation_id = $1 AND kind = $2`, d.ID, sign) == 0 {
				return errTorn // the webhook was not taken, and comes again
			}
			return err
		})
	}
	l.press(page, "card")
	hear(string(ledger.GiftReceived))
	d = l.wantStatus(d, campaigns.Paid)
	again(func() error {
		err := l.till.Refund(ctx, l.wish(d, 1000))
		if errors.Is(err, payments.ErrAskedBefore) { // it was committed before the connection was torn
			return nil
		}
		return err
	})
	var unsent []int64
	if err := l.db.Super.Select(&unsent, `SELECT id FROM refund WHERE status = 'pending' AND ref IS NULL`); err != nil {
		l.t.Error(err)
	}
	for _, id := range unsent { // their jobs
		again(func() error { return l.till.SendRefund(ctx, l.group.ID, id) })
	}
	hear(string(ledger.GiftRefunded))
	return d
}
