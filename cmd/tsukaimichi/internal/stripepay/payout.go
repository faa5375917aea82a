package stripepay

import (
	"context"
	"fmt"
	"time"

	"github.com/stripe/stripe-go/v76"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// PaidOut is what the account has sent to the bank in all and did not get back, in yen: on its way or arrived.
func (a *Account) PaidOut(ctx context.Context) (ledger.Yen, error) {
	params := &stripe.PayoutListParams{}
	params.Context = ctx
	params.Limit = stripe.Int64(100)
	var sum ledger.Yen
	list := a.api.Payouts.List(params)
	for list.Next() {
		if payout := list.Payout(); gone(payout) {
			sum += ledger.Yen(payout.Amount)
		}
	}
	if err := list.Err(); err != nil {
		return 0, fmt.Errorf("payouts: %w", translate(err))
	}
	return sum, nil
}

func gone(payout *stripe.Payout) bool {
	return payout.Currency == stripe.CurrencyJPY && payout.Status != stripe.PayoutStatusFailed && payout.Status != stripe.PayoutStatusCanceled
}

// StillHere reports whether the money of a charge has not been sent to the bank yet and can be given back without taking other givers' money:
// it is not available yet, or no payout was made since it was, and the account still holds what came in with it.
func (a *Account) StillHere(ctx context.Context, chargeRef string) (bool, error) {
	params := &stripe.ChargeParams{}
	params.Context = ctx
	params.AddExpand("balance_transaction")
	charge, err := a.api.Charges.Get(chargeRef, params)
	if err != nil {
		return false, fmt.Errorf("charge %s: %w", chargeRef, translate(err))
	}
	if charge.BalanceTransaction == nil || charge.Disputed {
		return false, nil
	}
	if charge.BalanceTransaction.Status == stripe.BalanceTransactionStatusPending {
		return true, nil
	}
	paid, err := a.paidOutSince(ctx, time.Unix(charge.BalanceTransaction.AvailableOn, 0))
	if err != nil || paid {
		return false, err
	}
	balance, err := a.Balance(ctx)
	return balance >= ledger.Yen(charge.BalanceTransaction.Net), err
}

func (a *Account) paidOutSince(ctx context.Context, since time.Time) (bool, error) {
	params := &stripe.PayoutListParams{CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: since.Unix()}}
	params.Context = ctx
	params.Limit = stripe.Int64(100)
	list := a.api.Payouts.List(params)
	for list.Next() {
		if gone(list.Payout()) {
			return true, nil
		}
	}
	if err := list.Err(); err != nil {
		return false, fmt.Errorf("payouts: %w", translate(err))
	}
	return false, nil
}
