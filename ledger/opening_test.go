package ledger_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func openBook(t *testing.T, book ledgertest.Book, places ...ledger.Entry) (id int64, err error) {
	t.Helper()
	err = ledger.InTx(t.Context(), book.DB, func(tx *sqlx.Tx) (err error) {
		id, err = ledger.OpenBook(t.Context(), tx, book.ID, day("2026-04-01"), places, book.Treasurer, ledgertest.At)
		return err
	})
	return id, err
}

func TestOpeningIsCorrectedByReversingAndOpeningAnew(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	wrong, err := openBook(t, book, ledger.Entry{Account: 1110, FundID: book.General, Amount: 2_000})
	if err != nil {
		t.Fatal(err)
	}
	right := ledger.Entry{Account: 1110, FundID: book.General, Amount: 20_000}
	if _, err = openBook(t, book, right); !errors.Is(err, ledger.ErrPostedBefore) {
		t.Errorf("while the first stands: %v; want ErrPostedBefore", err)
	}
	for range 2 { // a mistake can be made twice
		if _, err = reverse(t, book, wrong, ledgertest.Today); err != nil {
			t.Fatal(err)
		}
		if wrong, err = openBook(t, book, right); err != nil {
			t.Fatal(err)
		}
	}
	wantBalances(t, book, map[int]ledger.Yen{1110: 20_000, 3100: -20_000})
}

func TestSixteenOpeningsOpenOnce(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	var clients sync.WaitGroup
	for range 16 {
		clients.Go(func() {
			_, err := openBook(t, book, ledger.Entry{Account: 1110, FundID: book.General, Amount: 20_000})
			if err != nil && !errors.Is(err, ledger.ErrPostedBefore) {
				t.Errorf("got %v; want ErrPostedBefore", err)
			}
		})
	}
	clients.Wait()
	wantBalances(t, book, map[int]ledger.Yen{1110: 20_000, 3100: -20_000})
}

func TestOpeningTakesDebtsAndKeepsFundsApart(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	f := ledgertest.NewFund(t, book.DB, book.ID, func(f *ledger.Fund) { f.Name = "F" })
	id, err := openBook(t, book,
		ledger.Entry{Account: 1110, FundID: book.General, Amount: 20_000},
		ledger.Entry{Account: 1120, FundID: f.ID, Amount: 30_000},
		ledger.Entry{Account: 2110, FundID: book.General, Amount: -5_000})
	if err != nil {
		t.Fatal(err)
	}
	wantWritten(t, book, id, "G 1110 20000", "F 1120 30000", "G 2110 -5000", "G 3100 -15000", "F 3100 -30000")
	wantLeft(t, book, map[int64]ledger.Yen{book.General: 15_000, f.ID: 30_000})
}
