package sample

import (
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// bought is one paper: what was paid to whom from where.
type bought struct {
	place   int // the place, or ledger.Payable for what somebody advanced
	payee   string
	what    string
	account int
	amount  ledger.Yen
	noPaper ledger.NoPaper // why there is none; else one is drawn
}

// spend enters an expense of a fund and use by 担当 and returns its id. Without a use and in the general fund it is 管理費.
func (w *writer) spend(fund, use int64, b bought) (id int64) {
	line := ledger.ExpenseLine{Account: b.account, FundID: fund, UseID: use, Segment: ledger.Program, InitiativeID: w.initiative, Amount: b.amount}
	if fund == w.general && use == 0 {
		line.Segment, line.InitiativeID = ledger.Administration, 0
	}
	return w.enter(b, line)
}

// enter enters an expense of several lines.
func (w *writer) enter(b bought, lines ...ledger.ExpenseLine) (id int64) {
	w.do(func() (err error) {
		id, err = ledger.EnterExpense(w.ctx, w.tx, ledger.Expense{
			OrganisationID: w.organisation, PaidOn: w.today(), Payee: b.payee, Amount: b.amount, Account: b.place, What: b.what, NoPaper: b.noPaper,
			Lines: lines, Key: w.key(),
		}, w.helper, w.at)
		return err
	})
	if b.noPaper == "" && w.store != nil {
		w.paper(id, b)
	}
	return id
}

// paper draws the receipt of an expense and keeps it.
func (w *writer) paper(expense int64, b bought) {
	w.do(func() error {
		picture, err := drawPaper(b.payee, b.what, b.amount, w.today())
		if err != nil {
			return err
		}
		kept, err := w.store.Put(w.ctx, w.organisation, files.KindEvidence, picture)
		if err != nil {
			return err
		}
		_, err = ledger.AddEvidence(w.ctx, w.tx, ledger.Evidence{
			OrganisationID: w.organisation, ExpenseID: expense, FileHash: kept.Hash[:], Type: kept.Type, Size: kept.Size,
		}, w.helper, w.at)
		return err
	})
}

// check has 会計 check what 担当 entered.
func (w *writer) check(expenses ...int64) {
	for _, id := range expenses {
		w.do(func() error { return ledger.CheckExpense(w.ctx, w.tx, w.organisation, id, w.treasurer, w.at) })
	}
}

// repay gives back what somebody advanced.
func (w *writer) repay(expense int64, place int) {
	w.do(func() error {
		_, err := ledger.RepayExpense(w.ctx, w.tx, w.organisation, expense, place, w.today(), w.treasurer, w.at)
		return err
	})
}
