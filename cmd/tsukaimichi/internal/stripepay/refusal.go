package stripepay

import (
	"context"
	"fmt"

	"github.com/stripe/stripe-go/v76"
)

// Refusal is a card that was refused on one of our payment pages.
type Refusal struct {
	DonationID int64  // 0 where the page was none of ours
	Card       string // Stripe's fingerprint of the card, the same for the same number; empty where Stripe does not tell
}

// Refusal asks what a refused charge was about. It says nothing of why: that answer is of use to who tries stolen cards alone.
func (a *Account) Refusal(ctx context.Context, chargeRef string) (Refusal, error) {
	params := &stripe.ChargeParams{}
	params.Context = ctx
	charge, err := a.api.Charges.Get(chargeRef, params)
	if err != nil {
		return Refusal{}, fmt.Errorf("charge %s: %w", chargeRef, translate(err))
	}
	refusal := Refusal{DonationID: a.donation(charge.Metadata)}
	if details := charge.PaymentMethodDetails; details != nil && details.Card != nil {
		refusal.Card = details.Card.Fingerprint
	}
	return refusal, nil
}

// Close shuts an open payment page, so that nobody tries further cards on it. One that is no longer open stays as it is.
func (a *Account) Close(ctx context.Context, ref string) error {
	state, err := a.Look(ctx, ref)
	if err != nil || state.Status != "open" {
		return err
	}
	params := &stripe.CheckoutSessionExpireParams{}
	params.Context = ctx
	params.SetIdempotencyKey("close-" + ref)
	if _, err := a.api.CheckoutSessions.Expire(ref, params); err != nil {
		return fmt.Errorf("checkout %s: %w", ref, translate(err))
	}
	return nil
}
