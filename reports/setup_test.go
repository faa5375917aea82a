package reports_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// book is a group with a campaign and what is needed to report on it.
type book struct {
	*campaigntest.Group
	c campaigns.Campaign
}

func newBook(t testing.TB, change ...func(*campaigns.Plan)) *book {
	t.Helper()
	g := campaigntest.Found(t, pgtest.New(t).App)
	return &book{g, g.Announce(change...)}
}

// figures takes the figures of today.
func (b *book) figures() reports.Figures {
	b.T.Helper()
	return b.figuresFor(1)
}

// figuresFor takes the figures of today for the report with a turn.
func (b *book) figuresFor(turn int) reports.Figures {
	b.T.Helper()
	f, err := reports.FiguresFor(b.T.Context(), b.DB, b.Campaign(b.c.ID), turn, b.Today())
	if err != nil {
		b.T.Fatal(err)
	}
	return f
}

// usage is the report as it would stand with a content.
func (b *book) usage(content reports.Content) reports.Usage {
	b.T.Helper()
	u := reports.Usage{Content: content, Number: "renshu-2027-01", Version: 1, URL: "https://tsukaimichi.example/r/renshu-2027-01",
		At: b.At, Figures: b.figures(), Campaign: b.Campaign(b.c.ID)}
	var err error
	if u.Organisation, err = ledger.FindOrganisation(b.T.Context(), b.DB, b.ID); err != nil {
		b.T.Fatal(err)
	}
	if u.Plan, err = campaigns.FindPlan(b.T.Context(), b.DB, b.ID, b.c.ID, u.Campaign.Version); err != nil {
		b.T.Fatal(err)
	}
	return u
}

// complete is a content with nothing missing.
func complete(f reports.Figures) reports.Content {
	c := reports.Content{Sessions: 20, Visits: 480, Did: "毎週火曜に、ひとり暮らしの24人へお弁当を届けました。",
		Wrong: "2月の大雪で1回休みました。電話で知らせるのが遅れました。", Rest: "来年度の食材に使います。", RestBy: ledger.NewDate(2027, 9, 30),
		Thanks: "ありがとうございました。", Reasons: map[string]string{}, Auditor: "練習 監事", AuditedOn: f.On}
	for _, u := range f.Progress.Uses {
		if reports.NeedsReason(u) {
			c.Reasons[fmt.Sprint(u.UseID)] = "届ける人がふえました。"
		}
	}
	return c
}

// draft begins a report with a content and returns its id.
func (b *book) draft(content reports.Content) int64 {
	b.T.Helper()
	var id int64
	b.In(func(tx *sqlx.Tx) (err error) {
		if id, err = reports.Start(b.T.Context(), tx, b.ID, b.c.ID); err != nil {
			return err
		}
		return reports.Save(b.T.Context(), tx, b.ID, id, content)
	})
	return id
}

// report reads a report.
func (b *book) report(id int64) reports.Report {
	b.T.Helper()
	r, err := reports.Find(b.T.Context(), b.DB, b.ID, id)
	if err != nil {
		b.T.Fatal(err)
	}
	return r
}

// print is a report ready to be published, with hashes of nothing.
func (b *book) print(id int64) reports.Printed {
	b.T.Helper()
	r := b.report(id)
	return reports.Printed{Content: r.Content, Figures: b.figuresFor(r.Turn), Document: b.usage(r.Content).Document(),
		FileHash: make([]byte, 32), EntriesHash: make([]byte, 32)}
}

// publish gives a report its number and publishes it.
func (b *book) publish(id int64, printed reports.Printed) error {
	b.T.Helper()
	return b.Try(func(tx *sqlx.Tx) error {
		if _, err := reports.TakeNumber(b.T.Context(), tx, b.ID, id, b.Today()); err != nil {
			return err
		}
		return reports.Publish(b.T.Context(), tx, b.ID, id, printed, b.Head, b.At)
	})
}

// receive books money in that is no gift, into the campaign's fund.
func (b *book) receive(account int, amount ledger.Yen) {
	b.T.Helper()
	b.In(func(tx *sqlx.Tx) error {
		_, err := ledger.Receive(b.T.Context(), tx, ledger.Received{OrganisationID: b.ID, On: b.Today(), Account: account, Place: ledger.CashBox,
			FundID: b.c.FundID, Amount: amount, Key: campaigntest.Unique("income")}, b.Treasurer, b.At)
		return err
	})
}

// carry puts money into the campaign's fund that was there before.
func (b *book) carry(amount ledger.Yen) {
	b.T.Helper()
	b.In(func(tx *sqlx.Tx) error {
		_, err := ledger.Transfer(b.T.Context(), tx, ledger.Transferred{OrganisationID: b.ID, On: b.Today(), From: b.General, To: b.c.FundID,
			Amount: amount, Reason: "前からの残り", Key: campaigntest.Unique("carry")}, b.Treasurer, b.At)
		return err
	})
}

// printed renders a document and returns the words on it, without white space.
func printed(t testing.TB, d document.Document, options pdf.Options) (text string, pages int) {
	t.Helper()
	result, err := pdf.RenderWith(t.Context(), d, options)
	if err != nil {
		t.Fatal(err)
	}
	return wordsOf(t, result.Bytes), result.Pages
}

// printedFirst is printed for the first of several editions that fits.
func printedFirst(t testing.TB, editions []document.Document, format pdf.Format) (text string, pages int) {
	t.Helper()
	result, err := pdf.RenderFirst(t.Context(), editions, format)
	if err != nil {
		t.Fatal(err)
	}
	return wordsOf(t, result.Bytes), result.Pages
}

// wordsOf are the words on a paper, without white space.
func wordsOf(t testing.TB, paper []byte) string {
	t.Helper()
	keep(t, paper)
	path, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("pdftotext is missing: apt-get install poppler-utils")
		}
		t.Skip("pdftotext is missing: apt-get install poppler-utils")
	}
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err = os.WriteFile(file, paper, 0o600); err != nil {
		t.Fatal(err)
	}
	words, err := exec.CommandContext(t.Context(), path, "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(words)), "")
}

// keep writes a paper into a folder for looking at, if TSUKAIMICHI_SHOTS names one.
func keep(t testing.TB, paper []byte) {
	dir := os.Getenv("TSUKAIMICHI_SHOTS")
	if dir == "" {
		return
	}
	name := strings.ReplaceAll(t.Name(), "/", "-")
	for i := 1; ; i++ {
		path := filepath.Join(dir, fmt.Sprintf("%s-%d.pdf", name, i))
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			if err := os.WriteFile(path, paper, 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
}

// says fails the test for every text that is not on a paper.
func says(t testing.TB, paper string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(paper, strings.Join(strings.Fields(text), "")) {
			t.Errorf("the paper does not say %q", text)
		}
	}
}

// closed moves a book past the end of collecting.
func (b *book) closed() { b.At = b.At.Add(70 * 24 * time.Hour) }
