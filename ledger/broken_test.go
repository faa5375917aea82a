package ledger_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// brokenRows are sets that break one rule of headers or entries, by the rule's name.
var brokenRows = map[string]func(r *rows){
	"transaction_kind_known":       func(r *rows) { r.post(r.sale(), func(h *header) { h.Kind = "gossip" }) },
	"transaction_source_given":     func(r *rows) { r.post(r.sale(), func(h *header) { h.Source = "" }) },
	"transaction_entry_count":      func(r *rows) { r.post(r.sale()[:1]) },
	"transaction_belongs":          func(r *rows) { r.post(r.sale(), func(h *header) { h.BelongsOn = h.BookedOn.AddDays(1) }) },
	"transaction_reversal":         func(r *rows) { r.post(r.sale(), func(h *header) { h.Kind = "reversal" }) },
	"transaction_donation":         func(r *rows) { r.post(r.sale(), func(h *header) { h.Kind = "donation" }) },
	"transaction_refund":           func(r *rows) { r.post(r.sale(), func(h *header) { h.Kind = "refund" }) },
	"transaction_actor_exists":     func(r *rows) { r.post(r.sale(), func(h *header) { h.ActorID += 1_000_000 }) },
	"transaction_donation_exists":  func(r *rows) { r.post(r.sale(), func(h *header) { h.DonationID = &nowhere }) },
	"transaction_refund_exists":    func(r *rows) { r.post(r.sale(), func(h *header) { h.RefundID = &nowhere }) },
	"entry_number":                 func(r *rows) { lines := r.sale(); lines[0].Number = -1; r.post(lines) },
	"entry_amount_range":           func(r *rows) { r.post(append(r.sale(), line{Account: ledger.Bank, FundID: r.book.General})) },
	"entry_segment_known":          func(r *rows) { r.post(spent(r, "fun")) },
	"entry_expense_has_segment":    func(r *rows) { lines := spent(r, "admin"); lines[0].Segment = nil; r.post(lines) },
	"entry_program_has_initiative": func(r *rows) { r.post(spent(r, "program")) },
}

var nowhere int64 = 987_654_321

func spent(r *rows, segment string) []line {
	return []line{
		{Account: 5210, FundID: r.book.General, Segment: &segment, Amount: 500},
		{Account: ledger.CashBox, FundID: r.book.General, Amount: -500},
	}
}

// TestRulesOfRowsKeepTheirNames: alone, and in a set beside a transaction that is right.
func TestRulesOfRowsKeepTheirNames(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	for rule, broken := range brokenRows {
		tx, err := db.Owner.Beginx()
		if err != nil {
			t.Fatal(err)
		}
		r := &rows{t: t, tx: tx, book: book}
		broken(r)
		var said *pq.Error
		if !errors.As(r.err, &said) || said.Constraint != rule {
			t.Errorf("%s: got %v", rule, r.err)
		}
		_ = tx.Rollback()
	}
	if err := write(t, db.Owner, book, func(r *rows) {
		r.beside(func(second []line) { second[0].Amount, second[1].Amount = 1_000_000_000_000, -1_000_000_000_000 })
	}); !errors.Is(err, ledger.ErrOverflow) {
		t.Errorf("beside another: got %v", err)
	}
}

// TestBrokenRulesAreFoundAfterwards: where the guards were off, the whole book is asked.
func TestBrokenRulesAreFoundAfterwards(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	book := ledgertest.NewBook(t, db.App)
	book.Post(t)
	found := func() (rules []string) {
		if err := db.App.Select(&rules, `SELECT rule FROM broken_rules() ORDER BY rule`); err != nil {
			t.Fatal(err)
		}
		return rules
	}
	if rules := found(); len(rules) > 0 {
		t.Errorf("a sound book breaks %v", rules)
	}
	if _, err := db.Super.Exec(`
		ALTER TABLE transaction DISABLE TRIGGER USER;
		ALTER TABLE entry DISABLE TRIGGER USER`); err != nil {
		t.Fatal(err)
	}
	want := []string{"entry_set_complete"}
	mustWrite(t, db.Super, book, func(r *rows) {
		r.exec(`INSERT INTO entry (organisation_id, transaction_id, number, account, fund_id, amount, booked_on)
		        VALUES ($1, 987654321, 1, 1110, $2, 5, $3)`, book.ID, book.General, ledgertest.Today)
		r.lines(r.unrecorded(func(h *header) { h.Kind = "gossip" }), r.sale()...)
		r.lines(r.unrecorded(func(h *header) { h.DonationID = &nowhere }), r.sale()...)
		r.lines(r.unrecorded(func(h *header) { h.RefundID = &nowhere }), r.sale()...)
		r.lines(r.unrecorded(func(h *header) { h.Kind, h.Reverses, h.Reason = "reversal", &nowhere, "誤記" }), r.sale()...)
	})
	want = append(want, "transaction_donation_exists", "transaction_kind_known", "transaction_refund_exists", "transaction_reverses_exists")
	if got := found(); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("found %v; want %v", got, want)
	}
	faults, err := ledger.BrokenRules(t.Context(), db.App)
	if err != nil || len(faults) != len(want) {
		t.Errorf("verify is told of %v, %v; want %d rules", faults, err, len(want))
	}
}
