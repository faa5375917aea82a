package budget

import (
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
)

// Beside is the rule that holds for a sheet, held against what other grants pay for it beside those that it lists. False says that they change nothing, or that
// the rule cannot be worked out.
func Beside(s Sheet, b template.Budget) (formula.Beside, bool) {
	b = s.Spec(b)
	rule, given, err := FormulaOf(s, b)
	if err != nil || !given {
		return formula.Beside{}, false
	}
	var w Worked
	w.lines(s, b)
	facts, err := w.facts(s, b)
	if err != nil {
		return formula.Beside{}, false
	}
	beside, err := rule.Beside(facts, formula.OtherGrant)
	return beside, err == nil && beside.Depends()
}
