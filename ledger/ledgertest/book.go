package ledgertest

import (
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// At is the instant at which tests act: 2026-11-24 10:00 in Tokyo, a Tuesday.
var At = time.Date(2026, time.November, 24, 10, 0, 0, 0, ledger.Tokyo)

// Today is its day.
var Today = ledger.DateOf(At)

// Book is an organisation ready to keep a book: with its chart, its general fund, one initiative and the two people that
// entering and checking need.
type Book struct {
	DB *sqlx.DB
	ledger.Organisation
	General        int64 // fund
	Initiative     int64
	Treasurer      ledger.Actor
	Representative ledger.Actor
}

// NewBook founds an organisation with what nearly every test needs beside it.
func NewBook(t testing.TB, db *sqlx.DB, edits ...func(*ledger.Organisation)) Book {
	t.Helper()
	b := Book{DB: db, Organisation: NewOrganisation(t, db, edits...)}
	general, err := ledger.FindGeneralFund(t.Context(), db, b.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.General = general.ID
	b.Initiative = NewInitiative(t, db, b.ID).ID
	b.Treasurer = NewMember(t, db, b.ID, ledger.Treasurer)
	b.Representative = NewMember(t, db, b.ID, ledger.Representative)
	return b
}

// Must runs fn in a database transaction, retried like the program's, and fails the test on an error.
func Must(t testing.TB, db *sqlx.DB, fn func(tx *sqlx.Tx) error) {
	t.Helper()
	if err := ledger.InTx(t.Context(), db, fn); err != nil {
		t.Fatal(err)
	}
}
