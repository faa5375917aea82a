package fit

import (
	"errors"
	"math"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Most is how many calls a portfolio is computed for.
const Most = 20

// ErrMany says that there are more calls than Most, or a call that speaks of other lines than the cost has.
var ErrMany = errors.New("fit: more calls than a portfolio is computed for")

// Candidate is a call that may pay for part of a plan.
type Candidate struct {
	Amount   ledger.Yen   // what its rule comes to when no other grant pays
	Accepts  []ledger.Yen // how much of each line of the cost it pays for, by index; 0 is none of it
	Excludes []int        // other candidates it cannot stand beside, by index; one of two saying so is enough
	Alone    bool         // it bears no other grant on the same work
	// Beside is what its rule comes to when other grants pay so much, for a rule that takes them off; nil for one that does not. It always answers the
	// same, and never more beside more. Of a rule that does answer more the portfolio stays one that may be paid, and may not be the best.
	Beside func(others ledger.Yen) ledger.Yen
	// Within is no less than what others pay and Beside comes to then, together, wherever the others pay between two amounts, both within. It saves the
	// search of going through a long range yen by yen; nil where that is not known.
	Within func(from, to ledger.Yen) ledger.Yen
	Unit   ledger.Yen // of which Beside always answers a whole number, for the same purpose; 0 where that is not known
}

// Portfolio is a set of calls that may fund one plan together.
type Portfolio struct {
	Chosen  []int        // candidates, by index, rising
	Shares  []ledger.Yen // what each of them pays, beside Chosen; never nothing
	Claims  [][]ledger.Yen
	Covered ledger.Yen
	Left    ledger.Yen // of the need, still to find
	Proven  bool       // that there is none better: see BestPortfolio
}

// BestPortfolio finds the set of candidates that covers most of the cost, and no more than the need: the cost less what comes in by itself. No yen of a
// line is claimed twice, no call pays more than its rule comes to beside what all the others of the set pay, nor more of a line than it accepts, and no two
// stand together that exclude each other. Among sets that cover the same it takes the one with fewer calls, then the one named first. Claims says of each
// chosen call how much of each line it carries.
//
// It is exact to the yen for any number of rules that take other grants off, however they are rounded. Whether rounded amounts can add up to a sum is the
// problem of the knapsack, which nobody can answer quickly for every rule that could be written. So the search counts its steps, and Proven says that it
// came to its end; where it did not, the portfolio is one that may be paid, and there may be a better one.
//
// ErrMany above Most candidates; ledger.ErrOverflow when the cost is beyond all amounts.
func BestPortfolio(cost []ledger.Yen, need ledger.Yen, candidates []Candidate) (Portfolio, error) {
	if len(candidates) > Most {
		return Portfolio{}, ErrMany
	}
	for _, c := range candidates {
		if len(c.Accepts) != len(cost) {
			return Portfolio{}, ErrMany
		}
	}
	whole, err := ledger.Sum(cost...)
	if err != nil || whole > math.MaxInt64/(2*Most) {
		return Portfolio{}, ledger.ErrOverflow
	}
	s := newSearch(cost, max(0, min(whole, need)), candidates)
	s.largest(0, 1<<len(candidates)-1)
	if s.covered == s.need {
		s.unsure = false // whatever was given up, nothing covers more
		clear(s.levels)  // what was half done with it
	}
	s.fewest()
	return s.portfolio(), nil
}

func (s *search) portfolio() Portfolio {
	p := Portfolio{Covered: s.covered, Left: s.need - s.covered, Proven: !s.unsure && !s.tired()}
	for i := range s.calls {
		if s.chosen>>i&1 == 1 {
			p.Chosen, p.Shares, p.Claims = append(p.Chosen, i), append(p.Shares, s.best.paid[i]), append(p.Claims, s.best.of(i))
		}
	}
	return p
}
