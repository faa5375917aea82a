package reports_test

import (
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// ¥30,000 come in and ¥12,000 are spent in the first year, ¥6,000 come in the second before the first is reported: the report is of its year alone, its list
// adds up, and the second begins with what was left.
func TestYearOfAStandingCallIsReportedByItself(t *testing.T) {
	t.Parallel()
	b := newBook(t, func(p *campaigns.Plan) {
		p.Standing, p.CollectsUntil, p.ReportDueOn = true, ledger.Date{}, ledger.NewDate(2027, time.June, 30)
	})
	for range 6 {
		b.Enter(b.c, 5_000)
	}
	b.Check(b.Spend(b.Uses(b.c)[0], 12_000))
	b.Pass(170)
	b.In(func(tx *sqlx.Tx) error {
		_, err := campaigns.PublishYear(t.Context(), tx, b.ID, b.c.ID, b.Head, b.At)
		return err
	})
	b.Pass(30) // April 19th
	b.In(func(tx *sqlx.Tx) error { _, err := campaigns.TurnDue(t.Context(), tx, b.ID, b.At); return err })
	for range 6 {
		b.Enter(b.c, 1_000)
	}
	id := b.draft(reports.Content{})
	subject := func() campaigns.Campaign {
		c, err := reports.Subject(t.Context(), b.DB, b.report(id))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	figures := func(turn int) reports.Figures {
		f, err := reports.FiguresFor(t.Context(), b.DB, subject(), turn, b.Today())
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	f := figures(1)
	mustAddUp(t, f)
	if f.In() != 30_000 || f.Progress.Spent != 12_000 || f.Progress.Left != 18_000 || f.GiftCount() != 6 || f.OnTheWay || !f.GoesOn || f.Version != 1 {
		t.Errorf("the first year is reported as %+v", f)
	}
	content := complete(f)
	content.RestBy = ledger.Date{} // it goes on into the next year
	if bad := content.Missing(f, false); len(bad) > 0 {
		t.Fatalf("the report misses %v", bad)
	}
	b.In(func(tx *sqlx.Tx) error { return reports.Save(t.Context(), tx, b.ID, id, content) })
	printed := b.print(id)
	printed.Figures = f
	if err := b.publish(id, printed); err != nil {
		t.Fatal(err)
	}
	b.mustOwe(ledger.NewDate(2028, time.June, 30), 2)
	id = b.continued()
	f = figures(2)
	mustAddUp(t, f)
	if f.In() != 24_000 || f.Progress.Carried != 18_000 || f.Last != nil || !f.OnTheWay || f.Version != 2 || f.Entries[0].Record != -1 {
		t.Errorf("the second year stands at %+v", f)
	}
}

// mustAddUp fails the test unless the list comes to what was there and what was spent.
func mustAddUp(t *testing.T, f reports.Figures) {
	t.Helper()
	var in, out ledger.Yen
	for _, e := range f.Entries {
		switch e.Side {
		case reports.SideIn:
			in += e.Amount
		case reports.SideOut:
			out += e.Amount
		}
	}
	if in != f.In() || out != f.Progress.Spent {
		t.Errorf("the list comes to %s in and %s out, the figures to %s and %s", in, out, f.In(), f.Progress.Spent)
	}
}
