package stripe

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// event says that something happened to an object, with the object as it was then.
type event struct {
	head
	APIVersion      string       `json:"api_version"`
	Data            eventData    `json:"data"`
	PendingWebhooks int          `json:"pending_webhooks"`
	Request         eventRequest `json:"request"`
	Type            string       `json:"type"`
}

type eventData struct {
	Object json.RawMessage `json:"object"`
}

type eventRequest struct {
	ID             text `json:"id"`
	IdempotencyKey text `json:"idempotency_key"`
}

// eventTypes are the events an endpoint may ask for: those sent here, and those of Stripe's that a donation program
// listens to besides.
var eventTypes = []string{
	"charge.succeeded", "charge.failed", "charge.refunded", "charge.refund.updated",
	"charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed",
	"charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated",
	"checkout.session.completed", "checkout.session.expired",
	"checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed",
	"customer.subscription.updated", "customer.subscription.deleted",
	"invoice.paid", "invoice.payment_failed", "invoice.payment_action_required",
	"payment_intent.created", "payment_intent.requires_action", "payment_intent.succeeded",
	"payment_intent.payment_failed", "payment_intent.partially_funded",
	"payout.created", "payout.paid", "payout.failed", "payout.reconciliation_completed",
	"refund.created", "refund.updated",
}

// emit writes an event and a delivery for each endpoint that asked for its type.
func (a *account) emit(ctx context.Context, kind string, about object) error {
	snapshot, err := json.Marshal(about)
	if err != nil {
		return err
	}
	e := event{head: a.newHead("evt", "event"), APIVersion: APIVersion, Type: kind, Data: eventData{snapshot}}
	var endpoints []string
	err = a.tx.SelectContext(ctx, &endpoints, `
		SELECT id
		FROM practice.stripe_object
		WHERE organisation_id = $1 AND kind = 'webhook_endpoint'
			AND body->'enabled_events' ?| ARRAY[$2, '*']
		ORDER BY position`, a.organisation, kind)
	if err != nil {
		return fmt.Errorf("practice endpoints: %w", err)
	}
	e.PendingWebhooks = len(endpoints)
	if err := a.add(ctx, e, never); err != nil {
		return err
	}
	minutes, err := a.delay(ctx)
	if err != nil {
		return err
	}
	for _, endpoint := range endpoints {
		_, err := a.tx.ExecContext(ctx, `
			INSERT INTO practice.stripe_delivery (organisation_id, event_id, endpoint_id, due_at)
			VALUES ($1, $2, $3, $4)`, a.organisation, e.ID, endpoint, a.now.Add(time.Duration(minutes)*time.Minute))
		if err != nil {
			return fmt.Errorf("practice delivery of %s: %w", e.ID, err)
		}
	}
	return nil
}
