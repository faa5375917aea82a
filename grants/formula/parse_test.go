package formula_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/grants/formula"
)

func TestWhatIsNoRuleIsRefused(t *testing.T) {
	deep := strings.Repeat(`{"min": [`, 13) + `1` + strings.Repeat(`]}`, 13)
	for name, rule := range map[string]string{
		"nothing":                   ``,
		"words":                     `総事業費の4分の3`,
		"division by zero":          `{"rate": {"num": 3, "den": 0, "of": "total"}}`,
		"more than the whole":       `{"rate": {"num": 5, "den": 4, "of": "total"}}`,
		"negative rate":             `{"rate": {"num": -1, "den": 4, "of": "total"}}`,
		"half a yen":                `{"flat": 1500.5}`,
		"negative amount":           `-1`,
		"amount past all bounds":    `1000000000000`,
		"floor of nothing":          `{"floor": {"unit": 0, "of": "total"}}`,
		"floor with another number": `{"floor": {"yen": 1000, "of": "total"}}`,
		"unknown kind":              `{"exec": "total"}`,
		"a kind that is no node":    `{"income": ["donation"]}`,
		"two kinds":                 `{"flat": 1, "cost": "total"}`,
		"unknown field":             `{"rate": {"num": 3, "den": 4, "of": "total", "script": "x"}}`,
		"unknown income":            `{"less": {"of": "total", "income": ["lottery"]}}`,
		"income twice":              `{"less": {"of": "total", "income": ["fee", "fee"]}}`,
		"no income":                 `{"less": {"of": "total", "income": []}}`,
		"empty minimum":             `{"min": []}`,
		"steps that fall":           `{"tiers": {"count": "n", "steps": [[4, 100000], [2, 50000]]}}`,
		"amounts that fall":         `{"tiers": {"count": "n", "steps": [[2, 100000], [4, 50000]]}}`,
		"most below the least":      `{"units": {"count": "n", "each": 1, "min": 5, "max": 4}}`,
		"a name with a sign in it":  `{"cost": "rent; drop"}`,
		"something after it":        `1 2`,
		"too deep":                  deep,
		"endlessly deep":            strings.Repeat(`{"min":[`, 2_000),
		"too many parts":            `{"min": [` + strings.Repeat(`1,`, 250) + `1]}`,
		"too long":                  strings.Repeat(" ", 30_000) + `1`,
		"a missing part":            `{"rate": {"num": 3, "den": 4}}`,
		"null":                      `null`,
		"a null part":               `{"min": [null]}`,
	} {
		if f, err := formula.Parse([]byte(rule)); !errors.Is(err, formula.ErrRule) {
			t.Errorf("%s: Parse = %v, %v; want %v", name, f, err, formula.ErrRule)
		}
	}
}

func FuzzParseNeverPanics(f *testing.F) {
	for _, rule := range []string{threeQuarters, standard, startAndRun, `{"when": {"count": "n", "least": 3, "then": 1, "else": "rent"}}`} {
		f.Add([]byte(rule))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		rule, err := formula.Parse(text)
		if err != nil {
			return
		}
		facts := costs(1_000_000, 900_000)
		facts.Counts = map[string]int64{}
		for _, need := range rule.Needs() {
			facts.Costs[need.Name], facts.Counts[need.Name] = 70_000, 7
		}
		claim, err := rule.Claim(facts)
		if err != nil {
			return // out of range
		}
		if again, err := formula.Replay(claim.Steps, facts); err != nil || again != claim.Amount {
			t.Errorf("%s: Replay = %s, %v; want %s", text, again, err, claim.Amount)
		}
		claim.Explain(formula.Words{})
	})
}
