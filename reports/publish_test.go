package reports_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// spent is a book whose campaign is over, all money in and out.
func spent(t testing.TB) *book {
	b := newBook(t)
	for range 6 {
		b.Enter(b.c, 14_000)
	}
	b.Check(b.Spend(b.Uses(b.c)[0], 75_000))
	b.closed()
	return b
}

func TestANumberIsTakenOnce(t *testing.T) {
	t.Parallel()
	b := spent(t)
	id := b.draft(reports.Content{})
	var numbers [6]string
	var all sync.WaitGroup
	for i := range numbers {
		all.Go(func() {
			err := ledger.InTx(t.Context(), b.DB, func(tx *sqlx.Tx) (err error) {
				numbers[i], err = reports.TakeNumber(t.Context(), tx, b.ID, id, b.Today())
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, n := range numbers {
		if n != numbers[0] || !strings.HasSuffix(n, "-2026-01") {
			t.Errorf("got numbers %q", numbers)
		}
	}
	if _, err := reports.FindPublic(t.Context(), b.DB, numbers[0]); !errors.Is(err, reports.ErrNotFound) {
		t.Errorf("a draft with a number is public: %v", err)
	}
}

func TestALongNameMakesANumberOfOneLine(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App, func(o *ledger.Organisation) { o.Slug = strings.Repeat("fureai-", 8) + "club" })
	b := &book{g, g.Announce()}
	b.closed()
	id := b.draft(reports.Content{})
	b.In(func(tx *sqlx.Tx) error {
		number, err := reports.TakeNumber(t.Context(), tx, b.ID, id, b.Today())
		if len(number) > 40 {
			t.Errorf("%s has %d letters, which do not fit at the foot of a page", number, len(number))
		}
		return err
	})
}

func TestAReportComesOutOnceAndForGood(t *testing.T) {
	t.Parallel()
	b := spent(t)
	id := b.draft(complete(b.figures()))
	printed := b.print(id)
	var won int
	var lock sync.Mutex
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			err := b.publish(id, printed)
			lock.Lock()
			defer lock.Unlock()
			if err == nil {
				won++
			} else if !errors.Is(err, reports.ErrPublished) {
				t.Errorf("got %v, want ErrPublished", err)
			}
		})
	}
	all.Wait()
	if won != 1 {
		t.Errorf("%d of five published", won)
	}
	r := b.report(id)
	if r.Published == nil || r.Published.Version != 1 || r.Published.Figures.Progress.Spent != 75_000 || r.Published.Content.Did == "" {
		t.Fatalf("got %+v", r.Published)
	}
	if got := b.Campaign(b.c.ID).Status; got != campaigns.Reported {
		t.Errorf("the campaign is %s", got)
	}
	var records int
	if err := b.DB.Get(&records, `SELECT count(*) FROM log_record WHERE organisation_id = $1 AND kind = 'report' AND subject_id = $2`, b.ID, id); err != nil || records != 1 {
		t.Errorf("%d log records, %v", records, err)
	}
	err := b.Try(func(tx *sqlx.Tx) error {
		return reports.Save(t.Context(), tx, b.ID, id, reports.Content{Did: "書きかえ"})
	})
	if !errors.Is(err, reports.ErrPublished) {
		t.Errorf("saving gives %v, want ErrPublished", err)
	}
}

func TestAPublishedReportIsRefusedEveryChange(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	g := campaigntest.Found(t, db.App)
	b := &book{g, g.Announce()}
	b.closed()
	id := b.draft(complete(b.figures()))
	if err := b.publish(id, b.print(id)); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		`UPDATE report SET content = '{}'`, `UPDATE report SET number = 'other-2026-01'`, `UPDATE report SET campaign_id = campaign_id + 1`, `DELETE FROM report`,
		`UPDATE report_publication SET content = '{}'`, `UPDATE report_publication SET figures = '{}'`, `UPDATE report_publication SET document = '{}'`,
		`UPDATE report_publication SET file_hash = sha256('x')`, `UPDATE report_publication SET one_page_hash = sha256('x')`,
		`UPDATE report_publication SET entries_hash = sha256('x')`, `UPDATE report_publication SET version = 7`,
		`UPDATE report_publication SET published_at = now()`, `UPDATE report_publication SET report_id = report_id + 1`,
		`DELETE FROM report_publication`, `TRUNCATE report_publication`, `DELETE FROM report_counter`,
	} {
		for name, who := range map[string]*sqlx.DB{"the program": db.App, "the owner": db.Owner} {
			if _, err := who.Exec(query); err == nil {
				t.Errorf("%s may %s", name, query)
			}
		}
	}
}

func TestWhatWasPrintedIsWhatComesOut(t *testing.T) {
	t.Parallel()
	b := spent(t)
	content := complete(b.figures())
	id := b.draft(content)
	printed := b.print(id)
	late := b.Spend(b.Uses(b.c)[1], 500)
	if err := b.publish(id, printed); !errors.Is(err, reports.ErrMoved) {
		t.Errorf("the book has moved: got %v, want ErrMoved", err)
	}
	b.In(func(tx *sqlx.Tx) error {
		return ledger.RefuseExpense(t.Context(), tx, b.ID, late, b.Auditor, b.At, "別の募金")
	})
	printed = b.print(id)
	content.Did = "別の文です。"
	b.draft(content)
	if err := b.publish(id, printed); !errors.Is(err, reports.ErrMoved) {
		t.Errorf("the text has moved: got %v, want ErrMoved", err)
	}
	printed = b.print(id)
	b.In(func(tx *sqlx.Tx) error { // other money of the group goes on
		_, err := ledger.Receive(t.Context(), tx, ledger.Received{OrganisationID: b.ID, On: b.Today(), Account: 4110, Place: ledger.CashBox, FundID: b.General,
			Amount: 3_000, Key: "fee"}, b.Treasurer, b.At)
		return err
	})
	if err := b.publish(id, printed); err != nil {
		t.Errorf("another fund of the group has moved: %v", err)
	}
}

func TestCorrectionsNameWhatTheyCorrect(t *testing.T) {
	t.Parallel()
	b := spent(t)
	id := b.draft(complete(b.figures()))
	if err := b.Try(func(tx *sqlx.Tx) error { _, err := reports.Correct(t.Context(), tx, b.ID, id, "x"); return err }); !errors.Is(err, reports.ErrNotFound) {
		t.Errorf("correcting a draft gives %v", err)
	}
	if err := b.publish(id, b.print(id)); err != nil {
		t.Fatal(err)
	}
	if err := b.Try(func(tx *sqlx.Tx) error { _, err := reports.Start(t.Context(), tx, b.ID, b.c.ID); return err }); !errors.Is(err, reports.ErrPublished) {
		t.Errorf("starting anew gives %v", err)
	}
	ids := []int64{id}
	for version := 2; version <= 3; version++ {
		var next, again int64
		old := ids[len(ids)-1]
		b.In(func(tx *sqlx.Tx) (err error) {
			if next, err = reports.Correct(t.Context(), tx, b.ID, old, fmt.Sprintf("直し%d", version)); err != nil {
				return err
			}
			again, err = reports.Correct(t.Context(), tx, b.ID, old, "別のこと")
			return err
		})
		if next != again {
			t.Errorf("correcting twice began %d and %d", next, again)
		}
		if got := b.report(next); got.Content.Changes != fmt.Sprintf("直し%d", version) || got.Content.Did == "" {
			t.Errorf("the correction begins with %+v", got.Content)
		}
		if err := b.publish(next, b.print(next)); err != nil {
			t.Fatal(err)
		}
		if r := b.report(next); r.Published.Version != version || r.Corrects != old || b.report(old).CorrectedBy != next {
			t.Errorf("version %d: got %+v", version, r)
		}
		if err := b.Try(func(tx *sqlx.Tx) error { _, err := reports.Correct(t.Context(), tx, b.ID, old, "x"); return err }); !errors.Is(err, reports.ErrPublished) {
			t.Errorf("correcting a corrected one gives %v", err)
		}
		ids = append(ids, next)
	}
	editions, err := reports.Editions(t.Context(), b.DB, b.ID, b.c.ID)
	if err != nil || len(editions) != 3 || editions[0].Version != 3 || editions[0].Changes != "直し3" || editions[2].Changes != "" {
		t.Errorf("got %+v, %v", editions, err)
	}
	var corrections int
	if err := b.DB.Get(&corrections, `SELECT count(*) FROM log_record WHERE organisation_id = $1 AND kind = 'correction'`, b.ID); err != nil || corrections != 2 {
		t.Errorf("%d corrections in the log, %v", corrections, err)
	}
}

func TestAReportOfAnotherGroupIsNotFound(t *testing.T) {
	t.Parallel()
	b := spent(t)
	id := b.draft(complete(b.figures()))
	other := campaigntest.Found(t, b.DB)
	for name, try := range map[string]func(tx *sqlx.Tx) error{
		"find": func(tx *sqlx.Tx) error { _, err := reports.Find(t.Context(), tx, other.ID, id); return err },
		"save": func(tx *sqlx.Tx) error { return reports.Save(t.Context(), tx, other.ID, id, reports.Content{}) },
		"number": func(tx *sqlx.Tx) error {
			_, err := reports.TakeNumber(t.Context(), tx, other.ID, id, b.Today())
			return err
		},
		"correct": func(tx *sqlx.Tx) error { _, err := reports.Correct(t.Context(), tx, other.ID, id, "x"); return err },
		"publish": func(tx *sqlx.Tx) error {
			return reports.Publish(t.Context(), tx, other.ID, id, reports.Printed{}, other.Head, b.At)
		},
	} {
		if err := b.Try(try); !errors.Is(err, reports.ErrNotFound) {
			t.Errorf("%s: got %v, want ErrNotFound", name, err)
		}
	}
	if err := b.Try(func(tx *sqlx.Tx) error { _, err := reports.Start(t.Context(), tx, other.ID, b.c.ID); return err }); err == nil {
		t.Error("another group began a report of the campaign")
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	b := spent(t)
	f := b.figures()
	use := fmt.Sprintf("reason%d", b.Uses(b.c)[0].ID)
	for _, c := range []struct {
		name   string
		change func(*reports.Content)
		field  string
	}{
		{"nothing", func(*reports.Content) {}, ""},
		{"did", func(c *reports.Content) { c.Did = "" }, "did"}, {"wrong", func(c *reports.Content) { c.Wrong = "" }, "wrong"},
		{"rest", func(c *reports.Content) { c.Rest = "" }, "rest"}, {"reason", func(c *reports.Content) { c.Reasons = nil }, use},
		{"voice without consent", func(c *reports.Content) { c.Voices = []reports.Voice{{Text: "楽しい"}} }, "voice1_consent"},
		{"voice without words", func(c *reports.Content) { c.Voices = []reports.Voice{{Who: "70代", Consent: true}} }, "voice1_text"},
		{"photo without words", func(c *reports.Content) { c.Photos = []reports.Photo{{Hash: "00", Consent: true}} }, "photo1_alt"},
		{"photo without consent", func(c *reports.Content) { c.Photos = []reports.Photo{{Hash: "00", Alt: "食堂"}} }, "photo1_consent"},
		{"auditor without day", func(c *reports.Content) { c.AuditedOn = ledger.Date{} }, "audited_on"},
		{"day without auditor", func(c *reports.Content) { c.Auditor = "" }, "auditor"},
		{"audit in the future", func(c *reports.Content) { c.AuditedOn = f.On.AddDays(1) }, "audited_on"},
	} {
		content := complete(f)
		c.change(&content)
		missing := content.Missing(f, false)
		if _, named := missing[c.field]; named != (c.field != "") || len(missing) > 2 || (c.field == "" && len(missing) > 0) {
			t.Errorf("%s: got %v, want %s", c.name, missing, c.field)
		}
	}
	if missing := complete(f).Missing(f, true); missing["changes"] == "" {
		t.Error("a correction may say nothing about what it corrects")
	}
}

func TestADraftTooLargeToPrintIsNotKept(t *testing.T) {
	t.Parallel()
	b := spent(t)
	id := b.draft(reports.Content{})
	err := b.Try(func(tx *sqlx.Tx) error {
		return reports.Save(t.Context(), tx, b.ID, id, reports.Content{Did: strings.Repeat("長", 4001), Visits: 10_000_000, Voices: make([]reports.Voice, 11)})
	})
	var bad ledger.Invalid
	if !errors.As(err, &bad) || bad["did"] == "" || bad["visits"] == "" || bad["voices"] == "" {
		t.Errorf("got %v", err)
	}
}
