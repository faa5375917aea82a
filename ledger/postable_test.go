package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// strayed is the organisations whose row in postable is not what the tables say.
const strayed = `
	SELECT count(*)
	  FROM organisation o
	  LEFT JOIN postable p ON p.organisation_id = o.id
	 WHERE p.open_accounts IS DISTINCT FROM ARRAY(SELECT a.code FROM account a WHERE a.organisation_id = o.id AND a.closed_on IS NULL ORDER BY a.code)
	    OR p.open_funds IS DISTINCT FROM ARRAY(SELECT f.id FROM fund f WHERE f.organisation_id = o.id AND f.closed_on IS NULL ORDER BY f.id)
	    OR p.any_initiatives IS DISTINCT FROM ARRAY(SELECT n.id FROM initiative n WHERE n.organisation_id = o.id ORDER BY n.id)
	    OR p.closed_until IS DISTINCT FROM (SELECT max(c.until_on) FROM period c WHERE c.organisation_id = o.id)`

func TestPostableFollowsWhatIsOpenedAndClosed(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	ledgertest.NewBook(t, db.App)
	fund := ledgertest.NewFund(t, db.App, book.ID)
	agree := func(after string) {
		t.Helper()
		var n int
		if err := db.App.Get(&n, strayed); err != nil || n != 0 {
			t.Errorf("after %s: %d organisations strayed, %v", after, n, err)
		}
	}
	agree("founding")
	for _, statement := range []string{
		`UPDATE fund SET closed_on = '2026-11-24' WHERE organisation_id = $1 AND kind <> 'general'`,
		`UPDATE fund SET closed_on = NULL WHERE organisation_id = $1`,
		`UPDATE account SET closed_on = '2026-12-31' WHERE organisation_id = $1 AND code BETWEEN 1110 AND 1121`,
		`INSERT INTO account (organisation_id, code, name, plain, class) VALUES ($1, 5999, '練習', '練習', 'expense')`,
		`UPDATE account SET closed_on = NULL WHERE organisation_id = $1 AND code = 1110`,
		`INSERT INTO initiative (organisation_id, name) VALUES ($1, '練習 送迎'), ($1, '練習 見守り')`,
	} {
		if _, err := db.App.Exec(statement, book.ID); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		agree(statement)
	}
	ledgertest.Must(t, db.App, closeOctober(t, book))
	agree("closing a month")

	// Two funds opened at once: who comes second knows of the first.
	first := db.App.MustBegin()
	second := make(chan error)
	open := func(tx *sqlx.Tx, name string) error {
		_, err := ledger.OpenFund(t.Context(), tx, ledger.Fund{OrganisationID: book.ID, Name: name, Kind: ledger.AwardFund})
		return err
	}
	if err := open(first, "一"); err != nil {
		t.Fatal(err)
	}
	go func() {
		second <- ledger.InTx(t.Context(), book.DB, func(tx *sqlx.Tx) error { return open(tx, "二") })
	}()
	blocked(t, db.Super)
	if err := first.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-second; err != nil {
		t.Fatal(err)
	}
	agree("two at once")
	book.Post(t, func(x *ledger.Transaction) { x.Entries[0].FundID, x.Entries[1].FundID = fund.ID, fund.ID })
}

// blocked returns once a session of the database waits for a row.
func blocked(t *testing.T, super *sqlx.DB) {
	t.Helper()
	for range 6000 { // a minute, on a machine that is busy
		var n int
		if err := super.Get(&n, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("nobody waits")
}

func TestPostableIsWrittenByItsTriggersAlone(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	for _, statement := range []string{
		`UPDATE postable SET closed_until = NULL WHERE organisation_id = %d`,
		`DELETE FROM postable WHERE organisation_id = %d`,
		`INSERT INTO postable (organisation_id, open_accounts, open_funds, any_initiatives) VALUES (%d, '{1110}', '{1}', '{}')`,
		`SELECT renew_postable() -- %d`,
	} {
		if _, err := db.App.Exec(fmt.Sprintf(statement, book.ID)); err == nil {
			t.Errorf("%s: done", statement)
		}
	}
	for _, statement := range []string{`DELETE FROM postable`, `TRUNCATE postable`, `UPDATE postable SET organisation_id = organisation_id`} {
		refused(t, db.Owner, "owner", statement, ledger.ErrFrozen)
	}
}

func TestAccountClosedLaterStillTakesEarlierDays(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	if _, err := db.App.Exec(`UPDATE account SET closed_on = $2 WHERE organisation_id = $1 AND code = 4411`, book.ID, ledgertest.Today); err != nil {
		t.Fatal(err)
	}
	book.Post(t, func(x *ledger.Transaction) { x.On = ledgertest.Today.AddDays(-1) })
	err := ledger.InTx(t.Context(), db.App, func(tx *sqlx.Tx) error {
		_, err := ledger.Post(t.Context(), tx, book.Transaction())
		return err
	})
	if err == nil {
		t.Error("an account took an entry on the day it was closed")
	}
}

// TestFalsifiedListsAreFound: where the guards were off, verify sees what the door would be asked by.
func TestFalsifiedListsAreFound(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	fund := ledgertest.NewFund(t, db.App, book.ID)
	ledgertest.Must(t, db.App, func(tx *sqlx.Tx) error {
		return ledger.ClosePeriod(t.Context(), tx, book.ID, ledger.Month, day("2026-10-31"), book.Treasurer, ledgertest.At, "ためし")
	})
	if faults, _, err := ledger.Verify(t.Context(), db.App, book.ID); err != nil || len(faults) > 0 {
		t.Fatalf("a sound book: %v, %v", faults, err)
	}
	for _, falsify := range []string{
		`UPDATE postable SET closed_until = NULL`,
		`UPDATE postable SET open_accounts = open_accounts || 9999`,
		fmt.Sprintf(`UPDATE postable SET open_funds = array_remove(open_funds, %d)`, fund.ID),
		`UPDATE postable SET any_initiatives = '{}'`,
		`DELETE FROM postable`,
	} {
		tx := db.Super.MustBegin()
		tx.MustExec(`ALTER TABLE postable DISABLE TRIGGER USER`)
		if _, err := tx.Exec(falsify); err != nil {
			t.Fatalf("%s: %v", falsify, err)
		}
		if faults, _, err := ledger.Verify(t.Context(), tx, book.ID); err != nil || len(faults) != 1 {
			t.Errorf("%s: got %v, %v; want one fault", falsify, faults, err)
		}
		_ = tx.Rollback()
	}
}
