package formula

import "github.com/tsukaimichi/tsukaimichi/ledger"

// Kind is a kind of node: what its step does.
type Kind string

// The kinds of nodes. The comment gives the JSON of each; an amount may stand for a flat, and "total" for a cost.
const (
	Flat   Kind = "flat"   // {"flat": 150000}
	Cost   Kind = "cost"   // {"cost": "rent"}
	Rate   Kind = "rate"   // {"rate": {"num": 3, "den": 4, "of": "total"}}
	Less   Kind = "less"   // {"less": {"of": "total", "income": ["donation", "fee"]}}: what income does not cover
	Min    Kind = "min"    // {"min": ["eligible", 2000000]}
	Sum    Kind = "sum"    // {"sum": [ … ]}
	Floor  Kind = "floor"  // {"floor": {"unit": 1000, "of": … }}: 千円未満切捨て
	Least  Kind = "least"  // {"least": {"yen": 500000, "of": … }}: below it nothing is paid
	Units  Kind = "units"  // {"units": {"count": "session", "each": 1500, "min": 4, "max": 48}}
	Tiers  Kind = "tiers"  // {"tiers": {"count": "meetings_a_month", "steps": [[2, 50000], [4, 100000]]}}
	Years  Kind = "years"  // {"years": [ first, second, … ]}: the year's own rule; nothing after the last
	When   Kind = "when"   // {"when": {"count": "children", "least": 3, "then": … , "else": … }}
	Count  Kind = "count"  // never a node: the kind of a Missing count
	Income Kind = "income" // never a node: a step that adds up income
)

// Node is one part of a rule. Only Parse makes nodes, so a node is sound: its rate has a denominator, its depth an end.
type Node struct {
	kind    Kind
	name    string   // of a cost or a count
	numbers []int64  // of the rule: yen; num, den; unit; min, max; from, yen, from, yen …
	income  []Source // that Less takes off
	of      []*Node
}

// Formula is a whole rule for an amount.
type Formula struct{ root *Node }

// Claim is what a rule comes to for certain facts.
type Claim struct {
	Amount ledger.Yen
	Steps  []Step // in the order they were computed; the last is the amount
}

// Claim applies the rule. Missing tells the first fact that nobody has given; ledger.ErrOverflow that a fact is negative or above Largest.
func (f Formula) Claim(facts Facts) (Claim, error) {
	return f.ClaimUpTo(facts, Largest)
}

// ClaimUpTo applies the rule at a change or at the settlement: no more than what was decided, 交付決定額.
func (f Formula) ClaimUpTo(facts Facts, decided ledger.Yen) (Claim, error) {
	t := trace{facts: facts}
	last, err := t.walk(f.root)
	if err != nil {
		return Claim{}, err
	}
	if decided < Largest {
		if last, err = t.decided(last, decided); err != nil {
			return Claim{}, err
		}
	}
	return Claim{Amount: t.steps[last].Out, Steps: t.steps}, nil
}

// Needs lists the costs and counts the rule may ask for, each once, in the order of the rule: what a form has to ask.
func (f Formula) Needs() []Missing {
	var needs []Missing
	seen := map[Missing]bool{}
	f.root.each(func(n *Node) {
		need := Missing{Count, n.name}
		if n.kind == Cost {
			need.Kind = Cost
		}
		if n.name == "" || seen[need] {
			return
		}
		seen[need] = true
		needs = append(needs, need)
	})
	return needs
}

// Deducts says whether income of the source lowers what the rule pays, for some facts.
func (f Formula) Deducts(s Source) bool {
	found := false
	f.root.each(func(n *Node) {
		for _, taken := range n.income {
			found = found || taken == s
		}
	})
	return found
}

// Unit is the smallest unit to which the rule rounds down; 1 when it rounds nothing.
func (f Formula) Unit() int64 {
	unit := int64(0)
	f.root.each(func(n *Node) {
		if n.kind == Floor && (unit == 0 || n.numbers[0] < unit) {
			unit = n.numbers[0]
		}
	})
	return max(unit, 1)
}

func (n *Node) each(visit func(*Node)) {
	visit(n)
	for _, part := range n.of {
		part.each(visit)
	}
}
