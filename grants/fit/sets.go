package fit

import (
	"math/bits"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// mostSteps is how many steps a search may take: small sums, questions to a rule, amounts laid out. It is counted and not timed, so that the same calls and the
// same plan always come to the same portfolio.
const mostSteps = 4_000_000

// search looks for the best set of calls.
type search struct {
	calls  []call
	grid   *grid
	need   ledger.Yen
	levels map[ledger.Yen]*level

	steps, until int  // steps taken, and those after which what is being tried is given up
	laying       int  // the steps it takes to lay out what one call pays
	unsure       bool // something was given up

	best    *flow
	covered ledger.Yen
	chosen  uint32
	failed  []uint32 // sets that do not cover what the best one does
}

// call is a candidate as the search sees it.
type call struct {
	most   ledger.Yen // that it can pay at all
	apart  uint32     // the calls that it cannot stand beside, as bits
	rule   func(others ledger.Yen) ledger.Yen
	within func(from, to ledger.Yen) ledger.Yen
	unit   ledger.Yen
}

// beside is what the call's rule comes to when others pay so much.
func (c *call) beside(s *search, others ledger.Yen) ledger.Yen {
	if c.rule == nil {
		return c.most
	}
	s.steps++
	return max(0, min(c.most, c.rule(others)))
}

func newSearch(cost []ledger.Yen, need ledger.Yen, candidates []Candidate) *search {
	s := &search{grid: newGrid(cost, candidates), need: need, levels: map[ledger.Yen]*level{}, calls: make([]call, len(candidates)), until: mostSteps, laying: 1 + len(cost)/8}
	for i, c := range candidates {
		accepted, _ := ledger.Sum(s.grid.accepts[i]...) // no more than the cost, which was added up
		s.calls[i].most = max(0, min(c.Amount, accepted, need))
		s.calls[i].rule, s.calls[i].within, s.calls[i].unit = c.Beside, c.Within, c.Unit
		for j := range candidates {
			if i != j && (c.Alone || slices.Contains(c.Excludes, j)) {
				s.calls[i].apart |= 1 << j
				s.calls[j].apart |= 1 << i
			}
		}
	}
	return s
}

func (s *search) tired() bool { return s.steps >= s.until }

// largest finds the most that any set covers. A set covers no less when a call is added to it, for the call may pay nothing; so it is enough to look at the sets to
// which none can be added, of which twenty calls have at most 1,458 (Moon and Moser). open are the calls that can still be added to those that are chosen.
func (s *search) largest(chosen, open uint32) {
	if s.covered == s.need || s.tired() || !s.level(s.covered+1).reaches(chosen|open) {
		return
	}
	worst, conflicts := -1, 0
	for rest := open; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros32(rest)
		if n := bits.OnesCount32(s.calls[i].apart & open); n > conflicts {
			worst, conflicts = i, n
		}
	}
	if worst < 0 {
		s.climb(chosen | open)
		return
	}
	s.largest(chosen|1<<worst, open&^(s.calls[worst].apart|1<<worst))
	s.largest(chosen, open&^(1<<worst))
}

// climb finds the most that a set covers, if that is more than the best so far. A set that covers a total covers one yen less as well: any call that
// pays may pay one yen less, as its rule still sees the same others, and every other rule sees one yen less of them. So the range is halved until it is one yen.
func (s *search) climb(set uint32) {
	low, high := s.covered, s.need
	for total := low + 1; low < high; total = low + (high-low+1)/2 {
		f := s.level(total).pay(set)
		if f == nil {
			if total == s.covered+1 {
				return
			}
			high = total - 1
			continue
		}
		low = total
		s.take(f)
	}
}

// take keeps what a set pays as the best.
func (s *search) take(f *flow) {
	s.best, s.covered, s.chosen = f, f.covered, 0
	for i, paid := range f.paid {
		if paid > 0 {
			s.chosen |= 1 << i
		}
	}
}

// fewest looks for a set of fewer calls that covers the same, and among those of the same number for the one named first: whose first call comes first among
// the candidates, then whose second does, and so on.
func (s *search) fewest() {
	if s.covered == 0 {
		return
	}
	l := s.level(s.covered)
	var open uint32
	for i := range s.calls {
		if l.top(i) > 0 {
			open |= 1 << i
		}
	}
	for n := 1; n <= bits.OnesCount32(s.chosen) && !s.tired(); n++ {
		if l.pick(0, open, n, newFlow(s.grid)) {
			return
		}
	}
}

// pick adds up to so many calls to those that are chosen, the first first. f lays out as much as the chosen can pay.
func (l *level) pick(chosen, open uint32, left int, f *flow) bool {
	if left == 0 || open == 0 || l.tired() || !l.mayReach(chosen, open, left, f) {
		return false
	}
	next := bits.TrailingZeros32(open)
	open &= open - 1
	with, set := f.clone(), chosen|1<<next
	with.raise(next, l.top(next))
	l.steps += 2 * l.laying
	if with.covered >= l.total {
		if paid := l.pay(set); paid != nil {
			l.take(paid)
			return true
		}
		l.failed = append(l.failed, set)
	}
	return l.pick(set, open&^l.calls[next].apart, left-1, with) || l.pick(chosen, open, left, f)
}

// mayReach reports whether so many of the open calls may be enough. What one call adds to a set it adds at most to every larger one, so that the largest
// of what each would add alone bound what they add together.
func (l *level) mayReach(chosen, open uint32, left int, f *flow) bool {
	for _, set := range l.failed {
		if (chosen|open)&^set == 0 {
			return false
		}
	}
	calls, e := l.members(chosen | open)
	if !l.fallsOn(calls, &e, bits.OnesCount32(chosen)+left) {
		return false
	}
	if f.covered >= l.total {
		return true
	}
	var gains []ledger.Yen
	for rest := open; rest != 0; rest &= rest - 1 {
		call := bits.TrailingZeros32(rest)
		gains = append(gains, f.clone().raise(call, l.top(call)))
		l.steps += 2 * l.laying
	}
	return f.covered+most(gains, left) >= l.total && l.reaches(chosen|open)
}
