package fit

import "github.com/tsukaimichi/tsukaimichi/ledger"

// level is what each call may pay when all calls of a set pay one total together. What the others pay is then known: the total less its own share. So each
// rule speaks of its own share alone, and the circle in which two rules take each other off is cut.
//
// A share of a rule that takes other grants off is allowed when it is no more than the rule comes to beside the rest. The rule never rises with
// what others pay, so it never falls with the share; but it rises by steps where it is rounded, and between two steps lie shares that are more than it
// comes to, though a larger share is not. Nothing is always allowed.
type level struct {
	*search
	total ledger.Yen
	tops  []ledger.Yen // the largest allowed share of each call, once asked for; −1 before
	runs  []runs       // all allowed shares of each call, likewise
}

func (s *search) level(total ledger.Yen) *level {
	if l := s.levels[total]; l != nil {
		return l
	}
	l := &level{search: s, total: total, tops: make([]ledger.Yen, len(s.calls)), runs: make([]runs, len(s.calls))}
	for i := range l.tops {
		l.tops[i] = -1
	}
	s.levels[total] = l
	return l
}

// comes is what the rule of a call comes to when it pays the share.
func (l *level) comes(call int, share ledger.Yen) ledger.Yen {
	return l.calls[call].beside(l.search, l.total-share)
}

// allows reports whether a call may pay the share: the one question on which a portfolio rests, asked of every share that is handed out.
func (l *level) allows(call int, share ledger.Yen) bool {
	return share == 0 || share <= l.comes(call, share)
}

// top is the largest share that a call is allowed.
func (l *level) top(call int) ledger.Yen {
	if l.tops[call] < 0 {
		l.tops[call] = l.below(call, min(l.calls[call].most, l.total))
	}
	return l.tops[call]
}

// below is the largest allowed share up to one. If the rule comes to less than the share, then it comes to no more beside any smaller share: all between are
// too much.
func (l *level) below(call int, share ledger.Yen) ledger.Yen {
	wide := ledger.Yen(1)
	for share > 0 && !l.tired() {
		comes := l.comes(call, share)
		if comes >= share {
			return share
		}
		share = comes
		for ; share > 0 && l.bars(call, max(0, share-wide), share); wide *= 2 {
			share = max(0, share-wide-1)
		}
		wide = max(1, wide/4)
	}
	return 0
}

// above is the smallest allowed share from one on, up to one that is allowed. If the rule comes to less than the share, then the next that it may be is where
// the rule comes to that.
func (l *level) above(call int, share, allowed ledger.Yen) ledger.Yen {
	wide := ledger.Yen(1)
	for share < allowed && !l.tired() {
		if l.allows(call, share) {
			return share
		}
		share = l.from(call, share, share+1, allowed)
		for ; share < allowed && l.bars(call, share, min(allowed, share+wide)); wide *= 2 {
			share = min(allowed, share+wide+1)
		}
		wide = max(1, wide/4)
	}
	return allowed
}

// from is the smallest share between two beside which the rule comes to an amount, as it does beside the larger. It looks near the end first that
// is near the amount.
func (l *level) from(call int, amount, low, high ledger.Yen) ledger.Yen {
	if upward := low > amount; upward {
		for wide := ledger.Yen(1); low+wide < high; wide *= 2 {
			if l.comes(call, low+wide) >= amount {
				high = low + wide
				break
			}
			low += wide + 1
		}
	} else {
		for wide := ledger.Yen(1); high-wide > low; wide *= 2 {
			if l.comes(call, high-wide) < amount {
				low = high - wide + 1
				break
			}
			high -= wide
		}
	}
	for low < high {
		if middle := low + (high-low)/2; l.comes(call, middle) >= amount {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

// bars reports that no share from one to another is allowed, where the rule can tell at once.
func (l *level) bars(call int, from, to ledger.Yen) bool {
	within := l.calls[call].within
	return within != nil && within(l.total-to, l.total-from) < l.total
}

// down is the smallest share from which on all are allowed up to an allowed one. It may say a smaller one where that is hard to see.
func (l *level) down(call int, share ledger.Yen) ledger.Yen {
	for range 64 {
		if share == 0 || l.calls[call].rule == nil {
			return 0
		}
		switch from := l.from(call, share, 0, share); {
		case from < share:
			share = from
		case l.allows(call, share-1):
			share--
		default:
			return share
		}
	}
	return 0
}
