package ledger_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func unpaid(e *ledger.Expense) { e.Account = ledger.Payable }

// rich is a book whose box holds ¥10,000 of the general fund.
func rich(t *testing.T) ledgertest.Book {
	t.Helper()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	ledgertest.Must(t, book.DB, func(tx *sqlx.Tx) error {
		_, err := ledger.OpenBook(t.Context(), tx, book.ID, day("2026-04-01"), []ledger.Entry{
			{Account: ledger.CashBox, FundID: book.General, Amount: 10_000},
		}, book.Treasurer, ledgertest.At)
		return err
	})
	return book
}

func found(t *testing.T, book ledgertest.Book, id int64) ledger.Expense {
	t.Helper()
	e, err := ledger.FindExpense(t.Context(), book.DB, book.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func checkBy(t *testing.T, book ledgertest.Book, id int64, by ledger.Actor) error {
	t.Helper()
	return ledger.InTx(t.Context(), book.DB, func(tx *sqlx.Tx) error {
		return ledger.CheckExpense(t.Context(), tx, book.ID, id, by, ledgertest.At)
	})
}

func refuse(t *testing.T, book ledgertest.Book, id int64, reason string) error {
	t.Helper()
	return ledger.InTx(t.Context(), book.DB, func(tx *sqlx.Tx) error {
		return ledger.RefuseExpense(t.Context(), tx, book.ID, id, book.Treasurer, ledgertest.At, reason)
	})
}

func reverseExpense(t *testing.T, book ledgertest.Book, id int64) error {
	t.Helper()
	return ledger.InTx(t.Context(), book.DB, func(tx *sqlx.Tx) error {
		return ledger.ReverseExpense(t.Context(), tx, book.ID, id, book.Representative, ledgertest.At, "返品した")
	})
}

func steps(t *testing.T, book ledgertest.Book, id int64) []string {
	t.Helper()
	history, err := ledger.History(t.Context(), book.DB, book.ID, "expense", id)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range history {
		names = append(names, s.Step)
	}
	return names
}

func TestPaidExpenseCountsAtOnceAndIsMarkedUntilAnotherChecks(t *testing.T) {
	t.Parallel()
	book := rich(t)
	id := book.Enter(t)
	e := found(t, book, id)
	if e.Status != ledger.Unchecked || e.TransactionID == 0 || e.EnteredBy != book.Treasurer.Name || e.Payee != "練習青果店" || len(e.Lines) != 1 {
		t.Errorf("entered: %+v", e)
	}
	wantWritten(t, book, e.TransactionID, "G 5240 1000", "G 1110 -1000")
	wantBalances(t, book, map[int]ledger.Yen{1110: 9_000, 3100: -10_000, 5240: 1_000})
	count, amount, err := ledger.UncheckedOfFund(t.Context(), book.DB, book.ID, book.General)
	if err != nil || count != 1 || amount != 1_000 {
		t.Errorf("%d wait with %d, %v; want 1 with 1000", count, amount, err)
	}
	spent, err := ledger.UsesSpent(t.Context(), book.DB, book.ID, book.General)
	if want := []ledger.UseSpent{{UseID: 0, Spent: 1_000, Unchecked: 1_000}}; err != nil || fmt.Sprint(spent) != fmt.Sprint(want) {
		t.Errorf("spent %v, %v; want %v", spent, err, want)
	}
	list, err := ledger.ExpensesToCheck(t.Context(), book.DB, book.ID)
	if err != nil || len(list) != 1 || list[0].ID != id {
		t.Errorf("to check: %+v, %v", list, err)
	}

	if err = checkBy(t, book, id, book.Representative); err != nil {
		t.Fatal(err)
	}
	e = found(t, book, id)
	if e.Status != ledger.Checked || e.DecidedBy != book.Representative.Name || !e.DecidedAt.Valid {
		t.Errorf("checked: %+v", e)
	}
	wantBalances(t, book, map[int]ledger.Yen{1110: 9_000, 3100: -10_000, 5240: 1_000})
	if count, _, err = ledger.UncheckedOfFund(t.Context(), book.DB, book.ID, book.General); err != nil || count != 0 {
		t.Errorf("%d wait, %v; want none", count, err)
	}
	if got := fmt.Sprint(steps(t, book, id)); got != "[entered checked]" {
		t.Errorf("history: %s", got)
	}
}

func TestUnpaidExpenseIsPostedWhenChecked(t *testing.T) {
	t.Parallel()
	book := rich(t)
	id := book.Enter(t, unpaid)
	if e := found(t, book, id); e.TransactionID != 0 || e.Paid() {
		t.Errorf("entered: %+v", e)
	}
	wantBalances(t, book, map[int]ledger.Yen{1110: 10_000, 3100: -10_000})
	if err := checkBy(t, book, id, book.Representative); err != nil {
		t.Fatal(err)
	}
	wantWritten(t, book, found(t, book, id).TransactionID, "G 5240 1000", "G 2110 -1000")
	wantBalances(t, book, map[int]ledger.Yen{1110: 10_000, 2110: -1_000, 3100: -10_000, 5240: 1_000})
	wantLeft(t, book, map[int64]ledger.Yen{book.General: 9_000})
}

func TestOnlyAnotherPersonChecks(t *testing.T) {
	t.Parallel()
	book := rich(t)
	id := book.Enter(t)
	sameUnderAnotherRole := ledger.ByPerson(book.Treasurer.SubjectID, "練習 代表を兼ねる")
	for _, by := range []ledger.Actor{book.Treasurer, sameUnderAnotherRole, ledger.BySystem("練習"), ledger.ByDonor()} {
		if err := checkBy(t, book, id, by); !errors.Is(err, ledger.ErrSamePerson) {
			t.Errorf("checked by %+v: %v; want ErrSamePerson", by, err)
		}
	}
	err := ledger.InTx(t.Context(), book.DB, func(tx *sqlx.Tx) error {
		_, err := ledger.EnterExpense(t.Context(), tx, book.Expense(), ledger.BySystem("練習"), ledgertest.At)
		return err
	})
	if !errors.Is(err, ledger.ErrNoPerson) {
		t.Errorf("entered by the program: %v; want ErrNoPerson", err)
	}
}

func TestRefusingReversesWhatWasPosted(t *testing.T) {
	t.Parallel()
	book := rich(t)
	paid, open := book.Enter(t), book.Enter(t, unpaid)
	if err := refuse(t, book, paid, ""); !errors.As(err, &ledger.Invalid{}) {
		t.Errorf("without a reason: %v; want Invalid", err)
	}
	for _, id := range []int64{paid, open} {
		if err := refuse(t, book, id, "私物だった"); err != nil { // who entered it may
			t.Fatal(err)
		}
		if e := found(t, book, id); e.Status != ledger.Refused || e.Reason != "私物だった" {
			t.Errorf("refused: %+v", e)
		}
	}
	wantBalances(t, book, map[int]ledger.Yen{1110: 10_000, 3100: -10_000})
	for name, err := range map[string]error{
		"check after refusing":   checkBy(t, book, paid, book.Representative),
		"refuse twice":           refuse(t, book, open, "もう一度"),
		"reverse after refusing": reverseExpense(t, book, paid),
	} {
		if !errors.Is(err, ledger.ErrDecided) {
			t.Errorf("%s: %v; want ErrDecided", name, err)
		}
	}
}

func TestCheckedExpenseIsTakenBackByReversing(t *testing.T) {
	t.Parallel()
	book := rich(t)
	id := book.Spend(t)
	if err := reverseExpense(t, book, id); err != nil {
		t.Fatal(err)
	}
	wantBalances(t, book, map[int]ledger.Yen{1110: 10_000, 3100: -10_000})
	if e := found(t, book, id); e.Status != ledger.Checked {
		t.Errorf("status %s; want checked: its reversal stands beside it", e.Status)
	}
	if got := fmt.Sprint(steps(t, book, id)); got != "[entered checked reversed]" {
		t.Errorf("history: %s", got)
	}
	if err := reverseExpense(t, book, id); !errors.Is(err, ledger.ErrReversed) {
		t.Errorf("twice: %v; want ErrReversed", err)
	}
}

func TestExpenseWhoseBookingWasReversedCanOnlyBeRefused(t *testing.T) {
	t.Parallel()
	book := rich(t)
	id := book.Enter(t)
	if _, err := reverse(t, book, found(t, book, id).TransactionID, ledgertest.Today); err != nil {
		t.Fatal(err)
	}
	if err := checkBy(t, book, id, book.Representative); !errors.Is(err, ledger.ErrReversed) {
		t.Errorf("check: %v; want ErrReversed", err)
	}
	if err := refuse(t, book, id, "取り消した"); err != nil {
		t.Errorf("refuse: %v", err)
	}
}

func TestOneFormIsOneExpense(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]func(*ledger.Expense){"paid": func(*ledger.Expense) {}, "unpaid": unpaid} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book := rich(t)
			e := book.Expense(kind)
			var clicks sync.WaitGroup
			ids := make(chan int64, 16)
			for range 16 {
				clicks.Go(func() {
					if err := ledger.InTx(t.Context(), book.DB, func(tx *sqlx.Tx) error {
						id, err := ledger.EnterExpense(t.Context(), tx, e, book.Treasurer, ledgertest.At)
						ids <- id
						return err
					}); err != nil {
						t.Error(err)
					}
				})
			}
			clicks.Wait()
			close(ids)
			first := <-ids
			for id := range ids {
				if id != first || id == 0 {
					t.Errorf("expense %d beside %d", id, first)
				}
			}
			list, err := ledger.ExpensesToCheck(t.Context(), book.DB, book.ID)
			if err != nil || len(list) != 1 {
				t.Errorf("%d expenses, %v; want one", len(list), err)
			}
		})
	}
}

func TestManyDecidersDecideOnce(t *testing.T) {
	t.Parallel()
	book := rich(t)
	id := book.Enter(t, unpaid)
	var people sync.WaitGroup
	results := make(chan error, 16)
	for n := range 16 {
		people.Go(func() {
			if n%2 == 0 {
				results <- checkBy(t, book, id, book.Representative)
			} else {
				results <- refuse(t, book, id, "いらない")
			}
		})
	}
	people.Wait()
	close(results)
	decided := 0
	for err := range results {
		switch {
		case err == nil:
			decided++
		case !errors.Is(err, ledger.ErrDecided):
			t.Errorf("got %v; want ErrDecided", err)
		}
	}
	if decided != 1 {
		t.Errorf("decided %d times; want once", decided)
	}
	if e := found(t, book, id); (e.Status == ledger.Checked) != (book.Balance(t, 2110) == -1_000) {
		t.Errorf("%s with %d owed", e.Status, book.Balance(t, 2110))
	}
}

func TestExpenseNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	book := rich(t)
	for field, edit := range map[string]func(e *ledger.Expense){
		"payee":    func(e *ledger.Expense) { e.Payee = "" },
		"what":     func(e *ledger.Expense) { e.What = "" },
		"paid_on":  func(e *ledger.Expense) { e.PaidOn = ledgertest.Today.AddDays(1) },
		"amount":   func(e *ledger.Expense) { e.Amount = 0 },
		"account":  func(e *ledger.Expense) { e.Account = 0 },
		"lines":    func(e *ledger.Expense) { e.Lines[0].Amount = 1_001 },
		"line1":    func(e *ledger.Expense) { e.Lines[0].InitiativeID = 0 },
		"key":      func(e *ledger.Expense) { e.Key = "" },
		"no_paper": func(e *ledger.Expense) { e.NoPaper = "犬が食べた" },
	} {
		err := ledger.InTx(t.Context(), book.DB, func(tx *sqlx.Tx) error {
			_, err := ledger.EnterExpense(t.Context(), tx, book.Expense(edit), book.Treasurer, ledgertest.At)
			return err
		})
		if invalid := (ledger.Invalid{}); !errors.As(err, &invalid) || invalid[field] == "" {
			t.Errorf("%s: got %v; want it named", field, err)
		}
	}
	wantBalances(t, book, map[int]ledger.Yen{1110: 10_000, 3100: -10_000})
}

func TestExpenseHasAPaperOrAReasonForHavingNone(t *testing.T) {
	t.Parallel()
	book := rich(t)
	bare, bus := book.Enter(t), book.Enter(t, func(e *ledger.Expense) { e.NoPaper = ledger.PaidFare })
	if found(t, book, bare).Documented() || !found(t, book, bus).Documented() {
		t.Error("a fare needs no paper, anything else does")
	}
	hash := make([]byte, 32)
	ledgertest.Must(t, book.DB, func(tx *sqlx.Tx) error {
		_, err := ledger.AddEvidence(t.Context(), tx, ledger.Evidence{
			OrganisationID: book.ID, ExpenseID: bare, FileHash: hash, Type: "image/jpeg", Size: 1,
		}, book.Treasurer, ledgertest.At)
		return err
	})
	papers, err := ledger.EvidenceOfExpense(t.Context(), book.DB, book.ID, bare)
	if err != nil || len(papers) != 1 || !found(t, book, bare).Documented() {
		t.Errorf("papers %v, %v; want one", papers, err)
	}
}

func TestBookRefusesToChangeAnExpense(t *testing.T) {
	t.Parallel()
	enter := func(edits ...func(*ledger.Expense)) func(r *rows) {
		return func(r *rows) {
			_, r.err = ledger.EnterExpense(r.t.Context(), r.tx, r.book.Expense(edits...), r.book.Treasurer, ledgertest.At)
		}
	}
	decided := func(r *rows) {
		enter(unpaid)(r)
		r.exec(`UPDATE expense SET status = 'refused', decided_by = entered_by, decided_person_id = 1, decided_at = now(), reason = 'いらない'`+
			` WHERE organisation_id = $1`, r.book.ID)
	}
	set := func(what string) func(r *rows) {
		return func(r *rows) { r.exec(`UPDATE expense SET `+what+` WHERE organisation_id = $1`, r.book.ID) }
	}
	check(t, []refusal{
		{name: "amount", want: ledger.ErrFrozen, setUp: enter(), write: set(`amount = 1`)},
		{name: "who entered it", want: ledger.ErrFrozen, setUp: enter(), write: set(`entered_person_id = 0`)},
		{name: "its booking", want: ledger.ErrFrozen, setUp: enter(), write: set(`transaction_id = NULL`)},
		{name: "after it was decided", want: ledger.ErrFrozen, setUp: decided,
			write: set(`status = 'unchecked', decided_by = NULL, decided_person_id = NULL, decided_at = NULL`)},
		{name: "checked by who entered it", want: ledger.ErrSamePerson, setUp: enter(),
			write: set(`status = 'checked', decided_by = entered_by, decided_person_id = entered_person_id, decided_at = now()`)},
		{name: "its paper", want: ledger.ErrFrozen, write: func(r *rows) {
			r.exec(`UPDATE evidence SET file_hash = sha256('') WHERE organisation_id = $1`, r.book.ID)
		}},
		{name: "lines in a temporary table", want: ledger.ErrIncomplete, write: func(r *rows) {
			r.exec(`CREATE TEMPORARY TABLE expense_line (LIKE public.expense_line INCLUDING ALL) ON COMMIT DROP`)
			enter()(r)
		}},
		{name: "a line more", want: ledger.ErrIncomplete, setUp: enter(), write: func(r *rows) {
			r.exec(`
				INSERT INTO expense_line (organisation_id, expense_id, number, account, fund_id, segment, amount)
				SELECT organisation_id, expense_id, 2, account, fund_id, 'admin', 1 FROM expense_line WHERE organisation_id = $1`, r.book.ID)
		}},
	})
}
