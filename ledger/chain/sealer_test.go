package chain_test

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// seal seals all of a book and returns how many records that were.
func seal(t testing.TB, book ledgertest.Book) int {
	t.Helper()
	n, err := (&chain.Sealer{DB: book.DB, Batch: 3}).Seal(t.Context(), book.ID)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// log is what the tables hold of a book's log.
type log struct {
	Records   int64 `db:"records"`
	Seals     int64 `db:"seals"`
	Last      int64 `db:"last"`
	Distinct  int64 `db:"distinct_records"`
	Unsealed  int64 `db:"unsealed"`
	Head      int64 `db:"head"`
	Rolled    int64 `db:"rolled"`
	Entries   int64 `db:"entries"`
	RolledSum int64 `db:"rolled_sum"`
}

func logOf(t testing.TB, book ledgertest.Book) log {
	t.Helper()
	var l log
	if err := book.DB.Get(&l, `
		SELECT (SELECT count(*) FROM log_record WHERE organisation_id = $1) AS records,
		       (SELECT count(*) FROM seal WHERE organisation_id = $1) AS seals,
		       (SELECT coalesce(max(sequence), 0) FROM seal WHERE organisation_id = $1) AS last,
		       (SELECT count(DISTINCT record_id) FROM seal WHERE organisation_id = $1) AS distinct_records,
		       (SELECT count(*) FROM unsealed WHERE organisation_id = $1) AS unsealed,
		       (SELECT sequence FROM log_heads WHERE organisation_id = $1) AS head,
		       (SELECT coalesce(sum(entries), 0)::bigint FROM rollup WHERE organisation_id = $1) AS rolled,
		       (SELECT count(*) FROM entry WHERE organisation_id = $1) AS entries,
		       (SELECT coalesce(sum(amount), 0)::bigint FROM rollup WHERE organisation_id = $1) AS rolled_sum`, book.ID); err != nil {
		t.Fatal(err)
	}
	return l
}

// whole reports unless every record is sealed once, in a sequence without gaps, and rolled up.
func whole(t testing.TB, book ledgertest.Book) {
	t.Helper()
	l := logOf(t, book)
	if l.Unsealed != 0 || l.Seals != l.Records || l.Last != l.Seals || l.Distinct != l.Seals || l.Head != l.Last || l.Rolled != l.Entries {
		t.Errorf("the log is not whole: %+v", l)
	}
}

// sound reports every fault that Verify finds.
func sound(t testing.TB, book ledgertest.Book) chain.Finding {
	t.Helper()
	f := examine(t, book.DB, book.ID)
	for _, fault := range f.Faults {
		t.Errorf("fault: %s", fault)
	}
	return f
}

func examine(t testing.TB, db *sqlx.DB, organisationID int64) chain.Finding {
	t.Helper()
	tx, err := db.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	f, err := chain.Verify(t.Context(), tx, organisationID, chain.Examination{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestSealingWritesTheRecordsOfTransactions: under their numbers, and beside those that the program before this one wrote when it posted.
func TestSealingWritesTheRecordsOfTransactions(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	ours, before := book.Post(t), book.Post(t)
	ledgertest.Must(t, db.Super, func(tx *sqlx.Tx) error {
		if _, err := tx.Exec(`ALTER TABLE unsealed DISABLE TRIGGER unsealed_guard`); err != nil {
			return err
		}
		_, err := tx.Exec(`
			WITH unmade AS (
			  DELETE FROM unsealed WHERE organisation_id = $1 AND record_id = $2
			), record AS (
			  INSERT INTO log_record (organisation_id, kind, subject_id, recorded_at)
			  VALUES ($1, 'transaction', $2, $3)
			  RETURNING id
			)
			INSERT INTO unsealed (organisation_id, record_id)
			SELECT $1, id FROM record`, book.ID, before, ledgertest.At)
		return err
	})
	waiting := book.Balances(t)
	if l := logOf(t, book); l.Records != 1 || l.Unsealed != 2 {
		t.Errorf("before sealing: %+v", l)
	}
	if n := seal(t, book); n != 2 {
		t.Errorf("sealed %d; want 2", n)
	}
	whole(t, book)
	sound(t, book)
	if sealed := book.Balances(t); !maps.Equal(sealed, waiting) {
		t.Errorf("balances %v; waiting they were %v", sealed, waiting)
	}
	var records []struct {
		ID        int64 `db:"id"`
		SubjectID int64 `db:"subject_id"`
	}
	if err := book.DB.Select(&records, `SELECT id, subject_id FROM log_record WHERE organisation_id = $1 ORDER BY subject_id`, book.ID); err != nil {
		t.Fatal(err)
	}
	if len(records) != 2 || records[0].ID != ours || records[0].SubjectID != ours || records[1].SubjectID != before || records[1].ID <= before {
		t.Errorf("records %+v of transactions %d and %d", records, ours, before)
	}
}

func TestSealingNumbersEverythingOnce(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	for range 7 {
		book.Post(t)
	}
	if n := seal(t, book); n != 7 {
		t.Errorf("sealed %d; want 7", n)
	}
	book.Spend(t)
	ledgertest.Must(t, book.DB, func(tx *sqlx.Tx) error {
		return ledger.Record(t.Context(), tx, book.ID, ledger.ReportRecord, 1, `{"hash":"00"}`, ledgertest.At)
	})
	if n := seal(t, book); n != 2 {
		t.Errorf("sealed %d; want 2", n)
	}
	if n := seal(t, book); n != 0 {
		t.Errorf("sealed %d of nothing", n)
	}
	whole(t, book)
	if f := sound(t, book); f.Records != 9 || f.Unsealed != 0 {
		t.Errorf("verified %+v", f)
	}
}

func TestPostersAndSealersAtOnceLeaveNoGap(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	books := []ledgertest.Book{ledgertest.NewBook(t, db), ledgertest.NewBook(t, db)}
	var done atomic.Bool
	var posters, sealers sync.WaitGroup
	for poster := range 6 {
		posters.Go(func() {
			for i := range 25 {
				book := books[(poster+i)%2]
				err := ledger.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
					_, err := ledger.Post(t.Context(), tx, book.Transaction())
					if i%5 == 0 {
						time.Sleep(3 * time.Millisecond) // commits late
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 2 {
		sealers.Go(func() {
			s := chain.Sealer{DB: db, Batch: 4}
			for !done.Load() {
				if _, err := s.SealAll(t.Context()); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	posters.Wait()
	done.Store(true)
	sealers.Wait()
	for _, book := range books {
		seal(t, book)
		whole(t, book)
		sound(t, book)
		if l := logOf(t, book); l.Records != 75 || l.RolledSum != 0 {
			t.Errorf("%+v", l)
		}
	}
}

func TestLateCommitGetsALaterNumber(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	book.Post(t) // the actor is new once
	seal(t, book)
	tx, err := book.DB.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	late, err := ledger.Post(t.Context(), tx, book.Transaction()) // has the earlier id and the same instant
	if err != nil {
		t.Fatal(err)
	}
	early := book.Post(t)
	if n := seal(t, book); n != 1 {
		t.Fatalf("sealed %d; want the committed one alone", n)
	}
	if err = tx.Commit(); err != nil {
		t.Fatal(err)
	}
	seal(t, book)
	for id, want := range map[int64]int64{early: 2, late: 3} {
		if s, err := chain.FindSealed(t.Context(), book.DB, book.ID, "transaction", id); err != nil || s.Sequence != want {
			t.Errorf("transaction %d: got %d, %v; want %d", id, s.Sequence, err, want)
		}
	}
	whole(t, book)
	sound(t, book)
}

func TestSecondSealerPassesBy(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	book.Post(t)
	tx, err := book.DB.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	if _, err = tx.Exec(`SELECT FROM log_heads WHERE organisation_id = $1 FOR UPDATE`, book.ID); err != nil {
		t.Fatal(err)
	}
	if n := seal(t, book); n != 0 {
		t.Errorf("sealed %d while another held the head", n)
	}
	if err = tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if n := seal(t, book); n != 1 {
		t.Errorf("sealed %d; want 1", n)
	}
}

func TestKilledSealerLeavesWholeBatches(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	for range 60 {
		book.Post(t)
	}
	var victim atomic.Bool
	stop := make(chan struct{})
	var killer sync.WaitGroup
	killer.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			var killed int
			if err := db.Super.Get(&killed, `
				SELECT count(pg_terminate_backend(pid))
				  FROM pg_stat_activity
				 WHERE datname = current_database() AND usename = $1 AND xact_start IS NOT NULL`, pgtest.WebRole); err != nil {
				t.Error(err)
				return
			}
			victim.Store(victim.Load() || killed > 0)
			time.Sleep(time.Millisecond)
		}
	})
	failures := 0
	for range 200 {
		if _, err := (&chain.Sealer{DB: db.App, Batch: 1}).Seal(t.Context(), book.ID); err != nil {
			failures++
		}
		if failures > 3 {
			break
		}
	}
	close(stop)
	killer.Wait()
	if !victim.Load() || failures == 0 {
		t.Log("no sealer was hit")
	}
	for range 3 { // connections that died are found out one after the other
		if _, err := (&chain.Sealer{DB: db.App, Batch: 7}).Seal(t.Context(), book.ID); err == nil {
			break
		}
	}
	whole(t, book)
	sound(t, book)
}

func TestNumbersFollowTheInstantWithinABatch(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	var want []int64
	for i := range 3 {
		want = append(want, book.Post(t, func(x *ledger.Transaction) { x.At = ledgertest.At.Add(-time.Duration(i) * time.Minute) }))
	}
	seal(t, book)
	slices.Reverse(want)
	var got []int64
	if err := book.DB.Select(&got, `
		SELECT r.subject_id
		  FROM seal s
		  JOIN log_record r ON r.organisation_id = s.organisation_id AND r.id = s.record_id
		 WHERE s.organisation_id = $1
		 ORDER BY s.sequence`, book.ID); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v; want %v", got, want)
	}
}

func TestFingerprintIsShort(t *testing.T) {
	h := chain.Hash{0xab, 0xcd, 0x01, 0x23}
	if got := h.Fingerprint(); got != "abcd 0123" {
		t.Errorf("got %q", got)
	}
}
