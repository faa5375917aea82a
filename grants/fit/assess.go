package fit

import "github.com/tsukaimichi/tsukaimichi/ledger"

// Assessment is all rules of a call held against one group.
type Assessment struct {
	Answer   Answer
	Findings []Finding
}

// Assess holds every rule against the group on the day of applying. The call is Out when one Must is not met, Unsure when something is not known or
// a wish is not met, and Can otherwise.
func Assess(rules []Rule, g Group, on ledger.Date) Assessment {
	a := Assessment{Answer: Can, Findings: make([]Finding, len(rules))}
	for i, rule := range rules {
		f := rule.Hold(g, on)
		a.Findings[i] = f
		if f.Answer == Out || (f.Answer == Unsure && a.Answer == Can) {
			a.Answer = f.Answer
		}
	}
	return a
}

// Questions are the rules nobody can answer yet: what to ask the group, once. Their keys are those of the facts that are missing.
func (a Assessment) Questions() []Rule {
	var ask []Rule
	for _, f := range a.Findings {
		if f.Answer == Unsure && f.Rule.Test != Paper && f.Fact.empty() {
			rule := f.Rule
			if rule.Test == RestOf {
				rule.Key = PastAwards
			}
			ask = append(ask, rule)
		}
	}
	return ask
}

// Papers are the kinds of papers that are missing or stale.
func (a Assessment) Papers() []string {
	var kinds []string
	for _, f := range a.Findings {
		if f.Answer == Unsure && f.Rule.Test == Paper {
			kinds = append(kinds, f.Rule.Key)
		}
	}
	return kinds
}

func (f Fact) empty() bool {
	return f.Number == nil && len(f.Words) == 0 && f.Day.IsZero() && f.Yes == nil
}
