package stripe_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/clock"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/stripe"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

const (
	day    = 24 * time.Hour
	prefix = "/practice/stripe"
)

var ctx = context.Background()

// world is a practice Stripe with one organisation's account, and the place its webhooks go to.
type world struct {
	t       *testing.T
	db      *pgtest.DB
	clock   *clock.Movable
	stripe  *stripe.Server
	url     string
	account *stripepay.Account

	mu     sync.Mutex
	secret string
	broken bool   // the receiver answers 503
	during func() // what happens while the receiver thinks, once
	events []stripepay.Event
	tries  int
}

// newWorld starts organisation 1's world, its webhook endpoint made through the API as the program makes it.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, db: pgtest.New(t)}
	var err error
	if w.clock, err = clock.New(ctx, w.db.App); err != nil {
		t.Fatal(err)
	}
	w.mondayNoon()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	w.url = server.URL + prefix
	if w.stripe, err = stripe.New(stripe.Config{DB: w.db.App, Clock: w.clock, URL: w.url, Logger: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	mux.Handle(prefix+"/", w.stripe.Handler())
	mux.HandleFunc("POST /webhooks/1", w.receive)
	w.account = w.as("sk_test_practice_1")
	if w.secret, err = w.account.CreateWebhookEndpoint(ctx, server.URL+"/webhooks/1"); err != nil {
		t.Fatal(err)
	}
	return w
}

// mondayNoon moves the clock to the next Monday, so that no test depends on the day it runs on: Fridays are for payouts.
func (w *world) mondayNoon() {
	w.t.Helper()
	on := ledger.DateOf(w.clock.Now()).AddDays(1)
	for on.Weekday() != time.Monday {
		on = on.AddDays(1)
	}
	noon := on.Midnight().Add(12 * time.Hour)
	if err := w.clock.Advance(ctx, noon.Sub(w.clock.Now())); err != nil {
		w.t.Fatal(err)
	}
}

// as is the organisation's account seen with another key.
func (w *world) as(key string) *stripepay.Account {
	return stripepay.New(stripepay.Config{OrganisationID: 1, Key: key, BaseURL: w.url})
}

func (w *world) receive(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	during := w.during
	w.during = nil
	w.mu.Unlock()
	if during != nil {
		during()
		http.Error(rw, "too late", http.StatusServiceUnavailable)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tries++
	body, err := io.ReadAll(r.Body)
	if err != nil || w.broken {
		http.Error(rw, "broken", http.StatusServiceUnavailable)
		return
	}
	event, err := stripepay.Verify(body, r.Header.Get("Stripe-Signature"), []string{w.secret}, w.clock.Now())
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	w.events = append(w.events, event)
}

// deliver sends what is due and returns the types of the events that arrived.
func (w *world) deliver() []string {
	w.t.Helper()
	w.mu.Lock()
	w.events = nil
	w.mu.Unlock()
	if _, err := w.stripe.Deliver(ctx); err != nil {
		w.t.Fatal(err)
	}
	var types []string
	for _, event := range w.events {
		types = append(types, event.Type)
	}
	return types
}

func (w *world) wantDelivered(want ...string) {
	w.t.Helper()
	if got := w.deliver(); !slices.Equal(got, want) {
		w.t.Errorf("delivered %v, want %v", got, want)
	}
}

// hold keeps the account locked, as a write under way does, until the returned function is called.
func (w *world) hold() (release func()) {
	w.t.Helper()
	tx := w.db.App.MustBegin()
	tx.MustExec(`
		SELECT organisation_id
		FROM practice.stripe_account
		WHERE organisation_id = 1
		FOR UPDATE`)
	return func() { _ = tx.Rollback() }
}

// advance moves the clock and lets time do its work.
func (w *world) advance(d time.Duration) {
	w.t.Helper()
	if err := w.clock.Advance(ctx, d); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.stripe.Tick(ctx); err != nil {
		w.t.Fatal(err)
	}
}

// request is a card donation of ¥3,000 by donation 7, changed by each change.
func (w *world) request(changes ...func(*campaigns.PaymentRequest)) campaigns.PaymentRequest {
	request := campaigns.PaymentRequest{
		OrganisationID: 1, DonationID: 7, Attempt: 1, Channel: campaigns.Card, Amount: 3000,
		Title: "冬の火曜日、あたたかい夕ごはんを16回（練習）", Mail: "renshu@example.org",
		SuccessURL: "https://example.org/thanks?ref={CHECKOUT_SESSION_ID}", CancelURL: "https://example.org/campaign",
		ExpiresAt: w.clock.Now().Add(time.Hour), VoucherDays: 3,
	}
	for _, change := range changes {
		change(&request)
	}
	return request
}

func konbini(r *campaigns.PaymentRequest) { r.Channel = campaigns.Konbini }

func yen(amount ledger.Yen) func(*campaigns.PaymentRequest) {
	return func(r *campaigns.PaymentRequest) { r.Amount = amount }
}

func donation(id int64) func(*campaigns.PaymentRequest) {
	return func(r *campaigns.PaymentRequest) { r.DonationID = id }
}

func (w *world) begin(changes ...func(*campaigns.PaymentRequest)) campaigns.Checkout {
	w.t.Helper()
	checkout, err := w.account.Begin(ctx, w.request(changes...))
	if err != nil {
		w.t.Fatal(err)
	}
	return checkout
}

// choose presses a button on one of the payer's pages and returns where it leads.
func (w *world) choose(page, choice string) string {
	w.t.Helper()
	to, err := press(page, choice)
	if err != nil {
		w.t.Fatal(err)
	}
	return to
}

func press(page, choice string) (to string, err error) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.PostForm(page, url.Values{"choice": {choice}})
	if err != nil {
		return "", err
	}
	return answer.Header.Get("Location"), answer.Body.Close()
}

// open reads one of the payer's pages.
func (w *world) open(page string) (status int, html string) {
	w.t.Helper()
	answer, err := http.Get(page)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func (w *world) look(ref string) campaigns.CheckoutState {
	w.t.Helper()
	state, err := w.account.Look(ctx, ref)
	if err != nil {
		w.t.Fatal(err)
	}
	return state
}

func (w *world) wantStatus(ref string, want campaigns.CheckoutStatus) campaigns.CheckoutState {
	w.t.Helper()
	state := w.look(ref)
	if state.Status != want {
		w.t.Fatalf("checkout is %s, want %s", state.Status, want)
	}
	return state
}

func (w *world) movements() []campaigns.Movement {
	w.t.Helper()
	var all []campaigns.Movement
	err := w.account.Movements(ctx, time.Time{}, func(m campaigns.Movement) error {
		all = append(all, m)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// call makes a raw request of the API, as someone without our adapter would.
func (w *world) call(method, path, body string, headers ...string) (status int, answer string) {
	w.t.Helper()
	r, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer sk_test_practice_1")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if response.Header.Get("Request-Id") == "" {
		w.t.Errorf("%s %s: no Request-Id", method, path)
	}
	return response.StatusCode, string(raw)
}

// refused returns how Stripe said no.
func refused(t *testing.T, err error) *stripepay.Refused {
	t.Helper()
	var no *stripepay.Refused
	if !errors.As(err, &no) {
		t.Fatalf("error is %v, want a refusal", err)
	}
	return no
}
