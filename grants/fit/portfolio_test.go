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

func TestCallsThatTogetherLeaveLeast(t *testing.T) {
	cost := []ledger.Yen{100_000, 80_000, 60_000} // food, goods, rent
	for _, test := range []struct {
		name       string
		candidates []fit.Candidate
		chosen     []int
		shares     []ledger.Yen
		left       ledger.Yen
	}{
		{"nothing to choose from", nil, nil, nil, 240_000},
		{"two beside each other", []fit.Candidate{{Amount: 90_000, Lines: []int{0}}, {Amount: 100_000, Lines: []int{1, 2}}}, []int{0, 1}, []ledger.Yen{90_000, 100_000}, 50_000},
		{"no yen twice", []fit.Candidate{{Amount: 80_000, Lines: []int{1}}, {Amount: 80_000, Lines: []int{1}}}, []int{0}, []ledger.Yen{80_000}, 160_000},
		{"one moves aside for another", []fit.Candidate{{Amount: 80_000, Lines: []int{1, 2}}, {Amount: 70_000, Lines: []int{1}}}, []int{0, 1}, []ledger.Yen{70_000, 70_000}, 100_000},
		{"the two that exclude each other", []fit.Candidate{{Amount: 90_000, Lines: []int{0}, Excludes: []int{1}}, {Amount: 120_000, Lines: []int{1, 2}}}, []int{1}, []ledger.Yen{120_000}, 120_000},
		{"one that bears no other", []fit.Candidate{{Amount: 130_000, Lines: []int{0, 1, 2}, Alone: true}, {Amount: 80_000, Lines: []int{1}}, {Amount: 60_000, Lines: []int{2}}}, []int{1, 2}, []ledger.Yen{80_000, 60_000}, 100_000},
		{"the fewer where they cover the same", []fit.Candidate{{Amount: 50_000, Lines: []int{1}}, {Amount: 30_000, Lines: []int{1}}, {Amount: 80_000, Lines: []int{1}}}, []int{2}, []ledger.Yen{80_000}, 160_000},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := fit.BestPortfolio(cost, test.candidates)
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
	if _, err := fit.BestPortfolio(nil, make([]fit.Candidate, fit.Most+1)); !errors.Is(err, fit.ErrMany) {
		t.Errorf("21 candidates: %v; want %v", err, fit.ErrMany)
	}
	if _, err := fit.BestPortfolio([]ledger.Yen{1}, []fit.Candidate{{Amount: 1, Lines: []int{1}}}); !errors.Is(err, fit.ErrMany) {
		t.Errorf("a line that does not exist: %v; want %v", err, fit.ErrMany)
	}
}

// covered is the most a set of calls can carry, by the cut that limits it: over all sets of lines, their cost and the calls that reach beyond them.
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
			if set>>i&1 == 1 && slices.ContainsFunc(c.Lines, func(l int) bool { return lines>>l&1 == 0 }) {
				cut += c.Amount
			}
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

func TestPortfolioIsTheBestOfAllSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		yen := rapid.Custom(func(t *rapid.T) ledger.Yen { return ledger.Yen(rapid.Int64Range(0, 9).Draw(t, "yen")) })
		cost := rapid.SliceOfN(yen, 1, 4).Draw(t, "cost")
		n := rapid.IntRange(0, 7).Draw(t, "calls")
		candidates := make([]fit.Candidate, n)
		for i := range candidates {
			lines := rapid.SliceOfDistinct(rapid.IntRange(0, len(cost)-1), func(l int) int { return l }).Draw(t, "lines")
			candidates[i] = fit.Candidate{Amount: yen.Draw(t, "amount"), Lines: lines, Alone: rapid.IntRange(0, 9).Draw(t, "alone") == 0}
			if j := rapid.IntRange(0, 2*n).Draw(t, "apart"); j < n && j != i {
				candidates[i].Excludes = []int{j}
			}
		}
		var want ledger.Yen
		for set := range uint(1) << n {
			if allowed(candidates, set) {
				want = max(want, covered(cost, candidates, set))
			}
		}
		got, err := fit.BestPortfolio(cost, candidates)
		if err != nil || got.Covered != want {
			t.Fatalf("covers %s, %v; the best of all sets covers %s", got.Covered, err, want)
		}
		byLine := make([]ledger.Yen, len(cost))
		for i, claims := range got.Claims {
			var sum ledger.Yen
			for line, claim := range claims {
				byLine[line] += claim
				if sum += claim; claim < 0 || (claim > 0 && !slices.Contains(candidates[got.Chosen[i]].Lines, line)) {
					t.Fatalf("call %d claims %s of line %d", got.Chosen[i], claim, line)
				}
			}
			if sum > candidates[got.Chosen[i]].Amount || sum != got.Shares[i] {
				t.Fatalf("call %d claims %s", got.Chosen[i], sum)
			}
		}
		for line, claim := range byLine {
			if claim > cost[line] {
				t.Fatalf("line %d of %s is claimed with %s", line, cost[line], claim)
			}
		}
	})
}

func BenchmarkPortfolioOfTwentyCalls(b *testing.B) {
	cost := make([]ledger.Yen, 12)
	candidates := make([]fit.Candidate, fit.Most)
	for i := range cost {
		cost[i] = ledger.Yen(20_000 + 7_919*i)
	}
	for i := range candidates {
		candidates[i] = fit.Candidate{Amount: ledger.Yen(9_000 + 1_237*i), Lines: []int{i % 12, (i * 5) % 12, (i*i + 3) % 12}}
		if i%3 == 0 {
			candidates[i].Excludes = []int{(i + 7) % fit.Most}
		}
	}
	for b.Loop() {
		if _, err := fit.BestPortfolio(cost, candidates); err != nil {
			b.Fatal(err)
		}
	}
}
