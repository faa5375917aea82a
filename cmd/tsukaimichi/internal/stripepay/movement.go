package stripepay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/stripe/stripe-go/v76"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// kinds sorts balance transactions by reporting category; their type differs by way of payment and is no guide. What is not
// here is MovementOther, which a person decides on.
var kinds = map[stripe.BalanceTransactionReportingCategory]campaigns.MovementKind{
	stripe.BalanceTransactionReportingCategoryCharge:          campaigns.MovementCharge,
	stripe.BalanceTransactionReportingCategoryRefund:          campaigns.MovementRefund,
	stripe.BalanceTransactionReportingCategoryRefundFailure:   campaigns.MovementRefundFailure,
	stripe.BalanceTransactionReportingCategoryDispute:         campaigns.MovementDispute,
	stripe.BalanceTransactionReportingCategoryDisputeReversal: campaigns.MovementDisputeReversal,
	stripe.BalanceTransactionReportingCategoryPayout:          campaigns.MovementPayout,
	stripe.BalanceTransactionReportingCategoryPayoutReversal:  campaigns.MovementPayoutReversal,
	stripe.BalanceTransactionReportingCategoryFee:             campaigns.MovementCost,
}

// Movements yields the account's balance transactions since an instant, the oldest first. ErrCurrency stops at a line that is not in
// yen, after those before it; Statement goes on.
func (a *Account) Movements(ctx context.Context, since time.Time, yield func(campaigns.Movement) error) error {
	return a.Statement(ctx, since, func(line Line) error {
		if line.Problem != nil {
			return line.Problem
		}
		return yield(line.Movement)
	})
}

// Line is a line of the account's own statement: a movement, or why it is none of ours. Of one with a problem only Ref, Kind and At
// of the movement are filled in.
type Line struct {
	Movement campaigns.Movement
	Problem  error // ErrCurrency, or a refusal met while looking for what the line is about
}

// Statement yields every line of the account's statement since an instant, the oldest first, and stops at the first error of yield. Stripe lists
// the newest first, so all are read before the first is yielded: about 100 bytes each.
func (a *Account) Statement(ctx context.Context, since time.Time, yield func(Line) error) error {
	lines, err := a.lines(ctx, since)
	if err != nil {
		return err
	}
	for _, line := range slices.Backward(lines) {
		if err := yield(line); err != nil {
			return err
		}
	}
	return nil
}

func (a *Account) lines(ctx context.Context, since time.Time) ([]Line, error) {
	params := &stripe.BalanceTransactionListParams{
		CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: max(since.Unix(), 1)}, // stripe-go leaves out a zero
	}
	params.Context = ctx
	params.Limit = stripe.Int64(100)
	params.AddExpand("data.source")
	var lines []Line
	donations := map[string]int64{} // by charge, for refunds and disputes
	list := a.api.BalanceTransactions.List(params)
	for list.Next() {
		transaction := list.BalanceTransaction()
		line := Line{}
		line.Movement, line.Problem = read(transaction)
		if line.Problem == nil {
			err := a.attribute(ctx, &line.Movement, transaction.Source, donations)
			if errors.Is(err, campaigns.ErrPaymentUnavailable) || errors.Is(err, ErrKey) || ctx.Err() != nil {
				return nil, fmt.Errorf("movement %s: %w", transaction.ID, err)
			}
			line.Problem = err // of this line alone
		}
		lines = append(lines, line)
	}
	if err := list.Err(); err != nil {
		return nil, fmt.Errorf("movements: %w", translate(err))
	}
	return lines, nil
}

// read turns a balance transaction into a movement, without its donation.
func read(transaction *stripe.BalanceTransaction) (campaigns.Movement, error) {
	kind, known := kinds[transaction.ReportingCategory]
	if !known {
		kind = campaigns.MovementOther
	}
	movement := campaigns.Movement{Ref: transaction.ID, Kind: kind, At: time.Unix(transaction.Created, 0)}
	if err := yen(transaction.Currency, transaction.ID); err != nil {
		return movement, err
	}
	movement.Gross, movement.Cost, movement.Net = ledger.Yen(transaction.Amount), ledger.Yen(transaction.Fee), ledger.Yen(transaction.Net)
	if transaction.Source != nil {
		movement.SourceRef = transaction.Source.ID
	}
	return movement, nil
}

// attribute finds the donation in the metadata of the charge: the movement's own, or that of its refund or dispute. Those two
// name their charge only, whoever made them and wherever.
func (a *Account) attribute(ctx context.Context, m *campaigns.Movement, source *stripe.BalanceTransactionSource, donations map[string]int64) error {
	var charge *stripe.Charge
	switch {
	case source == nil:
		return nil
	case source.Charge != nil:
		m.DonationID = a.donation(source.Charge.Metadata)
		return nil
	case source.Refund != nil:
		charge = source.Refund.Charge
	case source.Dispute != nil:
		charge = source.Dispute.Charge
	}
	if charge == nil {
		return nil
	}
	m.ChargeRef = charge.ID
	donation, seen := donations[charge.ID]
	if !seen {
		params := &stripe.ChargeParams{}
		params.Context = ctx
		found, err := a.api.Charges.Get(charge.ID, params)
		if err != nil {
			return translate(err)
		}
		donation = a.donation(found.Metadata)
		donations[charge.ID] = donation
	}
	m.DonationID = donation
	return nil
}

// ChargeOf is the charge a line of the statement is about; campaigns.ErrPaymentUnknown when there is no such line or it is about something else.
func (a *Account) ChargeOf(ctx context.Context, ref string) (string, error) {
	params := &stripe.BalanceTransactionParams{}
	params.Context = ctx
	params.AddExpand("source")
	transaction, err := a.api.BalanceTransactions.Get(ref, params)
	if err != nil {
		return "", fmt.Errorf("movement %s: %w", ref, translate(err))
	}
	if transaction.Source == nil || transaction.Source.Charge == nil {
		return "", fmt.Errorf("movement %s: %w", ref, campaigns.ErrPaymentUnknown)
	}
	return transaction.Source.Charge.ID, nil
}
