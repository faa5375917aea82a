package stripe

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// payout is money on its way to the organisation's bank account.
type payout struct {
	head
	Amount                    ledger.Yen        `json:"amount"`
	ArrivalDate               int64             `json:"arrival_date"`
	Automatic                 bool              `json:"automatic"`
	BalanceTransaction        text              `json:"balance_transaction"`
	Currency                  string            `json:"currency"`
	Description               string            `json:"description"`
	FailureBalanceTransaction text              `json:"failure_balance_transaction"`
	FailureCode               text              `json:"failure_code"`
	FailureMessage            text              `json:"failure_message"`
	Metadata                  map[string]string `json:"metadata"`
	Method                    string            `json:"method"`
	ReconciliationStatus      string            `json:"reconciliation_status"` // in_progress, completed
	SourceType                string            `json:"source_type"`
	Status                    string            `json:"status"` // in_transit, paid, failed
	Type                      string            `json:"type"`
}

// transit is how long a payout takes to the bank: from Friday to Monday.
const transit = 3 * 24 * time.Hour

// nextPayout is the next Friday in Tokyo, the day on which the practice Stripe pays out. An assumption: weekly is what a new account
// in Japan gets.
func nextPayout(now time.Time) time.Time {
	on := ledger.DateOf(now).AddDays(1)
	for on.Weekday() != time.Friday {
		on = on.AddDays(1)
	}
	return on.Midnight()
}

// payOut makes the payouts of the accounts whose day has come.
func (s *Server) payOut(ctx context.Context) (made int, err error) {
	var due []int64
	err = s.db.SelectContext(ctx, &due, `
		SELECT organisation_id
		FROM practice.stripe_account
		WHERE payout_due_at <= $1
		ORDER BY payout_due_at, organisation_id`, s.clock.Now())
	if err != nil {
		return 0, fmt.Errorf("practice payouts: %w", err)
	}
	var failed []error
	for _, organisation := range due {
		did := false
		err := s.write(ctx, organisation, func(a *account) (err error) {
			did, err = a.payOut(ctx)
			return err
		})
		if err != nil {
			failed = append(failed, fmt.Errorf("practice payout of account %d: %w", organisation, err))
		} else if did {
			made++
		}
	}
	return made, errors.Join(failed...)
}

// payOut sends to the bank what was available on each payout day that has come, if anything.
func (a *account) payOut(ctx context.Context) (made bool, err error) {
	var due time.Time
	err = a.tx.GetContext(ctx, &due, `
		SELECT payout_due_at
		FROM practice.stripe_account
		WHERE organisation_id = $1`, a.organisation)
	if err != nil {
		return false, err
	}
	for ; !due.After(a.now); due = nextPayout(due) { // more than one when the clock was moved far
		did, err := a.payOutOf(ctx, due)
		if err != nil {
			return false, err
		}
		made = made || did
	}
	_, err = a.tx.ExecContext(ctx, `
		UPDATE practice.stripe_account
		SET payout_due_at = $2
		WHERE organisation_id = $1`, a.organisation, due)
	return made, err
}

func (a *account) payOutOf(ctx context.Context, day time.Time) (bool, error) {
	begun := a.newHead("po", "payout")
	amount, err := a.take(ctx, begun.ID, day)
	if err != nil || amount == 0 {
		return false, err
	}
	po := payout{
		head: begun, Amount: amount, ArrivalDate: a.now.Add(transit).Unix(), Automatic: true,
		Currency: "jpy", Description: "STRIPE PAYOUT", Metadata: map[string]string{}, Method: "standard",
		ReconciliationStatus: "in_progress", SourceType: "card", Status: "in_transit", Type: "bank_account",
	}
	line, err := a.book(ctx, entry{kind: "payout", category: "payout", source: po.ID, amount: -amount, payout: po.ID})
	if err != nil {
		return false, err
	}
	po.BalanceTransaction = text(line.ID)
	if err := a.add(ctx, po, a.now.Add(transit)); err != nil {
		return false, err
	}
	return true, a.emit(ctx, "payout.created", po)
}

// take marks the movements that a payout is made of and returns their sum. Below zero after refunds, nothing is taken: payments to
// come fill it up first.
func (a *account) take(ctx context.Context, payoutID string, day time.Time) (ledger.Yen, error) {
	var amount ledger.Yen
	err := a.tx.GetContext(ctx, &amount, `
		WITH ready AS (
			SELECT id, (body->>'net')::bigint AS net
			FROM practice.stripe_object
			WHERE organisation_id = $1 AND kind = 'balance_transaction'
				AND body->>'practice_payout' IS NULL
				AND (body->>'available_on')::bigint <= $3
		), taken AS (
			UPDATE practice.stripe_object AS o
			SET body = jsonb_set(o.body, '{practice_payout}', to_jsonb($2::text))
			FROM ready
			WHERE o.organisation_id = $1 AND o.id = ready.id
				AND (SELECT sum(net) FROM ready) > 0
			RETURNING ready.net
		)
		SELECT coalesce(sum(net), 0)::bigint
		FROM taken`, a.organisation, payoutID, day.Unix())
	if err != nil {
		return 0, fmt.Errorf("practice %s: %w", payoutID, err)
	}
	return amount, nil
}

// backAfter is how long the bank takes to send a payout back.
const backAfter = 24 * time.Hour

// arrive is the payout at the bank; one that the bank sends back is due a second time.
func (a *account) arrive(ctx context.Context, po payout) error {
	if po.Status == "paid" {
		return a.bounce(ctx, po)
	}
	on, err := settings(ctx, a.tx)
	if err != nil {
		return err
	}
	due := never
	if a.server.strikes(on, Bounce) {
		due = a.now.Add(backAfter)
	}
	po.Status, po.ReconciliationStatus = "paid", "completed"
	if err := a.save(ctx, po, due); err != nil {
		return err
	}
	if err := a.emit(ctx, "payout.paid", po); err != nil {
		return err
	}
	return a.emit(ctx, "payout.reconciliation_completed", po)
}

// bounce brings a payout back that the bank did not take.
func (a *account) bounce(ctx context.Context, po payout) error {
	line, err := a.book(ctx, entry{kind: "payout_failure", category: "payout_reversal", source: po.ID, amount: po.Amount})
	if err != nil {
		return err
	}
	po.Status, po.FailureCode, po.FailureMessage = "failed", "account_closed", "The bank account has been closed."
	po.FailureBalanceTransaction = text(line.ID)
	if err := a.save(ctx, po, never); err != nil {
		return err
	}
	return a.emit(ctx, "payout.failed", po)
}
