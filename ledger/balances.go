package ledger

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"slices"

	"github.com/jmoiron/sqlx"
)

// Balance is what the entries of a fund on an account come to. An account over all funds says where yen are; a fund over its
// balance sheet accounts says what is left of it. A single (account, fund) means nothing by itself.
type Balance struct {
	FundID  int64 `db:"fund_id"`
	Account int   `db:"account"`
	Amount  Yen   `db:"amount"` // debit +
}

//go:embed query/balances.sql
var balancesSQL string

// Balances returns every balance at the end of a day that is not zero, by fund and account: from the roll-up by month, and the entries of
// at most half a month and of what is not sealed yet. It costs the same however many entries there are in the months before.
func Balances(ctx context.Context, q sqlx.QueryerContext, organisationID int64, on Date) ([]Balance, error) {
	var all []Balance
	if err := sqlx.SelectContext(ctx, q, &all, balancesSQL, balancesAt(organisationID, on)...); err != nil {
		return nil, fmt.Errorf("balances: %w", err)
	}
	return slices.DeleteFunc(all, func(b Balance) bool { return b.Amount == 0 }), nil
}

// balancesAt are the arguments of balancesSQL. The sooner end of the day's month is where to count from: forward from its first day,
// or back from its last.
func balancesAt(organisationID int64, on Date) []any {
	first := on.AddDays(1 - on.Day())
	from, until, sign, through := first, on, 1, first.AddDays(-1)
	if on.Day() > 15 {
		next := NewDate(on.Year(), on.Month()+1, 1)
		from, until, sign, through = on.AddDays(1), next.AddDays(-1), -1, next.AddDays(-1)
	}
	return []any{organisationID, through, from, until, sign}
}

// AccountBalance is what an account holds over all funds: where yen are.
type AccountBalance struct {
	Account
	Balance Yen `db:"balance"`
}

// AccountBalances returns the balance of every account with entries up to and including the day, by code. It costs what Balances does.
func AccountBalances(ctx context.Context, q sqlx.QueryerContext, organisationID int64, on Date) ([]AccountBalance, error) {
	var all []AccountBalance
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT a.code, a.name, a.plain, a.class, a.place, sum(b.amount)::bigint AS balance
		  FROM (`+balancesSQL+`) AS b
		  JOIN account a ON a.organisation_id = $1 AND a.code = b.account
		 GROUP BY a.organisation_id, a.code
		 ORDER BY a.code`, balancesAt(organisationID, on)...)
	if err != nil {
		return nil, fmt.Errorf("balances: %w", err)
	}
	return all, nil
}

// AccountFlows returns what the entries from one day to another, both included, come to on every account they changed, by code: of income
// and expense accounts what came in and went out.
func AccountFlows(ctx context.Context, q sqlx.QueryerContext, organisationID int64, from, until Date) ([]AccountBalance, error) {
	before, err := AccountBalances(ctx, q, organisationID, from.AddDays(-1))
	if err != nil {
		return nil, err
	}
	flows, err := AccountBalances(ctx, q, organisationID, until)
	if err != nil {
		return nil, err
	}
	at := 0 // both are by code
	for i := range flows {
		for at < len(before) && before[at].Code < flows[i].Code {
			at++
		}
		if at < len(before) && before[at].Code == flows[i].Code {
			flows[i].Balance -= before[at].Balance
		}
	}
	return slices.DeleteFunc(flows, func(f AccountBalance) bool { return f.Balance == 0 }), nil
}

// FundBalances returns what was left of every fund at the end of a day, by fund; those with nothing left are not in it. It costs
// what Balances does.
func FundBalances(ctx context.Context, q sqlx.QueryerContext, organisationID int64, on Date) (map[int64]Yen, error) {
	all, err := Balances(ctx, q, organisationID, on)
	if err != nil {
		return nil, err
	}
	left := map[int64]Yen{}
	for _, b := range all {
		if b.Account < 3000 {
			left[b.FundID] += b.Amount
		}
	}
	maps.DeleteFunc(left, func(_ int64, amount Yen) bool { return amount == 0 })
	return left, nil
}
