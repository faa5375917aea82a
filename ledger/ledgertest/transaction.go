package ledgertest

import (
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Transaction is a meal paid for in cash, ¥500, today, in the general fund; not posted yet.
func (b Book) Transaction(edits ...func(*ledger.Transaction)) ledger.Transaction {
	x := ledger.Transaction{
		OrganisationID: b.ID, Kind: ledger.OtherIncome, Source: fmt.Sprintf("test:%d", next()), On: Today, By: b.Treasurer, At: At,
		Entries: []ledger.Entry{
			{Account: ledger.CashBox, FundID: b.General, Amount: 500},
			{Account: 4411, FundID: b.General, InitiativeID: b.Initiative, Amount: -500},
		},
	}
	for _, edit := range edits {
		edit(&x)
	}
	return x
}

// Post posts a transaction, by default the one of Transaction, and returns its id.
func (b Book) Post(t testing.TB, edits ...func(*ledger.Transaction)) int64 {
	t.Helper()
	var id int64
	Must(t, b.DB, func(tx *sqlx.Tx) (err error) {
		id, err = ledger.Post(t.Context(), tx, b.Transaction(edits...))
		return err
	})
	return id
}

// Expense is ¥1,000 of food paid in cash today from the general fund; not entered yet. An edit that changes Lines has to
// keep their sum equal to Amount.
func (b Book) Expense(edits ...func(*ledger.Expense)) ledger.Expense {
	e := ledger.Expense{
		OrganisationID: b.ID, PaidOn: Today, Payee: "練習青果店", Amount: 1_000, Account: ledger.CashBox, What: "食材",
		Key: fmt.Sprintf("form-%d", next()),
		Lines: []ledger.ExpenseLine{
			{Account: ledger.ProvisionsExpense, FundID: b.General, Segment: ledger.Program, InitiativeID: b.Initiative, Amount: 1_000},
		},
	}
	for _, edit := range edits {
		edit(&e)
	}
	return e
}

// Enter enters an expense, by default the one of Expense, by the treasurer, and returns its id.
func (b Book) Enter(t testing.TB, edits ...func(*ledger.Expense)) int64 {
	t.Helper()
	var id int64
	Must(t, b.DB, func(tx *sqlx.Tx) (err error) {
		id, err = ledger.EnterExpense(t.Context(), tx, b.Expense(edits...), b.Treasurer, At)
		return err
	})
	return id
}

// Spend enters an expense and has the representative check it.
func (b Book) Spend(t testing.TB, edits ...func(*ledger.Expense)) int64 {
	t.Helper()
	id := b.Enter(t, edits...)
	Must(t, b.DB, func(tx *sqlx.Tx) error {
		return ledger.CheckExpense(t.Context(), tx, b.ID, id, b.Representative, At)
	})
	return id
}
