package reports_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

func (b *book) reach(kind campaigns.GoalKind, name, unit string, count int64, givers int) {
	b.T.Helper()
	b.In(func(tx *sqlx.Tx) error {
		return campaigns.NoteReach(b.T.Context(), tx, b.ID, campaigns.Reach{CampaignID: b.c.ID, Kind: kind, Name: name, Unit: unit, On: b.Today(), Count: count, Givers: givers,
			Key: campaigntest.Unique("reach")}, b.Head, b.At)
	})
}

func TestGoalsArePrintedBesideYen(t *testing.T) {
	t.Parallel()
	b := newBook(t, func(p *campaigns.Plan) {
		p.Goals = campaigns.Goals{{Kind: campaigns.GoalMeals, Name: "お弁当", Target: 300, Unit: "食"}}
	})
	for range 6 {
		b.Enter(b.c, 14_000)
	}
	b.reach(campaigns.GoalMeals, "お弁当", "食", 284, 0)
	b.Check(b.Spend(b.Uses(b.c)[0], 60_000))
	b.closed()
	text, _ := printed(t, b.usage(complete(b.figures())).Document(), pdf.Options{})
	says(t, text, "お弁当（食） 300 284 △16", "84,000")
}

// A call without yen is reported in hours and things, with 0 yen, on paper and on one sheet.
func TestReportWithoutYenPrintsHoursAndZeroYen(t *testing.T) {
	t.Parallel()
	b := newBook(t, func(p *campaigns.Plan) {
		p.Uses, p.Goals = nil, campaigns.Goals{{Kind: campaigns.GoalHours, Name: "草刈りの手", Target: 40, Unit: "時間"}}
	})
	b.reach(campaigns.GoalHours, "草刈りの手", "時間", 46, 12)
	b.reach(campaigns.GoalThings, "軍手", "組", 20, 1)
	b.Pass(61)
	b.In(func(tx *sqlx.Tx) error { _, err := campaigns.TurnDue(t.Context(), tx, b.ID, b.At); return err })
	content := reports.Content{Did: "川べりの草を刈りました。", Wrong: "ありません"}
	u := b.usage(content)
	text, _ := printed(t, u.Document(), pdf.Options{})
	says(t, text, "草刈りの手（時間、のべ12人から） 40 46 +6", "軍手（組） — 20 —", "お金は集めませんでした（0円）")
	sheet, pages := printedFirst(t, u.OnePage(), pdf.A4)
	if pages != 1 {
		t.Errorf("%d pages", pages)
	}
	says(t, sheet, "草刈りの手", "0円")
	mustPublish(t, b, b.draft(content))
}
