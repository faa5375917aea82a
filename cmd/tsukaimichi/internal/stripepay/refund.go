package stripepay

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// RefundRequest is one refund of a payment, whole or in part.
type RefundRequest struct {
	PaymentRef string     // the charge (ch_…, py_…) or the payment intent (pi_…)
	DonationID int64      // goes into the refund's metadata
	Amount     ledger.Yen // at most what was not yet refunded
	Key        string     // idempotency key: the same key refunds once
	Mail       string     // where Stripe asks the donor for a bank account; needed for konbini when the payment had no address
}

// Refund is a refund as Stripe took it.
type Refund struct {
	Ref       string
	Status    string // succeeded, pending, requires_action (the donor has to give a bank account), failed, canceled
	CreatedAt time.Time
}

// Refund gives money back. The book learns of it from Movements. *Refused when Stripe says no: more than is left
// (param amount), already refunded (charge_already_refunded), disputed (charge_disputed).
func (a *Account) Refund(ctx context.Context, request RefundRequest) (Refund, error) {
	if request.Key == "" || request.Amount <= 0 {
		return Refund{}, fmt.Errorf("refund of %s: %w", request.PaymentRef, ErrRequest)
	}
	params := &stripe.RefundParams{
		Amount:   stripe.Int64(int64(request.Amount)),
		Reason:   stripe.String(string(stripe.RefundReasonRequestedByCustomer)),
		Metadata: a.metadata(request.DonationID, 0),
	}
	delete(params.Metadata, "attempt")
	if strings.HasPrefix(request.PaymentRef, "pi_") {
		params.PaymentIntent = stripe.String(request.PaymentRef)
	} else {
		params.Charge = stripe.String(request.PaymentRef)
	}
	if request.Mail != "" {
		params.InstructionsEmail = stripe.String(request.Mail)
	}
	params.Context = ctx
	params.SetIdempotencyKey(request.Key)
	refund, err := a.api.Refunds.New(params)
	if err != nil {
		return Refund{}, fmt.Errorf("refund of %s: %w", request.PaymentRef, translate(err))
	}
	return Refund{Ref: refund.ID, Status: string(refund.Status), CreatedAt: time.Unix(refund.Created, 0)}, nil
}
