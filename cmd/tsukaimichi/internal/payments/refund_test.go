package payments_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/stripe"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// post makes a raw request of Stripe's API, as its own dashboard would.
func (w *world) post(path, body string) (int, string) {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodPost, w.at+"/practice/stripe"+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+w.key())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer.StatusCode, string(raw)
}

func (w *world) wish(d campaigns.Donation, amount ledger.Yen) payments.RefundWish {
	return payments.RefundWish{OrganisationID: w.group.ID, DonationID: d.ID, Amount: amount, Before: d.Refunded, Reason: "まちがい", By: w.group.Treasurer}
}

func TestRefundVoidsTheReceiptWithTheIntent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, _ := w.paid(3000, receiptByMail)
	w.set(stripe.Busy, 100) // Stripe does not answer yet
	if err := w.till.Refund(ctx, w.wish(d, 1000)); err != nil {
		t.Fatal(err)
	}
	w.wantReceipts(d, "3000 void", "2000")
	w.wantBook(ledger.GiftsReturned, 0) // the book learns of it from the statement
	w.set(stripe.Busy, 0)
	w.sweep() // sends what waits
	w.hear()
	w.wantBook(ledger.GiftsReturned, 1000)
	w.wantReceipts(d, "3000 void", "2000")
	w.wantSound()
}

// TestGiverIsToldOfARefundWhoseAnswerWasLost lets the book hear of the refund before its answer comes.
func TestGiverIsToldOfARefundWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inTurn(false, slices.Concat([]bool{false}, slices.Repeat([]bool{true}, 20))...)) // looking for it is answered, making it is not
	w.till.Hurried = true
	d, _ := w.paid(3000)
	w.set(stripe.Silence, 31)
	refund(w, d, 1000)
	if got := w.objects("refund"); got != 1 {
		t.Fatalf("%d refunds made", got)
	}
	w.set(stripe.Silence, 0)
	w.hear()
	w.sweep()
	w.resend()
	if got := w.mails("donation-refund"); got != 1 || w.objects("refund") != 1 {
		t.Errorf("%d letters, %d refunds", got, w.objects("refund"))
	}
	w.wantBook(ledger.GiftsReturned, 1000)
	w.wantSound()
}

// TestPartIsNotRefundedTwiceWhileStripeLags hides a refund that was made behind an error: from the list, and for a while from the charge too.
func TestPartIsNotRefundedTwiceWhileStripeLags(t *testing.T) {
	t.Parallel()
	for name, all := range map[string]bool{"the list lags": false, "all lags": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, inTurn(false, false, true)) // looking for it is answered; it is made, and answered with an error
			var lags, charge atomic.Bool
			w.between(func(r *http.Request, body []byte) []byte {
				switch {
				case lags.Load() && r.Method == http.MethodGet && r.URL.Path == "/practice/stripe/v1/refunds":
					return []byte(`{"object":"list","data":[],"has_more":false}`)
				case charge.Load() && strings.HasPrefix(r.URL.Path, "/practice/stripe/v1/charges/"):
					return bytes.Replace(body, []byte(`"amount_refunded":1000`), []byte(`"amount_refunded":0`), 1)
				}
				return body
			})
			d, _ := w.paid(3000)
			lags.Store(true)
			charge.Store(all)
			w.set(stripe.Error, 31)
			refund(w, d, 1000)
			if got := w.objects("refund"); got != 1 {
				t.Fatalf("%d refunds made behind the error", got)
			}
			w.resend()
			w.pass(14 * time.Minute)
			w.resend()
			charge.Store(false)
			w.pass(14 * time.Minute)
			w.resend()
			w.wantProblems(payments.NotRefunded)
			var busy ledger.Invalid
			if err := w.till.Refund(ctx, w.wish(w.group.Gift(d.ID), 500)); !errors.As(err, &busy) || busy["amount"] != "refund.under_way" {
				t.Errorf("another refund while this one is unclear: %v", err)
			}
			lags.Store(false)
			w.resend()
			w.hear()
			if got := w.objects("refund"); got != 1 {
				t.Errorf("%d refunds", got)
			}
			w.wantBook(ledger.GiftsReturned, 1000)
			w.wantSound()
		})
	}
}

// between stands between till and Stripe and changes what is answered.
func (w *world) between(change func(r *http.Request, body []byte) []byte) {
	w.t.Helper()
	to, err := url.Parse(w.at)
	if err != nil {
		w.t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(answer *http.Response) error {
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			return err
		}
		body = change(answer.Request, body)
		answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		answer.Header.Set("Content-Length", strconv.Itoa(len(body)))
		return nil
	}
	server := httptest.NewServer(proxy)
	w.t.Cleanup(server.Close)
	w.till.BaseURL = server.URL + "/practice/stripe"
}

func TestButtonPressedTwiceIsOneRefund(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, _ := w.paid(3000)
	var wait sync.WaitGroup
	results := make(chan error, 8)
	for range 8 {
		wait.Go(func() { results <- w.till.Refund(ctx, w.wish(d, 1000)) })
	}
	wait.Wait()
	close(results)
	done := 0
	for err := range results {
		switch {
		case err == nil:
			done++
		case !errors.Is(err, payments.ErrAskedBefore):
			t.Error(err)
		}
	}
	w.hear()
	if done != 1 || w.objects("refund") != 1 {
		t.Errorf("%d refunds asked for, %d made", done, w.objects("refund"))
	}
	w.wantBook(ledger.GiftsReturned, 1000)
	w.wantSound()
}

func TestRefundStripeRefusesIsTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, page := w.paid(3000, receiptByMail)
	w.press(page, "dispute") // not heard of yet
	err := w.till.Refund(ctx, w.wish(d, 3000))
	var invalid ledger.Invalid
	if !errors.As(err, &invalid) || invalid["amount"] != "refund.refused" {
		t.Fatalf("refund of what is disputed: %v", err)
	}
	if got := w.group.Gift(d.ID).Refunded; got != 0 {
		t.Errorf("%d still reserved", got)
	}
	w.wantReceipts(d, "3000 void", "3000")
	if w.mails("donation-refund") != 0 {
		t.Error("the giver was told of a refund that is none")
	}
	w.hear()
	w.wantSound(payments.NotRefunded, payments.Disputed)
}

// TestRefusalThatTwoProcessesMeetIsOne lets the job send the refund while the answer to the one who pressed the button is on its way.
func TestRefusalThatTwoProcessesMeetIsOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, page := w.paid(3000, receiptByMail)
	w.press(page, "dispute") // not heard of yet
	var met atomic.Bool
	var job error
	w.between(func(r *http.Request, body []byte) []byte {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/refunds") && met.CompareAndSwap(false, true) {
			all, err := campaigns.Refunds(ctx, w.till.DB, w.group.ID, d.ID)
			if err != nil || len(all) != 1 {
				t.Errorf("refunds %+v, %v", all, err)
				return body
			}
			job = w.till.SendRefund(ctx, w.group.ID, all[0].ID)
		}
		return body
	})
	var invalid ledger.Invalid
	if err := w.till.Refund(ctx, w.wish(d, 3000)); !errors.As(err, &invalid) || invalid["amount"] != "refund.refused" {
		t.Errorf("the slower one: %v", err)
	}
	if !errors.As(job, &invalid) || invalid["amount"] != "refund.refused" {
		t.Errorf("the faster one: %v", job)
	}
	w.wantReceipts(d, "3000 void", "3000")
	w.hear()
	w.wantSound(payments.NotRefunded, payments.Disputed)
}

func TestRefundThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, _ := w.paid(3000)
	cash := w.group.Enter(w.call, 2000)
	nobody, page := w.give(3000, konbini)
	w.press(w.press(page, "konbini"), "paid")
	w.hear()
	w.db.Super.MustExec(`UPDATE donor SET mail = '' WHERE id = $1`, nobody.DonorID)
	for name, c := range map[string]struct {
		wish  payments.RefundWish
		field string
		key   string
	}{
		"more than the gift":   {w.wish(d, 3001), "amount", "refund.too_much"},
		"nothing":              {w.wish(d, 0), "amount", "income.amount_missing"},
		"not paid online":      {w.wish(cash, 2000), "amount", "refund.not_online"},
		"konbini without mail": {w.wish(w.group.Gift(nobody.ID), 3000), "amount", "refund.mail_missing"},
	} {
		err := w.till.Refund(ctx, c.wish)
		var invalid ledger.Invalid
		if !errors.As(err, &invalid) || invalid[c.field] != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := w.objects("refund"); got != 0 {
		t.Errorf("%d refunds were made", got)
	}
	other := w.wish(d, 1000)
	other.OrganisationID++
	if err := w.till.Refund(ctx, other); !errors.Is(err, payments.ErrNoAccount) {
		t.Errorf("another organisation's gift: %v", err)
	}
}

func TestGiverTakesBackWhileTheMoneyIsAtStripe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, _ := w.paid(3000, receiptByMail)
	if until := w.till.TakeBackUntil(d); until != d.PaidOn.AddDays(8) {
		t.Errorf("until %v", until)
	}
	w.pass(7 * day) // available, not paid out
	if err := w.till.TakeBack(ctx, w.group.Gift(d.ID)); err != nil {
		t.Fatal(err)
	}
	if err := w.till.TakeBack(ctx, d); err != nil { // pressed twice, from the page as it was
		t.Errorf("pressed twice: %v", err)
	}
	w.hear()
	w.wantBook(ledger.GiftsReturned, 3000)
	w.wantReceipts(d, "3000 void")
	if w.mails("donation-refund") != 1 || w.objects("refund") != 1 {
		t.Errorf("%d letters, %d refunds", w.mails("donation-refund"), w.objects("refund"))
	}
	w.wantSound()
}

func TestGiverIsTooLate(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]func(*world, campaigns.Donation, string){
		"after nine days":         func(w *world, _ campaigns.Donation, _ string) { w.pass(9 * day) },
		"after a refund in part":  func(w *world, d campaigns.Donation, _ string) { refund(w, d, 1) },
		"while it is disputed":    func(w *world, _ campaigns.Donation, page string) { w.press(page, "dispute") },
		"after it went to a bank": func(w *world, _ campaigns.Donation, _ string) { w.early(); w.pass(5 * day); w.hear() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			d, page := w.paid(3000)
			late(w, d, page)
			if err := w.till.TakeBack(ctx, w.group.Gift(d.ID)); !errors.Is(err, payments.ErrTakeBackOver) {
				t.Errorf("taken back: %v", err)
			}
		})
	}
}

// early makes what is at Stripe available at once.
func (w *world) early() {
	w.t.Helper()
	w.db.Super.MustExec(`
		UPDATE practice.stripe_object
		   SET body = jsonb_set(body, '{available_on}', body->'created')
		 WHERE kind = 'balance_transaction'`)
}
