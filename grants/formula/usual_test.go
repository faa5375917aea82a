package formula_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestAUsualRuleIsReadBackAndPaysWhatItSays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		u := formula.Usual{Num: rapid.Int64Range(0, 5).Draw(r, "num"), Den: 1, Of: rapid.SampledFrom([]string{formula.Total, formula.Eligible}).Draw(r, "of"), Cap: rapid.SampledFrom([]int64{0, 1, 300_000}).Draw(r, "cap"),
			Unit: rapid.SampledFrom([]int64{1, 1_000, 10_000}).Draw(r, "unit"), Least: rapid.SampledFrom([]int64{0, 50_000}).Draw(r, "least"), Deducts: rapid.Bool().Draw(r, "deducts")}
		if u.Num > 0 {
			u.Den = rapid.Int64Range(u.Num, 10).Draw(r, "den")
		}
		again, usual := formula.UsualOf(u.Rule(), u.Unit)
		if !usual || !formula.Same(again.Rule(), u.Rule()) {
			r.Fatalf("%s is read as %+v, %v", u.Rule(), again, usual)
		}
		rule, err := formula.Parse(u.Rule())
		if err != nil {
			r.Fatalf("%s: %v", u.Rule(), err)
		}
		total := rapid.Int64Range(0, 1_000_000).Draw(r, "total")
		eligible := rapid.Int64Range(0, total).Draw(r, "eligible")
		claim, err := rule.Claim(formula.Facts{Costs: map[string]ledger.Yen{formula.Total: ledger.Yen(total), formula.Eligible: ledger.Yen(eligible)}})
		if err != nil || claim.Amount > ledger.Yen(eligible) || (u.Cap > 0 && claim.Amount > ledger.Yen(u.Cap)) {
			r.Errorf("%s pays %d of %d, %v", u.Rule(), claim.Amount, eligible, err)
		}
	})
}

func TestARuleOfItsOwnIsNoUsualOne(t *testing.T) {
	for _, rule := range []string{`{"units": {"count": "session", "each": 1500}}`, `{"min": [{"rate": {"num": 3, "den": 4, "of": "total"}}, 300000]}`, `{"sum": ["eligible", 5]}`, `{"years": [{"min": ["eligible", 5]}]}`, `{`, `7`} {
		if u, usual := formula.UsualOf(json.RawMessage(rule), 1); usual {
			t.Errorf("%s is taken for %+v", rule, u)
		}
	}
}

func TestAShareIsReadAsPeopleWriteIt(t *testing.T) {
	for written, want := range map[string][2]int64{"3/4": {3, 4}, " ３／４ ": {3, 4}, "80％": {80, 100}, "4分の3": {3, 4}, "10/10": {10, 10}} {
		if num, den, ok := formula.ParseShare(written); !ok || [2]int64{num, den} != want {
			t.Errorf("%s is %d/%d, %v", written, num, den, ok)
		}
	}
	for _, written := range []string{"", "4/3", "0/4", "120%", "全部", "3/", "-1/2"} {
		if num, den, ok := formula.ParseShare(written); ok {
			t.Errorf("%q is %d/%d", written, num, den)
		}
	}
}
