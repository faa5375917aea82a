package template

import "slices"

// Condition is a statement about answers. Exactly one of its parts is given.
//
//	{"is": {"field": "kind", "value": "継続"}}
//	{"filled": "quotes"}
//	{"compare": {"left": …, "op": "<=", "right": …}}
//	{"and": […]}, {"or": […]}, {"not": …}
type Condition struct {
	Is      *Is         `json:"is,omitempty"`
	Filled  string      `json:"filled,omitempty"`
	Compare *Comparison `json:"compare,omitempty"`
	And     []Condition `json:"and,omitempty"`
	Or      []Condition `json:"or,omitempty"`
	Not     *Condition  `json:"not,omitempty"`
}

// Is holds when the answer of the field is the value, or has it among others.
type Is struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

// Comparison compares two figures. It holds as long as one of them is not known: what is missing is said elsewhere.
type Comparison struct {
	Left  Expression `json:"left"`
	Op    string     `json:"op"` // = < <= > >=
	Right Expression `json:"right"`
}

// scope is what conditions and expressions look at.
type scope struct {
	fields  map[string]Field
	answers Answers
	figures map[string]int64
}

func (s scope) holds(c Condition) bool {
	switch {
	case c.Is != nil:
		return slices.Contains(s.answers[c.Is.Field].words(), c.Is.Value)
	case c.Filled != "":
		return !s.answers[c.Filled].Empty()
	case c.Compare != nil:
		return s.compares(*c.Compare)
	case c.Not != nil:
		return !s.holds(*c.Not)
	case len(c.Or) > 0:
		return slices.ContainsFunc(c.Or, s.holds)
	}
	return !slices.ContainsFunc(c.And, func(part Condition) bool { return !s.holds(part) })
}

func (s scope) compares(c Comparison) bool {
	left, known := s.value(c.Left)
	right, also := s.value(c.Right)
	if !known || !also {
		return true
	}
	switch c.Op {
	case "=":
		return left == right
	case "<":
		return left < right
	case "<=":
		return left <= right
	case ">":
		return left > right
	}
	return left >= right
}

// refers lists the fields a condition looks at.
func (c Condition) refers() []string {
	var all []string
	if c.Is != nil {
		all = append(all, c.Is.Field)
	}
	if c.Filled != "" {
		all = append(all, c.Filled)
	}
	if c.Compare != nil {
		all = append(append(all, c.Compare.Left.refers()...), c.Compare.Right.refers()...)
	}
	if c.Not != nil {
		all = append(all, c.Not.refers()...)
	}
	for _, part := range slices.Concat(c.And, c.Or) {
		all = append(all, part.refers()...)
	}
	return all
}

// columns lists the columns whose sums a condition compares.
func (c Condition) columns() []ColumnRef {
	var all []ColumnRef
	if c.Compare != nil {
		all = append(c.Compare.Left.columns(), c.Compare.Right.columns()...)
	}
	if c.Not != nil {
		all = append(all, c.Not.columns()...)
	}
	for _, part := range slices.Concat(c.And, c.Or) {
		all = append(all, part.columns()...)
	}
	return all
}
