package stripe

import (
	"context"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// refund is money on its way back.
type refund struct {
	head
	Amount                    ledger.Yen        `json:"amount"`
	BalanceTransaction        text              `json:"balance_transaction"`
	Charge                    string            `json:"charge"`
	Currency                  string            `json:"currency"`
	FailureBalanceTransaction text              `json:"failure_balance_transaction"`
	FailureReason             text              `json:"failure_reason,omitempty"`
	InstructionsEmail         text              `json:"instructions_email"`
	Metadata                  map[string]string `json:"metadata"`
	NextAction                *refundAction     `json:"next_action"`
	PaymentIntent             text              `json:"payment_intent"`
	Reason                    text              `json:"reason"`
	ReceiptNumber             text              `json:"receipt_number"`
	Status                    string            `json:"status"` // succeeded, requires_action, pending, failed
}

type refundAction struct {
	Type           string        `json:"type"`
	DisplayDetails refundDetails `json:"display_details"`
}

type refundDetails struct {
	EmailSent refundMail `json:"email_sent"`
	ExpiresAt int64      `json:"expires_at"`
}

type refundMail struct {
	EmailSentAt int64  `json:"email_sent_at"`
	EmailSentTo string `json:"email_sent_to"`
}

var refundRules = rules{
	"charge":             upTo(100),
	"payment_intent":     upTo(100),
	"amount":             integer(1, 99_999_999),
	"reason":             oneOf("duplicate", "fraudulent", "requested_by_customer"),
	"instructions_email": mail,
	"metadata[*]":        anything,
}

// transfer is how long a refund takes to the bank account that was named.
const transfer = 2 * 24 * time.Hour

// answering is how long a donor has to name a bank account for a refund that cannot go back the way it came.
const answering = 45 * 24 * time.Hour

func createRefund(ctx context.Context, a *account, r request) (any, error) {
	if err := r.form.check(refundRules); err != nil {
		return nil, err
	}
	metadata, err := r.form.metadata("metadata")
	if err != nil {
		return nil, err
	}
	paid, err := a.refundable(ctx, r.form)
	if err != nil {
		return nil, err
	}
	if paid.Disputed {
		return nil, invalid("", "charge_disputed", "Charge %s has been charged back; cannot issue a refund.", paid.ID)
	}
	left := paid.Amount - paid.AmountRefunded
	amount := ledger.Yen(r.form.number("amount", int64(left)))
	switch {
	case left == 0:
		return nil, invalid("", "charge_already_refunded", "Charge %s has already been refunded.", paid.ID)
	case amount > left:
		return nil, invalid("amount", "", "Refund amount (¥%s) is greater than unrefunded amount on charge (¥%s)", amount, left)
	}
	back := refund{
		Amount: amount, Charge: paid.ID, PaymentIntent: paid.PaymentIntent, Currency: "jpy", Metadata: metadata,
		Reason: text(r.form["reason"]), InstructionsEmail: text(r.form["instructions_email"]),
	}
	return a.refundBy(ctx, back, paid)
}

// refundable finds the charge that a refund names, itself or by its payment intent.
func (a *account) refundable(ctx context.Context, f form) (charge, error) {
	id := f["charge"]
	switch {
	case f.has("charge") == f.has("payment_intent"):
		return charge{}, invalid("", "parameter_missing", "One of the following params should be provided for this request: payment_intent or charge.")
	case f.has("payment_intent"):
		pi, err := load[intent](ctx, a, "payment_intent", f["payment_intent"])
		if err != nil {
			return charge{}, err
		}
		if pi.LatestCharge == "" {
			return charge{}, invalid("payment_intent", "", "This PaymentIntent (%s) does not have a successful charge to refund.", pi.ID)
		}
		id = string(pi.LatestCharge)
	}
	paid, err := load[charge](ctx, a, "charge", id)
	if err == nil && paid.Status != "succeeded" {
		return charge{}, invalid("charge", "", "Charge %s has not succeeded.", id)
	}
	return paid, err
}

// refundBy sends money back to the card at once, or asks a konbini's payer by mail for a bank account.
func (a *account) refundBy(ctx context.Context, back refund, paid charge) (any, error) {
	due := never
	e := entry{kind: "refund", category: "refund", amount: -back.Amount}
	back.head, back.Status = a.newHead("re", "refund"), "succeeded"
	if paid.PaymentMethodDetails.Type == "konbini" {
		to := back.InstructionsEmail
		if to == "" {
			to = paid.ReceiptEmail
		}
		if to == "" {
			return nil, invalid("instructions_email", "parameter_missing", "An email address is required to refund a konbini payment.")
		}
		due = a.now.Add(answering)
		e.kind = "payment_refund"
		back.head, back.Status = a.newHead("pyr", "refund"), "requires_action"
		back.NextAction = &refundAction{"display_details", refundDetails{refundMail{a.now.Unix(), string(to)}, due.Unix()}}
	}
	e.source = back.ID
	line, err := a.book(ctx, e)
	if err != nil {
		return nil, err
	}
	back.BalanceTransaction = text(line.ID)
	if err := a.add(ctx, back, due); err != nil {
		return nil, err
	}
	paid.AmountRefunded += back.Amount
	paid.Refunded = paid.AmountRefunded == paid.Amount
	if err := a.save(ctx, paid, never); err != nil {
		return nil, err
	}
	if err := a.emit(ctx, "charge.refunded", paid); err != nil {
		return nil, err
	}
	return back, a.emit(ctx, "refund.created", back)
}

// waitingRefund is the refund of a charge whose payer has not named a bank account yet, if any.
func (a *account) waitingRefund(ctx context.Context, chargeID string) (back refund, found bool, err error) {
	var id string
	err = a.tx.GetContext(ctx, &id, `
		SELECT coalesce(min(id), '')
		FROM practice.stripe_object
		WHERE organisation_id = $1 AND kind = 'refund' AND body->>'charge' = $2 AND body->>'status' = 'requires_action'`, a.organisation, chargeID)
	if err != nil || id == "" {
		return refund{}, false, err
	}
	back, err = load[refund](ctx, a, "refund", id)
	return back, err == nil, err
}

// nameBank is the payer's answer to the mail that asked for a bank account.
func (a *account) nameBank(ctx context.Context, paid charge) error {
	back, found, err := a.waitingRefund(ctx, paid.ID)
	if err != nil {
		return err
	}
	if !found {
		return errEnded
	}
	back.Status, back.NextAction = "pending", nil
	if err := a.save(ctx, back, a.now.Add(transfer)); err != nil {
		return err
	}
	return a.emit(ctx, "refund.updated", back)
}

// endRefund is the end of a refund's time: it reached the bank account, or nobody named one.
func (a *account) endRefund(ctx context.Context, back refund) error {
	if back.Status != "pending" {
		return a.failRefund(ctx, back)
	}
	back.Status = "succeeded"
	if err := a.save(ctx, back, never); err != nil {
		return err
	}
	return a.emit(ctx, "refund.updated", back)
}

// failRefund brings the money back: nobody named a bank account.
func (a *account) failRefund(ctx context.Context, back refund) error {
	line, err := a.book(ctx, entry{kind: "refund_failure", category: "refund_failure", source: back.ID, amount: back.Amount})
	if err != nil {
		return err
	}
	back.Status, back.NextAction = "failed", nil
	back.FailureReason, back.FailureBalanceTransaction = "unknown", text(line.ID)
	if err := a.save(ctx, back, never); err != nil {
		return err
	}
	paid, err := load[charge](ctx, a, "charge", back.Charge)
	if err != nil {
		return err
	}
	paid.AmountRefunded -= back.Amount
	paid.Refunded = false
	if err := a.save(ctx, paid, never); err != nil {
		return err
	}
	if err := a.emit(ctx, "charge.refund.updated", back); err != nil {
		return err
	}
	return a.emit(ctx, "refund.updated", back)
}
