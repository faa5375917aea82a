package stripe

import (
	"context"
	"fmt"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// movement is a balance transaction: a line of the account's own statement.
type movement struct {
	head
	Amount            ledger.Yen   `json:"amount"`
	AvailableOn       int64        `json:"available_on"`
	Currency          string       `json:"currency"`
	Description       text         `json:"description"`
	ExchangeRate      *int64       `json:"exchange_rate"`
	Fee               ledger.Yen   `json:"fee"`
	FeeDetails        []feeDetails `json:"fee_details"`
	Net               ledger.Yen   `json:"net"`
	ReportingCategory string       `json:"reporting_category"`
	Source            string       `json:"source"`
	Status            string       `json:"status"` // pending, available
	Type              string       `json:"type"`
	Payout            text         `json:"practice_payout"` // which payout took it; Stripe's own document has no such member
}

type feeDetails struct {
	Amount      ledger.Yen `json:"amount"`
	Application text       `json:"application"`
	Currency    string     `json:"currency"`
	Description string     `json:"description"`
	Type        string     `json:"type"`
}

// entry is what becomes a movement.
type entry struct {
	kind, category, source string
	amount, cost           ledger.Yen
	after                  time.Duration // until it is available
	payout                 string        // the payout it belongs to from the start
}

func (a *account) book(ctx context.Context, e entry) (movement, error) {
	net, err := e.amount.Sub(e.cost)
	if err != nil {
		return movement{}, err
	}
	available := a.now.Add(e.after)
	m := movement{
		head:   a.newHead("txn", "balance_transaction"),
		Amount: e.amount, Fee: e.cost, Net: net, Currency: "jpy", FeeDetails: []feeDetails{},
		ReportingCategory: e.category, Type: e.kind, Source: e.source, AvailableOn: available.Unix(), Status: "pending",
		Payout: text(e.payout),
	}
	if e.cost != 0 {
		m.FeeDetails = append(m.FeeDetails, feeDetails{Amount: e.cost, Currency: "jpy", Description: "Stripe processing fees", Type: "stripe_fee"})
	}
	due := available
	if e.after <= 0 {
		m.Status, due = "available", never
	}
	return m, a.add(ctx, m, due)
}

// balance is what is in the account.
type balance struct {
	Object    string          `json:"object"`
	Livemode  bool            `json:"livemode"`
	Available []balanceAmount `json:"available"`
	Pending   []balanceAmount `json:"pending"`
}

type balanceAmount struct {
	Amount   ledger.Yen `json:"amount"`
	Currency string     `json:"currency"`
}

func showBalance(ctx context.Context, a *account, r request) (any, error) {
	if err := r.form.check(nil); err != nil {
		return nil, err
	}
	available, err := a.sum(ctx, "available")
	if err != nil {
		return nil, err
	}
	pending, err := a.sum(ctx, "pending")
	if err != nil {
		return nil, err
	}
	return balance{Object: "balance", Available: []balanceAmount{{available, "jpy"}}, Pending: []balanceAmount{{pending, "jpy"}}}, nil
}

func (a *account) sum(ctx context.Context, status string) (ledger.Yen, error) {
	var total ledger.Yen
	err := a.tx.GetContext(ctx, &total, `
		SELECT coalesce(sum((body->>'net')::bigint), 0)::bigint
		FROM practice.stripe_object
		WHERE organisation_id = $1 AND kind = 'balance_transaction' AND body->>'status' = $2`, a.organisation, status)
	if err != nil {
		return 0, fmt.Errorf("practice balance: %w", err)
	}
	return total, nil
}
