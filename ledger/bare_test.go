package ledger_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestExpensesWithoutAPaperAreKnown(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	bare := func(id int64) bool {
		t.Helper()
		var n int
		if err := db.App.Get(&n, `SELECT count(*) FROM bare_expense WHERE organisation_id = $1 AND expense_id = $2`, book.ID, id); err != nil {
			t.Fatal(err)
		}
		return n == 1
	}
	withoutPaper := func(e *ledger.Expense) { e.NoPaper = "" }
	id := book.Enter(t, withoutPaper)
	if !bare(id) {
		t.Error("an expense without a paper is not known")
	}
	if fare := book.Enter(t, func(e *ledger.Expense) { e.NoPaper = ledger.PaidFare }); bare(fare) {
		t.Error("an expense with a reason is")
	}
	ledgertest.Must(t, db.App, func(tx *sqlx.Tx) error {
		_, err := ledger.AddEvidence(t.Context(), tx, ledger.Evidence{
			OrganisationID: book.ID, ExpenseID: id, FileHash: make([]byte, 32), Type: "image/jpeg", Size: 10,
		}, book.Treasurer, ledgertest.At)
		return err
	})
	if bare(id) {
		t.Error("an expense with a paper is")
	}
	if _, err := db.App.Exec(`UPDATE evidence SET erased_at = now() WHERE organisation_id = $1`, book.ID); err != nil {
		t.Fatal(err)
	}
	if !bare(id) {
		t.Error("an expense whose paper was erased is not")
	}
	ledgertest.Must(t, db.App, func(tx *sqlx.Tx) error {
		return ledger.RefuseExpense(t.Context(), tx, book.ID, id, book.Treasurer, ledgertest.At, "重複")
	})
	if bare(id) {
		t.Error("a refused expense is")
	}
}
