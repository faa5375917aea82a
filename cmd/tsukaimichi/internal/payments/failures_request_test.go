package payments_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/stripe"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// times makes the practice Stripe go wrong the first n times, where a switch stands at 31 of 100; where chance decides whether a failed request was
// carried out, half says.
func times(n int32, half bool) func(*world) {
	var left atomic.Int32
	left.Store(n)
	return func(w *world) {
		w.chance = func(percent int) bool {
			if percent == 50 {
				return half
			}
			return percent == 31 && left.Add(-1) >= 0
		}
	}
}

// inTurn makes the practice Stripe go wrong at the requests that say so, where a switch stands at 31 of 100.
func inTurn(half bool, wrong ...bool) func(*world) {
	var next atomic.Int32
	return func(w *world) {
		w.chance = func(percent int) bool {
			if percent == 50 {
				return half
			}
			at := int(next.Add(1)) - 1
			return percent == 31 && at < len(wrong) && wrong[at]
		}
	}
}

func TestFailure11LostAnswerIsOnePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, times(2, false))
	w.set(stripe.Silence, 31)
	_, page := w.give(3000) // stripe-go asks again under the same key
	w.press(page, "card")
	w.hear()
	if got := w.objects("checkout.session"); got != 1 {
		t.Errorf("%d payment pages", got)
	}
	w.wantSound()
}

// TestFailure11AnswerLostForGoodIsOnePage loses all that stripe-go and net/http try; the giver presses the button again.
func TestFailure11AnswerLostForGoodIsOnePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, times(100, false))
	w.set(stripe.Silence, 31)
	d := w.group.Give(w.call, 3000)
	if _, err := w.till.Open(ctx, w.opening(d)); !errors.Is(err, campaigns.ErrPaymentUnavailable) {
		t.Fatalf("without an answer: %v", err)
	}
	w.set(stripe.Silence, 0)
	w.press(w.open(d), "card")
	w.hear()
	w.wantStatus(d, campaigns.Paid)
	if got := w.objects("checkout.session"); got != 1 {
		t.Errorf("%d payment pages", got)
	}
	w.wantSound()
}

func TestFailure11LostAnswerIsOneRefund(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inTurn(false, slices.Concat([]bool{false}, slices.Repeat([]bool{true}, 20))...)) // looking for it is answered, making it is not
	w.till.Hurried = true
	d, _ := w.paid(3000)
	w.set(stripe.Silence, 31)
	refund(w, d, 3000) // the answer does not come: the job goes on
	if got := w.group.Gift(d.ID).Refunded; got != 3000 {
		t.Errorf("%d reserved", got)
	}
	w.set(stripe.Silence, 0)
	w.resend()
	w.hear()
	w.wantBook(ledger.GiftsReturned, 3000, ledger.StripeBalance, -108)
	if got := w.objects("refund"); got != 1 {
		t.Errorf("%d refunds", got)
	}
	w.wantSound()
}

func TestFailure12ErrorThatSticksToItsKeyIsOnePageAndOneRefund(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		before bool // the request failed before it did anything; else everything had been done
	}{{"carried out", false}, {"not carried out", true}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, times(1, c.before))
			w.set(stripe.Error, 31)
			d, page := w.give(3000)
			w.press(page, "card")
			w.hear()
			w.wantStatus(d, campaigns.Paid)
			w.wantSound()
		})
		t.Run("refund "+c.name, func(t *testing.T) {
			t.Parallel()
			// Looking for it, making it: wrong. Looking again, making it under another key if it is not there.
			w := newWorld(t, inTurn(c.before, false, true))
			d, _ := w.paid(3000)
			w.set(stripe.Error, 31)
			refund(w, d, 3000)
			if want := map[bool]int{true: 0, false: 1}[c.before]; w.objects("refund") != want {
				t.Fatalf("%d refunds made behind the error, want %d", w.objects("refund"), want)
			}
			w.resend()
			w.wantProblems(map[bool][]payments.ProblemKind{true: {payments.NotRefunded}}[c.before]...) // it hangs
			w.pass(16 * time.Minute)
			w.resend()
			w.hear()
			w.wantBook(ledger.GiftsReturned, 3000)
			if got := w.objects("refund"); got != 1 {
				t.Errorf("%d refunds", got)
			}
			w.wantSound()
		})
	}
}

// TestFailure12SecondPaymentGoesBackThoughAnErrorSticks presses again after a while.
func TestFailure12SecondPaymentGoesBackThoughAnErrorSticks(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]bool{"carried out": false, "not carried out": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, inTurn(before, false, true)) // asking for the charge is answered, the refund is not
			d, first := w.give(3000)
			second := w.page(d, 2, 3000)
			w.press(first, "card")
			w.press(second, "card")
			w.hear()
			w.set(stripe.Error, 31)
			ref := w.problems()[0].Ref
			if err := w.till.GiveUnclearBack(ctx, w.group.ID, ref); !errors.Is(err, campaigns.ErrPaymentUnavailable) {
				t.Fatalf("the error was not met: %v", err)
			}
			w.pass(11 * time.Minute)
			if err := w.till.GiveUnclearBack(ctx, w.group.ID, ref); err != nil {
				t.Fatal(err)
			}
			w.hear()
			if got := w.objects("refund"); got != 1 {
				t.Errorf("%d refunds", got)
			}
			w.wantBook(ledger.Unclear, 0, ledger.Gifts, -3000)
			w.wantSound()
		})
	}
}

func TestFailure13BusyIsTriedAgainLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, page := w.give(3000)
	w.press(page, "card")
	w.set(stripe.Busy, 100)
	w.deliver()
	if err := w.till.Process(ctx, w.group.ID); !errors.Is(err, campaigns.ErrPaymentUnavailable) {
		t.Fatalf("busy: %v", err)
	}
	w.set(stripe.Busy, 0)
	if err := w.till.Process(ctx, w.group.ID); err != nil {
		t.Fatal(err)
	}
	w.wantStatus(d, campaigns.Pending) // it waits
	w.pass(time.Minute)
	w.hear()
	w.wantStatus(d, campaigns.Paid)
	w.wantSound()
}

func TestFailure14SameKeyForAnotherRequestIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, times(100, false))
	w.set(stripe.Silence, 31)
	d := w.group.Give(w.call, 3000)
	o := w.opening(d)
	if _, err := w.till.Open(ctx, o); err == nil {
		t.Fatal("the answer was not lost")
	}
	w.set(stripe.Silence, 0)
	o.Title = "別の題"
	_, err := w.till.Open(ctx, o)
	var refused *stripepay.Refused
	if !errors.As(err, &refused) || refused.Type != "idempotency_error" {
		t.Errorf("another title under the same key: %v", err)
	}
}

// TestFailure20NothingIsAskedOfStripeInsideATransaction stands between till and Stripe and looks at the database.
func TestFailure20NothingIsAskedOfStripeInsideATransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to, err := url.Parse(w.at)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	asked := 0
	between := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		asked++
		var open int
		err := w.db.Super.Get(&open, `
			SELECT count(*)
			  FROM pg_stat_activity
			 WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid() AND backend_type = 'client backend'`)
		if err != nil || open > 0 {
			t.Errorf("%s %s while %d transactions are open, %v", r.Method, r.URL.Path, open, err)
		}
		proxy.ServeHTTP(rw, r)
	}))
	t.Cleanup(between.Close)
	w.till.BaseURL = between.URL + "/practice/stripe"
	d, page := w.paid(3000)
	w.press(page, "dispute")
	w.hear()
	w.press(page, "win")
	w.hear()
	e, _ := w.paid(2000)
	refund(w, e, 500)
	if err := w.till.TakeBack(ctx, w.group.Gift(d.ID)); !errors.Is(err, payments.ErrTakeBackOver) {
		t.Errorf("taking back what was disputed: %v", err)
	}
	w.hear()
	w.wantSound()
	if asked < 15 {
		t.Errorf("only %d requests passed by", asked)
	}
}

func TestFailure20StripeThatHangsIsLeft(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(hang) })
	a := stripepay.New(stripepay.Config{OrganisationID: 1, Key: "sk_test_x", BaseURL: server.URL, HTTPClient: &http.Client{Timeout: 100 * time.Millisecond}})
	began := time.Now()
	if _, err := a.Look(ctx, "cs_1"); !errors.Is(err, campaigns.ErrPaymentUnavailable) {
		t.Errorf("hanging: %v", err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("left after %v", took)
	}
}

// objects is how many objects of a kind there are at Stripe.
func (w *world) objects(kind string) int {
	w.t.Helper()
	return w.count(`SELECT count(*) FROM practice.stripe_object WHERE kind = $1`, kind)
}

// refund asks for a refund as the treasurer does.
func refund(w *world, d campaigns.Donation, amount ledger.Yen) {
	w.t.Helper()
	err := w.till.Refund(ctx, payments.RefundWish{
		OrganisationID: w.group.ID, DonationID: d.ID, Amount: amount, Before: w.group.Gift(d.ID).Refunded, Reason: "まちがえて2回払った", By: w.group.Treasurer,
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// resend does the jobs of refunds without an answer.
func (w *world) resend() {
	w.t.Helper()
	for _, id := range w.refunds {
		if err := w.till.SendRefund(ctx, w.group.ID, id); err != nil && !errors.Is(err, campaigns.ErrPaymentUnavailable) {
			w.t.Fatal(err)
		}
	}
}
