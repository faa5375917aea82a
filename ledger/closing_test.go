package ledger_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// open returns what is open of the days up to the end of October, an hour later.
func open(t *testing.T, book ledgertest.Book) []ledger.Finding {
	t.Helper()
	found, err := ledger.FindOpen(t.Context(), book.DB, book.ID, day("2026-10-31"), ledgertest.At.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func shutOctober(t *testing.T, book ledgertest.Book, reason string, also ...ledger.Finding) error {
	t.Helper()
	return ledger.InTx(t.Context(), book.DB, func(tx *sqlx.Tx) error {
		return ledger.ClosePeriod(t.Context(), tx, book.ID, ledger.Month, day("2026-10-31"), book.Treasurer, ledgertest.At.Add(time.Hour), reason, also...)
	})
}

func sealAll(t *testing.T, book ledgertest.Book) {
	t.Helper()
	sealer := &chain.Sealer{DB: book.DB}
	if _, err := sealer.SealAll(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// between moves yen from one place to another on a day.
func between(book ledgertest.Book, on string, from, to int, amount ledger.Yen) func(*ledger.Transaction) {
	return func(x *ledger.Transaction) {
		x.Kind, x.On = ledger.Payout, day(on)
		x.Entries = []ledger.Entry{{Account: to, FundID: book.General, Amount: amount}, {Account: from, FundID: book.General, Amount: -amount}}
	}
}

func TestClosingListsWhatIsOpen(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	for _, c := range []struct {
		name string
		do   func()
		want []ledger.Finding
	}{
		{"nothing", func() {}, nil},
		{"an unchecked expense of the month", func() { book.Enter(t, func(e *ledger.Expense) { e.PaidOn = day("2026-10-31") }) },
			[]ledger.Finding{{Kind: ledger.UncheckedExpenses, Count: 1, Amount: 1000}}},
		{"and one of the next", func() { book.Enter(t, func(e *ledger.Expense) { e.PaidOn = day("2026-11-01") }) },
			[]ledger.Finding{{Kind: ledger.UncheckedExpenses, Count: 1, Amount: 1000}}},
		{"a payout on its way", func() { book.Post(t, between(book, "2026-10-30", ledger.StripeBalance, ledger.InTransit, 4_864)) },
			[]ledger.Finding{{Kind: ledger.UncheckedExpenses, Count: 1, Amount: 1000}, {Kind: ledger.PayoutsInTransit, Amount: 4_864}}},
		{"part of it arrives, while another leaves", func() {
			book.Post(t, between(book, "2026-11-04", ledger.InTransit, ledger.Bank, 4_000))
			book.Post(t, between(book, "2026-11-04", ledger.StripeBalance, ledger.InTransit, 9_000))
		}, []ledger.Finding{{Kind: ledger.UncheckedExpenses, Count: 1, Amount: 1000}, {Kind: ledger.PayoutsInTransit, Amount: 864}}},
		{"the rest arrives", func() { book.Post(t, between(book, "2026-11-05", ledger.InTransit, ledger.Bank, 864)) },
			[]ledger.Finding{{Kind: ledger.UncheckedExpenses, Count: 1, Amount: 1000}}},
		{"yen nobody knows", func() { book.Post(t, between(book, "2026-10-01", ledger.Unclear, ledger.Bank, 300)) },
			[]ledger.Finding{{Kind: ledger.UncheckedExpenses, Count: 1, Amount: 1000}, {Kind: ledger.UnclearYen, Amount: -300}}},
	} {
		c.do()
		sealAll(t, book)
		if got := open(t, book); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %+v; want %+v", c.name, got, c.want)
		}
	}
}

func TestClosingFindsRecordsThatNobodySeals(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	book.Post(t, october)
	book.Post(t) // of November
	if got, want := open(t, book), []ledger.Finding{{Kind: ledger.NotSealed, Count: 1}}; !slices.Equal(got, want) {
		t.Errorf("got %+v; want %+v", got, want)
	}
	if found, err := ledger.FindOpen(t.Context(), book.DB, book.ID, day("2026-10-31"), ledgertest.At); err != nil || len(found) > 0 {
		t.Errorf("got %+v, %v of what was recorded this minute", found, err)
	}
	sealAll(t, book)
	if got := open(t, book); len(got) > 0 {
		t.Errorf("got %+v after sealing", got)
	}
}

func TestClosingNeedsAReasonForWhatIsOpen(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	lacks := func(err error) bool {
		var invalid ledger.Invalid
		return errors.As(err, &invalid) && invalid["reason"] == "period.reason_missing"
	}
	if err := shutOctober(t, book, "", ledger.Finding{Kind: ledger.NotSwept, Count: 1}); !lacks(err) {
		t.Errorf("what the caller found: got %v", err)
	}
	book.Enter(t, func(e *ledger.Expense) { e.PaidOn = day("2026-10-31") })
	sealAll(t, book)
	if err := shutOctober(t, book, ""); !lacks(err) {
		t.Errorf("an unchecked expense: got %v", err)
	}
	if until, err := ledger.ClosedUntil(t.Context(), book.DB, book.ID); err != nil || !until.IsZero() {
		t.Fatalf("closed until %s, %v", until, err)
	}
	if err := shutOctober(t, book, "来週の会議で確認する"); err != nil {
		t.Fatal(err)
	}
	all, err := ledger.Closings(t.Context(), book.DB, book.ID, 5)
	if err != nil || len(all) != 1 || all[0].Reason != "来週の会議で確認する" || all[0].By != book.Treasurer.Name || all[0].UntilOn != day("2026-10-31") {
		t.Errorf("got %+v, %v", all, err)
	}
}
