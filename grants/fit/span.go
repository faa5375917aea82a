package fit

import (
	"cmp"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// span is a run of shares, both ends within.
type span struct{ from, to ledger.Yen }

// How many spans are kept of one call, how many of what several add up to, and how many pairs of both are added. Beyond it spans near each other are taken as
// one, which rules out less and never too much.
const (
	mostSpans = 512
	mostSums  = 2048
	mostPairs = 1 << 16
)

// runs are the spans of what a call may pay, the largest first, as far down as somebody asked.
type runs struct {
	spans []span
	next  ledger.Yen // where the next span begins; −1 when there is none
	asked bool
}

// allowed are the spans of what a call may pay between two allowed shares.
func (l *level) allowed(call int, from, to ledger.Yen) []span {
	r := &l.runs[call]
	if !r.asked {
		r.next, r.asked = l.top(call), true
	}
	for r.next >= from && r.next >= 0 {
		if len(r.spans) == mostSpans {
			r.spans, r.next = append(r.spans, span{0, r.next}), -1
			break
		}
		start := l.down(call, r.next)
		r.spans = append(r.spans, span{start, r.next})
		if r.next = -1; start > 0 {
			r.next = l.below(call, start-1)
		}
	}
	var within []span
	for _, s := range r.spans {
		if s.from, s.to = max(s.from, from), min(s.to, to); s.from <= s.to {
			within = append(within, s)
		}
	}
	return within
}

// addsUp reports whether allowed shares of the calls, each within its ends, may add up to the total, whatever the lines say. It is asked before shares are tried
// one after another: where many rules are rounded, most totals that fail fail by this.
func (l *level) addsUp(calls []int, e *ends) bool {
	if !l.fallsOn(calls, e, len(calls)) {
		return false
	}
	var low, high ledger.Yen // of the calls that are still to come
	for _, i := range calls {
		low, high = low+e.low[i], high+e.high[i]
	}
	sums := []span{{0, 0}}
	for _, i := range slices.Backward(calls) {
		low, high = low-e.low[i], high-e.high[i]
		own := l.allowed(i, e.low[i], e.high[i])
		if len(own) == 0 {
			return false // of a rule that pays more beside more
		}
		sums = merged(sums, mostPairs/len(own))
		next := make([]span, 0, len(own)*len(sums))
		for _, s := range own {
			for _, sum := range sums {
				if from, to := sum.from+s.from, sum.to+s.to; to >= l.total-high && from <= l.total-low {
					next = append(next, span{from, to})
				}
			}
		}
		l.steps += len(own) * (len(sums) + 1) / 4
		if sums = merged(next, mostSums); len(sums) == 0 {
			return false
		}
	}
	return true
}

// fallsOn asks the same of the units alone. A share that is allowed is below a whole number of units by no more than others and the rule come to
// above the total. So where nobody may pay just anything, the total lies close below a whole number of units as well. Of the calls no more than so many pay.
func (l *level) fallsOn(calls []int, e *ends, payers int) bool {
	var unit, sure ledger.Yen
	var under, over []ledger.Yen // how far off a whole number of units each call may be
	for _, i := range calls {
		c := &l.calls[i]
		switch {
		case c.within == nil || c.unit < 2:
			sure += e.low[i]
			over = append(over, e.high[i]-e.low[i])
		case e.high[i] > 0:
			unit = gcd(unit, c.unit)
			under = append(under, max(0, c.within(l.total-e.high[i], l.total-max(1, e.low[i]))-l.total))
		}
	}
	low, high := sure-most(under, payers), sure+most(over, payers)
	if unit == 0 || high-low >= unit-1 {
		return true
	}
	return (l.total-low)%unit <= high-low
}

// most adds up so many of the largest amounts.
func most(amounts []ledger.Yen, many int) ledger.Yen {
	slices.Sort(amounts)
	var sum ledger.Yen
	for _, amount := range amounts[max(0, len(amounts)-many):] {
		sum += amount
	}
	return sum
}

func gcd(a, b ledger.Yen) ledger.Yen {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// merged are the spans in order, those that touch made one, and the nearest too until there are no more than so many.
func merged(spans []span, most int) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for gap := ledger.Yen(1); ; gap *= 2 {
		kept := spans[:0]
		for _, s := range spans {
			if n := len(kept); n > 0 && s.from <= kept[n-1].to+gap {
				kept[n-1].to = max(kept[n-1].to, s.to)
			} else {
				kept = append(kept, s)
			}
		}
		if spans = kept; len(spans) <= max(1, most) {
			return spans
		}
	}
}
