package budget_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func callRule(claim string) *budget.CallRule {
	return &budget.CallRule{Call: "練習の募集", Version: 2, Says: template.Budget{Claim: json.RawMessage(claim), Source: "経費の2分の1以内"}}
}

func TestTheCallsOwnRuleHoldsBeforeTheForms(t *testing.T) {
	form := chest
	form.Options = []template.ClaimOption{{Label: "10分の9", Claim: json.RawMessage(`{"rate": {"num": 9, "den": 10, "of": "eligible"}}`)}}
	s := budget.Sheet{Option: 1, Costs: []budget.Cost{line("lecturer", 12_345, 10)}}
	for _, test := range []struct {
		name      string
		rule      *budget.CallRule
		claim     ledger.Yen
		unit      ledger.Yen
		missing   string
		problems  []budget.Problem
		requested ledger.Yen
	}{
		{name: "no call: the option that was picked", claim: 111_105, unit: 1_000},
		{name: "a call that says nothing of the amount", rule: &budget.CallRule{}, claim: 111_105, unit: 1_000},
		{name: "half, in hundreds: the option of the form is none", rule: callRule(`{"floor": {"unit": 100, "of": {"rate": {"num": 1, "den": 2, "of": "eligible"}}}}`), claim: 61_700, unit: 100, requested: 61_700},
		{name: "the form's option, and the call's largest amount in whole units", rule: &budget.CallRule{Most: 80_500}, claim: 80_000, unit: 1_000},
		{name: "below the call's least amount nothing", rule: &budget.CallRule{Least: 200_000, Most: 500_000}, claim: 0, unit: 1_000},
		{name: "no floor: to the yen", rule: callRule(`{"rate": {"num": 1, "den": 2, "of": "eligible"}}`), claim: 61_725, unit: 1, requested: 61_725},
		{name: "a count nobody gave", rule: callRule(`{"units": {"count": "session", "each": 5000}}`), unit: 1, missing: "session"},
		{name: "costs that the form does not know", rule: callRule(`"yacht"`), unit: 1, problems: []budget.Problem{{Line: -1, Severity: template.Error, Code: "budget.rule_of_other_costs"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s.Rule, s.Requested = test.rule, test.requested
			w, err := budget.Work(s, form)
			if err != nil || w.Claim.Amount != test.claim || w.Unit != test.unit || w.Missing != test.missing || !slices.Equal(w.Problems, test.problems) {
				t.Errorf("Work = %s in %s, missing %q, problems %v, %v; want %s in %s, %q, %v", w.Claim.Amount, w.Unit, w.Missing, w.Problems, err, test.claim, test.unit, test.missing, test.problems)
			}
			spec := s.Spec(form)
			if again := s.Spec(spec); !reflect.DeepEqual(again, spec) {
				t.Errorf("Spec of a Spec = %+v; want %+v", again, spec)
			}
			if test.missing != "" && spec.Names[test.missing] == "" {
				t.Errorf("%q goes by no name", test.missing)
			}
		})
	}
}

func TestTwoVersionsOfACallMayHoldOneRule(t *testing.T) {
	half, later, other := callRule(`{"rate": {"num": 1, "den": 2, "of": "total"}}`), callRule(`{"rate": {"num": 1, "den": 2, "of": "total"}}`), callRule(`"total"`)
	later.Version, later.VerifiedOn = 3, ledger.NewDate(2026, 11, 25)
	capped := callRule(`{"rate": {"num": 1, "den": 2, "of": "total"}}`)
	capped.Most = 100_000
	if half.Same(capped) || !half.Same(later) || half.Same(other) || half.Same(nil) || !(*budget.CallRule)(nil).Same(nil) {
		t.Error("Same goes by what the rule says, and nil is the form's")
	}
}
