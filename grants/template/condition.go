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

// Expression is a figure: a number, a field, a sum over a column or over other figures, a count of rows, a figure of the budget. Exactly one is given.
type Expression struct {
	Number *int64       `json:"number,omitempty"`
	Field  string       `json:"field,omitempty"`
	Sum    []Expression `json:"sum,omitempty"`
	Column *ColumnRef   `json:"column,omitempty"`
	Rows   string       `json:"rows,omitempty"`
	Figure string       `json:"figure,omitempty"` // cost_total, income_total, eligible, requested, claim
}

// ColumnRef names a column of a table whose cells are added up.
type ColumnRef struct {
	Field  string `json:"field"`
	Column string `json:"column"`
}

// figures of the budget that an expression may name.
var budgetFigures = []string{"cost_total", "income_total", "eligible", "requested", "claim"}

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

// value computes an expression. Lint has made sure that it ends.
func (s scope) value(e Expression) (int64, bool) {
	switch {
	case e.Number != nil:
		return *e.Number, true
	case e.Field != "":
		if f := s.fields[e.Field]; f.Compute != nil {
			return s.value(*f.Compute)
		}
		return s.answers[e.Field].number()
	case e.Column != nil:
		return s.column(*e.Column)
	case e.Rows != "":
		return int64(s.answers[e.Rows].rows()), true
	case e.Figure != "":
		n, known := s.figures[e.Figure]
		return n, known
	}
	var sum int64
	for _, part := range e.Sum {
		n, known := s.value(part)
		if !known {
			return 0, false
		}
		sum += n
	}
	return sum, true
}

func (s scope) column(ref ColumnRef) (int64, bool) {
	f := s.fields[ref.Field]
	at := slices.IndexFunc(f.Columns, func(c Column) bool { return c.Key == ref.Column })
	return s.answers[ref.Field].column(at), at >= 0
}

// refers lists the fields an expression looks at.
func (e Expression) refers() []string {
	switch {
	case e.Field != "":
		return []string{e.Field}
	case e.Column != nil:
		return []string{e.Column.Field}
	case e.Rows != "":
		return []string{e.Rows}
	}
	var all []string
	for _, part := range e.Sum {
		all = append(all, part.refers()...)
	}
	return all
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
