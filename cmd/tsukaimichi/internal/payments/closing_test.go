package payments_test

import (
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

func TestClosingFindsAStatementNotReadBeyondTheLastDay(t *testing.T) {
	t.Parallel()
	book := ledgertest.NewBook(t, pgtest.New(t).App)
	october := ledger.NewDate(2026, time.October, 31)
	open := func() int {
		t.Helper()
		found, err := payments.OpenAtClosing(t.Context(), book.DB, book.ID, october)
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	must := func(statement string, args ...any) {
		t.Helper()
		if _, err := book.DB.Exec(statement, append([]any{book.ID}, args...)...); err != nil {
			t.Fatal(err)
		}
	}
	if open() != 0 {
		t.Error("found a statement of an organisation without an account")
	}
	must(`INSERT INTO stripe_account (organisation_id, sealed_key, sealed_secret, livemode, connected_at) VALUES ($1, '', '', false, $2)`,
		october.Midnight())
	for _, c := range []struct {
		name  string
		swept time.Time
		want  int
	}{
		{"never read", time.Time{}, 1},
		{"read in the last hour of the day", october.AddDays(1).Midnight().Add(-time.Minute), 1},
		{"read at midnight", october.AddDays(1).Midnight(), 0},
	} {
		if !c.swept.IsZero() {
			must(`UPDATE stripe_account SET swept_until = $2 WHERE organisation_id = $1`, c.swept)
		}
		if got := open(); got != c.want {
			t.Errorf("%s: found %d; want %d", c.name, got, c.want)
		}
	}
	must(`UPDATE stripe_account SET connected_at = $2, swept_until = NULL WHERE organisation_id = $1`, october.AddDays(2).Midnight())
	if open() != 0 {
		t.Error("found a statement of an account that was connected later")
	}
}
