package fit

import (
	"math/bits"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ends are the smallest and the largest share that is tried of each call, both allowed.
type ends struct{ low, high [Most]ledger.Yen }

// reaches reports whether the calls of a set can cover the total when each may pay anything up to its largest allowed share, and whether they exclude each other
// is not asked: where not, no part of the set covers it either.
func (l *level) reaches(set uint32) bool {
	var sum ledger.Yen
	for rest := set; rest != 0; rest &= rest - 1 {
		sum += l.top(bits.TrailingZeros32(rest))
	}
	if sum < l.total {
		return false
	}
	f := newFlow(l.grid)
	for rest := set; rest != 0 && f.covered < l.total; rest &= rest - 1 {
		call := bits.TrailingZeros32(rest)
		l.steps += l.laying
		f.raise(call, min(l.top(call), l.total-f.covered))
	}
	return f.covered >= l.total
}

// pay lays out how the calls of a set cover the total, each with an allowed share; nil when they cannot. Those that take nothing off come last and
// take up what is left.
func (l *level) pay(set uint32) *flow {
	if !l.reaches(set) {
		return nil
	}
	calls, e := l.members(set)
	l.until = l.steps + (mostSteps-l.steps)/4 // one total that is hard to settle leaves steps for the others
	f := l.lay(calls, &e)
	l.unsure = l.unsure || f == nil && l.tired()
	l.until = mostSteps
	return f
}

// members are the calls of a set, those that take nothing off last, and the whole range of their shares.
func (l *level) members(set uint32) (calls []int, e ends) {
	var still []int
	for rest := set; rest != 0; rest &= rest - 1 {
		call := bits.TrailingZeros32(rest)
		if e.high[call] = l.top(call); l.calls[call].rule != nil {
			calls = append(calls, call)
		} else {
			still = append(still, call)
		}
	}
	return append(calls, still...), e
}

// lay lets every call pay its smallest share, then raises one after the other until the total is there. Between smallest and largest shares that is
// always possible where it is possible at all, since what calls can pay together is a polymatroid. If a share then falls between two that are allowed,
// it is at most the smaller or at least the larger of them: both are tried.
func (l *level) lay(calls []int, e *ends) *flow {
	if l.tired() {
		return nil
	}
	l.steps += 2 * l.laying * len(calls)
	if !l.tighten(calls, e) {
		return nil
	}
	if f := l.spread(calls, e); f != nil {
		return f
	}
	f := newFlow(l.grid)
	for _, i := range calls {
		if f.raise(i, e.low[i]) < e.low[i] {
			return nil
		}
	}
	for _, i := range calls {
		f.raise(i, min(e.high[i]-e.low[i], l.total-f.covered))
	}
	if f.covered != l.total {
		return nil
	}
	call, gap := l.widest(calls, f, e)
	if call < 0 {
		return f
	}
	if !l.addsUp(calls, e) {
		return nil
	}
	lower, higher := *e, *e
	lower.high[call], higher.low[call] = gap.from, gap.to
	first, second := &lower, &higher
	if gap.from == 0 { // a call that pays is one more whose share can give way
		first, second = second, first
	}
	if f = l.lay(calls, first); f != nil {
		return f
	}
	return l.lay(calls, second)
}

// spread tries the way that most often finds shares which meet a total to the yen: as many calls as can pay something, the first ones as much as can
// be, and every one of them at the smallest share from which on all are allowed up to another. What is then missing all of them make up
// together.
func (l *level) spread(calls []int, e *ends) *flow {
	f := newFlow(l.grid)
	l.steps += 4 * l.laying * len(calls)
	for _, i := range calls {
		least := e.low[i]
		if least == 0 && e.high[i] > 0 {
			least = l.above(i, 1, e.high[i])
		}
		if least == 1 && e.low[i] == 0 {
			least = 0 // it can give way all the same
		}
		if least <= l.total-f.covered {
			if raised := f.raise(i, least); raised < least {
				f.lower(i, raised)
			}
		}
		if f.paid[i] < e.low[i] {
			return nil
		}
	}
	var tops [Most]ledger.Yen
	for _, i := range calls {
		paid := f.paid[i]
		f.raise(i, min(e.high[i]-paid, l.total-f.covered))
		tops[i] = l.below(i, f.paid[i])
		from := max(paid, l.down(i, tops[i]))
		f.lower(i, f.paid[i]-from)
	}
	for _, i := range calls {
		f.raise(i, min(tops[i]-f.paid[i], l.total-f.covered))
	}
	if f.covered < l.total {
		return nil
	}
	for _, i := range calls {
		if !l.allows(i, f.paid[i]) {
			return nil
		}
	}
	return f
}

// tighten draws in the ends as far as the total alone says: what all others can pay at most, a call must pay the rest of; and what they pay at least, it
// cannot. It reports whether anything is left between them.
func (l *level) tighten(calls []int, e *ends) bool {
	var low, high ledger.Yen
	for _, i := range calls {
		low, high = low+e.low[i], high+e.high[i]
	}
	for changed := true; changed && !l.tired(); {
		changed = false
		for _, i := range calls {
			least, most := l.total-(high-e.high[i]), l.total-(low-e.low[i])
			if least > e.high[i] || most < e.low[i] {
				return false
			}
			if least > e.low[i] {
				least = l.above(i, least, e.high[i])
				low, e.low[i], changed = low+least-e.low[i], least, true
			}
			if most < e.high[i] {
				most = l.below(i, most)
				high, e.high[i], changed = high+most-e.high[i], most, true
			}
			if e.low[i] > e.high[i] {
				return false
			}
		}
	}
	return true
}

// widest finds the share that is not allowed with the widest gap around it, given by the allowed shares on both sides; −1 when all are allowed.
func (l *level) widest(calls []int, f *flow, e *ends) (call int, gap span) {
	call = -1
	for _, i := range calls {
		if l.calls[i].rule == nil || l.allows(i, f.paid[i]) {
			continue
		}
		around := span{l.below(i, f.paid[i]), l.above(i, f.paid[i], e.high[i])}
		if call < 0 || around.to-around.from > gap.to-gap.from {
			call, gap = i, around
		}
	}
	return call, gap
}
