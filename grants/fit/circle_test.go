package fit_test

import (
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// part is a rule that pays a part of what other grants leave of a base, rounded down to a unit, up to a cap, and nothing below a least amount.
type part struct{ base, num, den, unit, most, least ledger.Yen }

func (p part) beside(others ledger.Yen) ledger.Yen {
	claim, _ := max(0, p.base-others).Mul(int64(p.num), int64(p.den), ledger.Down)
	if claim = min(p.most, claim-claim%p.unit); claim < p.least {
		return 0
	}
	return claim
}

// within is what others and the rule come to at most: a straight line but for the rounding, so that one of the ends decides.
func (p part) within(from, to ledger.Yen) ledger.Yen {
	at := func(others ledger.Yen) ledger.Yen {
		claim, _ := max(0, p.base-others).Mul(int64(p.num), int64(p.den), ledger.Up)
		return others + min(p.most, claim)
	}
	bend, _ := p.most.Mul(int64(p.den), int64(p.num), ledger.Down) // below it the cap holds
	bent := max(from, min(to, p.base-bend))
	return max(at(from), at(to), at(bent))
}

// grain is what every claim is a multiple of: where the cap is reached, it need not be one of the unit.
func (p part) grain() ledger.Yen {
	if p.beside(0)%p.unit != 0 {
		return 1
	}
	return p.unit
}

func (p part) candidate(accepts []ledger.Yen) fit.Candidate {
	return fit.Candidate{Amount: p.beside(0), Accepts: accepts, Beside: p.beside, Within: p.within, Unit: p.grain()}
}

// Two 補助金 pay 1/2 and 2/3 of 総事業費 less the other. Of 1,000,000 yen the first pays (1,000,000 − 500,000) × 1/2 = 250,000, the second
// (1,000,000 − 250,000) × 2/3 = 500,000; any yen more of the one would take more than a yen from the other.
func TestRulesThatTakeEachOtherOffByHand(t *testing.T) {
	for _, test := range []struct {
		name   string
		whole  ledger.Yen
		parts  []part
		still  ledger.Yen // a grant that takes nothing off, named last
		shares []ledger.Yen
		left   ledger.Yen
	}{
		{"a half and two thirds", 1_000_000, []part{{num: 1, den: 2, unit: 1}, {num: 2, den: 3, unit: 1}}, 0, []ledger.Yen{250_000, 500_000}, 250_000},
		// (900,000 − 450,000) × 1/2 = 225,000 and (900,000 − 225,000) × 2/3 = 450,000
		{"the same beside 100,000 of a foundation", 1_000_000, []part{{num: 1, den: 2, unit: 1}, {num: 2, den: 3, unit: 1}}, 100_000, []ledger.Yen{225_000, 450_000, 100_000}, 225_000},
		// 250,125 and 500,250 without rounding; (1,000,500 − 500,000) × 1/2 = 250,250 and (1,000,500 − 250,000) × 2/3 = 500,333, both 千円未満切捨て
		{"the same in thousands", 1_000_500, []part{{num: 1, den: 2, unit: 1_000}, {num: 2, den: 3, unit: 1_000}}, 0, []ledger.Yen{250_000, 500_000}, 250_500},
		// 400,000 at most of the first: (1,000,000 − 400,000) × 2/3; and (1,000,000 − 400,000) × 1/2 = 300,000 for the other
		{"the second capped", 1_000_000, []part{{num: 1, den: 2, unit: 1}, {num: 2, den: 3, unit: 1, most: 400_000}}, 0, []ledger.Yen{300_000, 400_000}, 300_000},
		// (800,000 − 3 × 100,000) × 1/5 = 100,000 each
		{"four that each pay a fifth", 800_000, []part{{num: 1, den: 5, unit: 1}, {num: 1, den: 5, unit: 1}, {num: 1, den: 5, unit: 1}, {num: 1, den: 5, unit: 1}}, 0, []ledger.Yen{100_000, 100_000, 100_000, 100_000}, 400_000},
		// Each of 10/10 pays below a whole thousand what is left of 500 yen: 1,250 yen short of 3,000 are 3 × 250
		{"three that pay all, in thousands", 3_000_500, []part{{num: 1, den: 1, unit: 1_000}, {num: 1, den: 1, unit: 1_000}, {num: 1, den: 1, unit: 1_000}}, 0, nil, 250},
	} {
		t.Run(test.name, func(t *testing.T) {
			var candidates []fit.Candidate
			for _, p := range test.parts {
				p.base, p.most = test.whole, min(test.whole, max(p.most, 0))
				if p.most == 0 {
					p.most = test.whole
				}
				candidates = append(candidates, p.candidate([]ledger.Yen{test.whole}))
			}
			if test.still > 0 {
				candidates = append(candidates, fit.Candidate{Amount: test.still, Accepts: []ledger.Yen{test.whole}})
			}
			got, err := fit.BestPortfolio([]ledger.Yen{test.whole}, test.whole, candidates)
			if err != nil || !got.Proven || len(got.Chosen) != len(candidates) || got.Left != test.left || (test.shares != nil && !slices.Equal(got.Shares, test.shares)) {
				t.Fatalf("BestPortfolio = %+v, %v; want %v leaving %s", got, err, test.shares, test.left)
			}
		})
	}
}

var rates = [][2]ledger.Yen{{1, 2}, {2, 3}, {3, 4}, {9, 10}, {1, 1}}

func drawPart(t *rapid.T, base ledger.Yen) part {
	rate := rapid.SampledFrom(rates).Draw(t, "rate")
	yen := func(low, high int64, name string) ledger.Yen {
		return ledger.Yen(rapid.Int64Range(low, high).Draw(t, name))
	}
	p := part{base: max(0, base+yen(-2, 2, "base")), num: rate[0], den: rate[1], unit: yen(1, 4, "unit"), most: 40}
	if rapid.Bool().Draw(t, "capped") {
		p.most = yen(1, 9, "cap")
	}
	if rapid.IntRange(0, 4).Draw(t, "least") == 0 {
		p.least = yen(1, 6, "least amount")
	}
	return p
}

// drawCircle is a small plan with up to five calls, most of which take other grants off.
func drawCircle(t *rapid.T) (cost []ledger.Yen, need ledger.Yen, candidates []fit.Candidate) {
	cost = make([]ledger.Yen, rapid.IntRange(1, 3).Draw(t, "lines"))
	var whole ledger.Yen
	for i := range cost {
		cost[i] = drawYen(t, "cost")
		whole += cost[i]
	}
	need = ledger.Yen(rapid.Int64Range(0, int64(whole)).Draw(t, "short")) // the smaller, the likelier
	need = whole - need
	n := rapid.IntRange(1, 5).Draw(t, "calls")
	for i := range n {
		accepts := slices.Clone(cost)
		for line := range accepts {
			if rapid.IntRange(0, 3).Draw(t, "accepts") == 0 {
				accepts[line] = drawYen(t, "of the line")
			}
		}
		c := fit.Candidate{Amount: drawYen(t, "amount"), Accepts: accepts}
		if rapid.IntRange(0, 3).Draw(t, "takes off") > 0 {
			p := drawPart(t, whole)
			if c = p.candidate(accepts); rapid.Bool().Draw(t, "not told its range") {
				c.Within, c.Unit = nil, 0
			}
		}
		c.Alone = rapid.IntRange(0, 19).Draw(t, "alone") == 0
		if j := rapid.IntRange(0, 4*n).Draw(t, "apart"); j < n && j != i {
			c.Excludes = []int{j}
		}
		candidates = append(candidates, c)
	}
	return cost, need, candidates
}

// brute tries every share of every call.
type brute struct {
	cost       []ledger.Yen
	need       ledger.Yen
	candidates []fit.Candidate
	shares     []ledger.Yen

	covered ledger.Yen
	chosen  []int
}

func (b *brute) try(at int, sum ledger.Yen) {
	if at < len(b.shares) {
		for share := ledger.Yen(0); share <= min(b.candidates[at].Amount, b.need-sum); share++ {
			b.shares[at] = share
			b.try(at+1, sum+share)
		}
		b.shares[at] = 0
		return
	}
	var chosen []int
	var set uint
	for i, share := range b.shares {
		if share > 0 {
			chosen, set = append(chosen, i), set|1<<i
		}
	}
	switch {
	case sum < b.covered, sum == b.covered && len(chosen) > len(b.chosen):
		return
	case sum == b.covered && len(chosen) == len(b.chosen) && slices.Compare(chosen, b.chosen) >= 0:
		return
	}
	if allowed(b.candidates, set) && b.may(sum) {
		b.covered, b.chosen = sum, chosen
	}
}

// may reports whether the shares may be paid: each by its rule, and all of them laid over the lines, which is so when no cut is below them.
func (b *brute) may(sum ledger.Yen) bool {
	paying := slices.Clone(b.candidates)
	for i, share := range b.shares {
		if c := b.candidates[i]; share > 0 && c.Beside != nil && share > c.Beside(sum-share) {
			return false
		}
		paying[i].Amount = share
	}
	return covered(b.cost, paying, 1<<len(paying)-1) == sum
}

func TestPortfolioIsTheBestOfAllSharesThatTakeEachOtherOff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cost, need, candidates := drawCircle(t)
		want := brute{cost: cost, need: need, candidates: candidates, shares: make([]ledger.Yen, len(candidates))}
		want.try(0, 0)
		got, err := fit.BestPortfolio(cost, need, candidates)
		if err != nil || !got.Proven || got.Covered != want.covered || got.Left != need-want.covered || !slices.Equal(got.Chosen, want.chosen) {
			t.Fatalf("BestPortfolio = %+v, %v; the best of all shares covers %s by %v", got, err, want.covered, want.chosen)
		}
		holds(t, cost, candidates, got)
	})
}

// A rule that pays more beside more is none that a funder has. What comes of it may not be the best, but may be paid.
func TestAPortfolioMayBePaidEvenWhereARulePaysMoreBesideMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cost, need, candidates := drawCircle(t)
		for i := range candidates {
			odd := rapid.SliceOfN(rapid.Int64Range(-1, 12), 28, 28).Draw(t, "answers")
			candidates[i].Beside, candidates[i].Within = func(others ledger.Yen) ledger.Yen { return ledger.Yen(odd[others]) }, nil
		}
		got, err := fit.BestPortfolio(cost, need, candidates)
		if err != nil {
			t.Fatal(err)
		}
		var set uint
		for _, i := range got.Chosen {
			set |= 1 << i
		}
		if !allowed(candidates, set) || bits.OnesCount(set) != len(got.Shares) {
			t.Fatalf("%+v may not stand together", got)
		}
		holds(t, cost, candidates, got)
	})
}

// Two rules of finer parts of larger sums, where the gaps between allowed shares are wide and many. By hand: every share of the one, and of the other the
// largest that both rules bear.
func TestTwoRulesOfFinePartsComeToTheMostThereIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		yen := func(low, high int64, name string) ledger.Yen {
			return ledger.Yen(rapid.Int64Range(low, high).Draw(t, name))
		}
		whole := yen(100, 400, "whole")
		var parts [2]part
		candidates := make([]fit.Candidate, 2)
		for i := range parts {
			den := yen(1, 100, "den")
			parts[i] = part{base: whole - yen(0, 30, "of it"), num: max(1, den-yen(0, 3, "less")), den: den, unit: rapid.SampledFrom([]ledger.Yen{1, 7, 10, 25}).Draw(t, "unit"), most: yen(50, 400, "cap")}
			candidates[i] = parts[i].candidate([]ledger.Yen{whole})
			if rapid.IntRange(0, 3).Draw(t, "not told its range") == 0 {
				candidates[i].Within, candidates[i].Unit = nil, 0
			} else if rapid.Bool().Draw(t, "to the yen") {
				candidates[i].Within = func(from, to ledger.Yen) (most ledger.Yen) {
					for others := from; others <= to; others++ {
						most = max(most, others+parts[i].beside(others))
					}
					return most
				}
			}
		}
		var want ledger.Yen
		for x := range candidates[0].Amount + 1 {
			for y := min(whole-x, parts[1].beside(x)); y >= 0 && x+y > want; y-- {
				if x == 0 || x <= parts[0].beside(y) {
					want = x + y
				}
			}
		}
		got, err := fit.BestPortfolio([]ledger.Yen{whole}, whole, candidates)
		if err != nil || !got.Proven || got.Covered != want {
			t.Fatalf("BestPortfolio = %+v, %v; the most there is is %s", got, err, want)
		}
		holds(t, []ledger.Yen{whole}, candidates, got)
	})
}

// What a rule tells of its range and its unit saves steps. It changes nothing else.
func TestThePortfolioIsTheSameWithoutBeingToldTheRanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := ledger.Yen(rapid.Int64Range(1_000, 100_000).Draw(t, "whole"))
		var told, silent []fit.Candidate
		for range rapid.IntRange(2, 4).Draw(t, "calls") {
			den := rapid.Int64Range(2, 50).Draw(t, "den")
			p := part{base: whole - ledger.Yen(rapid.Int64Range(0, 99).Draw(t, "of it")), num: ledger.Yen(rapid.Int64Range(1, den-1).Draw(t, "num")), den: ledger.Yen(den), unit: rapid.SampledFrom([]ledger.Yen{1, 1, 10, 100}).Draw(t, "unit"), most: whole}
			c := p.candidate([]ledger.Yen{whole})
			told = append(told, c)
			c.Within, c.Unit = nil, 0
			silent = append(silent, c)
		}
		got, err := fit.BestPortfolio([]ledger.Yen{whole}, whole, told)
		if err != nil {
			t.Fatal(err)
		}
		want, err := fit.BestPortfolio([]ledger.Yen{whole}, whole, silent)
		if err != nil || got.Covered != want.Covered || !slices.Equal(got.Chosen, want.Chosen) || !got.Proven || !want.Proven {
			t.Fatalf("told %+v; not told %+v, %v", got, want, err)
		}
		holds(t, []ledger.Yen{whole}, told, got)
	})
}
