package stripepay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/stripe/stripe-go/v76"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
)

// ErrKey says that Stripe does not take the account's key, or not for this.
var ErrKey = errors.New("stripepay: key not accepted")

// ErrCurrency says that an amount is not in yen.
var ErrCurrency = errors.New("stripepay: not in yen")

// ErrRequest says that a request cannot be made as asked: another organisation's donation, a channel that is not online.
var ErrRequest = errors.New("stripepay: request does not fit the account")

// Refused is an answer of Stripe's that says no. It leaves out Stripe's message, which repeats what was sent.
type Refused struct {
	Status    int    // HTTP status
	Type      string // invalid_request_error, idempotency_error, card_error, api_error
	Code      string // Stripe's error code, may be empty
	Param     string // the parameter it is about, may be empty
	RequestID string // finds the request in Stripe's log
}

// Error names what was refused, without personal data.
func (r *Refused) Error() string {
	return fmt.Sprintf("stripe answered %d %s %s %s (%s)", r.Status, r.Type, r.Code, r.Param, r.RequestID)
}

// translate turns an error of stripe-go into ours: ErrPaymentUnavailable when trying again can help,
// ErrPaymentUnknown for 404, ErrKey for 401 and 403, else the Refused alone.
func translate(err error) error {
	if err == nil {
		return nil
	}
	var answer *stripe.Error
	if !errors.As(err, &answer) {
		return unreachable(err)
	}
	refused := &Refused{answer.HTTPStatusCode, string(answer.Type), string(answer.Code), answer.Param, answer.RequestID}
	switch status := answer.HTTPStatusCode; {
	case status >= 500, status == http.StatusTooManyRequests, status == http.StatusConflict:
		return fmt.Errorf("%w: %w", campaigns.ErrPaymentUnavailable, refused)
	case status == http.StatusNotFound:
		return fmt.Errorf("%w: %w", campaigns.ErrPaymentUnknown, refused)
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return fmt.Errorf("%w: %w", ErrKey, refused)
	}
	return refused
}

// unreachable is for what is no answer in Stripe's words: the network, a time-out, a proxy's page. Of the last, stripe-go quotes
// the body; it is left out.
func unreachable(err error) error {
	var network *url.Error
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.As(err, &network):
		return fmt.Errorf("%w: %w", campaigns.ErrPaymentUnavailable, network.Err)
	}
	return fmt.Errorf("%w: answer not understood", campaigns.ErrPaymentUnavailable)
}

// yen checks the currency of an object.
func yen(currency stripe.Currency, id string) error {
	if currency != stripe.CurrencyJPY {
		return fmt.Errorf("%s in %s: %w", id, currency, ErrCurrency)
	}
	return nil
}
