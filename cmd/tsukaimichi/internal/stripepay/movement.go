package stripepay

import (
	"context"
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

// Movements yields the account's balance transactions since an instant, the oldest first. Stripe lists the newest first, so all
// are read before the first is yielded: about 100 bytes each. ErrCurrency stops at a line that is not in yen, after those before it.
func (a *Account) Movements(ctx context.Context, since time.Time, yield func(campaigns.Movement) error) error {
	lines, err := a.lines(ctx, since)
	if err != nil {
		return err
	}
	for _, line := range slices.Backward(lines) {
		if line.refusal != nil {
			return line.refusal
		}
		if err := yield(line.movement); err != nil {
			return err
		}
	}
	return nil
}

// line is a balance transaction, or why it cannot be one of our movements.
type line struct {
	movement campaigns.Movement
	refusal  error
}

func (a *Account) lines(ctx context.Context, since time.Time) ([]line, error) {
	params := &stripe.BalanceTransactionListParams{
		CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: max(since.Unix(), 1)}, // stripe-go leaves out a zero
	}
	params.Context = ctx
	params.Limit = stripe.Int64(100)
	params.AddExpand("data.source")
	var lines []line
	donations := map[string]int64{} // by charge, for refunds and disputes
	list := a.api.BalanceTransactions.List(params)
	for list.Next() {
		transaction := list.BalanceTransaction()
		movement, refusal := read(transaction)
		if refusal == nil {
			donation, err := a.attribute(ctx, transaction.Source, donations)
			if err != nil {
				return nil, fmt.Errorf("movement %s: %w", transaction.ID, err)
			}
			movement.DonationID = donation
		}
		lines = append(lines, line{movement, refusal})
	}
	if err := list.Err(); err != nil {
		return nil, fmt.Errorf("movements: %w", translate(err))
	}
	return lines, nil
}

// read turns a balance transaction into a movement, without its donation.
func read(transaction *stripe.BalanceTransaction) (campaigns.Movement, error) {
	if err := yen(transaction.Currency, transaction.ID); err != nil {
		return campaigns.Movement{}, err
	}
	kind, known := kinds[transaction.ReportingCategory]
	if !known {
		kind = campaigns.MovementOther
	}
	movement := campaigns.Movement{
		Ref:   transaction.ID,
		Kind:  kind,
		Gross: ledger.Yen(transaction.Amount),
		Cost:  ledger.Yen(transaction.Fee),
		Net:   ledger.Yen(transaction.Net),
		At:    time.Unix(transaction.Created, 0),
	}
	if transaction.Source != nil {
		movement.SourceRef = transaction.Source.ID
	}
	return movement, nil
}

// attribute finds the donation in the metadata of the charge: the movement's own, or that of its refund or dispute. Those two
// name their charge only, whoever made them and wherever.
func (a *Account) attribute(ctx context.Context, source *stripe.BalanceTransactionSource, donations map[string]int64) (int64, error) {
	var charge *stripe.Charge
	switch {
	case source == nil:
		return 0, nil
	case source.Charge != nil:
		return a.donation(source.Charge.Metadata), nil
	case source.Refund != nil:
		charge = source.Refund.Charge
	case source.Dispute != nil:
		charge = source.Dispute.Charge
	}
	if charge == nil {
		return 0, nil
	}
	if donation, seen := donations[charge.ID]; seen {
		return donation, nil
	}
	params := &stripe.ChargeParams{}
	params.Context = ctx
	found, err := a.api.Charges.Get(charge.ID, params)
	if err != nil {
		return 0, translate(err)
	}
	donations[charge.ID] = a.donation(found.Metadata)
	return donations[charge.ID], nil
}
