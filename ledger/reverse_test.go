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

func reverse(t *testing.T, book ledgertest.Book, id int64, on ledger.Date) (mirror int64, err error) {
	t.Helper()
	err = ledger.InTx(t.Context(), book.DB, func(tx *sqlx.Tx) (err error) {
		mirror, err = ledger.Reverse(t.Context(), tx, book.ID, id, book.Treasurer, ledgertest.At, on, "二重に入力した")
		return err
	})
	return mirror, err
}

func TestReversalRestoresEveryBalance(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	fund := ledgertest.NewFund(t, book.DB, book.ID, func(f *ledger.Fund) { f.Name = "F" })
	use := ledgertest.NewUse(t, book.DB, book.ID, fund.ID)
	id := book.Post(t, func(x *ledger.Transaction) {
		x.Kind = ledger.ExpensePaid
		x.Entries = []ledger.Entry{
			{Account: 5240, FundID: fund.ID, Segment: ledger.Program, InitiativeID: book.Initiative, UseID: use.ID, Amount: 600},
			{Account: 5240, FundID: book.General, Segment: ledger.Administration, Amount: 400},
			{Account: 1110, FundID: fund.ID, Amount: -600},
			{Account: 1110, FundID: book.General, Amount: -400},
		}
	})
	wantBalances(t, book, map[int]ledger.Yen{1110: -1_000, 5240: 1_000})
	mirror, err := reverse(t, book, id, ledgertest.Today)
	if err != nil {
		t.Fatal(err)
	}
	wantWritten(t, book, mirror, "F 5240 -600 食材", "G 5240 -400", "F 1110 600", "G 1110 400")
	wantBalances(t, book, map[int]ledger.Yen{})
	wantLeft(t, book, map[int64]ledger.Yen{fund.ID: 0, book.General: 0})
	spent, err := ledger.UsesSpent(t.Context(), book.DB, book.ID, fund.ID)
	if err != nil || len(spent) != 1 || spent[0].Spent != 0 {
		t.Errorf("spent %+v, %v; want 0 on the use", spent, err)
	}
	line, err := ledger.FindJournalLine(t.Context(), book.DB, book.ID, id)
	if err != nil || !line.Reversed {
		t.Errorf("the reversed one: %+v, %v", line, err)
	}
	line, err = ledger.FindJournalLine(t.Context(), book.DB, book.ID, mirror)
	if err != nil || line.Reverses != id || line.Kind != ledger.Reversal || line.Reason != "二重に入力した" {
		t.Errorf("the reversal: %+v, %v", line, err)
	}
}

func TestReversalIsDoneOnceAndOnlyToWhatIsNone(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book, other := ledgertest.NewBook(t, db.App), ledgertest.NewBook(t, db.App)
	id := book.Post(t)
	mirror, err := reverse(t, book, id, ledgertest.Today)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = reverse(t, book, id, ledgertest.Today); !errors.Is(err, ledger.ErrReversed) {
		t.Errorf("twice: got %v; want ErrReversed", err)
	}
	if _, err = reverse(t, book, mirror, ledgertest.Today); !errors.Is(err, ledger.ErrReversed) {
		t.Errorf("a reversal: got %v; want ErrReversed", err)
	}
	if _, err = reverse(t, other, id, ledgertest.Today); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("another organisation's: got %v; want ErrNotFound", err)
	}
	err = ledger.InTx(t.Context(), db.App, func(tx *sqlx.Tx) error {
		_, err := ledger.Reverse(t.Context(), tx, book.ID, id, book.Treasurer, ledgertest.At, ledgertest.Today, "")
		return err
	})
	if invalid := (ledger.Invalid{}); !errors.As(err, &invalid) || invalid["reason"] == "" {
		t.Errorf("without a reason: got %v; want Invalid", err)
	}
	wantBalances(t, book, map[int]ledger.Yen{})
}

func TestSixteenReversalsOfOneTransactionReverseOnce(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	id := book.Post(t)
	var clients sync.WaitGroup
	results := make(chan error, 16)
	for range 16 {
		clients.Go(func() {
			_, err := reverse(t, book, id, ledgertest.Today)
			results <- err
		})
	}
	clients.Wait()
	close(results)
	done := 0
	for err := range results {
		switch {
		case err == nil:
			done++
		case !errors.Is(err, ledger.ErrReversed):
			t.Errorf("got %v; want ErrReversed", err)
		}
	}
	if done != 1 {
		t.Errorf("reversed %d times; want once", done)
	}
	wantBalances(t, book, map[int]ledger.Yen{})
}

func TestReversalIsNeverBeforeWhatItReverses(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	early := book.Post(t, october)
	ledgertest.Must(t, book.DB, closeOctober(t, book))
	for id, c := range map[int64]struct{ asked, booked string }{
		early:        {"2026-10-20", "2026-11-01"}, // October is closed
		book.Post(t): {"2026-11-10", "2026-11-24"}, // happened on the 24th
	} {
		mirror, err := reverse(t, book, id, day(c.asked))
		if err != nil {
			t.Fatal(err)
		}
		line, err := ledger.FindJournalLine(t.Context(), book.DB, book.ID, mirror)
		if err != nil || line.BookedOn != day(c.booked) {
			t.Errorf("reversal asked for on %s is booked on %s, %v; want %s", c.asked, line.BookedOn, err, c.booked)
		}
	}
}
