package formula

import (
	"slices"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Beside is a rule with all facts given but one: how much more income there is of one source, as when other grants pay for the same work. It answers what
// Claim answers, and also for a whole range of income at once.
type Beside struct{ root part }

// part is a node of a rule in which everything is a number that does not depend on the one open fact.
type part struct {
	kind    Kind // Flat, Rate, Less, Min, Sum, Floor, Least, or Units
	numbers [2]int64
	takes   bool // Less takes the open income off as well as a number
	of      []part
}

// beyond is above every amount that a rule is asked about, and leaves room to add to it.
const beyond = ledger.Yen(1) << 60

// Beside holds the rule against more income of a source. The errors are those of Claim.
func (f Formula) Beside(facts Facts, s Source) (Beside, error) {
	if _, err := f.Claim(facts); err != nil {
		return Beside{}, err
	}
	root, err := f.root.held(facts, s)
	return Beside{root}, err
}

// Depends reports whether the open income changes anything, for these facts.
func (b Beside) Depends() bool { return b.root.kind != Flat }

// Amount is the claim beside so much more income: what Claim comes to with it. It needs more to be at least nothing, and never rises with it.
func (b Beside) Amount(more ledger.Yen) ledger.Yen {
	amount, _ := b.root.line(more, more)
	return amount
}

// Within is no less than the income and the claim come to together, wherever the income is between two amounts, both within; and no more than that when they
// are one.
func (b Beside) Within(from, to ledger.Yen) ledger.Yen {
	left, right := b.root.line(from, to)
	return max(from+left, to+right)
}

// Unit is a unit of which the claim is always a whole number; 1 when there is no larger one to tell.
func (b Beside) Unit() ledger.Yen { return max(1, b.root.unit()) }

// held gives a node its facts. What then depends on nothing open is worked out.
func (n *Node) held(facts Facts, s Source) (part, error) {
	p := part{kind: n.kind}
	copy(p.numbers[:], n.numbers)
	branches := n.of
	switch n.kind {
	case Flat, Cost, Tiers:
		claim, err := Formula{n}.Claim(facts)
		return part{kind: Flat, numbers: [2]int64{int64(claim.Amount)}}, err
	case Years, When:
		at := n.branch(facts)
		if at >= len(branches) {
			return part{kind: Flat}, nil
		}
		return branches[at].held(facts, s)
	case Units:
		p.numbers[0] = Step{Numbers: n.numbers, Given: facts.Counts[n.name]}.counted()
	case Less:
		income, err := facts.income(n.income)
		if err != nil {
			return part{}, err
		}
		p.numbers[0], p.takes = int64(income), slices.Contains(n.income, s)
	}
	fixed := !p.takes
	for _, branch := range branches {
		of, err := branch.held(facts, s)
		if err != nil {
			return part{}, err
		}
		p.of, fixed = append(p.of, of), fixed && of.kind == Flat
	}
	if fixed {
		amount, _ := p.line(0, 0)
		return part{kind: Flat, numbers: [2]int64{int64(amount)}}, nil
	}
	return p, nil
}

// branch is the part of Years or When that applies; none is there when it is behind the last.
func (n *Node) branch(facts Facts) int {
	switch {
	case n.kind == Years:
		return int(facts.year() - 1)
	case facts.Counts[n.name] >= n.numbers[0]:
		return 0
	}
	return 1
}

// line gives the two ends of a straight line that the part never goes above while the open income goes from one amount to another; at one amount it is
// what the part comes to. Rounding down is left out of it between two amounts, and rounding up put in.
func (p part) line(from, to ledger.Yen) (left, right ledger.Yen) {
	if p.kind == Flat {
		return ledger.Yen(p.numbers[0]), ledger.Yen(p.numbers[0])
	}
	left, right = p.of[0].line(from, to)
	for _, other := range p.of[1:] {
		a, b := other.line(from, to)
		switch {
		case p.kind == Sum:
			left, right = min(beyond, left+a), min(beyond, right+b)
		case max(from+a, to+b) < max(from+left, to+right), a <= left && b <= right:
			left, right = a, b // a minimum is below each of its parts: that is taken which says the most
		}
	}
	return p.bend(from, left, from == to), p.bend(to, right, from == to)
}

// bend is what becomes of one end of the line of what the part is of, where so much more income is.
func (p part) bend(more, of ledger.Yen, exactly bool) ledger.Yen {
	number := ledger.Yen(p.numbers[0])
	switch p.kind {
	case Less:
		if of -= number; p.takes {
			of -= more
		}
		return max(0, of) // above the line where it falls to nothing, the chord is above both
	case Rate:
		if exactly {
			return scaled(of, p.numbers[0], p.numbers[1], ledger.Down)
		}
		return scaled(of, p.numbers[0], p.numbers[1], ledger.Up)
	case Units:
		return scaled(of, p.numbers[0], 1, ledger.Down)
	case Floor:
		if exactly {
			return of - of%number
		}
	case Least:
		if exactly && of < number {
			return 0
		}
	}
	return of
}

func scaled(of ledger.Yen, num, den int64, r ledger.Rounding) ledger.Yen {
	amount, err := of.Mul(num, den, r)
	if err != nil {
		return beyond
	}
	return min(beyond, amount)
}

// unit is a unit of which the part is always a whole number; 0 for one that is nothing.
func (p part) unit() ledger.Yen {
	number := ledger.Yen(p.numbers[0])
	switch p.kind {
	case Flat:
		return number
	case Rate, Less:
		return 1
	}
	unit := p.of[0].unit()
	for _, other := range p.of[1:] {
		unit = divisor(unit, other.unit())
	}
	switch {
	case p.kind == Units:
		return scaled(unit, p.numbers[0], 1, ledger.Down)
	case p.kind == Floor && unit%number != 0:
		return number
	}
	return unit
}

// divisor is the largest common one.
func divisor(a, b ledger.Yen) ledger.Yen {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
