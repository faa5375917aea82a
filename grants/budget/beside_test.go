package budget_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// deducting are rules that take other grants off, as calls state them.
var deducting = []string{
	`{"floor": {"unit": 1000, "of": {"rate": {"num": 2, "den": 3, "of": {"less": {"of": "total", "income": ["donation", "fee", "sponsor", "other_grant", "other"]}}}}}}`,
	`{"min": [{"rate": {"num": 1, "den": 2, "of": "eligible"}}, {"less": {"of": "total", "income": ["other_grant"]}}, 500000]}`,
	`{"least": {"yen": 100000, "of": {"less": {"of": {"min": ["eligible", 800000]}, "income": ["other_grant"]}}}}`,
	`{"sum": [{"less": {"of": "goods", "income": ["other_grant"]}}, {"rate": {"num": 9, "den": 10, "of": {"less": {"of": "lecturer", "income": ["other_grant", "fee"]}}}}]}`,
	`{"when": {"count": "session", "least": 10, "then": {"units": {"count": "session", "each": {"floor": {"unit": 100, "of": {"rate": {"num": 1, "den": 50, "of": {"less": {"of": "eligible", "income": ["other_grant"]}}}}}}}}, "else": {"less": {"of": "eligible", "income": ["other_grant"]}}}}`,
}

// A portfolio rests on this: beside more of other grants a rule never comes to more, and it comes to what the budget of an application with that income would
// say. The shipped form that takes others off and rules of calls, some kept to the call's own amounts.
func TestWhatARuleComesToBesideOtherGrantsNeverRises(t *testing.T) {
	forms, err := template.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	specs := []template.Budget{chest}
	for _, f := range forms {
		if f.Budget != nil {
			specs = append(specs, *f.Budget)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		yen := func(most int64, name string) ledger.Yen { return ledger.Yen(rapid.Int64Range(0, most).Draw(t, name)) }
		spec := rapid.SampledFrom(specs).Draw(t, "form")
		s := budget.Sheet{Counts: map[string]int64{"session": rapid.Int64Range(0, 50).Draw(t, "session"), "month": 12}, Income: []budget.Income{{Source: formula.Fee, Amount: yen(90_000, "fee")}, {Source: formula.OtherGrant, Amount: yen(90_000, "listed")}}}
		for _, c := range spec.Categories {
			s.Costs = append(s.Costs, line(c.Key, yen(300_000, "price"), 3))
		}
		if own := rapid.SampledFrom(append(deducting, "")).Draw(t, "rule"); own != "" {
			s.Rule = &budget.CallRule{Says: template.Budget{Claim: json.RawMessage(own), Categories: chest.Categories}, Least: yen(1, "least") * 50_000, Most: yen(400_000, "most")}
		}
		claim := func(others ledger.Yen) ledger.Yen {
			with := s
			with.Income = append(with.Income[:2:2], budget.Income{Source: formula.OtherGrant, Amount: others})
			w, err := budget.Work(with, spec)
			if err != nil {
				t.Fatal(err)
			}
			return w.Claim.Amount
		}
		others, more := yen(2_000_000, "others"), yen(500_000, "more")
		beside, depends := budget.Beside(s, spec)
		if !depends {
			if claim(others+more) != claim(0) {
				t.Fatal("other grants change a claim that is said not to depend on them")
			}
			return
		}
		less, all := beside.Amount(others+more), beside.Amount(others)
		if all != claim(others) || less > all || all%beside.Unit() != 0 || beside.Within(others, others+more) < others+more+less {
			t.Errorf("%s beside %s, then %s beside %s more; the budget says %s", all, others, less, more, claim(others))
		}
	})
}
