package stripe_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/stripe"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
)

func (w *world) set(name stripe.Switch, value int) {
	w.t.Helper()
	if err := w.stripe.Set(ctx, name, value); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) disputes() []stripepay.Dispute {
	w.t.Helper()
	var all []stripepay.Dispute
	err := w.account.Disputes(ctx, w.clock.Now().Add(-100*day), func(d stripepay.Dispute) error {
		all = append(all, d)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func TestDisputeTakesTheMoneyAndGivesItBackWhenWon(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin()
	w.choose(checkout.URL, "card")
	w.deliver()
	charge := w.look(checkout.Ref).ChargeRef
	w.choose(checkout.URL, "dispute")
	w.wantDelivered("charge.dispute.created", "charge.dispute.funds_withdrawn")
	all := w.disputes()
	if len(all) != 1 || all[0].Outcome != stripepay.DisputeOpen || all[0].ChargeRef != charge || all[0].DonationID != 7 || all[0].Amount != 3000 ||
		all[0].AnswerBy.Sub(w.clock.Now()).Round(time.Hour) != 7*day {
		t.Fatalf("disputes %+v", all)
	}
	_, err := w.account.Refund(ctx, stripepay.RefundRequest{PaymentRef: charge, DonationID: 7, Amount: 100, Key: "k"})
	if no := refused(t, err); no.Code != "charge_disputed" {
		t.Errorf("refund of what is disputed: %v", no)
	}
	w.choose(checkout.URL, "win")
	w.wantDelivered("charge.dispute.closed", "charge.dispute.funds_reinstated")
	var kinds []string
	for _, m := range w.movements() {
		kinds = append(kinds, string(m.Kind)+" "+m.Net.String())
	}
	if got := strings.Join(kinds, ", "); got != "charge 2,892, dispute -4,500, dispute_reversal 3,000" {
		t.Errorf("movements %s", got)
	}
	w.choose(checkout.URL, "lose") // it is decided
	if got := w.disputes()[0].Outcome; got != stripepay.DisputeWon {
		t.Errorf("outcome %s", got)
	}
}

func TestLatePayerObjectsAfterWeeksUnlessHeWasRefunded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set(stripe.Late, 100)
	first := w.begin()
	w.choose(first.URL, "card")
	second := w.begin(func(r *campaigns.PaymentRequest) { r.DonationID++ })
	w.choose(second.URL, "card")
	w.set(stripe.Late, 0)
	if _, err := w.account.Refund(ctx, refundOf(w.look(second.Ref).ChargeRef, 3000, "k")); err != nil {
		t.Fatal(err)
	}
	w.advance(44 * day)
	if got := w.disputes(); len(got) != 0 {
		t.Fatalf("after 44 days %+v", got)
	}
	w.advance(2 * day)
	if got := w.disputes(); len(got) != 1 || got[0].DonationID != 7 || got[0].Outcome != stripepay.DisputeOpen {
		t.Errorf("after 46 days %+v", got)
	}
}

func TestWebhookThatFindsNoDatabaseComesAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set(stripe.Down, 100)
	checkout := w.begin()
	w.choose(checkout.URL, "card")
	w.wantDelivered()
	w.set(stripe.Down, 0)
	w.wantDelivered() // not before a minute has passed
	w.advance(2 * time.Minute)
	w.wantDelivered("checkout.session.completed")
}

func TestDisputeNobodyAnswersIsLostInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin()
	w.choose(checkout.URL, "card")
	w.choose(checkout.URL, "dispute")
	w.advance(6 * day)
	if got := w.disputes()[0].Outcome; got != stripepay.DisputeOpen {
		t.Errorf("after six days %s", got)
	}
	w.advance(2 * day)
	if got := w.disputes()[0].Outcome; got != stripepay.DisputeLost {
		t.Errorf("after eight days %s", got)
	}
}

func TestKonbiniCannotBeDisputed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin(konbini)
	w.choose(w.choose(checkout.URL, "konbini"), "paid")
	if status, page := w.open(checkout.URL); status != http.StatusOK || strings.Contains(page, "dispute") {
		t.Errorf("%d, offered: %s", status, page)
	}
	w.choose(checkout.URL, "dispute")
	if got := len(w.disputes()); got != 0 {
		t.Errorf("%d disputes", got)
	}
}

func TestPayoutComesBackTheDayAfterItArrived(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set(stripe.Bounce, 100)
	w.choose(w.begin().URL, "card")
	w.advance(11 * day)
	w.advance(3 * day)
	w.deliver()
	before, err := w.account.PaidOut(ctx)
	if err != nil || before != 2892 {
		t.Fatalf("paid out %d, %v", before, err)
	}
	w.advance(day)
	w.wantDelivered("payout.failed")
	after, err := w.account.PaidOut(ctx)
	if err != nil || after != 0 {
		t.Errorf("paid out %d, %v", after, err)
	}
	if balance, err := w.account.Balance(ctx); err != nil || balance != 2892 {
		t.Errorf("balance %d, %v", balance, err)
	}
}

func TestSwitchTakesOnlyWhatThereIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		name  stripe.Switch
		value int
	}{{"nonsense", 5}, {stripe.Lose, -1}, {stripe.Lose, 101}} {
		if err := w.stripe.Set(ctx, c.name, c.value); !errors.Is(err, stripe.ErrSwitch) {
			t.Errorf("%s at %d: %v", c.name, c.value, err)
		}
	}
	w.set(stripe.Lose, 40)
	w.set(stripe.Lose, 50)
	w.set(stripe.Busy, 1)
	w.set(stripe.Busy, 0)
	if on, err := w.stripe.Settings(ctx); err != nil || len(on) != 1 || on[stripe.Lose] != 50 {
		t.Errorf("on: %v, %v", on, err)
	}
}

func TestWebhooksAreLostDoubledAndLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set(stripe.Lose, 100)
	w.choose(w.begin().URL, "card")
	w.wantDelivered()
	w.set(stripe.Lose, 0)
	w.wantDelivered() // it is gone
	w.set(stripe.Duplicate, 100)
	w.choose(w.begin(donation(8)).URL, "card")
	w.wantDelivered("checkout.session.completed", "checkout.session.completed")
	w.set(stripe.Duplicate, 0)
	w.set(stripe.Delay, 30)
	w.choose(w.begin(donation(9)).URL, "card")
	w.wantDelivered()
	w.advance(31 * time.Minute)
	w.wantDelivered("checkout.session.completed")
}

func TestRequestsAreRefusedAndTheirAnswersLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin()
	w.set(stripe.Busy, 100)
	if _, err := w.account.Look(ctx, checkout.Ref); !errors.Is(err, campaigns.ErrPaymentUnavailable) || refused(t, err).Status != http.StatusTooManyRequests {
		t.Errorf("busy: %v", err)
	}
	w.set(stripe.Busy, 0)
	w.set(stripe.Error, 100)
	if _, err := w.account.Begin(ctx, w.request(donation(8))); !errors.Is(err, campaigns.ErrPaymentUnavailable) {
		t.Errorf("error: %v", err)
	}
	w.set(stripe.Error, 0)
	if _, err := w.account.Begin(ctx, w.request(donation(8))); refused(t, err).Status != http.StatusInternalServerError {
		t.Errorf("an error sticks to its key: %v", err)
	}
	w.wantStatus(checkout.Ref, campaigns.CheckoutOpen)
}

func TestLastPaymentsAreListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin()
	w.choose(checkout.URL, "card")
	w.choose(w.choose(w.begin(donation(8), konbini).URL, "konbini"), "paid")
	w.choose(checkout.URL, "dispute")
	all, err := w.stripe.Recent(ctx, 10)
	if err != nil || len(all) != 1 || all[0].Page != checkout.URL || all[0].Amount != 3000 || !all[0].Disputed {
		t.Errorf("%+v, %v", all, err)
	}
}
