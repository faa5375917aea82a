package fit

import (
	"cmp"
	"errors"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Most is how many calls a portfolio is computed for exactly.
const Most = 20

// ErrMany says that there are more calls than Most, or a call that names a line that does not exist.
var ErrMany = errors.New("fit: more calls than a portfolio is computed for")

// Candidate is a call that may pay for part of a plan.
type Candidate struct {
	Amount   ledger.Yen // what it would pay for this plan alone: its formula on the lines it accepts
	Lines    []int      // the lines of the plan's cost that it accepts, by index
	Excludes []int      // other candidates it cannot stand beside, by index; one of two saying so is enough
	Alone    bool       // it bears no other grant on the same work
}

// Portfolio is a set of calls that may fund one plan together.
type Portfolio struct {
	Chosen  []int        // candidates, by index, rising
	Shares  []ledger.Yen // what each of them pays, beside Chosen
	Claims  [][]ledger.Yen
	Covered ledger.Yen
	Left    ledger.Yen // still to find: own funds, gifts, fees
}

// BestPortfolio finds the set of candidates that covers most of the cost: no yen of a line claimed twice, no call paid more than its amount, no two that
// exclude each other. Among sets that cover the same it takes the one with fewer calls, then the one named first. Claims says of each chosen call
// how much of each line it carries. It looks at all sets, cutting off those that cannot become the best. ErrMany above Most candidates.
func BestPortfolio(cost []ledger.Yen, candidates []Candidate) (Portfolio, error) {
	if len(candidates) > Most {
		return Portfolio{}, ErrMany
	}
	s := search{cost: cost, all: candidates, apart: make([]uint32, len(candidates)), order: make([]int, len(candidates))}
	for i, c := range candidates {
		s.order[i] = i
		for _, line := range c.Lines {
			if line < 0 || line >= len(cost) {
				return Portfolio{}, ErrMany
			}
		}
	}
	s.exclusions()
	slices.SortStableFunc(s.order, func(a, b int) int { return cmp.Compare(candidates[b].Amount, candidates[a].Amount) })
	s.rest = make([]ledger.Yen, len(s.order)+1)
	for i := len(s.order) - 1; i >= 0; i-- {
		s.rest[i] = s.rest[i+1] + max(0, candidates[s.order[i]].Amount)
	}
	s.whole, _ = ledger.Sum(cost...)
	s.try(0, nil, newFlow(cost), 0)
	return s.portfolio(), nil
}

type search struct {
	cost  []ledger.Yen
	all   []Candidate
	apart []uint32 // candidates that exclude each other, as bits
	order []int    // the largest first
	rest  []ledger.Yen
	whole ledger.Yen

	best    []int
	covered ledger.Yen
}

func (s *search) exclusions() {
	for i, c := range s.all {
		for j := range s.all {
			if i != j && (c.Alone || slices.Contains(c.Excludes, j)) {
				s.apart[i] |= 1 << j
				s.apart[j] |= 1 << i
			}
		}
	}
}

// try goes on from a set: with the next candidate, then without it.
func (s *search) try(at int, chosen []int, f *flow, taken uint32) {
	if f.covered > s.covered || (f.covered == s.covered && len(chosen) < len(s.best)) {
		s.best, s.covered = slices.Clone(chosen), f.covered
	}
	bound := min(s.whole, f.covered+s.rest[at])
	if at == len(s.order) || bound < s.covered || (bound == s.covered && len(chosen)+1 >= len(s.best)) {
		return
	}
	next := s.order[at]
	if s.apart[next]&taken == 0 && s.all[next].Amount > 0 {
		with := f.clone()
		with.add(next, s.all[next])
		s.try(at+1, append(chosen, next), with, taken|1<<next)
	}
	s.try(at+1, chosen, f, taken)
}

func (s *search) portfolio() Portfolio {
	p := Portfolio{Chosen: slices.Clone(s.best), Covered: s.covered, Left: s.whole - s.covered}
	slices.Sort(p.Chosen)
	f := newFlow(s.cost)
	for _, i := range p.Chosen {
		f.add(i, s.all[i])
	}
	for _, i := range p.Chosen {
		share, _ := ledger.Sum(f.claims[i]...)
		p.Shares = append(p.Shares, share)
		p.Claims = append(p.Claims, f.claims[i])
	}
	return p
}
