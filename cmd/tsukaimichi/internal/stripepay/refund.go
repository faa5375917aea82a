package stripepay

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// RefundRequest is one refund of a payment, whole or in part.
type RefundRequest struct {
	PaymentRef string     // the charge (ch_…, py_…) or the payment intent (pi_…)
	DonationID int64      // goes into the refund's metadata
	RefundID   int64      // our own number of it, goes there too: FindRefund looks for it
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
	params.Metadata["refund"] = strconv.FormatInt(request.RefundID, 10)
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
	return refundAs(refund), nil
}

// FindRefund looks for a refund of a charge that was made for our own number of it; ok is false when there is none. It is asked when an
// answer was lost.
func (a *Account) FindRefund(ctx context.Context, chargeRef string, refundID int64) (found Refund, ok bool, err error) {
	params := &stripe.RefundListParams{Charge: stripe.String(chargeRef)}
	params.Context = ctx
	params.Limit = stripe.Int64(100)
	own := a.metadata(0, 0)["organisation"]
	list := a.api.Refunds.List(params)
	for list.Next() {
		refund := list.Refund()
		if refund.Metadata["organisation"] == own && refund.Metadata["refund"] == strconv.FormatInt(refundID, 10) {
			return refundAs(refund), true, nil
		}
	}
	if err := list.Err(); err != nil {
		return Refund{}, false, fmt.Errorf("refunds of %s: %w", chargeRef, translate(err))
	}
	return Refund{}, false, nil
}

// RefundsListed reports whether the refunds of a charge that Stripe lists are all there are: their sum is what the charge itself says. While it is not, one was made
// that is not listed yet, and to ask for another would be to refund twice.
func (a *Account) RefundsListed(ctx context.Context, chargeRef string) (bool, error) {
	params := &stripe.RefundListParams{Charge: stripe.String(chargeRef)}
	params.Context = ctx
	params.Limit = stripe.Int64(100)
	var sum int64
	list := a.api.Refunds.List(params)
	for list.Next() {
		if r := list.Refund(); r.Status != stripe.RefundStatusFailed && r.Status != stripe.RefundStatusCanceled {
			sum += r.Amount
		}
	}
	if err := list.Err(); err != nil {
		return false, fmt.Errorf("refunds of %s: %w", chargeRef, translate(err))
	}
	charge := &stripe.ChargeParams{}
	charge.Context = ctx
	paid, err := a.api.Charges.Get(chargeRef, charge)
	if err != nil {
		return false, fmt.Errorf("charge %s: %w", chargeRef, translate(err))
	}
	return paid.AmountRefunded == sum, nil
}

func refundAs(refund *stripe.Refund) Refund {
	return Refund{Ref: refund.ID, Status: string(refund.Status), CreatedAt: time.Unix(refund.Created, 0)}
}
