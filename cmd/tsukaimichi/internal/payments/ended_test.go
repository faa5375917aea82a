package payments_test

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func (w *world) stop() {
	w.t.Helper()
	w.group.In(func(tx *sqlx.Tx) error {
		return campaigns.Stop(ctx, tx, w.group.ID, w.call.ID, w.group.Head, w.clock.Now(), "会場がなくなった")
	})
}

func (w *world) endPages() {
	w.t.Helper()
	if err := w.till.EndPages(ctx, w.group.ID); err != nil {
		w.t.Fatal(err)
	}
}

// wantGone wants a payment page that takes no card any more.
func (w *world) wantGone(page string) {
	w.t.Helper()
	answer, err := http.PostForm(page, url.Values{"choice": {"card"}})
	if err != nil {
		w.t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusGone {
		w.t.Errorf("a closed page answers %s", answer.Status)
	}
}

// waits is how many payments the stopping of the campaign waits for.
func (w *world) waits() int {
	w.t.Helper()
	s, err := campaigns.FindStopping(ctx, w.db.App, w.group.ID, w.call.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return s.Open
}

// TestStopClosesOpenPagesAndLeavesVouchers: who has a page open pays nothing any more and is told so; who holds a voucher may pay it, and that is booked; a
// page that was paid just before is a gift as any other, and can be given back.
func TestStopClosesOpenPagesAndLeavesVouchers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	left, page := w.give(3000)
	held, konbiniPage := w.give(1000, konbini)
	voucher := w.press(konbiniPage, "konbini")
	w.hear()
	quick, quickPage := w.give(2000)
	w.press(quickPage, "card") // and nothing heard of it yet
	w.stop()
	if got := w.waits(); got != 3 {
		t.Errorf("the stop waits for %d payments, want 3", got)
	}
	w.endPages()
	w.endPages() // again nothing more happens
	w.wantGone(page)
	w.hear()
	if got := w.count(`SELECT count(*) FROM stripe_event WHERE type = 'checkout.session.expired'`); got != 1 {
		t.Errorf("Stripe told of %d closed pages, want 1", got)
	}
	w.wantStatus(left, campaigns.Expired)
	w.wantStatus(quick, campaigns.Paid)
	if got := w.waits(); got != 1 {
		t.Errorf("the stop waits for %d payments, want the voucher", got)
	}
	if got := w.count(`SELECT count(*) FROM mail WHERE kind = 'donation-ended' AND subject = 'お支払いを取り消しました' AND text LIKE '%寄付の受け付けを終えました%'`); got != 1 {
		t.Errorf("%d letters about the closed page, want 1", got)
	}
	if _, err := w.till.Open(ctx, w.opening(left)); !errors.Is(err, campaigns.ErrClosed) {
		t.Errorf("another page after the stop: %v", err)
	}
	w.press(voucher, "paid")
	w.hear()
	w.wantStatus(held, campaigns.Paid)
	refund(w, quick, 2000)
	w.hear()
	w.wantBooked(ledger.GiftRefunded, "F 4219 2000 · F 1143 -2000")
	if got := w.waits(); got != 0 {
		t.Errorf("the stop waits for %d payments, want none", got)
	}
	w.wantSound()
}

// TestClosedPagePaidAllTheSameIsBooked: whatever Stripe does, yen that arrive stand in the book and turn the gift paid.
func TestClosedPagePaidAllTheSameIsBooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, page := w.give(3000)
	w.press(page, "card")
	w.stop()
	if _, err := w.db.Super.Exec(`UPDATE checkout SET status = 'expired' WHERE donation_id = $1`, d.ID); err != nil { // as if the close had been quicker than the news of the payment
		t.Fatal(err)
	}
	if _, err := w.db.Super.Exec(`UPDATE donation SET status = 'expired' WHERE id = $1`, d.ID); err != nil {
		t.Fatal(err)
	}
	w.endPages()
	w.hear()
	w.wantStatus(d, campaigns.Paid)
	w.wantBooked(ledger.GiftReceived, "F 1143 3000 · F 4210 -3000 · G 5421 108 · G 1143 -108")
	w.wantSound()
}

// TestPageOpenedAcrossTheStopIsClosedByTheSweep: its address was not known yet when the stop looked for open pages.
func TestPageOpenedAcrossTheStopIsClosedByTheSweep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, page := w.give(3000)
	var ref string
	if err := w.db.Super.Get(&ref, `UPDATE checkout k SET ref = NULL FROM checkout o WHERE o.donation_id = k.donation_id AND k.donation_id = $1 RETURNING o.ref`, d.ID); err != nil {
		t.Fatal(err)
	}
	w.stop()
	w.endPages()
	if _, err := w.db.Super.Exec(`UPDATE checkout SET ref = $2 WHERE donation_id = $1`, d.ID, ref); err != nil {
		t.Fatal(err)
	}
	w.sweep()
	w.wantStatus(d, campaigns.Expired)
	w.wantGone(page)
	w.wantSound()
}

// TestPagesOfACollectingEndedEarlyCloseAfterItsLastDay: the day itself still counts.
func TestPagesOfACollectingEndedEarlyCloseAfterItsLastDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.pass(11*time.Hour + 30*time.Minute) // twenty to midnight
	w.group.In(func(tx *sqlx.Tx) error {
		return campaigns.Close(ctx, tx, w.group.ID, w.call.ID, w.group.Head, w.clock.Now(), "目標に届いたため")
	})
	today, _ := w.give(3000)
	late, page := w.give(1000)
	w.endPages()
	w.wantStatus(today, campaigns.Pending)
	w.press(w.open(today), "card")
	w.hear()
	w.wantStatus(today, campaigns.Paid)
	w.pass(30 * time.Minute)
	w.endPages()
	w.wantGone(page)
	w.hear()
	w.wantStatus(late, campaigns.Expired)
	w.wantSound()
}
