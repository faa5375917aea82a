package stripe

import (
	"context"
	"errors"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// dispute is a payer's objection to a card payment, made at his bank.
type dispute struct {
	head
	Amount              ledger.Yen        `json:"amount"`
	BalanceTransactions []movement        `json:"balance_transactions"`
	Charge              string            `json:"charge"`
	Currency            string            `json:"currency"`
	EvidenceDetails     evidenceDetails   `json:"evidence_details"`
	IsChargeRefundable  bool              `json:"is_charge_refundable"`
	Metadata            map[string]string `json:"metadata"`
	PaymentIntent       text              `json:"payment_intent"`
	Reason              string            `json:"reason"`
	Status              string            `json:"status"` // needs_response, won, lost
}

type evidenceDetails struct {
	DueBy           int64 `json:"due_by"`
	HasEvidence     bool  `json:"has_evidence"`
	PastDue         bool  `json:"past_due"`
	SubmissionCount int   `json:"submission_count"`
}

const (
	// disputeCost is what a dispute costs the organisation, won or lost. An assumption.
	disputeCost ledger.Yen = 1500
	// evidenceTime is how long evidence is taken; a dispute nobody answers is lost then.
	evidenceTime = 7 * 24 * time.Hour
)

// open takes the money of a charge back for the time of a dispute.
func (a *account) openDispute(ctx context.Context, paid charge) error {
	if paid.Status != "succeeded" || paid.Disputed || paid.Refunded || paid.PaymentMethodDetails.Type != "card" {
		return errEnded
	}
	due := a.now.Add(evidenceTime)
	d := dispute{
		head: a.newHead("dp", "dispute"), Amount: paid.Amount - paid.AmountRefunded, Charge: paid.ID, Currency: "jpy", Metadata: map[string]string{},
		PaymentIntent: paid.PaymentIntent, Reason: "fraudulent", Status: "needs_response", EvidenceDetails: evidenceDetails{DueBy: due.Unix()},
	}
	line, err := a.book(ctx, entry{kind: "adjustment", category: "dispute", source: d.ID, amount: -d.Amount, cost: disputeCost})
	if err != nil {
		return err
	}
	d.BalanceTransactions = []movement{line}
	if err := a.add(ctx, d, due); err != nil {
		return err
	}
	paid.Disputed = true
	if err := a.save(ctx, paid, never); err != nil {
		return err
	}
	if err := a.emit(ctx, "charge.dispute.created", d); err != nil {
		return err
	}
	return a.emit(ctx, "charge.dispute.funds_withdrawn", d)
}

// lateAfter is how long after he paid a payer objects where the switch Late stands: when he reads the second statement of his card.
const lateAfter = 45 * 24 * time.Hour

// lateDispute is when the payer of a charge that was just made will object, or never.
func (a *account) lateDispute(ctx context.Context, method string) (time.Time, error) {
	if method != "card" {
		return never, nil
	}
	on, err := settings(ctx, a.tx)
	if err != nil || !a.server.strikes(on, Late) {
		return never, err
	}
	return a.now.Add(lateAfter), nil
}

// objectLate opens the dispute that was foreseen, if there is still something to dispute.
func (a *account) objectLate(ctx context.Context, paid charge) error {
	err := a.openDispute(ctx, paid)
	if errors.Is(err, errEnded) {
		return a.save(ctx, paid, never)
	}
	return err
}

// win gives the money back; what the dispute cost stays.
func (a *account) winDispute(ctx context.Context, d dispute) error {
	if d.Status != "needs_response" {
		return errEnded
	}
	line, err := a.book(ctx, entry{kind: "adjustment", category: "dispute_reversal", source: d.ID, amount: d.Amount})
	if err != nil {
		return err
	}
	d.Status, d.BalanceTransactions = "won", append(d.BalanceTransactions, line)
	if err := a.save(ctx, d, never); err != nil {
		return err
	}
	if err := a.emit(ctx, "charge.dispute.closed", d); err != nil {
		return err
	}
	return a.emit(ctx, "charge.dispute.funds_reinstated", d)
}

// lose leaves the money with the payer: no line of the statement says so.
func (a *account) loseDispute(ctx context.Context, d dispute) error {
	if d.Status != "needs_response" {
		return errEnded
	}
	d.Status = "lost"
	if err := a.save(ctx, d, never); err != nil {
		return err
	}
	return a.emit(ctx, "charge.dispute.closed", d)
}

// disputeOf is the open dispute of a charge, if any.
func (a *account) disputeOf(ctx context.Context, chargeID string) (dispute, bool, error) {
	var id string
	err := a.tx.GetContext(ctx, &id, `
		SELECT coalesce(max(id), '')
		FROM practice.stripe_object
		WHERE organisation_id = $1 AND kind = 'dispute' AND body->>'charge' = $2 AND body->>'status' = 'needs_response'`, a.organisation, chargeID)
	if err != nil || id == "" {
		return dispute{}, false, err
	}
	d, err := load[dispute](ctx, a, "dispute", id)
	return d, err == nil, err
}
