package stripe_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestKonbiniWaitsForTheTillThenIsPaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin(konbini)
	voucher := w.choose(checkout.URL, "konbini")
	w.wantDelivered("checkout.session.completed")

	state := w.wantStatus(checkout.Ref, campaigns.CheckoutPending)
	if state.VoucherURL != voucher || state.Movement != nil || state.ChargeRef != "" {
		t.Errorf("pending state = %+v, want the voucher %s and no charge", state, voucher)
	}
	end := ledger.DateOf(w.clock.Now()).AddDays(4).Midnight().Add(-time.Second)
	if !state.VoucherEnd.Equal(end) {
		t.Errorf("voucher ends %v, want %v: the third day in Tokyo at 23:59:59", state.VoucherEnd, end)
	}

	w.advance(2 * day)
	w.choose(voucher, "paid")
	w.wantDelivered("checkout.session.async_payment_succeeded")
	state = w.wantStatus(checkout.Ref, campaigns.CheckoutPaid)
	if state.Movement == nil || state.Movement.Gross != 3000 || state.Movement.Cost != 120 || state.Movement.DonationID != 7 {
		t.Errorf("movement = %+v, want ¥3,000 at the least cost of ¥120", state.Movement)
	}
	if got := w.clock.Now().Sub(state.ChargedAt); got > time.Minute {
		t.Errorf("charged %v ago, want now: when it was paid at the till", got)
	}
	if !strings.HasPrefix(state.ChargeRef, "py_") {
		t.Errorf("charge = %q, want py_…", state.ChargeRef)
	}
	if _, html := w.open(voucher); !strings.Contains(html, "コンビニで払いました") {
		t.Error("the voucher's page does not say that it is paid")
	}
	w.choose(voucher, "paid")
	if got := len(w.movements()); got != 1 {
		t.Errorf("paying the voucher again made %d movements, want 1", got)
	}
}

func TestUnpaidVoucherRunsOutByTheClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin(konbini)
	voucher := w.choose(checkout.URL, "konbini")
	w.deliver()
	w.advance(3 * day) // the last day, until midnight
	w.wantStatus(checkout.Ref, campaigns.CheckoutPending)
	w.advance(day)
	w.wantDelivered("checkout.session.async_payment_failed")
	w.wantStatus(checkout.Ref, campaigns.CheckoutFailed)
	if status, html := w.open(voucher); status != 410 || !strings.Contains(html, "期限がすぎました") {
		t.Errorf("the voucher's page answers %d", status)
	}
	w.choose(voucher, "paid")
	w.wantStatus(checkout.Ref, campaigns.CheckoutFailed)
}

func TestVoucherIsNotTakenAfterItsEndEvenBeforeTheTick(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin(konbini)
	voucher := w.choose(checkout.URL, "konbini")
	if err := w.clock.Advance(ctx, 5*day); err != nil {
		t.Fatal(err)
	}
	w.choose(voucher, "paid")
	if got := w.movements(); len(got) != 0 {
		t.Errorf("a voucher past its end took money: %+v", got)
	}
}

func TestKonbiniButtonIsNotTakenFromACardPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin()
	w.choose(checkout.URL, "konbini")
	w.wantStatus(checkout.Ref, campaigns.CheckoutOpen)
	if _, html := w.open(checkout.URL); strings.Contains(html, "番号を受けとる") {
		t.Error("a card page offers a konbini voucher")
	}
}
