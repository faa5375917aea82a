package payments_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/clock"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/stripe"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

const day = 24 * time.Hour

var ctx = context.Background()

// world is a group that collects, its till and a practice Stripe that sends it webhooks, on one clock. Jobs run when the test says so.
type world struct {
	t      testing.TB
	db     *pgtest.DB
	clock  *clock.Movable
	stripe *stripe.Server
	at     string // where everything is
	group  *campaigntest.Group
	call   campaigns.Campaign
	till   *payments.Till
	chance func(percent int) bool

	mu      sync.Mutex
	down    bool // our webhook answers 503 as without a database
	refunds []int64
	papers  []int64
	answers []int // of our webhook
}

func newWorld(t testing.TB, change ...func(*world)) *world {
	t.Helper()
	w := &world{t: t, db: pgtest.New(t)}
	for _, f := range change {
		f(w)
	}
	var err error
	if w.clock, err = clock.New(ctx, w.db.App); err != nil {
		t.Fatal(err)
	}
	w.mondayNoon()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(server.Close)
	w.at = server.URL
	quiet := slog.New(slog.DiscardHandler)
	w.stripe, err = stripe.New(stripe.Config{DB: w.db.App, Clock: w.clock, URL: w.at + "/practice/stripe", Logger: quiet, Chance: w.chance})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/practice/stripe/", w.stripe.Handler())
	mux.HandleFunc("POST /stripe/{org}/webhook", w.webhook)
	w.group = campaigntest.Found(t, w.db.App)
	w.group.At = w.clock.Now()
	w.call = w.group.Announce()
	box, err := seal.New(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	w.till = &payments.Till{
		DB: w.db.App, Box: box, Now: w.clock.Now, BaseURL: w.at + "/practice/stripe", Site: w.at, Log: quiet, Enqueue: w.enqueue,
		Limits: payments.Limits{AddressHour: 1e6, MailHour: 1e6, MinuteInAll: 1e6, CardHour: 1e6, PageRefusals: 1e6, JumpMinutes: 10, JumpRefusals: 1e6, JumpPerPaid: 3},
	}
	if err = w.till.Connect(ctx, w.group.ID, w.key()); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) key() string { return fmt.Sprintf("sk_test_practice_%d", w.group.ID) }

// account is the group's account as the real client sees it.
func (w *world) account() *stripepay.Account {
	return stripepay.New(stripepay.Config{OrganisationID: w.group.ID, Key: w.key(), BaseURL: w.at + "/practice/stripe"})
}

// mondayNoon moves the clock to ten past noon of the next Monday, so that no test depends on when it runs: Fridays are for payouts, and limits
// count by the hour.
func (w *world) mondayNoon() {
	w.t.Helper()
	on := ledger.DateOf(w.clock.Now()).AddDays(1)
	for on.Weekday() != time.Monday {
		on = on.AddDays(1)
	}
	if err := w.clock.Advance(ctx, on.Midnight().Add(12*time.Hour+10*time.Minute+5*time.Second).Sub(w.clock.Now())); err != nil {
		w.t.Fatal(err)
	}
}

// webhook receives as the site does.
func (w *world) webhook(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	down := w.down
	w.mu.Unlock()
	status := http.StatusOK
	body, err := io.ReadAll(r.Body)
	switch {
	case err != nil, down:
		status = http.StatusServiceUnavailable
	default:
		err := w.till.Receive(r.Context(), w.group.ID, body, r.Header.Get("Stripe-Signature"))
		switch {
		case errors.Is(err, stripepay.ErrSignature), errors.Is(err, stripepay.ErrEvent):
			status = http.StatusBadRequest
		case err != nil:
			status = http.StatusServiceUnavailable
		}
	}
	w.mu.Lock()
	w.answers = append(w.answers, status)
	w.mu.Unlock()
	rw.WriteHeader(status)
}

func (w *world) enqueue(_ context.Context, _ *sqlx.Tx, kind string, _, id int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch kind {
	case payments.RefundJob:
		w.refunds = append(w.refunds, id)
	case payments.ReceiptJob:
		w.papers = append(w.papers, id)
	}
	return nil
}

// set turns a switch of the practice Stripe.
func (w *world) set(name stripe.Switch, value int) {
	w.t.Helper()
	if err := w.stripe.Set(ctx, name, value); err != nil {
		w.t.Fatal(err)
	}
}

// deliver brings what happened at Stripe to our webhook, and no more.
func (w *world) deliver() {
	w.t.Helper()
	if _, err := w.stripe.Deliver(ctx); err != nil {
		w.t.Fatal(err)
	}
}

// hear delivers and processes.
func (w *world) hear() {
	w.t.Helper()
	w.deliver()
	if err := w.till.Process(ctx, w.group.ID); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) sweep() {
	w.t.Helper()
	if err := w.till.Sweep(ctx, w.group.ID); err != nil {
		w.t.Fatal(err)
	}
}

// pass lets time go by at Stripe as well.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	if err := w.clock.Advance(ctx, d); err != nil {
		w.t.Fatal(err)
	}
	w.group.At = w.clock.Now()
	if _, err := w.stripe.Tick(ctx); err != nil {
		w.t.Fatal(err)
	}
}

func konbini(g *campaigns.Gift) { g.Channel = campaigns.Konbini }

func receiptByMail(g *campaigns.Gift) {
	g.ReceiptWanted, g.Donor.Address, g.Donor.PostalCode = "mail", "練習県練習市1-1", "000-0000"
}

// give fills in the form of a gift and returns it with the address of its payment page.
func (w *world) give(amount ledger.Yen, change ...func(*campaigns.Gift)) (campaigns.Donation, string) {
	w.t.Helper()
	w.group.At = w.clock.Now()
	d := w.group.Give(w.call, amount, change...)
	return d, w.open(d)
}

func (w *world) opening(d campaigns.Donation) payments.Opening {
	w.t.Helper()
	donor, err := campaigns.FindDonor(ctx, w.db.App, w.group.ID, d.DonorID)
	if err != nil {
		w.t.Fatal(err)
	}
	return payments.Opening{Donation: d, Title: "見守り配食", Slug: w.call.Slug, Mail: donor.Mail, Token: fmt.Sprint("token", d.ID), Address: "192.0.2.7:1234"}
}

func (w *world) open(d campaigns.Donation) string {
	w.t.Helper()
	at, err := w.till.Open(ctx, w.opening(d))
	if err != nil {
		w.t.Fatal(err)
	}
	return at
}

// press presses a button on one of the payer's pages and returns where it leads.
func (w *world) press(page, choice string) string {
	w.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.PostForm(page, url.Values{"choice": {choice}})
	if err != nil {
		w.t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode >= 400 {
		w.t.Fatalf("%s at %s: %s", choice, page, answer.Status)
	}
	return answer.Header.Get("Location")
}

// paid is a gift that was paid by card and heard of, with its payment page.
func (w *world) paid(amount ledger.Yen, change ...func(*campaigns.Gift)) (campaigns.Donation, string) {
	w.t.Helper()
	d, page := w.give(amount, change...)
	w.press(page, "card")
	w.hear()
	return w.wantStatus(d, campaigns.Paid), page
}

func (w *world) wantStatus(d campaigns.Donation, want campaigns.DonationStatus) campaigns.Donation {
	w.t.Helper()
	d = w.group.Gift(d.ID)
	if d.Status != want {
		w.t.Fatalf("donation %d is %s, want %s", d.ID, d.Status, want)
	}
	return d
}

// wantBook compares the balances of accounts, given as code and yen in turns.
func (w *world) wantBook(pairs ...int) {
	w.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		if got, want := w.group.Holds(pairs[i]), ledger.Yen(pairs[i+1]); got != want {
			w.t.Errorf("account %d holds %d, want %d", pairs[i], got, want)
		}
	}
}

// wantSound runs the daily check and wants nothing to be put aside but the given kinds.
func (w *world) wantSound(kinds ...payments.ProblemKind) {
	w.t.Helper()
	if err := w.till.Check(ctx, w.group.ID); err != nil {
		w.t.Fatal(err)
	}
	w.wantProblems(kinds...)
	w.group.MustBalance()
}

func (w *world) problems() []payments.Problem {
	w.t.Helper()
	all, err := payments.Problems(ctx, w.db.App, w.group.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w *world) wantProblems(kinds ...payments.ProblemKind) {
	w.t.Helper()
	var got, want []string
	for _, p := range w.problems() {
		got = append(got, string(p.Kind))
	}
	for _, k := range kinds {
		want = append(want, string(k))
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		w.t.Errorf("put aside %v, want %v: %+v", got, want, w.problems())
	}
}

// count asks the database for a number.
func (w *world) count(query string, args ...any) int {
	w.t.Helper()
	var n int
	if err := w.db.Super.Get(&n, query, args...); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) mails(kind string) int {
	w.t.Helper()
	return w.count(`SELECT count(*) FROM mail WHERE kind = $1`, kind)
}

// seconds is an instant as Stripe writes it.
func seconds(at time.Time) int64 { return at.Unix() }
