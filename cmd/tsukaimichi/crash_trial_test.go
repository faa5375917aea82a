package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/jobs"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	practiceclock "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/clock"
	practicestripe "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/stripe"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func init() { pgtest.Extra, pgtest.ExtraName = jobs.Migrate, jobs.Version }

// trial is what outlives the program: a group with a campaign in a database, a Stripe and a post office. Stripe has a database of
// its own, as it does.
type trial struct {
	t        *testing.T
	db       *sqlx.DB // as the program's role
	look     *sqlx.DB // as a superuser, to look and to let time pass
	stripeDB *sqlx.DB
	stripe   *practicestripe.Server
	till     *payments.Till
	gate     sync.RWMutex // while it is locked, Stripe's API does not answer
	payouts  sync.Mutex   // while it is locked, nothing goes to the bank
	post     *postOffice
	replicas []*process

	organisation, campaign    int64
	treasurer, representative int64 // persons
}

// newTrial is served by so many processes, none of which is started yet. dsn and look lead to the program's database.
func newTrial(t *testing.T, dsn string, db, look *sqlx.DB, replicas int) *trial {
	t.Helper()
	w := &trial{t: t, db: db, look: look, post: openPostOffice(t)}
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(server.Close)
	stripeAt := server.URL + "/practice/stripe"
	store := t.TempDir()
	for i := range replicas {
		w.replicas = append(w.replicas, newProcess(t, task{Stripe: stripeAt, Settings: Settings{
			Files: "file://" + store + "?no_tmp_dir=true", SealKey: testKey, Proxy: true,
			Database: DatabaseSettings{URL: fmt.Sprintf("%s application_name=replica-%d", dsn, i), Connections: 20},
			Mail:     MailSettings{Host: "127.0.0.1", Port: w.post.port, From: "kifu@tsukaimichi.example", Encryption: "none"},
		}}))
	}
	site := w.replicas[0].at
	for _, r := range w.replicas {
		r.task.Settings.Site = site
	}
	practice := pgtest.New(t)
	w.stripeDB = practice.App
	var err error
	w.stripe, err = practicestripe.New(practicestripe.Config{DB: practice.App, Clock: practiceclock.System{}, URL: stripeAt, Logger: slog.New(slog.DiscardHandler),
		HTTPClient: &http.Client{Timeout: 10 * time.Second, Transport: everywhere{w}}})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/practice/stripe/", w.stripe.Handler())
	mux.HandleFunc("/practice/stripe/v1/", func(rw http.ResponseWriter, r *http.Request) {
		w.gate.RLock()
		defer w.gate.RUnlock()
		w.stripe.Handler().ServeHTTP(rw, r)
	})
	box, err := openBox(testKey)
	if err != nil {
		t.Fatal(err)
	}
	w.till = &payments.Till{DB: db, Box: box, Now: practiceclock.System{}.Now, BaseURL: stripeAt, Site: site, Log: slog.New(slog.DiscardHandler),
		Enqueue: func(context.Context, *sqlx.Tx, string, int64, int64) error { return nil }}
	w.found()
	return w
}

// found founds the group, announces its campaign and connects its Stripe account.
func (w *trial) found() {
	w.t.Helper()
	ctx, now := context.Background(), time.Now()
	err := ledger.InTx(ctx, w.db, func(tx *sqlx.Tx) (err error) {
		w.organisation, err = ledger.FoundOrganisation(ctx, tx, ledger.Organisation{
			Name: "ほしの食堂", Slug: "hoshino", Kind: "volunteer", Representative: "練習 代表", Address: "練習県練習市1-1", AddressDisclosed: true,
			Phone: "0000-00-0000", PhoneHours: "火曜 10時〜15時", HandIn: "集会所（火曜）", CreatedAt: now,
		})
		if err != nil {
			return err
		}
		if err = ledgertest.Vet(ctx, tx, w.organisation); err != nil {
			return err
		}
		initiative, err := ledger.StartInitiative(ctx, tx, ledger.Initiative{OrganisationID: w.organisation, Name: "食堂", Kind: "meal"})
		if err != nil {
			return err
		}
		if w.treasurer, err = w.join(tx, "練習 会計", ledger.Treasurer); err != nil {
			return err
		}
		if w.representative, err = w.join(tx, "練習 代表", ledger.Representative); err != nil {
			return err
		}
		by := ledger.ByPerson(w.representative, "練習 代表")
		w.campaign, err = campaigns.StartDraft(ctx, tx, w.organisation, initiative, "fuyu", threadPlan(ledger.DateOf(now)), by, now)
		if err != nil {
			return err
		}
		return campaigns.Announce(ctx, tx, w.organisation, w.campaign, by, now)
	})
	if err == nil {
		err = w.till.Connect(ctx, w.organisation, "sk_test_practice_"+ledger.Yen(w.organisation).String())
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *trial) join(tx *sqlx.Tx, name string, role ledger.Role) (int64, error) {
	now := time.Now()
	id, err := ledger.AddPerson(context.Background(), tx, ledger.Person{Name: name, Mail: string(role) + "@hoshino.example", CreatedAt: now})
	if err != nil {
		return 0, err
	}
	return id, ledger.AddMember(context.Background(), tx, ledger.Membership{OrganisationID: w.organisation, PersonID: id, Role: role, FromOn: ledger.DateOf(now)})
}

// files opens the file store beside the program.
func (w *trial) files() *files.Store {
	w.t.Helper()
	store, err := files.OpenURL(context.Background(), w.replicas[0].task.Settings.Files)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = store.Close() })
	return store
}

// everywhere brings a webhook to all replicas at the same moment; one answer of success is enough for Stripe.
type everywhere struct{ *trial }

func (e everywhere) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	type outcome struct {
		answer *http.Response
		err    error
	}
	all := make(chan outcome, len(e.replicas))
	for _, replica := range e.replicas {
		copied := r.Clone(r.Context())
		copied.Body = io.NopCloser(bytes.NewReader(body))
		copied.URL.Host = replica.task.Settings.Listen
		go func() {
			answer, err := http.DefaultTransport.RoundTrip(copied)
			all <- outcome{answer, err}
		}()
	}
	var best outcome
	for i := range e.replicas {
		o := <-all
		if i == 0 || (o.err == nil && (best.err != nil || o.answer.StatusCode < best.answer.StatusCode)) {
			best, o = o, best
		}
		if o.answer != nil {
			_ = o.answer.Body.Close()
		}
	}
	return best.answer, best.err
}

// live lets Stripe live until the test ends: webhooks go out, twice now and then and not in order, and are tried again soon; money becomes
// available and goes to the bank within the second.
func (w *trial) live() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	for name, value := range map[practicestripe.Switch]int{practicestripe.Duplicate: 25, practicestripe.Reverse: 25} {
		if err := w.stripe.Set(ctx, name, value); err != nil {
			w.t.Fatal(err)
		}
	}
	var all sync.WaitGroup
	every := func(pause time.Duration, do func() error) {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := do(); err != nil && ctx.Err() == nil {
					w.t.Errorf("the practice Stripe: %v", err)
					return
				}
				select {
				case <-ctx.Done():
				case <-time.After(pause):
				}
			}
		})
	}
	for range 2 {
		every(30*time.Millisecond, func() error { _, err := w.stripe.Deliver(ctx); return err })
	}
	every(300*time.Millisecond, func() error {
		_, err := w.stripeDB.ExecContext(ctx, `UPDATE practice.stripe_delivery SET due_at = now() WHERE status = 'waiting' AND attempts > 0`)
		return err
	})
	every(time.Second, func() error {
		if !w.payouts.TryLock() {
			return nil
		}
		defer w.payouts.Unlock()
		return w.payOut(ctx)
	})
	stop = func() { cancel(); all.Wait() }
	w.t.Cleanup(stop)
	return stop
}

// payOut lets days pass at Stripe.
func (w *trial) payOut(ctx context.Context) error {
	err := ledger.InTx(ctx, w.stripeDB, func(tx *sqlx.Tx) error {
		for _, statement := range []string{
			`SELECT organisation_id FROM practice.stripe_account FOR UPDATE`,
			`UPDATE practice.stripe_object SET due_at = now() - interval '1 s', body = jsonb_set(body, '{available_on}', to_jsonb(extract(epoch FROM now())::bigint - 10))
			  WHERE kind = 'balance_transaction' AND body->>'status' = 'pending'`,
			`UPDATE practice.stripe_object SET due_at = now() - interval '1 s' WHERE kind = 'payout' AND due_at IS NOT NULL`,
			`UPDATE practice.stripe_account SET payout_due_at = now() - interval '1 s'`,
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		_, err = w.stripe.Tick(ctx)
	}
	return err
}

// postOffice is a mail server on loopback that counts what it is given, by Message-ID.
type postOffice struct {
	port int
	mu   sync.Mutex
	got  map[string]int
}

func openPostOffice(t *testing.T) *postOffice {
	t.Helper()
	office := &postOffice{got: map[string]int{}}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &visit{office: office}, nil }))
	server.Domain, server.ErrorLog = "localhost", log.New(io.Discard, "", 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	office.port = listener.Addr().(*net.TCPAddr).Port
	go server.Serve(listener)
	t.Cleanup(func() { _ = server.Close() })
	return office
}

// visit is one connection to the post office.
type visit struct{ office *postOffice }

func (v *visit) Mail(string, *smtp.MailOptions) error { return nil }
func (v *visit) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (v *visit) Reset()                               {}
func (v *visit) Logout() error                        { return nil }

func (v *visit) Data(r io.Reader) error {
	letter, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	if _, err = io.Copy(io.Discard, letter.Body); err != nil {
		return err // cut off: it was never given
	}
	v.office.mu.Lock()
	defer v.office.mu.Unlock()
	v.office.got[letter.Header.Get("Message-ID")]++
	return nil
}

// letters returns how many different letters came, and how many came again.
func (o *postOffice) letters() (different, again int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, times := range o.got {
		different++
		again += times - 1
	}
	return different, again
}
