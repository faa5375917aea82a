package reports_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// ¥84,000 come in, ¥50,000 are spent and reported; ¥34,000 are carried over, ¥20,000 of them are spent by the second report and the last ¥14,000 go to the
// general fund by declared transfer before the third, which ends the duty.
func TestACarryOverIsReportedUntilTheFundIsAtZero(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	for range 6 {
		b.Enter(b.c, 14_000)
	}
	food := b.Uses(b.c)[0]
	b.Check(b.Spend(food, 50_000))
	b.closed()
	next := func() error {
		return b.Try(func(tx *sqlx.Tx) error {
			_, err := reports.Continue(t.Context(), tx, b.ID, b.c.ID)
			return err
		})
	}
	if err := next(); !errors.Is(err, reports.ErrNotFound) {
		t.Errorf("a second report before the first: %v", err)
	}

	content := complete(b.figures())
	content.RestBy = ledger.Date{}
	if bad := content.Missing(b.figures(), false); bad["rest_by"] != "report.rest_by_missing" {
		t.Errorf("a rest without a day misses %v", bad)
	}
	content.RestBy = b.Today().AddDays(100)
	mustPublish(t, b, b.draft(content))
	b.mustOwe(b.Today().AddDays(100), 2)
	if f := b.figuresFor(1); f.Last != nil || f.Progress.Left != 34_000 {
		t.Errorf("the first report leaves %d, last %+v", f.Progress.Left, f.Last)
	}

	b.Pass(90)
	b.Check(b.Spend(food, 20_000))
	second := b.continued()
	f := b.figuresFor(2)
	last := f.Last
	got := fmt.Sprint(last.In, last.Spent, last.Left, f.In(), f.Progress.Spent, f.Progress.Left, last.Turn, last.Uses[0].Spent)
	if want := "84,000 50,000 34,000 84,000 70,000 14,000 1 50,000"; got != want {
		t.Errorf("before and now: %s, want %s", got, want)
	}
	if records := b.report(b.first()).Published.Figures.Records; last.Records != records || last.Records >= f.Records {
		t.Errorf("the second begins at record %d of %d, the first ended at %d", last.Records, f.Records, records)
	}
	content = complete(f)
	content.RestBy = b.Today().AddDays(200)
	b.In(func(tx *sqlx.Tx) error { return reports.Save(t.Context(), tx, b.ID, second, content) })
	u := b.usage(content)
	u.Turn, u.Figures, u.DueOn = 2, f, b.Today().AddDays(10)
	text, _ := printed(t, u.Document(), pdf.Options{})
	says(t, text, "第2回 第1版", "前の報告から", "前の報告まで そのあと あわせて", "届いた 84,000 0 84,000", "使った：「食材」 50,000 20,000 70,000",
		"使った（合計） 50,000 20,000 70,000", "残り 34,000 △20,000 14,000", "前の報告")
	mustPublish(t, b, second)
	b.mustOwe(b.Today().AddDays(200), 3)
	editions, err := reports.Editions(t.Context(), b.DB, b.ID, b.c.ID)
	if err != nil || len(editions) != 2 || editions[0].Name() != "第2回 第1版" || editions[1].Name() != "第1版" {
		t.Errorf("editions %+v, %v", editions, err)
	}

	b.In(func(tx *sqlx.Tx) error {
		_, err := ledger.Transfer(t.Context(), tx, ledger.Transferred{OrganisationID: b.ID, On: b.Today(), From: b.c.FundID, To: b.General, Amount: 14_000,
			Reason: "報告したとおり、ほかの活動へ", Key: "declared"}, b.Treasurer, b.At)
		return err
	})
	third := b.continued()
	if f = b.figuresFor(3); f.Progress.Left != 0 || f.Last.Left != 14_000 || f.Last.Turn != 2 {
		t.Errorf("the third leaves %d after %+v", f.Progress.Left, f.Last)
	}
	b.In(func(tx *sqlx.Tx) error { return reports.Save(t.Context(), tx, b.ID, third, complete(f)) })
	mustPublish(t, b, third)
	if _, err := campaigns.OpenDuty(t.Context(), b.DB, b.ID, b.c.ID); !errors.Is(err, campaigns.ErrNotFound) {
		t.Errorf("the fund is at zero, but a report is owed: %v", err)
	}
	if err := next(); !errors.Is(err, reports.ErrNothingOwed) {
		t.Errorf("a fourth report: %v", err)
	}
	standings, err := reports.Standings(t.Context(), b.DB, b.ID)
	if s := standings[b.c.ID]; err != nil || s.Turn != 3 || s.Version != 1 || s.Drafted {
		t.Errorf("standing %+v, %v", s, err)
	}
}

// Every duty is kept, late or open whatever is corrected in between: a correction of an earlier report does not touch the next one's draft.
func TestACorrectionGoesBesideTheNextReport(t *testing.T) {
	t.Parallel()
	b := spent(t)
	content := complete(b.figures())
	content.RestBy = b.Today().AddDays(100)
	first := b.draft(content)
	mustPublish(t, b, first)
	next := b.continued()
	var correction int64
	b.In(func(tx *sqlx.Tx) (err error) {
		correction, err = reports.Correct(t.Context(), tx, b.ID, first, "写真の説明を直しました。")
		return err
	})
	if draft, err := reports.DraftOf(t.Context(), b.DB, b.ID, b.c.ID); err != nil || draft.ID != correction || draft.Turn != 1 {
		t.Errorf("what is written first is %+v, %v", draft, err)
	}
	mustPublish(t, b, correction)
	b.mustOwe(content.RestBy, 2)
	if draft, err := reports.DraftOf(t.Context(), b.DB, b.ID, b.c.ID); err != nil || draft.ID != next || draft.Turn != 2 {
		t.Errorf("then comes %+v, %v", draft, err)
	}
	if last := b.figuresFor(2).Last; last.Number != b.report(correction).Number {
		t.Errorf("the next report goes on from %s, not from the correction", last.Number)
	}
}

func (b *book) continued() (id int64) {
	b.T.Helper()
	b.In(func(tx *sqlx.Tx) (err error) {
		id, err = reports.Continue(b.T.Context(), tx, b.ID, b.c.ID)
		return err
	})
	return id
}

// first is the report of the campaign that came out first.
func (b *book) first() int64 {
	b.T.Helper()
	editions, err := reports.Editions(b.T.Context(), b.DB, b.ID, b.c.ID)
	if err != nil {
		b.T.Fatal(err)
	}
	return editions[len(editions)-1].ReportID
}

func (b *book) mustOwe(due ledger.Date, number int) {
	b.T.Helper()
	open, err := campaigns.OpenDuty(b.T.Context(), b.DB, b.ID, b.c.ID)
	if err != nil || open.DueOn != due || open.Number != number {
		b.T.Fatalf("owed is %+v, %v; want report %d on %s", open, err, number, due)
	}
}

func mustPublish(t *testing.T, b *book, id int64) {
	t.Helper()
	if err := b.publish(id, b.print(id)); err != nil {
		t.Fatal(err)
	}
}

// A voice that stands in the first report and in the second is taken out of both; each keeps its own figures.
func TestAWithdrawnVoiceLeavesEveryReportOfACampaign(t *testing.T) {
	t.Parallel()
	b := spent(t)
	voice := reports.Voice{Text: "取り消される声です。", Who: "80代の方", Consent: true}
	content := complete(b.figures())
	content.RestBy, content.Voices = b.Today().AddDays(100), []reports.Voice{voice}
	mustPublish(t, b, b.draft(content))
	b.Pass(10)
	b.Check(b.Spend(b.Uses(b.c)[0], 9_000))
	second := b.continued()
	content = complete(b.figuresFor(2))
	content.Rest, content.RestBy, content.Voices = "", ledger.Date{}, []reports.Voice{voice}
	b.In(func(tx *sqlx.Tx) error { return reports.Save(t.Context(), tx, b.ID, second, content) })
	mustPublish(t, b, second)

	removal := reports.Removal{Voices: []string{voice.Text}}
	var next []reports.Report
	b.In(func(tx *sqlx.Tx) (err error) {
		next, err = reports.Succeed(t.Context(), tx, b.ID, b.c.ID, removal, b.Today())
		return err
	})
	var printed []reports.Succeeding
	for _, n := range next {
		old := b.report(n.Corrects).Published
		printed = append(printed, reports.Succeeding{Report: n, Printed: reports.Printed{Content: n.Content, Figures: old.Figures, Document: old.Document,
			FileHash: make([]byte, 32), EntriesHash: make([]byte, 32)}})
	}
	b.In(func(tx *sqlx.Tx) error {
		return reports.Withdraw(t.Context(), tx, b.ID, b.c.ID, removal, printed, b.Head, b.At)
	})
	editions, err := reports.Editions(t.Context(), b.DB, b.ID, b.c.ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range editions {
		p := b.report(e.ReportID).Published
		got = append(got, fmt.Sprintf("%s %s %t %d", e.Name(), p.Figures.Progress.Left, p.WithdrawnAt.IsZero(), len(p.Content.Voices)))
	}
	if want := "[第2回 第2版 0 true 0 第2回 第1版 0 false 0 第2版 9,000 true 0 第1版 9,000 false 0]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if _, err := campaigns.OpenDuty(t.Context(), b.DB, b.ID, b.c.ID); !errors.Is(err, campaigns.ErrNotFound) {
		t.Errorf("taking a voice back changed the duty: %v", err)
	}
}
