package payments

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// EventsJob is the kind of the job that processes an organisation's waiting events.
const EventsJob = "payments_events"

// intake is how many webhooks are taken in at the same time. A storm of them, after an hour in which none came through, would else have every connection to the
// database, and people who give would wait behind it. Stripe can wait.
const intake = 4

// Receive takes a webhook in: verified, kept under its id, and left to a job. An event that came before changes nothing. When it returns nil the event is
// on disk and may be acknowledged; on an error the sender must try again.
func (t *Till) Receive(ctx context.Context, organisationID int64, payload []byte, signature string) error {
	t.open.Do(func() { t.seats = make(chan struct{}, intake) })
	select {
	case t.seats <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	event, fresh, err := t.takeIn(ctx, organisationID, payload, signature)
	if err != nil || !fresh {
		return err
	}
	if err = t.wake(ctx, organisationID); err != nil { // it is on disk, and what is left over is looked for every half minute
		t.Log.WarnContext(ctx, "event waits", "organisation", organisationID, "event", event, "error", err)
	}
	return nil
}

// takeIn keeps an event, reports whether it is one that had not come before, and leaves the seat.
func (t *Till) takeIn(ctx context.Context, organisationID int64, payload []byte, signature string) (id string, fresh bool, err error) {
	defer func() { <-t.seats }()
	a, err := t.sealed(ctx, organisationID)
	if err != nil {
		return "", false, err
	}
	event, err := stripepay.Verify(payload, signature, []string{a.secret}, t.Now())
	if err != nil {
		return "", false, err
	}
	if event.Livemode != a.livemode {
		return "", false, fmt.Errorf("event %s: %w: live and test do not mix", event.ID, stripepay.ErrEvent)
	}
	if event.APIVersion != stripepay.APIVersion { // what it names is asked for in our version all the same
		t.Log.InfoContext(ctx, "event of another version", "organisation", organisationID, "event", event.ID, "version", event.APIVersion)
	}
	result, err := t.DB.ExecContext(ctx, `
		INSERT INTO stripe_event (organisation_id, id, type, object_id, api_version, payload, received_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		    ON CONFLICT ON CONSTRAINT stripe_event_pkey DO NOTHING`,
		organisationID, event.ID, event.Type, event.ObjectID, event.APIVersion, string(payload), t.Now())
	if err != nil {
		return "", false, fmt.Errorf("event %s: %w", event.ID, err)
	}
	n, err := result.RowsAffected()
	return event.ID, n == 1, err
}

// waitingEvent is a kept event nobody has looked into yet.
type waitingEvent struct {
	ID       string `db:"id"`
	Type     string `db:"type"`
	ObjectID string `db:"object_id"`
	Attempts int    `db:"attempts"`
}

// concerns are the sorts of events that are followed, by what they begin with; the first that fits decides. The statement is read once for all that
// speak of money.
var concerns = []struct{ prefix, what string }{
	{"checkout.session.", "page"}, {"charge.failed", "refusal"}, {"charge.dispute.", "dispute"}, {"charge.", "money"}, {"refund.", "money"}, {"payout.", "money"},
}

func (e waitingEvent) what() string {
	for _, c := range concerns {
		if strings.HasPrefix(e.Type, c.prefix) {
			return c.what
		}
	}
	return ""
}

// batch is how many events are read at a time.
const batch = 500

// Process looks into an organisation's waiting events, until none is left. Each is followed by itself: one that fails waits ever longer and is put aside
// in the end, and holds up none of the others. The first error that may pass is returned, so that the job comes again. In one process one call at a time is at
// work for an organisation; the others wait.
func (t *Till) Process(ctx context.Context, organisationID int64) error {
	select {
	case t.desk(organisationID) <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	return t.process(ctx, organisationID)
}

// ProcessLeft does the same for events whose job was lost, unless somebody is at it.
func (t *Till) ProcessLeft(ctx context.Context, organisationID int64) error {
	select {
	case t.desk(organisationID) <- struct{}{}:
	default:
		return nil
	}
	return t.process(ctx, organisationID)
}

// desk has room for one.
func (t *Till) desk(organisationID int64) chan struct{} {
	found, _ := t.desks.LoadOrStore(organisationID, make(chan struct{}, 1))
	return found.(chan struct{})
}

// process leaves the desk when it is done.
func (t *Till) process(ctx context.Context, organisationID int64) error {
	defer func() { <-t.desk(organisationID) }()
	a, err := t.account(ctx, organisationID)
	if err != nil {
		return err
	}
	for {
		var waiting []waitingEvent
		err = t.DB.SelectContext(ctx, &waiting, `
			SELECT id, type, object_id, attempts
			  FROM stripe_event
			 WHERE organisation_id = $1 AND processed_at IS NULL AND next_at <= $2
			 ORDER BY received_at, id
			 LIMIT $3`, organisationID, t.Now(), batch)
		if err != nil {
			return fmt.Errorf("events of organisation %d: %w", organisationID, err)
		}
		if err = t.processAll(ctx, organisationID, a, waiting); err != nil || len(waiting) < batch {
			return err
		}
	}
}

func (t *Till) processAll(ctx context.Context, organisationID int64, a account, waiting []waitingEvent) error {
	read := map[string]error{} // what was read once for all, and how it ended
	once := func(what string, do func() error) error {
		err, done := read[what]
		if !done {
			err = do()
			read[what] = err
		}
		return err
	}
	var first error
	for _, e := range waiting {
		var err error
		switch e.what() {
		case "page":
			err = t.followPage(ctx, organisationID, a, e.ObjectID)
		case "refusal":
			err = t.countRefusal(ctx, organisationID, a, e.ObjectID)
		case "money":
			err = once("money", func() error { return t.bookSince(ctx, organisationID, a, t.Now().Add(-lookBack)) })
		case "dispute":
			err = once("money", func() error { return t.bookSince(ctx, organisationID, a, t.Now().Add(-lookBack)) })
			if err == nil {
				err = once("dispute", func() error { return t.followDisputes(ctx, organisationID, a) })
			}
		}
		if err = t.processed(ctx, organisationID, e, err); err != nil && first == nil {
			first = fmt.Errorf("event %s: %w", e.ID, err)
		}
	}
	return errors.Join(first, t.watchRefusals(ctx, organisationID))
}

// patience is how often an event is tried before it is put aside: about two days.
const patience = 16

// processed ends an event, lets it wait, or puts it aside. The error comes back when trying again may help.
func (t *Till) processed(ctx context.Context, organisationID int64, e waitingEvent, failed error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	again := failed != nil && passing(ctx, failed) && e.Attempts+1 < patience
	if failed != nil && !again {
		if err := t.putAside(ctx, t.DB, Problem{OrganisationID: organisationID, Kind: NotProcessed, Ref: e.ID, Detail: codeOf(failed)}); err != nil {
			return err
		}
	}
	wait := min(10*time.Second<<min(e.Attempts, 12), 6*time.Hour)
	_, err := t.DB.ExecContext(ctx, `
		UPDATE stripe_event
		   SET attempts = attempts + 1, next_at = $4, processed_at = CASE WHEN $5 THEN NULL ELSE $3::timestamptz END
		 WHERE organisation_id = $1 AND id = $2`, organisationID, e.ID, t.Now(), t.Now().Add(wait), again)
	if err != nil {
		return fmt.Errorf("processed: %w", err)
	}
	if again {
		return failed
	}
	return nil
}

// followPage asks for the present state of a payment page and settles its gift.
func (t *Till) followPage(ctx context.Context, organisationID int64, a account, ref string) error {
	state, err := a.Look(ctx, ref)
	if err != nil {
		return t.pageAside(ctx, organisationID, campaigns.CheckoutState{Ref: ref}, err)
	}
	if state.DonationID == 0 {
		return nil // another program's, on the same account
	}
	if state.Status == campaigns.CheckoutPaid && state.Movement == nil {
		return fmt.Errorf("checkout: %w", campaigns.ErrPaymentUnavailable) // its line on the statement is not written yet
	}
	return t.pageAside(ctx, organisationID, state, t.settle(ctx, organisationID, state))
}

// pageAside puts a payment page aside that no second look will settle.
func (t *Till) pageAside(ctx context.Context, organisationID int64, s campaigns.CheckoutState, err error) error {
	if err == nil || passing(ctx, err) {
		return err
	}
	kind := NotKnown
	switch {
	case errors.Is(err, campaigns.ErrAmountDiffers):
		kind = AnotherAmount
	case errors.Is(err, stripepay.ErrCurrency):
		kind = NotYen
	case ruled(err):
		kind = NotBooked
	}
	return t.putAside(ctx, t.DB, Problem{OrganisationID: organisationID, Kind: kind, Ref: s.Ref, DonationID: s.DonationID, Amount: s.Amount, Detail: codeOf(err)})
}

// settle brings a gift to its payment's state and writes the letters that follow, in one database transaction.
func (t *Till) settle(ctx context.Context, organisationID int64, state campaigns.CheckoutState) error {
	return ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) error {
		settled, err := campaigns.Settle(ctx, tx, organisationID, state, t.Now())
		if errors.Is(err, campaigns.ErrNotFound) {
			return t.settleUnseen(ctx, tx, organisationID, state, err)
		}
		if err != nil {
			return err
		}
		if state.Movement == nil {
			return t.tell(ctx, tx, settled, state)
		}
		return t.follow(ctx, tx, organisationID, *state.Movement, settled, state)
	})
}

// settleUnseen is for a page we never got the answer about, so that nobody was led to it, and for one of a gift nobody knows: without money there is nothing to do,
// and money is booked all the same.
func (t *Till) settleUnseen(ctx context.Context, tx *sqlx.Tx, organisationID int64, state campaigns.CheckoutState, unknown error) error {
	if state.Movement == nil {
		_, err := campaigns.FindDonation(ctx, tx, organisationID, state.DonationID)
		if errors.Is(err, campaigns.ErrNotFound) {
			return unknown
		}
		return err
	}
	settled, err := campaigns.SettleMovement(ctx, tx, organisationID, *state.Movement, t.Now())
	if err != nil {
		return err
	}
	return t.follow(ctx, tx, organisationID, *state.Movement, settled, state)
}

// keepEvents is how long a followed event is kept: long enough to look into what went wrong. It holds what Stripe writes of a payer.
const keepEvents = 90 * 24 * time.Hour

// Prune forgets events that were followed long ago.
func (t *Till) Prune(ctx context.Context, organisationID int64) error {
	_, err := t.DB.ExecContext(ctx, `
		DELETE FROM stripe_event
		 WHERE organisation_id = $1 AND processed_at < $2`, organisationID, t.Now().Add(-keepEvents))
	if err != nil {
		return fmt.Errorf("events of organisation %d: %w", organisationID, err)
	}
	return nil
}
