package stripe

import (
	"context"
	"errors"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// intent is a payment intent: one payer's attempts to pay one amount.
type intent struct {
	head
	Amount             ledger.Yen        `json:"amount"`
	AmountReceived     ledger.Yen        `json:"amount_received"`
	CaptureMethod      string            `json:"capture_method"`
	Currency           string            `json:"currency"`
	Customer           text              `json:"customer"`
	Invoice            text              `json:"invoice"`
	LastPaymentError   *paymentError     `json:"last_payment_error"`
	LatestCharge       text              `json:"latest_charge"`
	Metadata           map[string]string `json:"metadata"`
	NextAction         *nextAction       `json:"next_action"`
	PaymentMethodTypes []string          `json:"payment_method_types"`
	ReceiptEmail       text              `json:"receipt_email"`
	Status             string            `json:"status"` // requires_payment_method, requires_action, succeeded
	Practice           intentNotes       `json:"practice"`
}

type intentNotes struct {
	Session string `json:"session"`
}

type paymentError struct {
	Type        string `json:"type"`
	Code        string `json:"code"`
	DeclineCode text   `json:"decline_code"`
	Message     string `json:"message"`
}

type nextAction struct {
	Type    string         `json:"type"`
	Konbini konbiniDetails `json:"konbini_display_details"`
}

type konbiniDetails struct {
	ExpiresAt        int64                  `json:"expires_at"`
	HostedVoucherURL string                 `json:"hosted_voucher_url"`
	Stores           map[string]konbiniCode `json:"stores"`
}

type konbiniCode struct {
	PaymentCode        string `json:"payment_code"`
	ConfirmationNumber string `json:"confirmation_number"`
}

// errEnded says that a page or voucher no longer takes what the payer wants to do.
var errEnded = errors.New("practice stripe: no longer open")

// attempt returns the session's payment intent, making it at the first attempt as Stripe does.
func (a *account) attempt(ctx context.Context, o *session) (intent, error) {
	if o.PaymentIntent != "" {
		return load[intent](ctx, a, "payment_intent", string(o.PaymentIntent))
	}
	pi := intent{
		head:   a.newHead("pi", "payment_intent"),
		Amount: o.AmountTotal, Currency: o.Currency, CaptureMethod: "automatic", Status: "requires_payment_method",
		Metadata: o.Practice.IntentMetadata, PaymentMethodTypes: o.PaymentMethodTypes, ReceiptEmail: o.CustomerEmail,
		Practice: intentNotes{Session: o.ID},
	}
	if err := a.add(ctx, pi, never); err != nil {
		return pi, err
	}
	o.PaymentIntent = text(pi.ID)
	if err := a.save(ctx, *o, time.Unix(o.ExpiresAt, 0)); err != nil {
		return pi, err
	}
	return pi, a.emit(ctx, "payment_intent.created", pi)
}

// payCard pays an open session by card.
func (a *account) payCard(ctx context.Context, o session) error {
	pi, err := a.attempt(ctx, &o)
	if err != nil {
		return err
	}
	if err := a.succeed(ctx, &pi, "card"); err != nil {
		return err
	}
	return a.complete(ctx, o, "paid")
}

// declineCard lets the card be refused; the session stays open for another attempt.
func (a *account) declineCard(ctx context.Context, o session) error {
	pi, err := a.attempt(ctx, &o)
	if err != nil {
		return err
	}
	failed := a.newCharge(pi, "card")
	failed.Status, failed.FailureCode, failed.FailureMessage = "failed", "card_declined", "Your card has insufficient funds."
	if err := a.add(ctx, failed, never); err != nil {
		return err
	}
	pi.Status, pi.LatestCharge = "requires_payment_method", text(failed.ID)
	pi.LastPaymentError = &paymentError{"card_error", "card_declined", "insufficient_funds", "Your card has insufficient funds."}
	if err := a.save(ctx, pi, never); err != nil {
		return err
	}
	if err := a.emit(ctx, "charge.failed", failed); err != nil {
		return err
	}
	return a.emit(ctx, "payment_intent.payment_failed", pi)
}

// issueVoucher ends an open session with a voucher to pay at a konbini; it returns the waiting intent.
func (a *account) issueVoucher(ctx context.Context, o session) (intent, error) {
	pi, err := a.attempt(ctx, &o)
	if err != nil {
		return pi, err
	}
	end := ledger.DateOf(a.now).AddDays(int(o.Practice.VoucherDays) + 1).Midnight().Add(-time.Second)
	pi.Status = "requires_action"
	pi.NextAction = &nextAction{"konbini_display_details", konbiniDetails{
		ExpiresAt:        end.Unix(),
		HostedVoucherURL: a.page("voucher", pi.ID),
		Stores:           konbiniCodes(),
	}}
	if err := a.save(ctx, pi, end); err != nil {
		return pi, err
	}
	if err := a.emit(ctx, "payment_intent.requires_action", pi); err != nil {
		return pi, err
	}
	return pi, a.complete(ctx, o, "unpaid")
}

// konbiniCodes are plainly made up: no till would take them.
func konbiniCodes() map[string]konbiniCode {
	codes := map[string]konbiniCode{}
	for _, store := range []string{"familymart", "lawson", "ministop", "seicomart"} {
		codes[store] = konbiniCode{PaymentCode: "000000", ConfirmationNumber: "00000000000"}
	}
	return codes
}

// payVoucher is the payer at the till.
func (a *account) payVoucher(ctx context.Context, pi intent) error {
	if pi.Status != "requires_action" || pi.NextAction.Konbini.ExpiresAt < a.now.Unix() {
		return errEnded
	}
	o, err := load[session](ctx, a, "checkout.session", pi.Practice.Session)
	if err != nil {
		return err
	}
	if err := a.succeed(ctx, &pi, "konbini"); err != nil {
		return err
	}
	o.PaymentStatus = "paid"
	if err := a.save(ctx, o, never); err != nil {
		return err
	}
	return a.emit(ctx, "checkout.session.async_payment_succeeded", o)
}

// expireVoucher is a voucher nobody paid.
func (a *account) expireVoucher(ctx context.Context, pi intent) error {
	o, err := load[session](ctx, a, "checkout.session", pi.Practice.Session)
	if err != nil {
		return err
	}
	pi.Status, pi.NextAction = "requires_payment_method", nil
	pi.LastPaymentError = &paymentError{"invalid_request_error", "payment_intent_payment_attempt_expired", "", "The konbini payment was not made in time."}
	if err := a.save(ctx, pi, never); err != nil {
		return err
	}
	if err := a.emit(ctx, "payment_intent.payment_failed", pi); err != nil {
		return err
	}
	return a.emit(ctx, "checkout.session.async_payment_failed", o)
}

// succeed moves the money: charge, movement, and the events of both.
func (a *account) succeed(ctx context.Context, pi *intent, method string) error {
	paid := a.newCharge(*pi, method)
	paid.Status, paid.Paid, paid.Captured, paid.AmountCaptured = "succeeded", true, true, paid.Amount
	cost, err := processingCost(method, paid.Amount)
	if err != nil {
		return err
	}
	movement, err := a.book(ctx, entry{kind: paid.movementType(), category: "charge", source: paid.ID, amount: paid.Amount, cost: cost, after: settling})
	if err != nil {
		return err
	}
	paid.BalanceTransaction = text(movement.ID)
	objects, err := a.lateDispute(ctx, method)
	if err != nil {
		return err
	}
	if err := a.add(ctx, paid, objects); err != nil {
		return err
	}
	pi.Status, pi.AmountReceived, pi.LatestCharge = "succeeded", pi.Amount, text(paid.ID)
	pi.NextAction, pi.LastPaymentError = nil, nil
	if err := a.save(ctx, *pi, never); err != nil {
		return err
	}
	if err := a.emit(ctx, "charge.succeeded", paid); err != nil {
		return err
	}
	return a.emit(ctx, "payment_intent.succeeded", *pi)
}
