package reports_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// from gives as the i-th neighbour, the same one whenever he gives again.
func from(i int, channel campaigns.Channel) func(*campaigns.Gift) {
	return func(g *campaigns.Gift) {
		g.Channel, g.CountsAs = channel, "person"
		g.Donor = campaigns.Donor{Name: fmt.Sprintf("練習 %d", i), Address: fmt.Sprintf("練習町%d", i), Kind: "person"}
	}
}

// papers are the words of all that a report publishes: the full edition, the sheet, the list.
func papers(t *testing.T, b *book) string {
	t.Helper()
	u := b.usage(reports.Content{})
	full, _ := printed(t, u.Document(), pdf.Options{})
	sheet, _ := printedFirst(t, u.OnePage(), pdf.LargeA4)
	text, _, _, _ := list(t, u.Figures)
	return full + "\n" + sheet + "\n" + text
}

func TestAWayOfPayingThatFewUsedStandsWithAnother(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	for i := range 6 {
		b.Enter(b.c, 1_000, from(i, campaigns.Cash))
	}
	b.Enter(b.c, 7_700, from(7, campaigns.Transfer))
	b.Enter(b.c, 7_701, from(7, campaigns.Transfer))
	f := b.figures()
	agree(t, f)
	if len(f.Gifts) != 1 || f.Gifts[0].Amount != 21_401 || f.Gifts[0].Few {
		t.Fatalf("gifts by way: %+v", f.Gifts)
	}
	text := papers(t, b)
	says(t, text, "寄付・現金・銀行振込8件", "21,401")
	for _, secret := range []string{"7,700", "15,401", "6,000"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s can be read", secret)
		}
	}
}

func TestWhatOneOfManyWasPaidBackIsNotToldApart(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	for i := range 6 {
		b.Enter(b.c, 1_000, from(i, campaigns.Cash))
	}
	d := b.Enter(b.c, 4_321, from(6, campaigns.Cash))
	b.In(func(tx *sqlx.Tx) error {
		return campaigns.RefundInHand(t.Context(), tx, b.ID, d.ID, 4_321, ledger.CashBox, b.Treasurer, b.At, b.Today(), "ご希望")
	})
	f := b.figures()
	agree(t, f)
	text := papers(t, b)
	says(t, text, "返した分を引いた額")
	for _, secret := range []string{"4,321", "4321", "10,321", "返した寄付"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s can be read", secret)
		}
	}
}

// TestAPlaceWithOneToFourGivers: what all gave together is told, and nothing else of them, in no paper and no file.
func TestAPlaceWithOneToFourGivers(t *testing.T) {
	t.Parallel()
	for givers := 1; givers <= 4; givers++ {
		t.Run(fmt.Sprint(givers), func(t *testing.T) {
			t.Parallel()
			b := newBook(t)
			sum := ledger.Yen(0)
			for i := range givers {
				amount := ledger.Yen(1_111 * (i + 2))
				b.Enter(b.c, amount, from(i, []campaigns.Channel{campaigns.Cash, campaigns.Transfer}[i%2]), func(g *campaigns.Gift) { g.UseID = b.Uses(b.c)[1].ID })
				sum += amount
				b.Pass(10)
			}
			b.Give(b.c, 9_876)
			rice(t, b, 6_543)
			f := b.figures()
			agree(t, f)
			text := papers(t, b)
			says(t, text, sum.String(), "5人未満", "くださった方が少ない")
			secrets := []string{"9,876", "6,543", "6543", fmt.Sprintf("%d人", givers), fmt.Sprintf("%d件", givers)}
			for i := range givers {
				if amount := ledger.Yen(1_111 * (i + 2)); amount != sum {
					secrets = append(secrets, amount.String(), fmt.Sprint(int64(amount)))
				}
			}
			for _, secret := range secrets {
				if at := strings.Index(text, secret); at >= 0 {
					t.Errorf("%s can be read: …%s…", secret, text[max(0, at-60):min(len(text), at+60)])
				}
			}
		})
	}
}

// rice is goods somebody brought.
func rice(t *testing.T, b *book, worth ledger.Yen) {
	t.Helper()
	b.In(func(tx *sqlx.Tx) error {
		_, err := campaigns.ReceiveInKind(t.Context(), tx, campaigns.InKind{OrganisationID: b.ID, FundID: b.c.FundID, InitiativeID: b.Initiative, UseID: b.Uses(b.c)[0].ID,
			Account: ledger.ProvisionsExpense, Worth: worth, What: "米", From: "練習農園", On: b.Today(), Key: "rice"}, b.Treasurer, b.At)
		return err
	})
}
