package fit_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// drawTwenty is a plan of some million yen and twenty calls as calls are: parts of the whole or of what they accept, in thousands or to the yen, capped or not,
// most of which take other grants off.
func drawTwenty(t *rapid.T) (cost []ledger.Yen, candidates []fit.Candidate) {
	yen := func(low, high int64, name string) ledger.Yen {
		return ledger.Yen(rapid.Int64Range(low, high).Draw(t, name))
	}
	cost = make([]ledger.Yen, rapid.IntRange(1, 20).Draw(t, "lines"))
	for i := range cost {
		cost[i] = 1_000*yen(1, 400, "cost") + yen(0, 1, "odd")*yen(0, 999, "rest")
	}
	whole, _ := ledger.Sum(cost...)
	often := rapid.IntRange(20, 100).Draw(t, "accepts in a hundred")
	for i := range fit.Most {
		accepts := make([]ledger.Yen, len(cost))
		for line := range cost {
			if rapid.IntRange(1, 100).Draw(t, "accepts") <= often {
				accepts[line] = cost[line]
			}
		}
		p := part{unit: rapid.SampledFrom([]ledger.Yen{1, 1_000, 1_000, 10_000}).Draw(t, "unit"), most: 50_000 * yen(2, 20, "cap"), least: 50_000 * yen(0, 1, "least")}
		rate := rapid.SampledFrom([][2]ledger.Yen{{1, 3}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {9, 10}, {1, 1}}).Draw(t, "rate")
		p.num, p.den, p.base = rate[0], rate[1], whole
		if rapid.Bool().Draw(t, "of what it accepts") {
			p.base, _ = ledger.Sum(accepts...)
		}
		c := p.candidate(accepts)
		if rapid.IntRange(0, 3).Draw(t, "takes nothing off") == 0 {
			c.Beside, c.Within, c.Unit = nil, nil, 0
		}
		if j := rapid.IntRange(0, 4*fit.Most).Draw(t, "apart"); j < fit.Most && j != i {
			c.Excludes = []int{j}
		}
		candidates = append(candidates, c)
	}
	return cost, candidates
}

func TestTwentyCallsThatTakeEachOtherOffAreSettled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cost, candidates := drawTwenty(t)
		whole, _ := ledger.Sum(cost...)
		got, err := fit.BestPortfolio(cost, whole, candidates)
		if err != nil || !got.Proven {
			t.Fatalf("BestPortfolio = %+v, %v; not settled", got, err)
		}
		holds(t, cost, candidates, got)
		left := slices.Clone(candidates)
		left[rapid.IntRange(0, fit.Most-1).Draw(t, "left out")].Amount = 0
		if less, err := fit.BestPortfolio(cost, whole, left); err != nil || !less.Proven || less.Covered > got.Covered {
			t.Fatalf("BestPortfolio = %+v, %v with a call left out; %+v with it", less, err, got)
		}
	})
}

// hostile are rules that nobody has, which end in as many small steps as rules can: of a billion yen each takes all the others off but for a hundredth,
// in thousands.
func hostile(num, den, unit ledger.Yen) (cost []ledger.Yen, candidates []fit.Candidate) {
	const whole = 1_000_000_000
	for i := range fit.Most {
		p := part{base: whole - ledger.Yen(123_457*i), num: num, den: den, unit: unit, most: whole}
		candidates = append(candidates, p.candidate([]ledger.Yen{whole}))
	}
	return []ledger.Yen{whole}, candidates
}

// Units that have nothing in common make a knapsack of the sum. The search gives up, with a portfolio that may be paid.
func TestRulesThatCannotBeSettledDoNotHang(t *testing.T) {
	cost, candidates := hostile(1, 1, 1)
	for i := range candidates {
		p := part{base: 900_000_000, num: 1, den: 1, unit: ledger.Yen(20_000_003 + 2_600_017*i), most: 900_000_000}
		candidates[i] = p.candidate(cost)
	}
	got, err := fit.BestPortfolio(cost, cost[0], candidates)
	if err != nil || got.Proven || got.Covered < 899_000_000 {
		t.Errorf("BestPortfolio = %+v, %v; want one that is not proven, near 900,000,000", got, err)
	}
	for i, share := range got.Shares {
		if most := candidates[got.Chosen[i]].Beside(got.Covered - share); share > most {
			t.Errorf("call %d pays %s, its rule comes to %s", got.Chosen[i], share, most)
		}
	}
}

func benchHostile(b *testing.B, num, den, unit ledger.Yen) {
	cost, candidates := hostile(num, den, unit)
	for b.Loop() {
		if got, err := fit.BestPortfolio(cost, cost[0], candidates); err != nil || !got.Proven {
			b.Fatal(got, err)
		}
	}
}

func BenchmarkPortfolioOfNinetyNineHundredthsToTheYen(b *testing.B) { benchHostile(b, 99, 100, 1) }
func BenchmarkPortfolioOfNinetyNineHundredthsInThousands(b *testing.B) {
	benchHostile(b, 99, 100, 1_000)
}
func BenchmarkPortfolioOfAllThatIsLeftToTheYen(b *testing.B) { benchHostile(b, 1, 1, 1) }

// Six threes and a pair, each of which exclude each other, have as many largest sets as twenty calls can have.
func BenchmarkPortfolioOfMostSets(b *testing.B) {
	cost, candidates := hostile(9, 10, 1_000)
	for i := range 18 {
		candidates[i].Excludes = []int{i/3*3 + (i+1)%3}
	}
	candidates[18].Excludes = []int{19}
	for b.Loop() {
		if got, err := fit.BestPortfolio(cost, cost[0], candidates); err != nil || !got.Proven {
			b.Fatal(got, err)
		}
	}
}
