package budget_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// goodsChest pays 3/4 of the total, no more than what it accepts, and no meals.
var goodsChest = template.Budget{Unit: 1_000, Claim: []byte(`{"min":[{"floor":{"unit":1000,"of":{"rate":{"num":3,"den":4,"of":"total"}}}},"eligible",300000]}`), Categories: []template.Category{
	{Key: "goods", Label: "備品", Eligible: "yes"}, {Key: "pay", Label: "謝金", Eligible: "yes"}, {Key: "food", Label: "飲食", Eligible: "no", Reason: "飲食は対象になりません"}}}

func yen(n ledger.Yen) *ledger.Yen { return &n }

func TestEachLineSaysWhoPaysIt(t *testing.T) {
	t.Parallel()
	s := budget.Sheet{
		Costs:  []budget.Cost{{Category: "pay", Item: "謝金", Quantity: 4, Price: 10_000}, {Category: "goods", Item: "備品", Quantity: 1, Price: 150_000, Priority: 1}, {Category: "food", Item: "茶菓", Quantity: 1, Price: 20_000}},
		Income: []budget.Income{{Source: formula.Fee, Amount: 30_000}},
	}
	parts := func(s budget.Sheet) []budget.Parts {
		t.Helper()
		w, err := budget.Work(s, goodsChest)
		if err != nil {
			t.Fatal(err)
		}
		var all []budget.Parts
		for _, l := range w.Lines {
			all = append(all, l.Parts)
		}
		return all
	}
	if got, want := parts(s), []budget.Parts{{7_000, 30_000, 3_000}, {150_000, 0, 0}, {0, 0, 20_000}}; !slices.Equal(got, want) { // 3/4 of 210,000
		t.Errorf("parts %v, want %v", got, want)
	}
	s.Costs[1].Grant, s.Costs[2].Other = yen(120_000), yen(20_000)
	if got, want := parts(s), []budget.Parts{{37_000, 0, 3_000}, {120_000, 10_000, 20_000}, {0, 20_000, 0}}; !slices.Equal(got, want) {
		t.Errorf("parts with two said %v, want %v", got, want)
	}
	s.Costs[0].Outside = "会の人が話すので、求めません"
	w, err := budget.Work(s, goodsChest)
	if err != nil || w.Lines[0].Eligible != 0 || w.Lines[0].Reason != s.Costs[0].Outside || w.Eligible != 150_000 {
		t.Errorf("left out: %+v, %v", w.Lines[0], err)
	}
}

func TestPartsThatDoNotComeOutAreSaid(t *testing.T) {
	t.Parallel()
	base := func() budget.Sheet {
		return budget.Sheet{Costs: []budget.Cost{{Category: "goods", Item: "備品", Quantity: 1, Price: 100_000}, {Category: "food", Item: "茶菓", Quantity: 1, Price: 20_000}}}
	}
	for name, c := range map[string]struct {
		edit func(*budget.Sheet)
		want string
	}{
		"the grant pays what it does not accept": {func(s *budget.Sheet) { s.Costs[1].Grant = yen(1_000) }, "budget.grant_above_eligible"},
		"more than the line costs":               {func(s *budget.Sheet) { s.Costs[0].Grant, s.Costs[0].Other = yen(90_000), yen(20_000) }, "budget.parts_above_amount"},
		"some of the grant pays nothing":         {func(s *budget.Sheet) { s.Costs[0].Grant = yen(80_000) }, "budget.grant_parts_differ"},
		"income that does not come":              {func(s *budget.Sheet) { s.Costs[1].Other = yen(20_000) }, "budget.other_parts_differ"},
	} {
		s := base()
		c.edit(&s)
		w, err := budget.Work(s, goodsChest)
		if err != nil || !slices.ContainsFunc(w.Problems, func(p budget.Problem) bool { return p.Code == c.want }) {
			t.Errorf("%s: %v, %v; want %s", name, w.Problems, err, c.want)
		}
	}
	if s := base(); s.Said() {
		t.Error("nothing was said")
	}
}

func TestPartsAddUpToEachLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var s budget.Sheet
		for range rapid.IntRange(1, 8).Draw(t, "lines") {
			s.Costs = append(s.Costs, budget.Cost{Category: rapid.SampledFrom([]string{"goods", "pay", "food"}).Draw(t, "category"), Item: "x", Quantity: 1,
				Price: ledger.Yen(rapid.Int64Range(0, 300_000).Draw(t, "price")), Priority: rapid.IntRange(0, 3).Draw(t, "priority")})
		}
		s.Income = []budget.Income{{Source: formula.Fee, Amount: ledger.Yen(rapid.Int64Range(0, 200_000).Draw(t, "income"))}}
		w, err := budget.Work(s, goodsChest)
		if err != nil {
			t.Fatal(err)
		}
		var sum budget.Parts
		for _, l := range w.Lines {
			if l.Parts.Grant+l.Parts.Other+l.Parts.Own != l.Amount || l.Parts.Grant > l.Eligible || l.Parts.Own < 0 || l.Parts.Other < 0 {
				t.Fatalf("%+v of %d", l.Parts, l.Amount)
			}
			sum.Grant, sum.Other, sum.Own = sum.Grant+l.Parts.Grant, sum.Other+l.Parts.Other, sum.Own+l.Parts.Own
		}
		if w.Share.Surplus == 0 && (sum.Grant != w.Share.Grant || sum.Other != w.Share.Income || sum.Own != w.Share.Own) {
			t.Fatalf("parts %+v, share %+v", sum, w.Share)
		}
	})
}
