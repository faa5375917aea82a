package formula

import "github.com/tsukaimichi/tsukaimichi/ledger"

// Step is one line of a trace: what was done, to which earlier steps, with which numbers of the rule, and what came out.
type Step struct {
	Kind    Kind       `json:"kind"`
	Of      []int      `json:"of,omitempty"`      // indexes of the steps it takes
	Name    string     `json:"name,omitempty"`    // of the cost or the count
	Numbers []int64    `json:"numbers,omitempty"` // of the rule
	Income  []Source   `json:"income,omitempty"`
	Given   int64      `json:"given,omitempty"` // the fact that was looked up: a count, a year
	Out     ledger.Yen `json:"out"`
}

// trace walks a rule from the leaves to the root and writes each step down. Only the branch that applies leaves steps.
type trace struct {
	facts Facts
	steps []Step
}

func (t *trace) walk(n *Node) (int, error) {
	switch n.kind {
	case Years:
		return t.walkYear(n)
	case When:
		return t.walkWhen(n)
	case Less:
		return t.walkLess(n)
	}
	step := Step{Kind: n.kind, Name: n.name, Numbers: n.numbers}
	for _, part := range n.of {
		i, err := t.walk(part)
		if err != nil {
			return 0, err
		}
		step.Of = append(step.Of, i)
	}
	return t.add(step)
}

// walkYear takes the rule of the year alone. After the last year nothing is paid.
func (t *trace) walkYear(n *Node) (int, error) {
	step := Step{Kind: Years, Numbers: []int64{int64(len(n.of))}}
	if year := t.facts.year(); year <= int64(len(n.of)) {
		i, err := t.walk(n.of[year-1])
		if err != nil {
			return 0, err
		}
		step.Of = []int{i}
	}
	return t.add(step)
}

func (t *trace) walkWhen(n *Node) (int, error) {
	given, err := t.facts.count(n.name)
	if err != nil {
		return 0, err
	}
	step := Step{Kind: When, Name: n.name, Numbers: n.numbers}
	branch := 1
	if given >= n.numbers[0] {
		branch = 0
	}
	if branch < len(n.of) {
		i, err := t.walk(n.of[branch])
		if err != nil {
			return 0, err
		}
		step.Of = []int{i}
	}
	return t.add(step)
}

// walkLess writes the income down as a step of its own, so that a reader sees what was taken off.
func (t *trace) walkLess(n *Node) (int, error) {
	of, err := t.walk(n.of[0])
	if err != nil {
		return 0, err
	}
	income, err := t.add(Step{Kind: Income, Income: n.income})
	if err != nil {
		return 0, err
	}
	return t.add(Step{Kind: Less, Of: []int{of, income}})
}

// decided is the last step at a settlement: the smaller of the claim and what was decided.
func (t *trace) decided(claim int, amount ledger.Yen) (int, error) {
	limit, err := t.add(Step{Kind: Flat, Name: "decided", Numbers: []int64{int64(amount)}})
	if err != nil {
		return 0, err
	}
	return t.add(Step{Kind: Min, Of: []int{claim, limit}})
}

func (t *trace) add(s Step) (int, error) {
	var err error
	if s.Given, err = t.facts.given(s); err != nil {
		return 0, err
	}
	out, err := s.compute(t.steps, t.facts)
	if err != nil {
		return 0, err
	}
	s.Out = out
	t.steps = append(t.steps, s)
	return len(t.steps) - 1, nil
}
