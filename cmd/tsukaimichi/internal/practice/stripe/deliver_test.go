package stripe_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/stripe"
)

func TestWebhookIsTriedAgainUntilTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.broken = true
	w.choose(w.begin().URL, "card")
	w.wantDelivered()
	w.wantDelivered() // not due yet
	if w.tries != 1 {
		t.Fatalf("%d attempts without a pause, want 1", w.tries)
	}
	w.advance(2 * time.Minute)
	w.wantDelivered()
	w.broken = false
	w.wantDelivered() // the pause is longer now
	w.advance(6 * time.Minute)
	w.wantDelivered("checkout.session.completed")
	w.advance(30 * day)
	w.wantDelivered()
	if w.tries != 3 {
		t.Errorf("%d attempts, want 3", w.tries)
	}
}

func TestWebhookIsGivenUpAfterThreeDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.broken = true
	w.choose(w.begin().URL, "card")
	for range 4 * 24 {
		w.deliver()
		w.advance(time.Hour)
	}
	tries := w.tries
	if tries < 8 || tries > 20 {
		t.Errorf("%d attempts in three days, want about a dozen", tries)
	}
	w.broken = false
	w.advance(30 * day)
	if got := w.deliver(); slices.Contains(got, "checkout.session.completed") {
		t.Errorf("delivered %v a month later", got)
	}
	var status string
	if err := w.db.App.Get(&status, `
		SELECT status
		FROM practice.stripe_delivery
		WHERE organisation_id = 1
		ORDER BY position
		LIMIT 1`); err != nil || status != "given_up" {
		t.Errorf("the delivery is %q, %v, want given_up", status, err)
	}
}

func TestReplicasDeliverEachWebhookOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const gifts = 12
	for id := int64(1); id <= gifts; id++ {
		w.choose(w.begin(donation(id)).URL, "card")
	}
	var replicas sync.WaitGroup
	for range 3 {
		replica, err := stripe.New(stripe.Config{DB: w.db.App, Clock: w.clock, URL: w.url})
		if err != nil {
			t.Fatal(err)
		}
		replicas.Go(func() {
			if _, err := replica.Deliver(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	replicas.Wait()
	if w.tries != gifts {
		t.Errorf("%d attempts, want %d", w.tries, gifts)
	}
}

// A replica that answers after its lease has run out must not undo what the next one did.
func TestLateFailureDoesNotUndoADelivery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.choose(w.begin().URL, "card")
	w.during = func() {
		if err := w.clock.Advance(ctx, 2*time.Minute); err != nil {
			t.Error(err)
		}
		if accepted, err := w.stripe.Deliver(ctx); err != nil || accepted != 1 {
			t.Errorf("the other replica's Deliver = %d, %v, want 1", accepted, err)
		}
	}
	w.wantDelivered("checkout.session.completed")
	w.advance(day)
	w.wantDelivered()
}

func TestReplicasTurnEachDueObjectOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.begin()
	if err := w.clock.Advance(ctx, 2*time.Hour); err != nil {
		t.Fatal(err)
	}
	release := w.hold()
	var replicas sync.WaitGroup
	for range 3 {
		replicas.Go(func() {
			if _, err := w.stripe.Tick(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	time.Sleep(200 * time.Millisecond) // all have seen that the page is due
	release()
	replicas.Wait()
	w.wantDelivered("checkout.session.expired")
}

func TestRedirectIsNoDelivery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := &http.Client{Transport: moved{}}
	s, err := stripe.New(stripe.Config{DB: w.db.App, Clock: w.clock, URL: w.url, HTTPClient: client})
	if err != nil {
		t.Fatal(err)
	}
	w.choose(w.begin().URL, "card")
	if accepted, err := s.Deliver(ctx); err != nil || accepted != 0 {
		t.Errorf("Deliver = %d, %v, want nothing accepted", accepted, err)
	}
}

// moved answers everything with a redirect.
type moved struct{}

func (moved) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 302, Header: http.Header{"Location": {"/"}}, Body: http.NoBody, Request: r}, nil
}

func TestNewEndpointReplacesTheOldOfTheSameURL(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.choose(w.begin().URL, "card")
	hook := w.url[:len(w.url)-len(prefix)] + "/webhooks/1"
	secret, err := w.account.CreateWebhookEndpoint(ctx, hook)
	if err != nil || secret == w.secret {
		t.Fatalf("CreateWebhookEndpoint = %q, %v, want a new secret", secret, err)
	}
	w.secret = secret
	w.wantDelivered() // what was on its way went with the old endpoint; Look and Movements do not need it
	w.choose(w.begin(donation(8)).URL, "card")
	w.wantDelivered("checkout.session.completed")
	if w.tries != 1 {
		t.Errorf("%d attempts, want 1: the old endpoint is still there", w.tries)
	}
}

// An event that never arrives does no harm: everything it would have said can be asked for.
func TestLostWebhooksLoseNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin()
	w.choose(checkout.URL, "card")
	w.db.App.MustExec(`DELETE FROM practice.stripe_delivery WHERE organisation_id = 1`)
	w.wantDelivered()
	w.wantStatus(checkout.Ref, campaigns.CheckoutPaid)
	if got := w.movements(); len(got) != 1 || got[0].DonationID != 7 {
		t.Errorf("movements = %+v, want the charge of donation 7", got)
	}
}
