package ledger_test

import (
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// events is a book with the funds that the events a book knows happen in.
type events struct {
	ledgertest.Book
	gift // of the campaign fund F
	A, W int64
	wUse int64
	f, g int64
}

func newEvents(t *testing.T) *events {
	t.Helper()
	db := pgtest.New(t)
	e := &events{Book: ledgertest.NewBook(t, db.App)}
	mustWrite(t, db.App, e.Book, func(r *rows) {
		e.gift = r.campaign()
		r.collect(e.gift)
		r.exec(`UPDATE fund SET name = 'F' WHERE organisation_id = $1 AND id = $2`, e.ID, e.fund)
	})
	e.f, e.g = e.fund, e.General
	e.A = ledgertest.NewFund(t, db.App, e.ID, func(f *ledger.Fund) { f.Kind, f.Name = ledger.AwardFund, "A" }).ID
	e.W = ledgertest.NewFund(t, db.App, e.ID, func(f *ledger.Fund) { f.Name = "W" }).ID
	e.wUse = ledgertest.NewUse(t, db.App, e.ID, e.W, func(u *ledger.Use) { u.Name = "減免" }).ID
	return e
}

// given posts a gift of today into F with its donation: what is taken off, to where the rest goes.
func (e *events) given(t *testing.T, amount ledger.Yen, place int, cost ledger.Yen) (id int64) {
	t.Helper()
	mustWrite(t, e.DB, e.Book, func(r *rows) { e.gift = r.donate(e.gift, amount, ledgertest.Today) })
	return e.Post(t, func(x *ledger.Transaction) {
		x.Kind, x.DonationID = ledger.GiftReceived, e.donation
		x.Entries = []ledger.Entry{{Account: place, FundID: e.f, Amount: amount - cost}}
		if cost > 0 {
			x.Entries = append(x.Entries, ledger.Entry{Account: ledger.ProcessingCost, FundID: e.f, Segment: ledger.Administration, Amount: cost})
		}
		x.Entries = append(x.Entries, ledger.Entry{Account: ledger.Gifts, FundID: e.f, Amount: -amount})
	})
}

// pair posts one amount from one account of a fund to another.
func (e *events) pair(t *testing.T, kind ledger.TransactionKind, fund int64, debit, credit int, amount ledger.Yen) int64 {
	t.Helper()
	return e.Post(t, func(x *ledger.Transaction) {
		x.Kind = kind
		x.Entries = []ledger.Entry{{Account: debit, FundID: fund, Amount: amount}, {Account: credit, FundID: fund, Amount: -amount}}
		if debit >= 5000 {
			x.Entries[0].Segment, x.Entries[0].InitiativeID = ledger.Program, e.Initiative
		}
	})
}

func (e *events) open(t *testing.T, places ...ledger.Entry) int64 {
	t.Helper()
	id, err := openBook(t, e.Book, places...)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestEventOpening(t *testing.T) {
	t.Parallel()
	e := newEvents(t)
	id := e.open(t,
		ledger.Entry{Account: 1110, FundID: e.g, Amount: 20_000},
		ledger.Entry{Account: 1120, FundID: e.g, Amount: 180_000},
		ledger.Entry{Account: 1120, FundID: e.f, Amount: 14_500})
	wantWritten(t, e.Book, id, "G 1110 20000", "G 1120 180000", "F 1120 14500", "G 3100 -200000", "F 3100 -14500")
	wantBalances(t, e.Book, map[int]ledger.Yen{1110: 20_000, 1120: 194_500, 3100: -214_500})
	wantLeft(t, e.Book, map[int64]ledger.Yen{e.g: 200_000, e.f: 14_500})
}

func TestEventEnvelopesAndTheirDeposit(t *testing.T) {
	t.Parallel()
	e := newEvents(t)
	id := e.given(t, 64_500, ledger.CashBox, 0)
	wantWritten(t, e.Book, id, "F 1110 64500", "F 4210 -64500")
	wantBalances(t, e.Book, map[int]ledger.Yen{1110: 64_500, 4210: -64_500})

	id, err := move(t, e.Book, ledger.CashBox, ledger.Bank, 64_500, ledgertest.Today)
	if err != nil {
		t.Fatal(err)
	}
	wantWritten(t, e.Book, id, "G 1120 64500", "G 1110 -64500")
	wantBalances(t, e.Book, map[int]ledger.Yen{1120: 64_500, 4210: -64_500})
	wantLeft(t, e.Book, map[int64]ledger.Yen{e.f: 64_500, e.g: 0})
}

func TestEventCardGiftPayoutAndFullRefund(t *testing.T) {
	t.Parallel()
	e := newEvents(t)
	e.open(t, ledger.Entry{Account: 1120, FundID: e.g, Amount: 10_000})
	id := e.given(t, 3_000, ledger.StripeBalance, 108)
	wantWritten(t, e.Book, id, "F 1143 2892", "F 5421 108", "F 4210 -3000")
	wantLeft(t, e.Book, map[int64]ledger.Yen{e.f: 2_892, e.g: 10_000})

	id = e.pair(t, ledger.Payout, e.g, ledger.InTransit, ledger.StripeBalance, 2_892)
	wantWritten(t, e.Book, id, "G 1144 2892", "G 1143 -2892")
	id = e.pair(t, ledger.Payout, e.g, ledger.Bank, ledger.InTransit, 2_892) // on the bank line
	wantWritten(t, e.Book, id, "G 1120 2892", "G 1144 -2892")
	wantBalances(t, e.Book, map[int]ledger.Yen{1120: 12_892, 3100: -10_000, 4210: -3_000, 5421: 108})

	var refund int64
	mustWrite(t, e.DB, e.Book, func(r *rows) { refund = r.refund(e.gift, 3_000) })
	id = e.Post(t, func(x *ledger.Transaction) {
		x.Kind, x.DonationID, x.RefundID = ledger.GiftRefunded, e.donation, refund
		x.Entries = []ledger.Entry{
			{Account: ledger.GiftsReturned, FundID: e.f, Amount: 3_000},
			{Account: ledger.StripeBalance, FundID: e.f, Amount: -3_000},
		}
	})
	wantWritten(t, e.Book, id, "F 4219 3000", "F 1143 -3000")
	wantLeft(t, e.Book, map[int64]ledger.Yen{e.f: -108, e.g: 10_000}) // shown, covered from G
	id = transfer(t, e.Book, e.g, e.f, 108, "決済手数料を一般から補う")
	wantWritten(t, e.Book, id, "G 3200 108", "G 1120 -108", "F 1120 108", "F 3200 -108")
	wantLeft(t, e.Book, map[int64]ledger.Yen{e.f: 0, e.g: 9_892})
	wantBalances(t, e.Book, map[int]ledger.Yen{1120: 12_892, 1143: -3_000, 3100: -10_000, 4210: -3_000, 4219: 3_000, 5421: 108})
}

func TestEventOneReceiptOfTwoFunds(t *testing.T) {
	t.Parallel()
	e := newEvents(t)
	e.given(t, 5_000, ledger.CashBox, 0)
	e.open(t, ledger.Entry{Account: 1110, FundID: e.g, Amount: 5_000})
	id := e.Spend(t, func(x *ledger.Expense) {
		x.Lines = []ledger.ExpenseLine{
			{Account: 5240, FundID: e.f, Segment: ledger.Program, InitiativeID: e.Initiative, UseID: e.use, Amount: 600},
			{Account: 5240, FundID: e.g, Segment: ledger.Program, InitiativeID: e.Initiative, Amount: 400},
		}
	})
	wantWritten(t, e.Book, found(t, e.Book, id).TransactionID, "F 5240 600 食材", "G 5240 400", "F 1110 -600", "G 1110 -400")
	wantBalances(t, e.Book, map[int]ledger.Yen{1110: 9_000, 3100: -5_000, 4210: -5_000, 5240: 1_000})
	wantLeft(t, e.Book, map[int64]ledger.Yen{e.f: 4_400, e.g: 4_600})
	wantSpent(t, e.Book, e.f, ledger.UseSpent{UseID: e.use, Spent: 600})
}

func TestEventMemberAdvancesAndIsRepaid(t *testing.T) {
	t.Parallel()
	e := newEvents(t)
	e.given(t, 5_000, ledger.Bank, 0)
	id := e.Spend(t, func(x *ledger.Expense) {
		x.Account, x.Payee, x.Amount = ledger.Payable, "練習 立替えた人", 3_480
		x.Lines[0].FundID, x.Lines[0].UseID, x.Lines[0].Amount = e.f, e.use, 3_480
	})
	wantWritten(t, e.Book, found(t, e.Book, id).TransactionID, "F 5240 3480 食材", "F 2110 -3480")
	wantBalances(t, e.Book, map[int]ledger.Yen{1120: 5_000, 2110: -3_480, 4210: -5_000, 5240: 3_480})
	wantLeft(t, e.Book, map[int64]ledger.Yen{e.f: 1_520})
	wantUnpaid(t, e.Book, id)

	payment, err := repay(t, e.Book, id)
	if err != nil {
		t.Fatal(err)
	}
	wantWritten(t, e.Book, payment, "F 2110 3480", "F 1120 -3480")
	wantBalances(t, e.Book, map[int]ledger.Yen{1120: 1_520, 4210: -5_000, 5240: 3_480})
	wantLeft(t, e.Book, map[int64]ledger.Yen{e.f: 1_520})
	wantUnpaid(t, e.Book)
}

func TestEventGrantPaidAhead(t *testing.T) {
	t.Parallel()
	e := newEvents(t)
	wantWritten(t, e.Book, e.pair(t, ledger.Grant, e.A, ledger.Bank, ledger.GrantsAhead, 100_000), "A 1120 100000", "A 2121 -100000")
	wantLeft(t, e.Book, map[int64]ledger.Yen{e.A: 0}) // until it is spent, it is owed
	id := e.Spend(t, func(x *ledger.Expense) {
		x.Account, x.Amount = ledger.Bank, 70_000
		x.Lines[0].Account, x.Lines[0].FundID, x.Lines[0].Amount = 5290, e.A, 70_000
	})
	wantWritten(t, e.Book, found(t, e.Book, id).TransactionID, "A 5290 70000", "A 1120 -70000")
	wantWritten(t, e.Book, e.pair(t, ledger.Grant, e.A, ledger.GrantsAhead, ledger.GrantsPrivate, 70_000), "A 2121 70000", "A 4310 -70000")
	wantBalances(t, e.Book, map[int]ledger.Yen{1120: 30_000, 2121: -30_000, 4310: -70_000, 5290: 70_000})
	wantLeft(t, e.Book, map[int64]ledger.Yen{e.A: 0})
}

func TestEventGrantPaidInArrears(t *testing.T) {
	t.Parallel()
	e := newEvents(t)
	id := e.Spend(t, func(x *ledger.Expense) {
		x.Account, x.Amount = ledger.Bank, 70_000
		x.Lines[0].Account, x.Lines[0].FundID, x.Lines[0].Amount = 5290, e.A, 70_000
	})
	wantWritten(t, e.Book, found(t, e.Book, id).TransactionID, "A 5290 70000", "A 1120 -70000")
	wantLeft(t, e.Book, map[int64]ledger.Yen{e.A: -70_000})
	wantWritten(t, e.Book, e.pair(t, ledger.Grant, e.A, ledger.GrantsReceivable, ledger.GrantsPrivate, 70_000), "A 1141 70000", "A 4310 -70000")
	wantLeft(t, e.Book, map[int64]ledger.Yen{e.A: 0})
	wantWritten(t, e.Book, e.pair(t, ledger.Grant, e.A, ledger.Bank, ledger.GrantsReceivable, 70_000), "A 1120 70000", "A 1141 -70000")
	wantBalances(t, e.Book, map[int]ledger.Yen{4310: -70_000, 5290: 70_000})
	wantLeft(t, e.Book, map[int64]ledger.Yen{e.A: 0})
}

func TestEventMealsWaivedAreBorneByAFund(t *testing.T) {
	t.Parallel()
	e := newEvents(t)
	e.open(t, ledger.Entry{Account: 1120, FundID: e.W, Amount: 5_000})
	id := transfer(t, e.Book, e.W, e.g, 500, "減免5食", func(m *ledger.Transferred) { m.FromUse, m.InitiativeID = e.wUse, e.Initiative })
	wantWritten(t, e.Book, id, "W 3200 500 減免", "W 1120 -500", "G 1120 500", "G 3200 -500")
	wantBalances(t, e.Book, map[int]ledger.Yen{1120: 5_000, 3100: -5_000})
	wantLeft(t, e.Book, map[int64]ledger.Yen{e.W: 4_500, e.g: 500})
	wantSpent(t, e.Book, e.W, ledger.UseSpent{UseID: e.wUse, Spent: 500})
}

func TestEventRiceIsWorthYenButNoMoney(t *testing.T) {
	t.Parallel()
	e := newEvents(t)
	id := e.pair(t, ledger.GiftInKind, e.f, ledger.ProvisionsExpense, ledger.GiftsInKind, 5_000)
	wantWritten(t, e.Book, id, "F 5240 5000", "F 4220 -5000")
	wantBalances(t, e.Book, map[int]ledger.Yen{4220: -5_000, 5240: 5_000})
	wantLeft(t, e.Book, map[int64]ledger.Yen{e.f: 0})
	line, err := ledger.FindJournalLine(t.Context(), e.DB, e.ID, id)
	if err != nil || line.In != 0 || line.Out != 0 {
		t.Errorf("in %d, out %d, %v; want nothing", line.In, line.Out, err)
	}
}

func wantSpent(t *testing.T, book ledgertest.Book, fund int64, want ...ledger.UseSpent) {
	t.Helper()
	got, err := ledger.UsesSpent(t.Context(), book.DB, book.ID, fund)
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("spent %+v, %v; want %+v", got, err, want)
	}
}

func wantUnpaid(t *testing.T, book ledgertest.Book, want ...int64) {
	t.Helper()
	list, err := ledger.UnpaidExpenses(t.Context(), book.DB, book.ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []int64
	for _, e := range list {
		got = append(got, e.ID)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("unpaid %v; want %v", got, want)
	}
}

func repay(t *testing.T, book ledgertest.Book, expense int64) (id int64, err error) {
	t.Helper()
	err = ledger.InTx(t.Context(), book.DB, func(tx *sqlx.Tx) (err error) {
		id, err = ledger.RepayExpense(t.Context(), tx, book.ID, expense, ledger.Bank, ledgertest.Today, book.Treasurer, ledgertest.At)
		return err
	})
	return id, err
}
