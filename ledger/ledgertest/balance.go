package ledgertest

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Balances returns what every account with entries holds over all funds today, by code; accounts at zero are left out.
func (b Book) Balances(t testing.TB) map[int]ledger.Yen {
	t.Helper()
	all, err := ledger.AccountBalances(t.Context(), b.DB, b.ID, ledger.NewDate(2999, 12, 31))
	if err != nil {
		t.Fatal(err)
	}
	balances := make(map[int]ledger.Yen, len(all))
	for _, a := range all {
		if a.Balance != 0 {
			balances[a.Code] = a.Balance
		}
	}
	return balances
}

// Balance returns what an account holds over all funds.
func (b Book) Balance(t testing.TB, account int) ledger.Yen {
	t.Helper()
	return b.Balances(t)[account]
}

// Left returns what is left of a fund.
func (b Book) Left(t testing.TB, fundID int64) ledger.Yen {
	t.Helper()
	left, err := ledger.FundBalance(t.Context(), b.DB, b.ID, fundID)
	if err != nil {
		t.Fatal(err)
	}
	return left
}
