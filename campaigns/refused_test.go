package campaigns_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// mustBe fails the test unless err is the sentinel.
func mustBe(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

// mustNeed fails the test unless err says of the field exactly that text key.
func mustNeed(t *testing.T, what string, err error, field, key string) {
	t.Helper()
	var bad ledger.Invalid
	if !errors.As(err, &bad) {
		t.Errorf("%s: got %v, want %s: %s", what, err, field, key)
		return
	}
	if bad[field] != key {
		t.Errorf("%s: got %v, want %s: %s", what, bad, field, key)
	}
}

// sqlMustBreak runs a statement past the program and fails the test unless the database refuses it by that rule: a sentinel of ledger.
func sqlMustBreak(t *testing.T, db *sqlx.DB, want error, query string, args ...any) {
	t.Helper()
	err := ledger.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(t.Context(), query, args...)
		return ledger.Classify(err)
	})
	mustBe(t, query, err, want)
}

// sqlMustName is sqlMustBreak by the name of the constraint or guard.
func sqlMustName(t *testing.T, db *sqlx.DB, want, query string, args ...any) {
	t.Helper()
	_, err := db.ExecContext(context.WithoutCancel(t.Context()), query, args...)
	if got := ledger.ConstraintName(err); got != want {
		t.Errorf("%s: broke %q (%v), want %q", query, got, err, want)
	}
}

// sourceOf is where the booking of a gift entered by staff comes from.
func sourceOf(d campaigns.Donation) string { return fmt.Sprintf("donation:%d", d.ID) }

// refundSource is where the booking of a refund by hand comes from.
func refundSource(r campaigns.Refund) string { return fmt.Sprintf("refund:%d", r.ID) }
