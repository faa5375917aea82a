package ledger_test

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
)

// journal returns the whole journal of a book under a filter.
func journal(t *testing.T, book ledgertest.Book, filter ledger.JournalFilter) []ledger.JournalLine {
	t.Helper()
	lines, err := ledger.Journal(t.Context(), book.DB, book.ID, filter, ledger.JournalPlace{}, 1_000)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
