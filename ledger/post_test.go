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

// written returns the entries of a transaction as "fund account amount", with the use where there is one. The general fund
// is G, every other goes by its name.
func written(t *testing.T, book ledgertest.Book, id int64) []string {
	t.Helper()
	var lines []string
	if err := book.DB.Select(&lines, `
		SELECT CASE f.kind WHEN 'general' THEN 'G' ELSE f.name END || ' ' || e.account || ' ' || e.amount || coalesce(' ' || u.name, '')
		  FROM entry e
		  JOIN fund f ON f.organisation_id = e.organisation_id AND f.id = e.fund_id
		  LEFT JOIN use u ON u.organisation_id = e.organisation_id AND u.id = e.use_id
		 WHERE e.organisation_id = $1 AND e.transaction_id = $2
		 ORDER BY e.number`, book.ID, id); err != nil {
		t.Fatal(err)
	}
	return lines
}

func wantWritten(t *testing.T, book ledgertest.Book, id int64, want ...string) {
	t.Helper()
	if got := fmt.Sprint(written(t, book, id)); got != fmt.Sprint(want) {
		t.Errorf("transaction %d:\n got %s\nwant %s", id, got, want)
	}
}

func wantBalances(t *testing.T, book ledgertest.Book, want map[int]ledger.Yen) {
	t.Helper()
	if got := book.Balances(t); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("balances:\n got %v\nwant %v", got, want)
	}
}

func wantLeft(t *testing.T, book ledgertest.Book, funds map[int64]ledger.Yen) {
	t.Helper()
	for fund, want := range funds {
		if got := book.Left(t, fund); got != want {
			t.Errorf("left of fund %d: got %d; want %d", fund, got, want)
		}
	}
}

func TestPostWritesTransactionEntriesMemoAndRecordInOne(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	id := book.Post(t, func(x *ledger.Transaction) { x.Memo = "練習の食事代" }) // the treasurer is new as an actor
	wantWritten(t, book, id, "G 1110 500", "G 4411 -500")
	line, err := ledger.FindJournalLine(t.Context(), db.App, book.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	if line.Memo != "練習の食事代" || line.By != book.Treasurer.Name || line.BookedOn != ledgertest.Today || line.BelongsOn != ledgertest.Today ||
		!line.PostedAt.Equal(ledgertest.At) || line.In != 500 || line.Out != 0 || line.Reversed || line.Unchecked {
		t.Errorf("got %+v", line)
	}
	var queued int
	if err = db.App.Get(&queued, `
		SELECT count(*)
		  FROM waiting
		 WHERE organisation_id = $1 AND kind = 'transaction' AND subject_id = $2`, book.ID, id); err != nil || queued != 1 {
		t.Errorf("%d records wait for the sealer, %v; want 1", queued, err)
	}
	if n, err := ledger.Records(t.Context(), db.App, book.ID); err != nil || n != 1 {
		t.Errorf("%d records, %v; want 1", n, err)
	}
}

func TestPostKeepsActorsByTheNameOfTheTime(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	renamed := book.Treasurer
	renamed.Name = "練習 改姓"
	for _, by := range []ledger.Actor{book.Treasurer, book.Treasurer, renamed, ledger.ByDonor(), ledger.BySystem("練習の自動記帳")} {
		book.Post(t, func(x *ledger.Transaction) { x.By = by })
	}
	var actors int
	if err := book.DB.Get(&actors, `SELECT count(*) FROM actor WHERE organisation_id = $1`, book.ID); err != nil || actors != 4 {
		t.Errorf("%d actors, %v; want 4", actors, err)
	}
	names := map[string]int{}
	for _, l := range journal(t, book, ledger.JournalFilter{}) {
		names[l.By]++
	}
	if want := map[string]int{book.Treasurer.Name: 2, "練習 改姓": 1, "寄付者": 1, "練習の自動記帳": 1}; fmt.Sprint(names) != fmt.Sprint(want) {
		t.Errorf("got %v; want %v", names, want)
	}
}

func TestPostBooksASourceOnceAndLetsTheCallerGoOn(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	same := func(x *ledger.Transaction) { x.Source = "bank:line 7" }
	book.Post(t, same)
	ledgertest.Must(t, book.DB, func(tx *sqlx.Tx) error {
		if _, err := ledger.Post(t.Context(), tx, book.Transaction(same)); !errors.Is(err, ledger.ErrPostedBefore) {
			t.Errorf("got %v; want ErrPostedBefore", err)
		}
		_, err := ledger.Post(t.Context(), tx, book.Transaction())
		return err
	})
	wantBalances(t, book, map[int]ledger.Yen{1110: 1_000, 4411: -1_000})
}

func TestSixteenPostingsOfOneSourceBookOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	var clients sync.WaitGroup
	results := make(chan error, 16)
	for range 16 {
		clients.Go(func() {
			results <- ledger.InTx(t.Context(), db.App, func(tx *sqlx.Tx) error { // the treasurer is new to all of them
				_, err := ledger.Post(t.Context(), tx, book.Transaction(func(x *ledger.Transaction) { x.Source = "stripe:txn_1" }))
				return err
			})
		})
	}
	clients.Wait()
	close(results)
	booked := 0
	for err := range results {
		switch {
		case err == nil:
			booked++
		case !errors.Is(err, ledger.ErrPostedBefore):
			t.Errorf("got %v; want ErrPostedBefore", err)
		}
	}
	if booked != 1 {
		t.Errorf("booked %d times; want once", booked)
	}
	wantBalances(t, book, map[int]ledger.Yen{1110: 500, 4411: -500})
}

func TestPostRefusesWithTheRuleThatWasBroken(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	for name, c := range map[string]struct {
		want error
		edit func(x *ledger.Transaction)
	}{
		"unbalanced":         {ledger.ErrUnbalanced, func(x *ledger.Transaction) { x.Entries[0].Amount = 501 }},
		"no entries":         {ledger.ErrIncomplete, func(x *ledger.Transaction) { x.Entries = nil }},
		"one entry":          {ledger.ErrIncomplete, func(x *ledger.Transaction) { x.Entries = x.Entries[:1] }},
		"no such account":    {ledger.ErrAccountClosed, func(x *ledger.Transaction) { x.Entries[1].Account = 4999 }},
		"no such fund":       {ledger.ErrFundClosed, func(x *ledger.Transaction) { x.Entries[0].FundID, x.Entries[1].FundID = 1<<40, 1<<40 }},
		"no such use":        {ledger.ErrForeignUse, func(x *ledger.Transaction) { x.Entries[1].UseID = 1 << 40 }},
		"no such initiative": {ledger.ErrNoSuchRow, func(x *ledger.Transaction) { x.Entries[1].InitiativeID = 1 << 40 }},
		"no such donation":   {ledger.ErrNoSuchRow, func(x *ledger.Transaction) { x.DonationID = 1 << 40 }},
		"no segment":         {ledger.ErrSegment, func(x *ledger.Transaction) { x.Entries[1].Account = ledger.ProvisionsExpense }},
		"a gift":             {ledger.ErrGift, func(x *ledger.Transaction) { x.Entries[1].Account = ledger.Gifts }},
		"nothing":            {ledger.ErrOverflow, func(x *ledger.Transaction) { x.Entries[0].Amount, x.Entries[1].Amount = 0, 0 }},
	} {
		err := ledger.InTx(t.Context(), db.App, func(tx *sqlx.Tx) error {
			_, err := ledger.Post(t.Context(), tx, book.Transaction(c.edit))
			return err
		})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v; want %v", name, err, c.want)
		}
	}
	wantBalances(t, book, map[int]ledger.Yen{})
}

func TestPostBooksWhatBelongsToAClosedPeriodOnTheFirstOpenDay(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	ledgertest.Must(t, book.DB, closeOctober(t, book))
	late := book.Post(t, october)
	intime := book.Post(t, func(x *ledger.Transaction) { x.On = day("2026-11-02") })
	for id, want := range map[int64][2]string{late: {"2026-11-01", "2026-10-05"}, intime: {"2026-11-02", "2026-11-02"}} {
		line, err := ledger.FindJournalLine(t.Context(), book.DB, book.ID, id)
		if err != nil || line.BookedOn != day(want[0]) || line.BelongsOn != day(want[1]) {
			t.Errorf("booked on %s, belongs to %s, %v; want %v", line.BookedOn, line.BelongsOn, err, want)
		}
	}
}

func TestTransactionRollsBackWithItsCaller(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	broken := errors.New("the donation could not turn paid")
	err := ledger.InTx(t.Context(), db.App, func(tx *sqlx.Tx) error {
		if _, err := ledger.Post(t.Context(), tx, book.Transaction()); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v; want the caller's error", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = ledger.InTx(t.Context(), db.App, func(tx *sqlx.Tx) error {
			if _, err := ledger.Post(t.Context(), tx, book.Transaction()); err != nil {
				return err
			}
			panic("in the middle")
		})
	}()
	wantBalances(t, book, map[int]ledger.Yen{})
}
