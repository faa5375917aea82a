package give_test

import (
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/give"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/opendata"
)

// sampleTrace is the trace of a gift of 1,000 yen after one report.
func sampleTrace(change func(*give.Traced)) give.TracePage {
	uses := []opendata.Use{{ID: 1, Number: 1, Name: "食材費", Received: 160_800, Spent: 30_240, Reported: []ledger.Yen{20_000}}, {ID: 2, Number: 2, Name: "会場・光熱・保険", Received: 40_200, Spent: 25_000, Reported: []ledger.Yen{25_000}}}
	t := give.Traced{Organisation: ledger.Organisation{Name: "みどり町ふれあい食堂（練習）", Slug: "midori"}, Asked: true, Receipt: "2026-0012", Amount: 1_000, PaidOn: ledger.NewDate(2026, time.October, 3),
		Campaign: "fuyu", Data: opendata.Campaign{Title: "冬の火曜日、あたたかい夕ごはんを16回", Uses: uses, Reports: []opendata.Report{{Number: "midori-2026-01"}}}, Held: []campaigns.Holding{{Amount: 1_000}}}
	change(&t)
	var err error
	if t.Trace, err = t.Data.Trace(t.Held); err != nil {
		panic(err)
	}
	return give.NewTracePage(t)
}

func TestATraceTellsTheReportsApartAndAddsUp(t *testing.T) {
	t.Parallel()
	p := sampleTrace(func(*give.Traced) {})
	if p.Heading != "わたしの1,000円" || len(p.Table.Columns) != 5 || p.Again == nil || p.Again.ListCSV != "/c/fuyu/data.csv" {
		t.Fatalf("%+v", p)
	}
	for i, want := range []string{"1,000円", "223円", "51円", "726円"} {
		if got := p.Table.Foot[0].Cells[i]; got != want {
			t.Errorf("%s: got %s, want %s", p.Table.Columns[i+1].Text, got, want)
		}
	}
}

func TestAGiftThatIsNotInACampaignAnyMoreIsSaid(t *testing.T) {
	t.Parallel()
	if p := sampleTrace(func(t *give.Traced) { t.Held = nil }); p.Again != nil || p.State.Head == "" {
		t.Errorf("given back: %+v", p)
	}
	if p := sampleTrace(func(t *give.Traced) { t.Campaign, t.Held = "", nil }); p.Again != nil || p.State.Link.Href != "/o/midori/gifts" {
		t.Errorf("to the group: %+v", p)
	}
}
