package reports_test

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

func TestReportIsPrintedInTheOrderPeopleRead(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	b.Pay(b.c, 30_000, 1_080)
	b.Pay(b.c, 3_000, 108)
	b.Enter(b.c, 45_000, func(g *campaigns.Gift) {
		g.Channel, g.CountsAs, g.Counted = campaigns.Envelope, "household", 36
	})
	b.Enter(b.c, 10_000, func(g *campaigns.Gift) {
		g.Channel, g.Donor = campaigns.Transfer, campaigns.Donor{Name: "練習商店", Kind: "company"}
	})
	uses := b.Uses(b.c)
	b.Check(b.Spend(uses[0], 71_860))
	b.Check(b.Spend(uses[1], 12_450))
	b.closed()
	u := b.usage(complete(b.figures()))
	text, _ := printed(t, u.Document(), pdf.Options{})
	says(t, text, "参加した人", "84,000", "88,000", "84,310", "3,690")
	sheet, pages := printed(t, u.OnePage(), pdf.Options{OnePage: true})
	if pages != 1 {
		t.Errorf("the edition on one sheet has %d pages", pages)
	}
	says(t, sheet, "84,000", "88,000", "84,310", "3,690", "36世帯")
}
