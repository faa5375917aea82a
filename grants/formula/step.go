package formula

import (
	"errors"
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrReplay says that steps do not come to what they say: they were not computed by this package, or were changed afterwards.
var ErrReplay = errors.New("formula: the steps do not replay")

// Replay computes kept steps again from the facts and returns the amount; ErrReplay when one of them comes to something else.
func Replay(steps []Step, facts Facts) (ledger.Yen, error) {
	if len(steps) == 0 {
		return 0, ErrReplay
	}
	for i, s := range steps {
		if !s.sound(i) {
			return 0, fmt.Errorf("step %d: %w", i, ErrReplay)
		}
		given, err := facts.given(s)
		if err != nil {
			return 0, fmt.Errorf("step %d: %w", i, err)
		}
		out, err := s.compute(steps[:i], facts)
		if err != nil {
			return 0, fmt.Errorf("step %d: %w", i, err)
		}
		if out != s.Out || given != s.Given {
			return 0, fmt.Errorf("step %d: %w", i, ErrReplay)
		}
	}
	return steps[len(steps)-1].Out, nil
}

// compute does what the step says. done are the steps before it.
func (s Step) compute(done []Step, facts Facts) (ledger.Yen, error) {
	switch s.Kind {
	case Flat:
		return ledger.Yen(s.Numbers[0]), nil
	case Cost:
		return facts.cost(s.Name)
	case Income:
		return facts.income(s.Income)
	case Years, When:
		return s.branch(done), nil
	case Tiers:
		return s.tier(), nil
	}
	return s.combine(done)
}

// combine computes the kinds that take earlier steps.
func (s Step) combine(done []Step) (ledger.Yen, error) {
	first := done[s.Of[0]].Out
	switch s.Kind {
	case Rate:
		return first.Mul(s.Numbers[0], s.Numbers[1], ledger.Down)
	case Less:
		return max(0, first-done[s.Of[1]].Out), nil
	case Floor:
		return first - first%ledger.Yen(s.Numbers[0]), nil
	case Least:
		if first < ledger.Yen(s.Numbers[0]) {
			return 0, nil
		}
		return first, nil
	case Units:
		return first.Mul(s.counted(), 1, ledger.Down)
	case Min:
		for _, i := range s.Of[1:] {
			first = min(first, done[i].Out)
		}
		return first, nil
	case Sum:
		for _, i := range s.Of[1:] {
			var err error
			if first, err = first.Add(done[i].Out); err != nil {
				return 0, err
			}
		}
		return first, nil
	}
	return 0, ErrReplay
}

// branch is the amount of the branch that applied, or nothing when none did.
func (s Step) branch(done []Step) ledger.Yen {
	if len(s.Of) == 0 {
		return 0
	}
	return done[s.Of[0]].Out
}

// counted is how many units are paid: none below the least number, no more than the largest.
func (s Step) counted() int64 {
	if s.Given < s.Numbers[0] {
		return 0
	}
	return min(s.Given, s.Numbers[1])
}

// tier is the amount of the highest step reached.
func (s Step) tier() ledger.Yen {
	var amount ledger.Yen
	for i := 0; i+1 < len(s.Numbers); i += 2 {
		if s.Given >= s.Numbers[i] {
			amount = ledger.Yen(s.Numbers[i+1])
		}
	}
	return amount
}

// sound says whether a step from outside can be computed at all: it takes earlier steps alone and has the numbers its kind needs.
func (s Step) sound(at int) bool {
	for _, i := range s.Of {
		if i < 0 || i >= at {
			return false
		}
	}
	for _, n := range s.Numbers {
		if n < 0 || n > Largest {
			return false
		}
	}
	takes, numbers := len(s.Of), len(s.Numbers)
	switch s.Kind {
	case Flat, When:
		return numbers == 1
	case Cost, Income, Years:
		return true
	case Rate:
		return takes == 1 && numbers == 2 && s.Numbers[1] > 0
	case Floor:
		return takes == 1 && numbers == 1 && s.Numbers[0] > 0
	case Least:
		return takes == 1 && numbers == 1
	case Units:
		return takes == 1 && numbers == 2
	case Less:
		return takes == 2
	case Tiers:
		return numbers%2 == 0
	}
	return takes >= 1
}
