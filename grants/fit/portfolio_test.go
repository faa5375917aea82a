package fit_test

import (
	"errors"
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// lines are the lines that a call accepts, each as a whole.
func lines(cost []ledger.Yen, which ...int) []ledger.Yen {
	accepts := make([]ledger.Yen, len(cost))
	for _, line := range which {
		accepts[line] = cost[line]
	}
	return accepts
}

func TestCallsThatTogetherLeaveLeast(t *testing.T) {
	cost := []ledger.Yen{100_000, 80_000, 60_000} // food, goods, rent
	call := func(amount ledger.Yen, which ...int) fit.Candidate {
		return fit.Candidate{Amount: amount, Accepts: lines(cost, which...)}
	}
	with := func(c fit.Candidate, change func(*fit.Candidate)) fit.Candidate { change(&c); return c }
	// threeQuarters pays 3/4 of what other grants leave of 240,000, in thousands.
	threeQuarters := func(others ledger.Yen) ledger.Yen {
		claim, _ := max(0, 240_000-others).Mul(3, 4, ledger.Down)
		return claim - claim%1_000
	}
	for _, test := range []struct {
		name       string
		need       ledger.Yen
		candidates []fit.Candidate
		chosen     []int
		shares     []ledger.Yen
		left       ledger.Yen
	}{
		{"nothing to choose from", 240_000, nil, nil, nil, 240_000},
		{"two beside each other", 240_000, []fit.Candidate{call(90_000, 0), call(100_000, 1, 2)}, []int{0, 1}, []ledger.Yen{90_000, 100_000}, 50_000},
		{"no yen twice", 240_000, []fit.Candidate{call(80_000, 1), call(80_000, 1)}, []int{0}, []ledger.Yen{80_000}, 160_000},
		{"one moves aside for another", 240_000, []fit.Candidate{call(80_000, 1, 2), call(70_000, 1)}, []int{0, 1}, []ledger.Yen{70_000, 70_000}, 100_000},
		{"the two that exclude each other", 240_000, []fit.Candidate{with(call(90_000, 0), func(c *fit.Candidate) { c.Excludes = []int{1} }), call(120_000, 1, 2)}, []int{1}, []ledger.Yen{120_000}, 120_000},
		{"one that bears no other", 240_000, []fit.Candidate{with(call(130_000, 0, 1, 2), func(c *fit.Candidate) { c.Alone = true }), call(80_000, 1), call(60_000, 2)}, []int{1, 2}, []ledger.Yen{80_000, 60_000}, 100_000},
		{"the fewer where they cover the same", 240_000, []fit.Candidate{call(50_000, 1), call(30_000, 1), call(80_000, 1)}, []int{2}, []ledger.Yen{80_000}, 160_000},
		{"a line above its unit price is paid to it", 240_000, []fit.Candidate{{Amount: 90_000, Accepts: []ledger.Yen{30_000, 0, 20_000}}, call(100_000, 0)}, []int{0, 1}, []ledger.Yen{50_000, 70_000}, 120_000},
		{"what fees bring is not asked for", 150_000, []fit.Candidate{call(100_000, 0), call(80_000, 1)}, []int{0, 1}, []ledger.Yen{100_000, 50_000}, 0},
		{"a rule that takes other grants off pays less beside them", 240_000, []fit.Candidate{with(call(180_000, 0, 1, 2), func(c *fit.Candidate) { c.Beside = threeQuarters }), call(100_000, 0)}, []int{0, 1}, []ledger.Yen{105_000, 100_000}, 35_000},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := fit.BestPortfolio(cost, test.need, test.candidates)
			if err != nil || !slices.Equal(got.Chosen, test.chosen) || got.Left != test.left {
				t.Fatalf("BestPortfolio = %+v, %v; want %v leaving %s", got, err, test.chosen, test.left)
			}
			sum, _ := ledger.Sum(got.Shares...)
			want, _ := ledger.Sum(test.shares...)
			if sum != want {
				t.Errorf("shares %v; want %v", got.Shares, test.shares)
			}
		})
	}
}

func TestNoPortfolioAboveItsNumber(t *testing.T) {
	if _, err := fit.BestPortfolio(nil, 0, make([]fit.Candidate, fit.Most+1)); !errors.Is(err, fit.ErrMany) {
		t.Errorf("21 candidates: %v; want %v", err, fit.ErrMany)
	}
	if _, err := fit.BestPortfolio([]ledger.Yen{1}, 1, []fit.Candidate{{Amount: 1, Accepts: []ledger.Yen{1, 1}}}); !errors.Is(err, fit.ErrMany) {
		t.Errorf("a line that does not exist: %v; want %v", err, fit.ErrMany)
	}
}

// covered is the most a set of calls can carry, by the cut that limits it: over all sets of lines cut off, their cost; and of each call either its amount
// or what it accepts of the other lines.
func covered(cost []ledger.Yen, candidates []fit.Candidate, set uint) ledger.Yen {
	best := ledger.Yen(1 << 60)
	for lines := range uint(1) << len(cost) {
		var cut ledger.Yen
		for i, c := range cost {
			if lines>>i&1 == 1 {
				cut += c
			}
		}
		for i, c := range candidates {
			if set>>i&1 == 0 {
				continue
			}
			var beyond ledger.Yen
			for line, accepts := range c.Accepts {
				if lines>>line&1 == 0 {
					beyond += accepts
				}
			}
			cut += min(c.Amount, beyond)
		}
		best = min(best, cut)
	}
	return best
}

func allowed(candidates []fit.Candidate, set uint) bool {
	for i, c := range candidates {
		if set>>i&1 == 0 {
			continue
		}
		if c.Alone && bits.OnesCount(set) > 1 {
			return false
		}
		if slices.ContainsFunc(c.Excludes, func(j int) bool { return set>>j&1 == 1 }) {
			return false
		}
	}
	return true
}

func drawYen(t *rapid.T, name string) ledger.Yen {
	return ledger.Yen(rapid.Int64Range(0, 9).Draw(t, name))
}

// drawPlan is a small plan with its need and calls that may pay for it, none of which takes other grants off.
func drawPlan(t *rapid.T, most int) (cost []ledger.Yen, need ledger.Yen, candidates []fit.Candidate) {
	cost = make([]ledger.Yen, rapid.IntRange(1, 4).Draw(t, "lines"))
	for i := range cost {
		cost[i] = drawYen(t, "cost")
	}
	need = ledger.Yen(rapid.Int64Range(0, 40).Draw(t, "need"))
	n := rapid.IntRange(0, most).Draw(t, "calls")
	candidates = make([]fit.Candidate, n)
	for i := range candidates {
		accepts := make([]ledger.Yen, len(cost))
		for line := range accepts {
			if rapid.Bool().Draw(t, "accepts") {
				accepts[line] = drawYen(t, "of the line")
			}
		}
		candidates[i] = fit.Candidate{Amount: drawYen(t, "amount"), Accepts: accepts, Alone: rapid.IntRange(0, 9).Draw(t, "alone") == 0}
		if j := rapid.IntRange(0, 2*n).Draw(t, "apart"); j < n && j != i {
			candidates[i].Excludes = []int{j}
		}
	}
	return cost, need, candidates
}

// holds checks a portfolio against its rules: nothing twice, nothing above what a call accepts or its rule comes to.
func holds(t *rapid.T, cost []ledger.Yen, candidates []fit.Candidate, got fit.Portfolio) {
	byLine := make([]ledger.Yen, len(cost))
	for i, claims := range got.Claims {
		c := candidates[got.Chosen[i]]
		var sum ledger.Yen
		for line, claim := range claims {
			byLine[line] += claim
			if sum += claim; claim < 0 || claim > c.Accepts[line] {
				t.Fatalf("call %d claims %s of line %d", got.Chosen[i], claim, line)
			}
		}
		most := c.Amount
		if c.Beside != nil {
			most = min(most, c.Beside(got.Covered-sum))
		}
		if sum > most || sum != got.Shares[i] {
			t.Fatalf("call %d claims %s, its rule comes to %s", got.Chosen[i], sum, most)
		}
	}
	for line, claim := range byLine {
		if claim > cost[line] {
			t.Fatalf("line %d of %s is claimed with %s", line, cost[line], claim)
		}
	}
}

func TestPortfolioIsTheBestOfAllSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cost, need, candidates := drawPlan(t, 7)
		var want ledger.Yen
		for set := range uint(1) << len(candidates) {
			if allowed(candidates, set) {
				want = max(want, min(need, covered(cost, candidates, set)))
			}
		}
		got, err := fit.BestPortfolio(cost, need, candidates)
		if err != nil || got.Covered != want {
			t.Fatalf("covers %s, %v; the best of all sets covers %s", got.Covered, err, want)
		}
		holds(t, cost, candidates, got)
	})
}

// One call takes other grants off, as 「総事業費から寄付金その他の収入を引いた額」 does. By hand: of every set, what the others carry at most, and then what the rule
// comes to beside it, as far as the lines allow.
func TestPortfolioIsTheBestBesideARuleThatTakesOtherGrantsOff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cost, need, candidates := drawPlan(t, 5)
		whole, _ := ledger.Sum(cost...)
		num := rapid.Int64Range(1, 4).Draw(t, "quarters")
		rule := func(others ledger.Yen) ledger.Yen {
			claim, _ := max(0, whole-others).Mul(num, 4, ledger.Down)
			return claim
		}
		candidates = append(candidates, fit.Candidate{Amount: rule(0), Accepts: lines(cost, 0, len(cost)-1), Beside: rule})
		last := uint(1) << (len(candidates) - 1)
		var want ledger.Yen
		for set := range last {
			if allowed(candidates, set) {
				want = max(want, min(need, covered(cost, candidates, set)))
			}
			if set |= last; allowed(candidates, set) {
				others := min(need, covered(cost, candidates, set&^last))
				beside := slices.Clone(candidates)
				beside[len(beside)-1].Amount = rule(others)
				want = max(want, min(need, covered(cost, beside, set)))
			}
		}
		got, err := fit.BestPortfolio(cost, need, candidates)
		if err != nil || got.Covered != want {
			t.Fatalf("covers %s, %v; the best of all sets covers %s", got.Covered, err, want)
		}
		holds(t, cost, candidates, got)
	})
}

func benchCalls() (cost []ledger.Yen, whole ledger.Yen, candidates []fit.Candidate) {
	cost = make([]ledger.Yen, 12)
	for i := range cost {
		cost[i] = ledger.Yen(20_000 + 7_919*i)
		whole += cost[i]
	}
	candidates = make([]fit.Candidate, fit.Most)
	for i := range candidates {
		candidates[i] = fit.Candidate{Amount: ledger.Yen(9_000 + 1_237*i), Accepts: lines(cost, i%12, (i*5)%12, (i*i+3)%12)}
		if i%3 == 0 {
			candidates[i].Excludes = []int{(i + 7) % fit.Most}
		}
	}
	return cost, whole, candidates
}

func BenchmarkPortfolioOfTwentyCalls(b *testing.B) {
	cost, whole, candidates := benchCalls()
	for b.Loop() {
		if _, err := fit.BestPortfolio(cost, whole, candidates); err != nil {
			b.Fatal(err)
		}
	}
}

// Twenty rules that all take other grants off are the worst there is.
func BenchmarkPortfolioOfTwentyCallsThatTakeEachOtherOff(b *testing.B) {
	cost, whole, candidates := benchCalls()
	for i := range candidates {
		candidates[i].Accepts, candidates[i].Amount = cost, whole/2-ledger.Yen(i)
		candidates[i].Beside = func(others ledger.Yen) ledger.Yen { return max(0, (whole-others)/2-ledger.Yen(i)) }
	}
	for b.Loop() {
		if _, err := fit.BestPortfolio(cost, whole, candidates); err != nil {
			b.Fatal(err)
		}
	}
}
