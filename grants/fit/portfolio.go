package fit

import (
	"cmp"
	"errors"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Most is how many calls a portfolio is computed for exactly.
const Most = 20

// mostMoving is how many rules that take other grants off stand in one set. Each takes off what the others pay, so that they end in a circle; no plan has
// more than two of them, and twenty would be a million circles.
const mostMoving = 3

// ErrMany says that there are more calls than Most, or a call that speaks of other lines than the cost has.
var ErrMany = errors.New("fit: more calls than a portfolio is computed for")

// Candidate is a call that may pay for part of a plan.
type Candidate struct {
	Amount   ledger.Yen   // what its rule comes to when no other grant pays
	Accepts  []ledger.Yen // how much of each line of the cost it pays for, by index; 0 is none of it
	Excludes []int        // other candidates it cannot stand beside, by index; one of two saying so is enough
	Alone    bool         // it bears no other grant on the same work
	// Beside is what its rule comes to when other grants pay so much, for a rule that takes them off; nil for one that does not. It never rises with
	// what others pay.
	Beside func(others ledger.Yen) ledger.Yen
}

// Portfolio is a set of calls that may fund one plan together.
type Portfolio struct {
	Chosen  []int        // candidates, by index, rising
	Shares  []ledger.Yen // what each of them pays, beside Chosen
	Claims  [][]ledger.Yen
	Covered ledger.Yen
	Left    ledger.Yen // of the need, still to find
}

// BestPortfolio finds the set of candidates that covers most of the cost, and no more than the need: the cost less what comes in by itself. No yen of a
// line is claimed twice, no call pays more than its rule comes to beside the others nor more of a line than it accepts, and no two stand together that
// exclude each other. Among sets that cover the same it takes the one with fewer calls, then the one named first. Claims says of each chosen call how
// much of each line it carries.
//
// It looks at all sets with no more than three rules that take other grants off, leaving out those that cannot become the best. Within a
// set these are settled after the others, each from what the others pay: one alone comes to the most there is, but for its rounding. ErrMany above Most
// candidates.
func BestPortfolio(cost []ledger.Yen, need ledger.Yen, candidates []Candidate) (Portfolio, error) {
	if len(candidates) > Most {
		return Portfolio{}, ErrMany
	}
	s := search{cost: cost, all: candidates, apart: make([]uint32, len(candidates)), order: make([]int, len(candidates))}
	for i, c := range candidates {
		s.order[i] = i
		if len(c.Accepts) != len(cost) {
			return Portfolio{}, ErrMany
		}
	}
	s.exclusions()
	slices.SortStableFunc(s.order, func(a, b int) int { return cmp.Compare(candidates[b].Amount, candidates[a].Amount) })
	s.rest = make([]ledger.Yen, len(s.order)+1)
	for i := len(s.order) - 1; i >= 0; i-- {
		s.rest[i] = s.rest[i+1] + max(0, candidates[s.order[i]].Amount)
	}
	whole, _ := ledger.Sum(cost...)
	s.need = max(0, min(whole, need))
	s.try(0, nil, newFlow(cost, s.need), 0)
	return s.portfolio(), nil
}

type search struct {
	cost  []ledger.Yen
	need  ledger.Yen
	all   []Candidate
	apart []uint32 // candidates that exclude each other, as bits
	order []int    // the largest first
	rest  []ledger.Yen

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

// try goes on from a set: with the next candidate, then without it. The flow lays out what each would pay alone, which is the most that it can pay.
func (s *search) try(at int, chosen []int, f *flow, taken uint32) {
	if at == len(s.order) || !s.better(min(s.need, f.covered+s.rest[at]), len(chosen)+1) {
		return
	}
	next := s.order[at]
	if s.apart[next]&taken == 0 && s.all[next].Amount > 0 && (s.all[next].Beside == nil || s.moving(chosen) < mostMoving) {
		with := f.clone()
		with.add(next, s.all[next].Amount, s.all[next].Accepts)
		s.consider(append(chosen, next), with)
		s.try(at+1, append(chosen, next), with, taken|1<<next)
	}
	s.try(at+1, chosen, f, taken)
}

// consider takes a set as the best if it is, once its rules are settled.
func (s *search) consider(chosen []int, f *flow) {
	if !s.better(f.covered, len(chosen)) {
		return
	}
	if covered := s.settle(chosen).covered; s.better(covered, len(chosen)) {
		s.best, s.covered = slices.Clone(chosen), covered
	}
}

// moving counts the rules that take other grants off.
func (s *search) moving(chosen []int) int {
	n := 0
	for _, i := range chosen {
		if s.all[i].Beside != nil {
			n++
		}
	}
	return n
}

// better reports whether so many calls that cover so much are to be taken instead of the best so far.
func (s *search) better(covered ledger.Yen, calls int) bool {
	return covered > s.covered || (covered == s.covered && calls < len(s.best))
}

// settle lays out what the calls of a set pay beside each other. A rule that takes other grants off pays what it comes to after those laid out before; if
// a later one then leaves it less, it is lowered and all is laid out again. What is lowered stays so, which ends it.
func (s *search) settle(chosen []int) *flow {
	amounts := map[int]ledger.Yen{}
	for {
		f := newFlow(s.cost, s.need)
		var moving []int
		for _, i := range chosen {
			if s.all[i].Beside != nil {
				moving = append(moving, i)
				continue
			}
			f.add(i, s.all[i].Amount, s.all[i].Accepts)
		}
		for _, i := range moving {
			amount := min(s.all[i].Amount, s.all[i].Beside(f.covered))
			if lowered, was := amounts[i]; was {
				amount = min(amount, lowered)
			}
			f.add(i, amount, s.all[i].Accepts)
		}
		settled := true
		for _, i := range moving {
			share := f.share(i)
			if amount := s.all[i].Beside(f.covered - share); amount < share {
				amounts[i], settled = max(0, amount), false
			}
		}
		if settled {
			return f
		}
	}
}

func (s *search) portfolio() Portfolio {
	p := Portfolio{Covered: s.covered, Left: s.need - s.covered}
	f := s.settle(s.best)
	p.Chosen = slices.Sorted(slices.Values(s.best))
	for _, i := range p.Chosen {
		p.Shares = append(p.Shares, f.share(i))
		p.Claims = append(p.Claims, f.claims[i])
	}
	return p
}
