package ledger_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// october is a sale on 2026-10-05.
func october(x *ledger.Transaction) { x.On = day("2026-10-05") }

func closeOctober(t *testing.T, book ledgertest.Book) func(tx *sqlx.Tx) error {
	return func(tx *sqlx.Tx) error {
		return ledger.ClosePeriod(t.Context(), tx, book.ID, ledger.Month, day("2026-10-31"), book.Treasurer, ledgertest.At, "")
	}
}

// waiting returns once a session of the database waits for an advisory lock.
func waiting(t *testing.T, db *sqlx.DB) {
	t.Helper()
	for range 6000 { // a minute, on a machine that is busy
		var n int
		if err := db.Get(&n, `
			SELECT count(*)
			  FROM pg_locks
			 WHERE locktype = 'advisory' AND NOT granted
			   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("nobody waits for the book")
}

func TestClosingWaitsForPostingsThatHaveBegun(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	book.Post(t) // so that the treasurer is known as an actor
	poster := db.App.MustBegin()
	if _, err := ledger.Post(t.Context(), poster, book.Transaction(october)); err != nil {
		t.Fatal(err)
	}
	closed := make(chan error)
	go func() { closed <- ledger.InTx(t.Context(), db.App, closeOctober(t, book)) }()
	waiting(t, db.Super)
	select {
	case err := <-closed:
		t.Fatalf("closed before the posting was over: %v", err)
	default:
	}
	if err := poster.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	lines := journal(t, book, ledger.JournalFilter{Until: day("2026-11-23")})
	if len(lines) != 1 || lines[0].BookedOn != day("2026-10-05") {
		t.Errorf("got %+v; want one booked on 2026-10-05", lines)
	}
}

func TestPostingThatClosingOvertakesIsBookedOnTheFirstOpenDay(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	book.Post(t) // so that the treasurer is known as an actor
	closer := db.App.MustBegin()
	if err := closeOctober(t, book)(closer); err != nil {
		t.Fatal(err)
	}
	posted := make(chan error)
	go func() {
		posted <- ledger.InTx(t.Context(), db.App, func(tx *sqlx.Tx) error {
			_, err := ledger.Post(t.Context(), tx, book.Transaction(october))
			return err
		})
	}()
	waiting(t, db.Super)
	if err := closer.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-posted; err != nil {
		t.Fatal(err)
	}
	lines := journal(t, book, ledger.JournalFilter{Until: day("2026-11-23")})
	if len(lines) != 1 || lines[0].BookedOn != day("2026-11-01") || lines[0].BelongsOn != day("2026-10-05") {
		t.Errorf("got %+v; want one booked on 2026-11-01 that belongs to 2026-10-05", lines)
	}
}

func TestPostingWaitsForAnAccountThatIsBeingClosed(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	book.Post(t)
	closer := db.App.MustBegin()
	(&rows{t: t, tx: closer, book: book}).closeAccount(4411)
	posted := make(chan error)
	go func() {
		posted <- ledger.InTx(t.Context(), db.App, func(tx *sqlx.Tx) error {
			_, err := ledger.Post(t.Context(), tx, book.Transaction())
			return err
		})
	}()
	waiting(t, db.Super)
	if err := closer.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-posted; !errors.Is(err, ledger.ErrAccountClosed) {
		t.Errorf("got %v; want ErrAccountClosed", err)
	}
}

func TestTwoOpeningsAtOnceLeaveOne(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	book.Post(t)
	var inserted, checked, both sync.WaitGroup
	inserted.Add(2)
	checked.Add(2)
	for range 2 {
		both.Go(func() {
			tx := db.App.MustBegin()
			r := &rows{t: t, tx: tx, book: book}
			r.post([]line{
				{Account: ledger.CashBox, FundID: book.General, Amount: 20_000},
				{Account: ledger.Opening, FundID: book.General, Amount: -20_000},
			}, func(h *header) { h.Kind = "opening" })
			if r.err != nil {
				t.Error(r.err)
			}
			inserted.Done()
			inserted.Wait()                         // neither sees the other
			r.exec(`SET CONSTRAINTS ALL IMMEDIATE`) // as at commit: they wait for each other until one has to give way
			if r.err != nil {
				_ = tx.Rollback()
			}
			checked.Done()
			checked.Wait()
			if r.err == nil {
				r.err = tx.Commit()
			}
		})
	}
	both.Wait()
	if got := book.Balance(t, ledger.Opening); got != -20_000 {
		t.Errorf("3100 holds %d; want -20000", got)
	}
}

// Whatever was true of a closed month when it was closed stays true.
func TestClosedMonthsStandStillWhileOthersPost(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	months := []string{"2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31"}
	stop := make(chan struct{})
	var posters sync.WaitGroup
	for p := range 6 {
		posters.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				err := ledger.InTx(t.Context(), db.App, func(tx *sqlx.Tx) error {
					_, err := ledger.Post(t.Context(), tx, book.Transaction(func(x *ledger.Transaction) {
						x.Source = fmt.Sprintf("race:%d:%d", p, n)
						x.On = day("2026-04-01").AddDays((p*37 + n*11) % 214) // until 2026-10-31
					}))
					return err
				})
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	held := func(until ledger.Date) (sum ledger.Yen) {
		if err := db.App.Get(&sum, `
			SELECT coalesce(sum(amount), 0)::bigint
			  FROM entry
			 WHERE organisation_id = $1 AND account = $2 AND booked_on <= $3`, book.ID, ledger.CashBox, until); err != nil {
			t.Error(err)
		}
		return sum
	}
	atClosing := map[string]ledger.Yen{}
	for _, until := range months {
		time.Sleep(30 * time.Millisecond)
		ledgertest.Must(t, db.App, func(tx *sqlx.Tx) error {
			return ledger.ClosePeriod(t.Context(), tx, book.ID, ledger.Month, day(until), book.Treasurer, ledgertest.At, "")
		})
		atClosing[until] = held(day(until))
	}
	time.Sleep(30 * time.Millisecond)
	close(stop)
	posters.Wait()
	for _, until := range months {
		if got := held(day(until)); got != atClosing[until] {
			t.Errorf("until %s the box held %d at closing and holds %d now", until, atClosing[until], got)
		}
	}
	if late := held(day("2026-11-30")) - held(day("2026-10-31")); late == 0 {
		t.Error("nobody posted after the closing: the test saw no race")
	}
}
