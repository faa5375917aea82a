package campaigns

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Channel is the way a gift arrives.
type Channel string

// Card and Konbini are paid online through the organisation's own Stripe account; the others are entered by
// staff or come from the bank.
const (
	Card     Channel = "card"
	Konbini  Channel = "konbini"
	Transfer Channel = "transfer" // 銀行振込
	Slip     Channel = "slip"     // 払込取扱票
	Cash     Channel = "cash"     // 現金・持参
	Box      Channel = "box"      // 募金箱
	Envelope Channel = "envelope" // 戸別封筒
)

// Online reports whether the channel needs a payment service.
func (c Channel) Online() bool { return c == Card || c == Konbini }

func (c Channel) known() bool {
	return slices.Contains([]Channel{Card, Konbini, Transfer, Slip, Cash, Box, Envelope}, c)
}

// ErrPaymentUnknown says that the payment service knows no such checkout.
var ErrPaymentUnknown = errors.New("campaigns: no such checkout at the payment service")

// ErrPaymentUnavailable says that the payment service could not be reached or asks to wait; trying again later
// with the same request is safe.
var ErrPaymentUnavailable = errors.New("campaigns: payment service unavailable")

// Payments is one organisation's payment service. Its answers describe; only its movements are booked.
type Payments interface {
	// Begin opens a payment page. The same donation and attempt always give the same checkout.
	Begin(ctx context.Context, request PaymentRequest) (Checkout, error)
	// Look asks for the present state of a checkout; ErrPaymentUnknown if there is none of that reference.
	Look(ctx context.Context, ref string) (CheckoutState, error)
	// Movements yields every movement on the account since an instant, the oldest first, and stops at the first
	// error of yield.
	Movements(ctx context.Context, since time.Time, yield func(Movement) error) error
}

// PaymentRequest is what a payment page is opened for. It carries nothing that identifies the donor but the
// mail address, which the page fills in.
type PaymentRequest struct {
	OrganisationID int64
	DonationID     int64
	Attempt        int // raised by one when an earlier attempt was refused or ran out
	Channel        Channel
	Amount         ledger.Yen
	Title          string // the campaign's name, as the payer sees it
	Mail           string // may be empty
	SuccessURL     string
	CancelURL      string
	ExpiresAt      time.Time // the payment page closes
	VoucherDays    int       // days a konbini voucher can be paid, 1–60
}

// Checkout is an opened payment page.
type Checkout struct {
	Ref       string // the service's own name for it
	URL       string
	ExpiresAt time.Time
}

// CheckoutState is what the payment service says of a checkout.
type CheckoutState struct {
	Ref        string
	DonationID int64 // as given to Begin
	Status     CheckoutStatus
	Amount     ledger.Yen
	ChargeRef  string // set once paid
	ChargedAt  time.Time
	Movement   *Movement // the movement of the payment, nil while the service has not written it
	VoucherURL string    // a konbini voucher waiting to be paid
	VoucherEnd time.Time
}

// CheckoutStatus is the state of a checkout at the payment service.
type CheckoutStatus string

// A checkout is open until the payer acts, pending while a voucher waits, then paid, or failed (the voucher ran out), or
// expired (the page was left).
const (
	CheckoutOpen    CheckoutStatus = "open"
	CheckoutPending CheckoutStatus = "pending"
	CheckoutPaid    CheckoutStatus = "paid"
	CheckoutFailed  CheckoutStatus = "failed"
	CheckoutExpired CheckoutStatus = "expired"
)

// Movement is one line of the payment service's own statement; Ref is unique for the account and names the booking's source.
type Movement struct {
	Ref        string
	Kind       MovementKind
	SourceRef  string // the charge, refund, dispute or payout it belongs to
	ChargeRef  string // of a refund or dispute: the charge it takes back; empty where the service does not say
	DonationID int64  // 0 where none is concerned
	Gross      ledger.Yen
	Cost       ledger.Yen // processing cost 決済手数料
	Net        ledger.Yen
	At         time.Time
}

// MovementKind says what a movement is for.
type MovementKind string

// The kinds of movement a payment service reports.
const (
	MovementCharge          MovementKind = "charge"
	MovementRefund          MovementKind = "refund"
	MovementRefundFailure   MovementKind = "refund_failure"
	MovementDispute         MovementKind = "dispute"
	MovementDisputeReversal MovementKind = "dispute_reversal"
	MovementPayout          MovementKind = "payout"
	MovementPayoutReversal  MovementKind = "payout_reversal"
	MovementCost            MovementKind = "cost"
	MovementOther           MovementKind = "other"
)
