package ledger

import (
	"context"
	_ "embed"
	"fmt"

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
	// The sooner end of the day's month is where to count from: forward from its first day, or back from its last.
	first := on.AddDays(1 - on.Day())
	from, until, sign, through := first, on, 1, first.AddDays(-1)
	if on.Day() > 15 {
		next := NewDate(on.Year(), on.Month()+1, 1)
		from, until, sign, through = on.AddDays(1), next.AddDays(-1), -1, next.AddDays(-1)
	}
	var all []Balance
	err := sqlx.SelectContext(ctx, q, &all, balancesSQL, organisationID, through, from, until, sign)
	if err != nil {
		return nil, fmt.Errorf("balances: %w", err)
	}
	return all, nil
}
