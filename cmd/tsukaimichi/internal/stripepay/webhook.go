package stripepay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/webhook"
)

// ErrSignature says that a webhook was not signed by any of the secrets, or not within tolerance of now.
var ErrSignature = errors.New("stripepay: webhook signature not valid")

// ErrNoSecret says that there is no webhook secret to verify with. An empty one would verify anything.
var ErrNoSecret = errors.New("stripepay: no webhook secret")

// ErrEvent says that a signed webhook is not an event.
var ErrEvent = errors.New("stripepay: not an event")

// tolerance is how far the instant of signing may be from now, in either direction.
const tolerance = 300 * time.Second

// Event is what a webhook is about. It is a hint to look, and holds nothing that could be booked.
type Event struct {
	ID         string // unique; Stripe sends an event more than once
	Type       string
	ObjectID   string // empty for a thin event
	SessionID  string // ObjectID when the object is a checkout session
	APIVersion string // may be another than ours
	Livemode   bool
}

// Verify reads a webhook: its raw body and its Stripe-Signature header. Two secrets are in force while one is being replaced.
// ErrNoSecret when secrets has none or an empty one, ErrSignature when none of them fits, ErrEvent when
// the body is not an event.
func Verify(payload []byte, header string, secrets []string, now time.Time) (Event, error) {
	if len(secrets) == 0 {
		return Event{}, ErrNoSecret
	}
	for _, secret := range secrets {
		if strings.TrimSpace(secret) == "" {
			return Event{}, ErrNoSecret
		}
	}
	if !timely(header, now) || !signed(payload, header, secrets) {
		return Event{}, ErrSignature
	}
	return readEvent(payload)
}

// timely wants exactly one instant in the header, near now. stripe-go measures by the machine's clock alone and takes any
// instant of the future.
func timely(header string, now time.Time) bool {
	var signedAt time.Time
	for part := range strings.SplitSeq(header, ",") {
		text, is := strings.CutPrefix(part, "t=")
		if !is {
			continue
		}
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil || !signedAt.IsZero() {
			return false
		}
		signedAt = time.Unix(seconds, 0)
	}
	return !signedAt.IsZero() && now.Sub(signedAt).Abs() <= tolerance
}

func signed(payload []byte, header string, secrets []string) bool {
	for _, secret := range secrets {
		if webhook.ValidatePayloadIgnoringTolerance(payload, header, secret) == nil {
			return true
		}
	}
	return false
}

// readEvent reads the few members every version has. stripe-go's own reader stops at thin events, which write created as a text
// and carry no object.
func readEvent(payload []byte) (Event, error) {
	var body struct {
		ID         string `json:"id"`
		Type       string `json:"type"`
		APIVersion string `json:"api_version"`
		Livemode   bool   `json:"livemode"`
		Data       *struct {
			Object *struct {
				ID     string `json:"id"`
				Object string `json:"object"`
			} `json:"object"`
		} `json:"data"`
	}
	if err := json.Unmarshal(payload, &body); err != nil || body.ID == "" || body.Type == "" {
		return Event{}, ErrEvent
	}
	event := Event{ID: body.ID, Type: body.Type, APIVersion: body.APIVersion, Livemode: body.Livemode}
	if body.Data != nil && body.Data.Object != nil {
		event.ObjectID = body.Data.Object.ID
		if body.Data.Object.Object == "checkout.session" {
			event.SessionID = event.ObjectID
		}
	}
	return event, nil
}

// Events is what an organisation's webhook endpoint is told of.
var Events = []string{
	"checkout.session.completed", "checkout.session.async_payment_succeeded",
	"checkout.session.async_payment_failed", "checkout.session.expired",
	"payment_intent.partially_funded",
	"invoice.paid", "invoice.payment_failed", "invoice.payment_action_required",
	"customer.subscription.updated", "customer.subscription.deleted",
	"charge.failed", "charge.refunded", "charge.refund.updated", "refund.created", "refund.updated",
	"charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed",
	"charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated",
	"payout.paid", "payout.failed", "payout.reconciliation_completed",
}

// CreateWebhookEndpoint makes an endpoint that is told of Events in APIVersion, whatever version the account's
// dashboard is at, and returns its signing secret, which Stripe shows this once. Older endpoints of the same URL are taken away: their
// webhooks would come twice, signed with a secret nobody keeps any more.
func (a *Account) CreateWebhookEndpoint(ctx context.Context, url string) (secret string, err error) {
	old, err := a.endpoints(ctx, url)
	if err != nil {
		return "", fmt.Errorf("webhook endpoint: %w", err)
	}
	params := &stripe.WebhookEndpointParams{
		URL:           stripe.String(url),
		APIVersion:    stripe.String(APIVersion),
		EnabledEvents: stripe.StringSlice(Events),
	}
	params.Context = ctx
	endpoint, err := a.api.WebhookEndpoints.New(params)
	if err != nil {
		return "", fmt.Errorf("webhook endpoint: %w", translate(err))
	}
	if endpoint.Secret == "" {
		return "", fmt.Errorf("webhook endpoint %s: %w", endpoint.ID, ErrNoSecret)
	}
	for _, id := range old {
		params := &stripe.WebhookEndpointParams{}
		params.Context = ctx
		if _, err := a.api.WebhookEndpoints.Del(id, params); err != nil {
			return "", fmt.Errorf("webhook endpoint %s: %w", id, translate(err))
		}
	}
	return endpoint.Secret, nil
}

// endpoints are the account's endpoints of a URL.
func (a *Account) endpoints(ctx context.Context, url string) ([]string, error) {
	params := &stripe.WebhookEndpointListParams{}
	params.Context = ctx
	params.Limit = stripe.Int64(100)
	var ids []string
	list := a.api.WebhookEndpoints.List(params)
	for list.Next() {
		if endpoint := list.WebhookEndpoint(); endpoint.URL == url {
			ids = append(ids, endpoint.ID)
		}
	}
	return ids, translate(list.Err())
}
