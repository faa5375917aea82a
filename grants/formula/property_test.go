package formula_test

import (
	"encoding/json"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// anyRule draws a rule of every kind of node, as the JSON a person would keep.
func anyRule(t *rapid.T, depth int) any {
	last := 10
	if depth <= 0 {
		last = 2
	}
	inner := func() any { return anyRule(t, depth-1) }
	switch rapid.IntRange(0, last).Draw(t, "kind") {
	case 0:
		return rapid.Int64Range(0, 5_000_000).Draw(t, "flat")
	case 1:
		return rapid.SampledFrom([]string{"total", "eligible", "rent"}).Draw(t, "cost")
	case 2:
		from := rapid.Int64Range(0, 20).Draw(t, "from")
		yen := rapid.Int64Range(0, 50_000).Draw(t, "yen")
		return map[string]any{"tiers": map[string]any{"count": "session", "steps": [][2]int64{{from, yen}, {from + 5, 2 * yen}}}}
	case 3:
		den := rapid.Int64Range(1, 100).Draw(t, "den")
		return map[string]any{"rate": map[string]any{"num": rapid.Int64Range(0, den).Draw(t, "num"), "den": den, "of": inner()}}
	case 4:
		return map[string]any{"less": map[string]any{"of": inner(), "income": []string{"donation", "fee"}}}
	case 5:
		return map[string]any{"min": []any{inner(), inner()}}
	case 6:
		return map[string]any{"sum": []any{inner(), inner()}}
	case 7:
		return map[string]any{"floor": map[string]any{"unit": rapid.SampledFrom([]int{1, 10, 1_000, 10_000}).Draw(t, "unit"), "of": inner()}}
	case 8:
		return map[string]any{"least": map[string]any{"yen": rapid.Int64Range(1, 1_000_000).Draw(t, "least"), "of": inner()}}
	case 9:
		return map[string]any{"units": map[string]any{"count": "session", "each": inner(), "min": 2, "max": rapid.Int64Range(2, 60).Draw(t, "most")}}
	default:
		return map[string]any{"years": []any{inner(), inner()}}
	}
}

func drawFormula(t *rapid.T) formula.Formula {
	text, err := json.Marshal(anyRule(t, 4))
	if err != nil {
		t.Fatal(err)
	}
	f, err := formula.Parse(text)
	if err != nil {
		t.Fatalf("Parse(%s) = %v", text, err)
	}
	return f
}

func drawFacts(t *rapid.T) formula.Facts {
	yen := func(name string) ledger.Yen { return ledger.Yen(rapid.Int64Range(0, 9_999_999).Draw(t, name)) }
	return formula.Facts{
		Costs:  map[string]ledger.Yen{"total": yen("total"), "eligible": yen("eligible"), "rent": yen("rent")},
		Income: map[formula.Source]ledger.Yen{formula.Donation: yen("donation"), formula.Fee: yen("fee")},
		Counts: map[string]int64{"session": rapid.Int64Range(0, 80).Draw(t, "session")},
		Year:   rapid.IntRange(0, 4).Draw(t, "year"),
	}
}

// claimOf skips what leaves the range of yen: units of units of units.
func claimOf(t *rapid.T, f formula.Formula, facts formula.Facts) ledger.Yen {
	claim, err := f.Claim(facts)
	if errors.Is(err, ledger.ErrOverflow) {
		t.Skip()
	}
	if err != nil {
		t.Fatal(err)
	}
	return claim.Amount
}

func TestMoreCostNeverLowersAClaim(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, facts := drawFormula(t), drawFacts(t)
		before := claimOf(t, f, facts)
		key := rapid.SampledFrom([]string{"total", "eligible", "rent"}).Draw(t, "key")
		facts.Costs[key] += ledger.Yen(rapid.Int64Range(0, 1_000_000).Draw(t, "more"))
		if after := claimOf(t, f, facts); after < before {
			t.Errorf("more %s: %s after %s", key, after, before)
		}
	})
}

func TestMoreIncomeNeverRaisesAClaim(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, facts := drawFormula(t), drawFacts(t)
		more := ledger.Yen(rapid.Int64Range(0, 1_000_000).Draw(t, "more"))
		before := claimOf(t, f, facts)
		effect, err := f.EffectOf(facts, formula.Donation, more)
		if err != nil {
			t.Fatal(err)
		}
		if effect.Lowered < 0 || effect.Before.Amount != before {
			t.Errorf("lowered by %s from %s", effect.Lowered, before)
		}
		if free := effect.Free; (effect.Lowered == 0) != (more <= free) {
			t.Errorf("%s of donations lower it by %s, though %s are free", more, effect.Lowered, free)
		}
	})
}

func TestCapAndFloorHoldWhateverIsInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inside, err := json.Marshal(anyRule(t, 3))
		if err != nil {
			t.Fatal(err)
		}
		f, err := formula.Parse([]byte(`{"floor": {"unit": 1000, "of": {"min": [` + string(inside) + `, 300000]}}}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := claimOf(t, f, drawFacts(t)); got < 0 || got > 300_000 || got%1_000 != 0 {
			t.Errorf("a claim of %s under a cap of 300,000 in thousands", got)
		}
	})
}

func TestSharesAddUpToTheCost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, facts := drawFormula(t), drawFacts(t)
		share, err := formula.ShareOf(claimOf(t, f, facts), facts)
		if errors.Is(err, ledger.ErrOverflow) {
			t.Skip()
		}
		if err != nil {
			t.Fatal(err)
		}
		if share.Own+share.Grant+share.Income != facts.Costs["total"]+share.Surplus || (share.Own > 0 && share.Surplus > 0) {
			t.Errorf("%+v of a cost of %s", share, facts.Costs["total"])
		}
	})
}

func TestStepsSurviveBeingKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, facts := drawFormula(t), drawFacts(t)
		want := claimOf(t, f, facts)
		claim, _ := f.ClaimUpTo(facts, ledger.Yen(rapid.Int64Range(0, 5_000_000).Draw(t, "decided")))
		kept, err := json.Marshal(claim.Steps)
		if err != nil {
			t.Fatal(err)
		}
		var steps []formula.Step
		if err = json.Unmarshal(kept, &steps); err != nil {
			t.Fatal(err)
		}
		got, err := formula.Replay(steps, facts)
		if err != nil || got != claim.Amount || got > want {
			t.Errorf("Replay = %s, %v; want %s of at most %s", got, err, claim.Amount, want)
		}
		if lines := claim.Explain(formula.Words{}); len(lines) != len(steps) {
			t.Errorf("%d lines for %d steps", len(lines), len(steps))
		}
	})
}
