package stripe

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// charge is one attempt to take money, with its outcome.
type charge struct {
	head
	Amount               ledger.Yen        `json:"amount"`
	AmountCaptured       ledger.Yen        `json:"amount_captured"`
	AmountRefunded       ledger.Yen        `json:"amount_refunded"`
	BalanceTransaction   text              `json:"balance_transaction"`
	Captured             bool              `json:"captured"`
	Currency             string            `json:"currency"`
	Customer             text              `json:"customer"`
	Disputed             bool              `json:"disputed"`
	FailureCode          text              `json:"failure_code"`
	FailureMessage       text              `json:"failure_message"`
	Invoice              text              `json:"invoice"`
	Metadata             map[string]string `json:"metadata"`
	Paid                 bool              `json:"paid"`
	PaymentIntent        text              `json:"payment_intent"`
	PaymentMethodDetails methodDetails     `json:"payment_method_details"`
	ReceiptEmail         text              `json:"receipt_email"`
	Refunded             bool              `json:"refunded"`
	Status               string            `json:"status"` // succeeded, failed
}

type methodDetails struct {
	Type    string          `json:"type"`
	Card    *cardDetails    `json:"card,omitempty"`
	Konbini *konbiniPayment `json:"konbini,omitempty"`
}

// cardDetails describes no card: the payer's page has no field for one.
type cardDetails struct {
	Brand       string `json:"brand"`
	Country     string `json:"country"`
	Fingerprint string `json:"fingerprint"` // of the payer's address: everybody has one card
}

type konbiniPayment struct {
	Store konbiniStore `json:"store"`
}

type konbiniStore struct {
	Chain string `json:"chain"`
}

// newCharge begins a charge of the intent, whose metadata Stripe copies to it.
func (a *account) newCharge(pi intent, method string) charge {
	c := charge{
		Amount: pi.Amount, Currency: pi.Currency, Metadata: pi.Metadata, PaymentIntent: text(pi.ID), ReceiptEmail: pi.ReceiptEmail,
		PaymentMethodDetails: methodDetails{Type: method},
	}
	if method == "card" {
		c.head = a.newHead("ch", "charge")
		c.PaymentMethodDetails.Card = &cardDetails{Brand: "unknown", Country: "JP", Fingerprint: cardOf(pi)}
	} else {
		c.head = a.newHead("py", "charge")
		c.PaymentMethodDetails.Konbini = &konbiniPayment{konbiniStore{"lawson"}}
	}
	return c
}

// movementType is the type of the charge's balance transaction: it differs by method, the reporting category does not.
func (c charge) movementType() string {
	if c.PaymentMethodDetails.Type == "card" {
		return "charge"
	}
	return "payment"
}

// cardOf tells one payer's card from another's, as Stripe's fingerprint of the number does.
func cardOf(pi intent) string {
	whose := string(pi.ReceiptEmail)
	if whose == "" {
		whose = pi.ID
	}
	sum := sha256.Sum256([]byte(whose))
	return hex.EncodeToString(sum[:8])
}
