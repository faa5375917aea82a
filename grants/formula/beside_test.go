package formula_test

import (
	"encoding/json"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// drawBeside is a rule that most often takes donations off, held against more of them.
func drawBeside(t *rapid.T) (formula.Formula, formula.Facts, formula.Beside) {
	text, err := json.Marshal(map[string]any{"min": []any{map[string]any{"less": map[string]any{"of": anyRule(t, 2), "income": []string{"donation"}}}, anyRule(t, 4)}})
	if err != nil {
		t.Fatal(err)
	}
	f, err := formula.Parse(text)
	if err != nil {
		t.Fatalf("Parse(%s) = %v", text, err)
	}
	facts := drawFacts(t)
	b, err := f.Beside(facts, formula.Donation)
	if errors.Is(err, ledger.ErrOverflow) {
		t.Skip()
	}
	if err != nil {
		t.Fatal(err)
	}
	return f, facts, b
}

func TestARuleBesideMoreIncomeIsTheClaim(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, facts, b := drawBeside(t)
		more := ledger.Yen(rapid.Int64Range(0, 12_000_000).Draw(t, "more"))
		want, got := claimOf(t, f, facts.With(formula.Donation, more)), b.Amount(more)
		if got != want || b.Within(more, more) != more+want || got > b.Amount(0) || got%b.Unit() != 0 {
			t.Errorf("%s beside %s more, within %s, in units of %s; the claim is %s", got, more, b.Within(more, more), b.Unit(), want)
		}
		if !b.Depends() && want != b.Amount(0) {
			t.Errorf("the claim falls from %s to %s though it does not depend on it", b.Amount(0), want)
		}
	})
}

func TestNoClaimInARangeOfIncomeIsAboveWhatTheRangeComesTo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, _, b := drawBeside(t)
		from := ledger.Yen(rapid.Int64Range(0, 10_000_000).Draw(t, "from"))
		wide := ledger.Yen(rapid.Int64Range(0, 2_000_000).Draw(t, "wide"))
		at := from + ledger.Yen(rapid.Int64Range(0, int64(wide)).Draw(t, "at"))
		if most := b.Within(from, from+wide); at+b.Amount(at) > most {
			t.Errorf("%s beside %s, though from %s to %s both come to %s", b.Amount(at), at, from, from+wide, most)
		}
	})
}

// A rule of all that is left says at once that no range of income helps: 2,000,000 yen, whatever of it others pay, until the rule is rounded.
func TestARuleOfAllThatIsLeftSaysSoForEveryRange(t *testing.T) {
	f, err := formula.Parse([]byte(`{"min": [{"floor": {"unit": 1000, "of": {"less": {"of": "total", "income": ["other_grant"]}}}}, 1500000]}`))
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.Beside(formula.Facts{Costs: map[string]ledger.Yen{formula.Total: 2_000_000}}, formula.OtherGrant)
	if err != nil || !b.Depends() || b.Unit() != 1_000 {
		t.Fatalf("Beside = %+v in units of %s, %v; want one that depends on other grants, in thousands", b, b.Unit(), err)
	}
	for _, test := range []struct{ from, to, amount, within ledger.Yen }{
		{0, 0, 1_500_000, 1_500_000},
		{100_000, 400_000, 1_500_000, 1_900_000},
		{700_500, 1_700_000, 1_299_000, 2_000_000},
		{700_500, 700_500, 1_299_000, 1_999_500},
		{2_000_000, 2_300_000, 0, 2_300_000},
	} {
		if amount, within := b.Amount(test.from), b.Within(test.from, test.to); amount != test.amount || within != test.within {
			t.Errorf("beside %s: %s, to %s within %s; want %s and %s", test.from, amount, test.to, within, test.amount, test.within)
		}
	}
}
