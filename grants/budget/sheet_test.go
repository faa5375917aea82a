package budget_test

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// chest is the budget of a call that pays three quarters of the whole, at most 300,000 yen.
var chest = template.Budget{
	Unit: 1_000,
	Categories: []template.Category{
		{Key: "lecturer", Label: "講師謝金", Eligible: "yes", UnitCap: 30_000},
		{Key: "goods", Label: "備品", Eligible: "yes", Requires: []string{"quote"}},
		{Key: "office", Label: "事務費", Eligible: "yes", Share: 10},
		{Key: "food", Label: "飲食費", Eligible: "no", Reason: "飲食は対象外"},
		{Key: "pay", Label: "人件費", Eligible: "ask"},
	},
	Quotes: &template.Quotes{From: 100_000, Count: 2},
	Claim:  json.RawMessage(`{"min": [{"floor": {"unit": 1000, "of": {"rate": {"num": 3, "den": 4, "of": "eligible"}}}}, 300000]}`),
}

func line(category string, price ledger.Yen, quantity int64) budget.Cost {
	return budget.Cost{Category: category, Item: category, Price: price, Quantity: quantity, Quotes: 2}
}

func TestASheetIsWorkedOutFromItsLines(t *testing.T) {
	s := budget.Sheet{
		Costs: []budget.Cost{
			{Category: "lecturer", Item: "講師", Price: 40_000, Quantity: 1, Times: 3, Quotes: 2}, // accepted at 30,000 each
			line("goods", 12_500, 4),
			line("office", 30_000, 1), // a tenth of 230,000 is accepted
			line("food", 300, 100),
		},
		Income:    []budget.Income{{Source: formula.Fee, Item: "参加費", Amount: 20_000}},
		Requested: 100_000,
	}
	w, err := budget.Work(s, chest)
	if err != nil {
		t.Fatal(err)
	}
	var eligible []ledger.Yen
	for _, l := range w.Lines {
		eligible = append(eligible, l.Eligible)
	}
	if w.Total != 230_000 || !slices.Equal(eligible, []ledger.Yen{90_000, 50_000, 23_000, 0}) || w.Eligible != 163_000 {
		t.Errorf("total %s, eligible %v = %s; want 230,000, [90,000 50,000 23,000 0] = 163,000", w.Total, eligible, w.Eligible)
	}
	if w.Claim.Amount != 122_000 {
		t.Errorf("claim %s; want 122,000: three quarters of 163,000 to the thousand", w.Claim.Amount)
	}
	if want := (formula.Share{Grant: 100_000, Income: 20_000, Own: 110_000}); w.Share != want {
		t.Errorf("share %+v; want %+v", w.Share, want)
	}
	if w.Lines[3].Reason != "飲食は対象外" || w.Lines[0].Reason != "budget.above_unit_cap" || w.Lines[2].Reason != "budget.above_share" {
		t.Errorf("reasons %q %q %q", w.Lines[3].Reason, w.Lines[0].Reason, w.Lines[2].Reason)
	}
	if f := w.Figures(s); f["cost_total"] != f["income_total"] || len(w.Problems) > 0 {
		t.Errorf("figures %v, problems %v", f, w.Problems)
	}
}

func TestWhatDoesNotAgreeIsSaidAtItsLine(t *testing.T) {
	for _, test := range []struct {
		name  string
		sheet budget.Sheet
		want  budget.Problem
	}{
		{"a quote of a slipped finger", budget.Sheet{Costs: []budget.Cost{line("goods", 9_999_999_999, 101)}}, budget.Problem{Line: 0, Severity: template.Error, Code: "budget.amount_beyond_belief"}},
		{"a negative price", budget.Sheet{Costs: []budget.Cost{line("goods", -5, 1)}}, budget.Problem{Line: 0, Severity: template.Error, Code: "budget.amount_beyond_belief"}},
		{"a category the form does not have", budget.Sheet{Costs: []budget.Cost{line("yacht", 5, 1)}}, budget.Problem{Line: 0, Severity: template.Error, Code: "budget.no_category"}},
		{"more than the claim", budget.Sheet{Costs: []budget.Cost{line("goods", 100_000, 1)}, Requested: 76_000}, budget.Problem{Line: -1, Severity: template.Error, Code: "budget.requested_above_claim"}},
		{"not in thousands", budget.Sheet{Costs: []budget.Cost{line("goods", 100_000, 1)}, Requested: 70_500}, budget.Problem{Line: -1, Severity: template.Error, Code: "budget.requested_not_in_units"}},
		{"more comes in than goes out", budget.Sheet{Costs: []budget.Cost{line("goods", 10_000, 1)}, Income: []budget.Income{{Source: formula.Donation, Amount: 9_000}}}, budget.Problem{Line: -1, Severity: template.Error, Code: "budget.more_in_than_out"}},
		{"a negative income", budget.Sheet{Costs: []budget.Cost{line("goods", 10_000, 1)}, Income: []budget.Income{{Source: formula.Donation, Amount: -1}}}, budget.Problem{Line: -1, Severity: template.Error, Code: "budget.income_beyond_belief"}},
		{"a quote is missing", budget.Sheet{Costs: []budget.Cost{{Category: "goods", Price: 500, Quantity: 1}}}, budget.Problem{Line: 0, Severity: template.Warning, Code: "budget.quote_missing"}},
		{"the second quote is missing", budget.Sheet{Costs: []budget.Cost{{Category: "lecturer", Price: 25_000, Quantity: 4, Quotes: 1}}}, budget.Problem{Line: 0, Severity: template.Warning, Code: "budget.quotes_missing"}},
		{"pay is asked about", budget.Sheet{Costs: []budget.Cost{line("pay", 1_200, 10)}}, budget.Problem{Line: 0, Severity: template.Hint, Code: "budget.ask_the_funder"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, err := budget.Work(test.sheet, chest)
			if err != nil || !slices.Contains(w.Problems, test.want) {
				t.Errorf("Work = %+v, %v; want %+v", w.Problems, err, test.want)
			}
		})
	}
}

func TestACountNobodyGaveIsAskedFor(t *testing.T) {
	form := template.Budget{Categories: []template.Category{{Key: "rent", Label: "家賃", Eligible: "yes"}}, Names: map[string]string{"session": "開催回数"},
		Claim: json.RawMessage(`{"sum": [{"units": {"count": "session", "each": 1500, "max": 48}}, "rent"]}`)}
	w, err := budget.Work(budget.Sheet{}, form)
	if err != nil || w.Missing != "session" || w.Claim.Amount != 0 {
		t.Fatalf("Work = %+v, %v; want session missing", w, err)
	}
	w, err = budget.WithCount(budget.Sheet{Costs: []budget.Cost{line("rent", 50_000, 12)}}, form, "session", 48)
	if err != nil || w.Claim.Amount != 672_000 {
		t.Errorf("with 48 sessions: %s, %v; want 672,000", w.Claim.Amount, err)
	}
	if w, err = budget.WithCount(budget.Sheet{}, form, "session", 1<<50); err != nil || len(w.Problems) == 0 {
		t.Errorf("a count beyond belief: %+v, %v", w.Problems, err)
	}
}

func TestACutAndGiftsChangeTheOwnPart(t *testing.T) {
	s := budget.Sheet{Costs: []budget.Cost{line("lecturer", 26_000, 10)}}
	cases, err := budget.Cases(s, chest)
	if err != nil || len(cases) != 3 {
		t.Fatalf("Cases = %v, %v", cases, err)
	}
	for i, want := range []formula.Share{{Grant: 175_000, Own: 85_000}, {Grant: 156_000, Own: 104_000}, {Grant: 136_000, Own: 124_000}} {
		if cases[i].Share != want {
			t.Errorf("%s: %+v; want %+v", cases[i].Name, cases[i].Share, want)
		}
	}
	gifts, err := budget.WithGifts(s, chest, 50_000)
	if err != nil || gifts.Claim.Amount != 195_000 || gifts.Share.Own != 15_000 {
		t.Errorf("with gifts of 50,000: %+v, %v; want 195,000 and 15,000 of its own", gifts.Share, err)
	}
}

func TestShareOfEveryYenIsSaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s budget.Sheet
		for range rapid.IntRange(0, 8).Draw(t, "lines") {
			s.Costs = append(s.Costs, budget.Cost{Category: rapid.SampledFrom([]string{"lecturer", "goods", "office", "food", "pay"}).Draw(t, "category"),
				Price: ledger.Yen(rapid.Int64Range(0, 200_000).Draw(t, "price")), Quantity: rapid.Int64Range(0, 30).Draw(t, "quantity"), Times: rapid.Int64Range(0, 4).Draw(t, "times")})
		}
		s.Income = []budget.Income{{Source: formula.Fee, Amount: ledger.Yen(rapid.Int64Range(0, 300_000).Draw(t, "fee"))}}
		w, err := budget.Work(s, chest)
		if err != nil {
			t.Fatal(err)
		}
		if w.Share.Grant+w.Share.Income+w.Share.Own != w.Total+w.Share.Surplus || w.Claim.Amount > w.Eligible || w.Claim.Amount%1_000 != 0 || w.Eligible > w.Total {
			t.Errorf("total %s, eligible %s, claim %s, share %+v", w.Total, w.Eligible, w.Claim.Amount, w.Share)
		}
	})
}
