package campaigntest

import (
	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Spend enters an expense paid in cash today for a use, by the treasurer, and returns its id.
func (g *Group) Spend(u ledger.Use, amount ledger.Yen, change ...func(*ledger.Expense)) int64 {
	g.T.Helper()
	e := ledger.Expense{
		OrganisationID: g.ID, PaidOn: g.Today(), Payee: "練習商店", Amount: amount, Account: ledger.CashBox, What: "買い物", Key: Unique("expense"),
		Lines: []ledger.ExpenseLine{{
			Account: ledger.ProvisionsExpense, FundID: u.FundID, Segment: ledger.Program, InitiativeID: g.Initiative, UseID: u.ID, Amount: amount,
		}},
	}
	for _, f := range change {
		f(&e)
	}
	var id int64
	g.In(func(tx *sqlx.Tx) (err error) {
		id, err = ledger.EnterExpense(g.T.Context(), tx, e, g.Treasurer, g.At)
		return err
	})
	return id
}

// Check has the auditor check an expense.
func (g *Group) Check(id int64) {
	g.T.Helper()
	g.In(func(tx *sqlx.Tx) error { return ledger.CheckExpense(g.T.Context(), tx, g.ID, id, g.Auditor, g.At) })
}

// TrySpend is Spend that may be refused.
func (g *Group) TrySpend(u ledger.Use, amount ledger.Yen) error {
	return g.Try(func(tx *sqlx.Tx) error {
		_, err := ledger.EnterExpense(g.T.Context(), tx, ledger.Expense{
			OrganisationID: g.ID, PaidOn: g.Today(), Payee: "練習商店", Amount: amount, Account: ledger.CashBox, What: "買い物", Key: Unique("expense"),
			Lines: []ledger.ExpenseLine{{
				Account: ledger.ProvisionsExpense, FundID: u.FundID, Segment: ledger.Program, InitiativeID: g.Initiative, UseID: u.ID, Amount: amount,
			}},
		}, g.Treasurer, g.At)
		return err
	})
}
