package stripe

import (
	"context"
	"encoding/json"
	"fmt"
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

// emit writes an event and a delivery for each endpoint that asked for its type; the switch Delay says how late it goes out.
func (a *account) emit(ctx context.Context, kind string, about object) error {
	snapshot, err := json.Marshal(about)
	if err != nil {
		return err
	}
	e := event{head: a.newHead("evt", "event"), APIVersion: APIVersion, Type: kind, Data: eventData{snapshot}}
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = a.tx.ExecContext(ctx, `
		WITH endpoint AS (
			SELECT id, position
			FROM practice.stripe_object
			WHERE organisation_id = $1 AND kind = 'webhook_endpoint' AND body->'enabled_events' ?| ARRAY[$2, '*']
		), event AS (
			INSERT INTO practice.stripe_object (organisation_id, id, kind, body, created_at)
			VALUES ($1, $3, 'event', jsonb_set($4, '{pending_webhooks}', to_jsonb((SELECT count(*) FROM endpoint))), $5)
		)
		INSERT INTO practice.stripe_delivery (organisation_id, event_id, endpoint_id, due_at)
		SELECT $1, $3, id, $5 + coalesce((SELECT value FROM practice.switch WHERE name = $6), 0) * interval '1 minute'
		FROM endpoint
		ORDER BY position`, a.organisation, kind, e.ID, string(body), a.now, Delay)
	if err != nil {
		return fmt.Errorf("practice event %s: %w", e.ID, err)
	}
	return nil
}
