package console

import (
	"net/http"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// expenseAct carries out one form of the page of an expense.
func (p *Pages) expenseAct(w http.ResponseWriter, r *http.Request, form, done string, do deed) error {
	return p.act(w, r, "expenses", form, done, p.expense, do)
}

// CheckExpense confirms an expense another person entered.
func (p *Pages) CheckExpense(w http.ResponseWriter, r *http.Request) error {
	return p.expenseAct(w, r, "check", "expense_checked", func(tx *sqlx.Tx, d Desk, _ typed, id int64) error {
		return ledger.CheckExpense(r.Context(), tx, d.Organisation.ID, id, d.By(), d.Now)
	})
}

// RefuseExpense says no to an expense, with a reason; who entered it takes it back in the same way. Somebody who checks nothing may take
// back his own alone.
func (p *Pages) RefuseExpense(w http.ResponseWriter, r *http.Request) error {
	return p.expenseAct(w, r, "refuse", "expense_refused", func(tx *sqlx.Tx, d Desk, t typed, id int64) error {
		if !d.May(checkers...) {
			e, err := ledger.FindExpense(r.Context(), tx, d.Organisation.ID, id)
			if err != nil {
				return err
			}
			if e.EnteredPerson != d.Person.ID {
				return ledger.ErrNotFound
			}
		}
		return ledger.RefuseExpense(r.Context(), tx, d.Organisation.ID, id, d.By(), d.Now, t.text("reason"))
	})
}

// ReverseExpense takes back a checked expense by the opposite booking.
func (p *Pages) ReverseExpense(w http.ResponseWriter, r *http.Request) error {
	return p.expenseAct(w, r, "reverse", "expense_reversed", func(tx *sqlx.Tx, d Desk, t typed, id int64) error {
		return ledger.ReverseExpense(r.Context(), tx, d.Organisation.ID, id, d.By(), d.Now, t.text("reason"))
	})
}

// RepayExpense books that what was left unpaid, or advanced by a member, is paid now.
func (p *Pages) RepayExpense(w http.ResponseWriter, r *http.Request) error {
	return p.expenseAct(w, r, "repay", "expense_repaid", func(tx *sqlx.Tx, d Desk, t typed, id int64) error {
		on := t.day("on")
		_, err := ledger.RepayExpense(r.Context(), tx, d.Organisation.ID, id, int(t.id("place")), on, d.By(), d.Now)
		return err
	})
}

// AddPapers puts more papers beside an expense.
func (p *Pages) AddPapers(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	if _, err = ledger.FindExpense(r.Context(), p.DB, d.Organisation.ID, id); err != nil {
		return err
	}
	t, err := readUpload(w, r)
	if err == nil {
		kept, keepErr := p.keepPapers(r, t)
		if keepErr != nil {
			return keepErr
		}
		t.bad.Need(len(kept) > 0, "papers", "console.papers_missing")
		err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error { return p.addPapers(r.Context(), tx, d, id, kept) })
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.expense(w, r, http.StatusUnprocessableEntity, "papers", nil, problems)
	}
	return redirect(w, r, d.Path("expenses", id)+"#papers", "papers_added")
}
