package stripe_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
)

func TestCardPaidIsToldByWebhookAndSeenWithItsMovement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin()
	w.wantStatus(checkout.Ref, campaigns.CheckoutOpen)

	want := "https://example.org/thanks?ref=" + checkout.Ref
	if got := w.choose(checkout.URL, "card"); got != want {
		t.Errorf("after paying the payer goes to %q, want %q", got, want)
	}
	w.wantDelivered("checkout.session.completed")
	if got := w.events[0]; got.SessionID != checkout.Ref || got.ObjectID != checkout.Ref || got.Livemode || got.APIVersion != "2023-10-16" {
		t.Errorf("event = %+v, want one about %s", got, checkout.Ref)
	}

	state := w.wantStatus(checkout.Ref, campaigns.CheckoutPaid)
	if state.DonationID != 7 || state.Amount != 3000 || !strings.HasPrefix(state.ChargeRef, "ch_") {
		t.Errorf("state = %+v, want ¥3,000 of donation 7 with a charge", state)
	}
	if state.Movement == nil {
		t.Fatal("a paid card has no movement")
	}
	got := *state.Movement
	if got.Kind != campaigns.MovementCharge || got.Gross != 3000 || got.Cost != 108 || got.Net != 2892 || got.DonationID != 7 || got.SourceRef != state.ChargeRef {
		t.Errorf("movement = %+v, want a charge of 3000, cost 108, net 2892, donation 7", got)
	}
	if all := w.movements(); len(all) != 1 || all[0] != got {
		t.Errorf("Movements = %+v, want the same as Look's %+v", all, got)
	}
}

func TestDeclinedCardLeavesThePageOpenForAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin()
	if got := w.choose(checkout.URL, "decline"); got != checkout.URL {
		t.Errorf("a declined payer goes to %q, want back to %q", got, checkout.URL)
	}
	if _, html := w.open(checkout.URL); !strings.Contains(html, "カードが使えませんでした") {
		t.Error("the page does not say that the card was declined")
	}
	w.wantStatus(checkout.Ref, campaigns.CheckoutOpen)
	if got := w.movements(); len(got) != 0 {
		t.Errorf("a declined card moved money: %+v", got)
	}
	w.choose(checkout.URL, "card")
	w.wantStatus(checkout.Ref, campaigns.CheckoutPaid)
}

func TestLeavingThePageMovesNothingAndItCloses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin()
	if got := w.choose(checkout.URL, "cancel"); got != "https://example.org/campaign" {
		t.Errorf("a payer who leaves goes to %q", got)
	}
	w.wantStatus(checkout.Ref, campaigns.CheckoutOpen)
	w.advance(time.Hour + time.Minute)
	w.wantDelivered("checkout.session.expired")
	w.wantStatus(checkout.Ref, campaigns.CheckoutExpired)
	w.choose(checkout.URL, "card")
	w.wantStatus(checkout.Ref, campaigns.CheckoutExpired)
	if status, html := w.open(checkout.URL); status != 410 || !strings.Contains(html, "この画面は閉じました") {
		t.Errorf("the closed page answers %d", status)
	}
}

func TestPageClosesOnTimeEvenBeforeTheTick(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin()
	if err := w.clock.Advance(ctx, 2*time.Hour); err != nil {
		t.Fatal(err)
	}
	w.choose(checkout.URL, "card")
	if got := w.movements(); len(got) != 0 {
		t.Errorf("a page past its end took money: %+v", got)
	}
}

func TestPayingTwiceAtOnceChargesOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin()
	release := w.hold()
	done := make(chan error, 4)
	for range cap(done) {
		go func() {
			_, err := press(checkout.URL, "card")
			done <- err
		}()
	}
	select {
	case err := <-done:
		t.Errorf("a tap did not wait for the write before it: %v", err)
	case <-time.After(200 * time.Millisecond):
		release()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if got := w.movements(); len(got) != 1 {
		t.Errorf("four taps at once made %d movements, want 1", len(got))
	}
}
