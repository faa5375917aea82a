package budget

import (
	"encoding/json"
	"fmt"
	"maps"

	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// CallRule is what a call says of the money beside its form, as one version of it had it. It stands in the sheet: whoever signs the sheet signs the rule with
// it, and what the call says later changes nothing of that.
type CallRule struct {
	Call       string          `json:"call"`                 // its title
	Version    int             `json:"version,omitempty"`    // of the call
	VerifiedOn ledger.Date     `json:"verified_on,omitzero"` // the day somebody compared it with its source; zero: 要確認
	SourceURL  string          `json:"source_url,omitempty"`
	Says       template.Budget `json:"says"`            // empty where the form holds
	Least      ledger.Yen      `json:"least,omitempty"` // below it the call pays nothing; 0 for none
	Most       ledger.Yen      `json:"most,omitempty"`  // of one grant; 0 for none
}

// Claims reports whether the call has a formula of its own; nil has none.
func (r *CallRule) Claims() bool { return r != nil && len(r.Says.Claim) > 0 }

// Same reports whether two rules come to the same, whichever version they stand in. Nil is the form's rule alone.
func (r *CallRule) Same(other *CallRule) bool {
	if r == nil || other == nil {
		return r == other
	}
	left, err := json.Marshal(r.Says)
	if err != nil || r.Least != other.Least || r.Most != other.Most {
		return false
	}
	right, err := json.Marshal(other.Says)
	return err == nil && string(left) == string(right)
}

// Spec is the budget part that holds for the sheet, the one place where that is decided: the form's, with what the sheet's call says otherwise. A formula of the
// call's own leaves no choice among the form's, and is rounded as it says itself. A count that nobody named goes by its key.
func (s Sheet) Spec(form template.Budget) template.Budget {
	b := form
	if s.Rule == nil {
		return b
	}
	own := s.Rule.Says
	if len(own.Categories) > 0 {
		b.Categories = own.Categories
	}
	if len(own.Claim) == 0 {
		return b
	}
	b.Claim, b.Source, b.Options, b.Unit = own.Claim, own.Source, nil, own.Unit
	b.Names, b.Counters = laid(form.Names, own.Names), laid(form.Counters, own.Counters)
	f, err := formula.Parse(own.Claim)
	if err != nil {
		return b // Work says so
	}
	if b.Unit == 0 {
		b.Unit = f.Unit()
	}
	for _, need := range f.Needs() {
		if need.Kind == formula.Count && b.Names[need.Name] == "" {
			b.Names[need.Name] = need.Name
		}
	}
	return b
}

// within keeps a formula to the amounts of the call, whoever's formula it is: at most Most, in whole units, and nothing below Least.
func (r *CallRule) within(claim json.RawMessage, unit ledger.Yen) json.RawMessage {
	if r != nil && r.Most > 0 {
		claim = fmt.Appendf(nil, `{"min": [%s, %d]}`, claim, r.Most-r.Most%max(unit, 1))
	}
	if r != nil && r.Least > 0 {
		claim = fmt.Appendf(nil, `{"least": {"yen": %d, "of": %s}}`, r.Least, claim)
	}
	return claim
}

// laid lays names over others.
func laid(under, over map[string]string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, under)
	maps.Copy(all, over)
	return all
}
