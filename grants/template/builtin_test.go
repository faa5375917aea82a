package template_test

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestShippedFormsAreSound(t *testing.T) {
	forms, err := template.Builtin()
	if err != nil || len(forms) != 9 {
		t.Fatalf("%d forms, %v; want T1 to T8 and R1", len(forms), err)
	}
	for _, v := range forms {
		for _, fault := range v.Lint() {
			t.Errorf("%s: %s at %s", v.Key, fault.Code, fault.Where)
		}
		if v.Source == "" || v.VerifiedOn != "" || v.FiscalYear == 0 {
			t.Errorf("%s says source %q, verified %q, fiscal year %d; want a source and 要確認", v.Key, v.Source, v.VerifiedOn, v.FiscalYear)
		}
		if r := v.Check(nil, nil); r.Ready() || r.Required < 8 {
			t.Errorf("%s: an empty draft needs %d answers and is ready: %t", v.Key, r.Required, r.Ready())
		}
	}
}

func form(t testing.TB, key string) template.Version {
	t.Helper()
	forms, err := template.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range forms {
		if v.Key == key {
			return v
		}
	}
	t.Fatalf("no form %s", key)
	return template.Version{}
}

// The figures are those of the published rules the types were written after.
func TestShippedFormsClaimWhatTheirRulesSay(t *testing.T) {
	line := func(category string, price ledger.Yen, quantity int64) budget.Cost {
		return budget.Cost{Category: category, Item: category, Price: price, Quantity: quantity, Quotes: 2}
	}
	gifts := []budget.Income{{Source: formula.Donation, Item: "寄付", Amount: 700_000}}
	for _, test := range []struct {
		form  string
		name  string
		sheet budget.Sheet
		want  ledger.Yen
	}{
		{"t1_mutual_help", "no more than the cost", budget.Sheet{Costs: []budget.Cost{line("goods", 98_000, 1)}}, 98_000},
		{"t1_mutual_help", "the cap", budget.Sheet{Costs: []budget.Cost{line("hall", 20_000, 12)}}, 150_000},
		{"t2_volunteer_goods", "in ten thousands", budget.Sheet{Costs: []budget.Cost{line("durable", 87_500, 1), line("consumable", 9_000, 1)}}, 80_000},
		{"t2_volunteer_goods", "the option of 300,000", budget.Sheet{Option: 2, Costs: []budget.Cost{line("durable", 287_500, 1)}}, 280_000},
		{"t3_community_chest", "three quarters", budget.Sheet{Costs: []budget.Cost{line("goods", 210_000, 1)}}, 157_000},
		{"t3_community_chest", "four fifths by choice", budget.Sheet{Option: 1, Costs: []budget.Cost{line("goods", 333_333, 1)}}, 266_000},
		{"t3_community_chest", "the cap", budget.Sheet{Costs: []budget.Cost{line("goods", 410_000, 1)}}, 300_000},
		{"t4_resident_service", "start, sessions and rent", budget.Sheet{Costs: []budget.Cost{line("setup", 130_000, 1), line("rent", 55_000, 12)}, Counts: map[string]int64{"session": 48, "month": 12}}, 772_000},
		{"t4_resident_service", "no start in the second year", budget.Sheet{Year: 2, Costs: []budget.Cost{line("setup", 130_000, 1), line("rent", 55_000, 12)}, Counts: map[string]int64{"session": 48, "month": 12}}, 672_000},
		{"t5_support_system", "less the gifts", budget.Sheet{Costs: []budget.Cost{line("pay", 2_300_000, 1), line("food", 200_000, 1)}, Income: gifts}, 1_800_000},
		{"t5_support_system", "without income", budget.Sheet{Costs: []budget.Cost{line("pay", 1_234_567, 1), line("food", 65_433, 1)}}, 1_234_000},
		{"t6_proposal", "half", budget.Sheet{Option: 1, Costs: []budget.Cost{line("print", 1_234_567, 1)}}, 617_000},
		{"t7_large", "below the least", budget.Sheet{Costs: []budget.Cost{line("rent", 499_999, 1)}}, 0},
		{"t7_large", "eighty per cent", budget.Sheet{Option: 1, Costs: []budget.Cost{line("rent", 2_000_000, 1)}}, 1_600_000},
		{"t8_dormant", "shares of the whole", budget.Sheet{Costs: []budget.Cost{line("direct", 800_000, 1), line("admin", 200_000, 1)}}, 760_000},
	} {
		t.Run(test.form+": "+test.name, func(t *testing.T) {
			w, err := budget.Work(test.sheet, *form(t, test.form).Budget)
			if err != nil || w.Claim.Amount != test.want || w.Missing != "" {
				t.Errorf("claim %s, missing %q, %v; want %s", w.Claim.Amount, w.Missing, err, test.want)
			}
			if again, err := formula.Replay(w.Claim.Steps, factsOf(w, test.sheet)); err != nil || again != test.want {
				t.Errorf("Replay = %s, %v", again, err)
			}
		})
	}
}

// factsOf are the facts a worked sheet stands on, gathered again from its lines.
func factsOf(w budget.Worked, s budget.Sheet) formula.Facts {
	f := formula.Facts{Costs: map[string]ledger.Yen{formula.Total: w.Total, formula.Eligible: w.Eligible}, Income: map[formula.Source]ledger.Yen{}, Counts: s.Counts, Year: s.Year}
	for _, l := range w.Lines {
		f.Costs[l.Category] += l.Eligible
	}
	for _, in := range s.Income {
		f.Income[in.Source] += in.Amount
	}
	return f
}
