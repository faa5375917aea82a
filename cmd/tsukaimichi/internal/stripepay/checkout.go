package stripepay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/stripe/stripe-go/v76"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Begin opens a Checkout page for one donation. The same donation and attempt give the same page for the 24 hours that Stripe
// remembers a request, as long as everything else in the request is the same too; *Refused of type
// idempotency_error when it is not. ErrRequest for another organisation's donation or an offline channel.
func (a *Account) Begin(ctx context.Context, request campaigns.PaymentRequest) (campaigns.Checkout, error) {
	if request.OrganisationID != a.organisationID || !request.Channel.Online() {
		return campaigns.Checkout{}, fmt.Errorf("donation %d: %w", request.DonationID, ErrRequest)
	}
	key := fmt.Sprintf("donation-%d-%d-%d", a.organisationID, request.DonationID, request.Attempt)
	session, err := a.begin(ctx, request, key)
	var refused *Refused
	if errors.As(err, &refused) && refused.Status == http.StatusInternalServerError {
		// Stripe repeats a 500 to its key for a day. A page that may have been made behind it was shown to nobody, so
		// a second key, just as fixed, is safe.
		session, err = a.begin(ctx, request, key+"-again")
	}
	if err != nil {
		return campaigns.Checkout{}, fmt.Errorf("donation %d: %w", request.DonationID, err)
	}
	return campaigns.Checkout{Ref: session.ID, URL: session.URL, ExpiresAt: time.Unix(session.ExpiresAt, 0)}, nil
}

func (a *Account) begin(ctx context.Context, request campaigns.PaymentRequest, key string) (*stripe.CheckoutSession, error) {
	params := a.sessionParams(request)
	params.Context = ctx
	params.SetIdempotencyKey(key)
	session, err := a.api.CheckoutSessions.New(params)
	return session, translate(err)
}

// sessionParams writes the metadata twice: Stripe copies the payment intent's to the charge, which the movements come from,
// and shows the session's own.
func (a *Account) sessionParams(request campaigns.PaymentRequest) *stripe.CheckoutSessionParams {
	metadata := a.metadata(request.DonationID, request.Attempt)
	params := &stripe.CheckoutSessionParams{
		Mode:              stripe.String(string(stripe.CheckoutSessionModePayment)),
		SubmitType:        stripe.String(string(stripe.CheckoutSessionSubmitTypeDonate)),
		Locale:            stripe.String("ja"),
		SuccessURL:        stripe.String(request.SuccessURL),
		CancelURL:         stripe.String(request.CancelURL),
		ExpiresAt:         stripe.Int64(request.ExpiresAt.Unix()),
		ClientReferenceID: stripe.String(strconv.FormatInt(request.DonationID, 10)),
		Metadata:          metadata,
		PaymentIntentData: &stripe.CheckoutSessionPaymentIntentDataParams{Metadata: metadata},
		LineItems: []*stripe.CheckoutSessionLineItemParams{{
			Quantity: stripe.Int64(1),
			PriceData: &stripe.CheckoutSessionLineItemPriceDataParams{
				Currency:    stripe.String(string(stripe.CurrencyJPY)),
				UnitAmount:  stripe.Int64(int64(request.Amount)), // yen has no smaller unit: 3000 is ¥3,000
				ProductData: &stripe.CheckoutSessionLineItemPriceDataProductDataParams{Name: stripe.String(request.Title)},
			},
		}},
		PaymentMethodTypes:   stripe.StringSlice([]string{string(request.Channel)}),
		PaymentMethodOptions: methodOptions(request),
	}
	if request.Mail != "" {
		params.CustomerEmail = stripe.String(request.Mail)
	}
	return params
}

// methodOptions asks for 3-D Secure on every card that can do it: donation pages are where stolen cards are tried.
func methodOptions(request campaigns.PaymentRequest) *stripe.CheckoutSessionPaymentMethodOptionsParams {
	if request.Channel == campaigns.Konbini {
		return &stripe.CheckoutSessionPaymentMethodOptionsParams{
			Konbini: &stripe.CheckoutSessionPaymentMethodOptionsKonbiniParams{ExpiresAfterDays: stripe.Int64(int64(request.VoucherDays))},
		}
	}
	return &stripe.CheckoutSessionPaymentMethodOptionsParams{
		Card: &stripe.CheckoutSessionPaymentMethodOptionsCardParams{RequestThreeDSecure: stripe.String("any")},
	}
}

// Look asks for the present state of a checkout, its charge and its movement in one request. campaigns.ErrPaymentUnknown when the
// account has no such checkout, ErrCurrency when it is not in yen.
func (a *Account) Look(ctx context.Context, ref string) (campaigns.CheckoutState, error) {
	params := &stripe.CheckoutSessionParams{}
	params.Context = ctx
	params.AddExpand("payment_intent.latest_charge.balance_transaction")
	session, err := a.api.CheckoutSessions.Get(ref, params)
	if err != nil {
		return campaigns.CheckoutState{}, fmt.Errorf("checkout %s: %w", ref, translate(err))
	}
	if err := yen(session.Currency, ref); err != nil {
		return campaigns.CheckoutState{}, err
	}
	state := campaigns.CheckoutState{
		Ref:        session.ID,
		DonationID: a.donation(session.Metadata),
		Status:     status(session),
		Amount:     ledger.Yen(session.AmountTotal),
	}
	switch state.Status {
	case campaigns.CheckoutPaid:
		err = a.charged(&state, session.PaymentIntent)
	case campaigns.CheckoutPending:
		voucher(&state, session.PaymentIntent)
	}
	return state, err
}

// status reads a session. A card that was refused leaves the page open: the payer may try another.
func status(session *stripe.CheckoutSession) campaigns.CheckoutStatus {
	switch session.Status {
	case stripe.CheckoutSessionStatusOpen:
		return campaigns.CheckoutOpen
	case stripe.CheckoutSessionStatusExpired:
		return campaigns.CheckoutExpired
	}
	intent := session.PaymentIntent
	switch {
	case session.PaymentStatus == stripe.CheckoutSessionPaymentStatusPaid:
		return campaigns.CheckoutPaid
	case intent != nil && intent.Status == stripe.PaymentIntentStatusRequiresPaymentMethod,
		intent != nil && intent.Status == stripe.PaymentIntentStatusCanceled:
		return campaigns.CheckoutFailed
	}
	return campaigns.CheckoutPending
}

// charged fills in the charge, and its movement once Stripe has written it. The movement's instant is when the money moved, also
// where a charge was begun earlier than it was paid.
func (a *Account) charged(state *campaigns.CheckoutState, intent *stripe.PaymentIntent) error {
	if intent == nil || intent.LatestCharge == nil {
		return nil
	}
	charge := intent.LatestCharge
	state.ChargeRef = charge.ID
	state.ChargedAt = time.Unix(charge.Created, 0)
	if charge.BalanceTransaction == nil {
		return nil
	}
	movement, err := read(charge.BalanceTransaction)
	if err != nil {
		return err
	}
	movement.DonationID = a.donation(charge.Metadata)
	state.Movement = &movement
	state.ChargedAt = movement.At
	return nil
}

func voucher(state *campaigns.CheckoutState, intent *stripe.PaymentIntent) {
	if intent == nil || intent.NextAction == nil || intent.NextAction.KonbiniDisplayDetails == nil {
		return
	}
	details := intent.NextAction.KonbiniDisplayDetails
	state.VoucherURL = details.HostedVoucherURL
	state.VoucherEnd = time.Unix(details.ExpiresAt, 0)
}
