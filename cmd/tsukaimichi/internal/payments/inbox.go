package payments

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// EventsJob is the kind of the job that processes an organisation's waiting events.
const EventsJob = "payments_events"

// Receive takes a webhook in: verified, kept under its id, and left to a job. An event that came before changes nothing. When it returns nil the event is
// on disk and may be acknowledged; on an error the sender must try again.
func (t *Till) Receive(ctx context.Context, organisationID int64, payload []byte, signature string) error {
	a, err := t.account(ctx, organisationID)
	if err != nil {
		return err
	}
	event, err := stripepay.Verify(payload, signature, []string{a.secret}, t.Now())
	if err != nil {
		return err
	}
	if event.Livemode != a.livemode {
		return fmt.Errorf("event %s: %w: live and test do not mix", event.ID, stripepay.ErrEvent)
	}
	return ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) error {
		result, err := tx.ExecContext(ctx, `
			INSERT INTO stripe_event (organisation_id, id, type, object_id, api_version, payload, received_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)
			    ON CONFLICT ON CONSTRAINT stripe_event_pkey DO NOTHING`,
			organisationID, event.ID, event.Type, event.ObjectID, event.APIVersion, string(payload), t.Now())
		if err != nil {
			return fmt.Errorf("event %s: %w", event.ID, err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return t.Enqueue(ctx, tx, EventsJob, organisationID, 0)
	})
}

// waitingEvent is a kept event nobody has looked into yet.
type waitingEvent struct {
	ID       string `db:"id"`
	Type     string `db:"type"`
	ObjectID string `db:"object_id"`
}

// Process looks into an organisation's waiting events, each in transactions of its own. One that fails does not hold up the
// others; the first error is returned so that the job comes again.
func (t *Till) Process(ctx context.Context, organisationID int64) error {
	a, err := t.account(ctx, organisationID)
	if err != nil {
		return err
	}
	var waiting []waitingEvent
	err = t.DB.SelectContext(ctx, &waiting, `
		SELECT id, type, object_id
		  FROM stripe_event
		 WHERE organisation_id = $1 AND processed_at IS NULL
		 ORDER BY received_at, id
		 LIMIT 500`, organisationID)
	if err != nil {
		return fmt.Errorf("events of organisation %d: %w", organisationID, err)
	}
	var first error
	for _, e := range waiting {
		if err := t.process(ctx, organisationID, a, e); err != nil && first == nil {
			first = fmt.Errorf("event %s: %w", e.ID, err)
		}
	}
	return first
}

func (t *Till) process(ctx context.Context, organisationID int64, a account, e waitingEvent) error {
	switch {
	case strings.HasPrefix(e.Type, "checkout.session."):
		state, err := a.Look(ctx, e.ObjectID)
		if err != nil {
			return err
		}
		if state.Status == campaigns.CheckoutPaid && state.Movement == nil {
			return fmt.Errorf("checkout: %w", campaigns.ErrPaymentUnavailable) // its line on the statement is not written yet
		}
		if err = t.settle(ctx, organisationID, state); err != nil {
			return err
		}
	case strings.HasPrefix(e.Type, "charge."), strings.HasPrefix(e.Type, "refund."), strings.HasPrefix(e.Type, "payout."):
		if err := t.bookSince(ctx, organisationID, a, t.Now().Add(-lookBack)); err != nil {
			return err
		}
	}
	_, err := t.DB.ExecContext(ctx, `
		UPDATE stripe_event
		   SET processed_at = $3
		 WHERE organisation_id = $1 AND id = $2`, organisationID, e.ID, t.Now())
	if err != nil {
		return fmt.Errorf("processed: %w", err)
	}
	return nil
}

// settle brings a gift to its payment's state and writes the letters that follow, in one database transaction.
func (t *Till) settle(ctx context.Context, organisationID int64, state campaigns.CheckoutState) error {
	return ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) error {
		settled, err := campaigns.Settle(ctx, tx, organisationID, state, t.Now())
		if err != nil {
			return err
		}
		return t.tell(ctx, tx, settled, state)
	})
}
