package papers

import (
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/english/englishtest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// TestReceiptAndReportAreAnnouncedInTheLanguageOfTheGift: of two givers one gave on the English pages. The paper that comes with the letter is the same.
func TestReceiptAndReportAreAnnouncedInTheLanguageOfTheGift(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	store, err := files.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	p := &Press{DB: g.DB, Files: store, Now: func() time.Time { return g.At }, Site: "https://example.jp", Links: telling.Links{Site: "https://example.jp", Key: []byte("a key")}}
	c := g.Announce()
	for language, address := range map[campaigns.Language]string{campaigns.Japanese: "hana@example.jp", campaigns.English: "jane@example.jp"} {
		d, _ := g.Pay(c, 3_000, 108, func(gift *campaigns.Gift) {
			gift.Donor = campaigns.Donor{Name: "練習 花子", Mail: address, Address: "練習県練習市1-1", PostalCode: "000-0000"}
			gift.ReceiptWanted, gift.Language = "mail", language
		})
		var receipt campaigns.Receipt
		g.In(func(tx *sqlx.Tx) (err error) {
			receipt, err = campaigns.Issue(t.Context(), tx, g.ID, d.ID, g.Treasurer, g.At)
			return err
		})
		if err = p.Receipt(t.Context(), g.ID, receipt.ID); err != nil {
			t.Fatal(err)
		}
	}
	o, err := ledger.FindOrganisation(t.Context(), g.DB, g.ID)
	if err != nil {
		t.Fatal(err)
	}
	for version := range 2 {
		u := reports.Usage{Organisation: o, Campaign: c, Plan: g.Plan(), Number: []string{"R1", "R2"}[version], Version: version + 1, URL: "https://example.jp/r/R1"}
		u.Content.Changes = "数のまちがい"
		g.In(func(tx *sqlx.Tx) error { return p.tellGivers(t.Context(), tx, u) })
	}
	letters, err := mail.Recent(t.Context(), g.DB, 100)
	if err != nil || len(letters) != 6 {
		t.Fatalf("%d letters, %v, want a receipt, a report and its correction for each", len(letters), err)
	}
	subjects := map[string]bool{}
	for _, l := range letters {
		subjects[l.Subject] = true
		if l.To == "jane@example.jp" {
			englishtest.Letter(t, l.Kind, l.Subject, l.Text, "練習つどいの会", "見守り配食をつづけたい", "練習 花子", "寄附金受領証", "数のまちがい")
			continue
		}
		if strings.Contains(l.Text, "English") {
			t.Errorf("who gave on the Japanese pages reads %s", l.Text)
		}
	}
	for _, want := range []string{"The receipt of your gift", "寄附金受領証をお送りします", "The report on how the money was used is out", "使いみちの報告を訂正しました"} {
		if !subjects[want] {
			t.Errorf("no letter %q among %v", want, subjects)
		}
	}
}
