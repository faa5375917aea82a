package formula_test

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Rules of real programmes as they were published (some years ago: they test the kinds of rules and are no advice). Each is data; the figures
// expected were worked out by hand from the published words.
var published = map[string]string{
	// サロン活動助成: by session and by how many elderly come on average; from 4 to 50 sessions; of a whole school district 10,000 yen
	"salon by session": `{"units": {"count": "session", "min": 4, "max": 50, "each": {"when": {"count": "school_district", "least": 1, "then": 10000,
		"else": {"tiers": {"count": "elderly", "steps": [[5, 3000], [21, 5000], [41, 8000]]}}}}}}`,
	// 地域ささえあい活動助成: 50,000 yen for starting within the first three years, 50,000 yen a year for running, both together
	"starting and running": `{"sum": [{"years": [{"min": ["setup", 50000]}, {"min": ["setup", 50000]}, {"min": ["setup", 50000]}]}, {"min": ["running", 50000]}]}`,
	// 共同募金 地域福祉活動支援: four fifths, at most 300,000 yen
	"four fifths": `{"min": [{"rate": {"num": 4, "den": 5, "of": "eligible"}}, 300000]}`,
	// こども食堂開催支援金: 5,000 yen a session with three children or more, at most 300,000 yen, and no more than gifts, other support and fees leave open
	"children's meal": `{"min": [{"when": {"count": "children", "least": 3, "then": {"units": {"count": "session", "each": 5000}}}}, 300000,
		{"less": {"of": "eligible", "income": ["donation", "other_grant", "fee"]}}]}`,
}

func TestPublishedRulesComeToTheirFigures(t *testing.T) {
	type counts = map[string]int64
	type yen = map[string]ledger.Yen
	for _, test := range []struct {
		name   string
		rule   string
		counts counts
		costs  yen
		income map[formula.Source]ledger.Yen
		year   int
		want   ledger.Yen
	}{
		{"24 sessions, 18 elderly", "salon by session", counts{"session": 24, "elderly": 18, "school_district": 0}, nil, nil, 0, 72_000},
		{"12 sessions, 21 elderly", "salon by session", counts{"session": 12, "elderly": 21, "school_district": 0}, nil, nil, 0, 60_000},
		{"60 sessions count as 50, 45 elderly", "salon by session", counts{"session": 60, "elderly": 45, "school_district": 0}, nil, nil, 0, 400_000},
		{"three sessions are too few", "salon by session", counts{"session": 3, "elderly": 30, "school_district": 0}, nil, nil, 0, 0},
		{"four elderly are too few", "salon by session", counts{"session": 10, "elderly": 4, "school_district": 0}, nil, nil, 0, 0},
		{"a school district", "salon by session", counts{"session": 6, "elderly": 60, "school_district": 1}, nil, nil, 0, 60_000},
		{"first year, both", "starting and running", nil, yen{"setup": 80_000, "running": 42_000}, nil, 1, 92_000},
		{"third year, both", "starting and running", nil, yen{"setup": 30_000, "running": 60_000}, nil, 3, 80_000},
		{"fourth year, running alone", "starting and running", nil, yen{"setup": 30_000, "running": 60_000}, nil, 4, 50_000},
		{"below the cap", "four fifths", nil, yen{"eligible": 312_345}, nil, 0, 249_876},
		{"at the cap", "four fifths", nil, yen{"eligible": 375_000}, nil, 0, 300_000},
		{"24 meals, little income", "children's meal", counts{"children": 12, "session": 24}, yen{"eligible": 310_000}, map[formula.Source]ledger.Yen{formula.Fee: 72_000, formula.Donation: 50_000}, 0, 120_000},
		{"gifts cover most of it", "children's meal", counts{"children": 12, "session": 24}, yen{"eligible": 310_000}, map[formula.Source]ledger.Yen{formula.Fee: 72_000, formula.Donation: 190_000}, 0, 48_000},
		{"gifts cover all of it", "children's meal", counts{"children": 12, "session": 24}, yen{"eligible": 310_000}, map[formula.Source]ledger.Yen{formula.Donation: 331_700}, 0, 0},
		{"two children are too few", "children's meal", counts{"children": 2, "session": 24}, yen{"eligible": 310_000}, nil, 0, 0},
		{"weekly meals reach the cap", "children's meal", counts{"children": 20, "session": 96}, yen{"eligible": 900_000}, nil, 0, 300_000},
	} {
		t.Run(test.rule+": "+test.name, func(t *testing.T) {
			facts := formula.Facts{Costs: test.costs, Counts: test.counts, Income: test.income, Year: test.year}
			got, err := parse(t, published[test.rule]).Claim(facts)
			if err != nil || got.Amount != test.want {
				t.Errorf("Claim = %s, %v; want %s", got.Amount, err, test.want)
			}
		})
	}
}

func TestGiftsOfACampaignLowerTheChildrensMealGrant(t *testing.T) {
	facts := formula.Facts{
		Costs: map[string]ledger.Yen{"eligible": 310_000}, Counts: map[string]int64{"children": 12, "session": 24},
		Income: map[formula.Source]ledger.Yen{formula.Fee: 72_000},
	}
	effect, err := parse(t, published["children's meal"]).EffectOf(facts, formula.Donation, 150_000)
	if err != nil {
		t.Fatal(err)
	}
	if effect.Free != 118_000 || effect.Lowered != 32_000 {
		t.Errorf("free %s, lowered %s; want 118,000 and 32,000", effect.Free, effect.Lowered)
	}
}
