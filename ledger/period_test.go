package ledger_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestMonthsAndYearsAreClosedAtTheirEndsOnceTheyAreOver(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	var invalid ledger.Invalid
	for _, c := range []struct {
		name  string
		kind  string
		until string
		want  func(error) bool
	}{
		{"the middle of a month", ledger.Month, "2026-10-15", func(err error) bool { return errors.As(err, &invalid) }},
		{"a month that is not over", ledger.Month, "2026-11-30", func(err error) bool { return errors.As(err, &invalid) }},
		{"a quarter", "quarter", "2026-09-30", func(err error) bool { return errors.As(err, &invalid) }},
		{"a year that ends in another month", ledger.Year, "2025-12-31", func(err error) bool { return errors.As(err, &invalid) }},
		{"the last month of the year", ledger.Month, "2026-03-31", func(err error) bool { return err == nil }},
		{"the year after its last month", ledger.Year, "2026-03-31", func(err error) bool { return err == nil }},
		{"the year twice", ledger.Year, "2026-03-31", func(err error) bool { return errors.Is(err, ledger.ErrPeriodClosed) }},
		{"a leap February", ledger.Month, "2024-02-29", func(err error) bool { return err == nil }},
	} {
		err := ledger.InTx(t.Context(), book.DB, func(tx *sqlx.Tx) error {
			return ledger.ClosePeriod(t.Context(), tx, book.ID, c.kind, day(c.until), book.Treasurer, ledgertest.At, "")
		})
		if !c.want(err) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
	until, err := ledger.ClosedUntil(t.Context(), book.DB, book.ID)
	if err != nil || until != day("2026-03-31") {
		t.Errorf("closed until %s, %v; want 2026-03-31", until, err)
	}
}

func TestNothingIsClosedAtFirst(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	if until, err := ledger.ClosedUntil(t.Context(), book.DB, book.ID); err != nil || !until.IsZero() {
		t.Errorf("closed until %s, %v; want no day", until, err)
	}
}
