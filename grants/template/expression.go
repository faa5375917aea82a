package template

import (
	"slices"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Expression is a figure. Exactly one of its parts is given.
//
//	{"number": 12}, {"field": "target"}, {"rows": "members"}, {"column": {"field": "people", "column": "n"}}, {"figure": "cost_total"}
//	{"sum": […]}, {"less": [first, …]}, {"times": […]}
//	{"over": {"of": …, "by": …, "unit": 1000, "round": "down"}}
type Expression struct {
	Number *int64       `json:"number,omitempty"`
	Field  string       `json:"field,omitempty"`
	Sum    []Expression `json:"sum,omitempty"`
	Less   []Expression `json:"less,omitempty"` // the first less all others
	Times  []Expression `json:"times,omitempty"`
	Over   *Quotient    `json:"over,omitempty"`
	Column *ColumnRef   `json:"column,omitempty"`
	Rows   string       `json:"rows,omitempty"`
	Figure string       `json:"figure,omitempty"` // cost_total, income_total, eligible, requested, claim
}

// ColumnRef names a column of a table whose cells are added up.
type ColumnRef struct {
	Field  string `json:"field"`
	Column string `json:"column"`
}

// Quotient divides and rounds: three quarters of a cost in whole thousands, or how many per cent one figure is of another. Nobody knows it while By is not above
// zero.
type Quotient struct {
	Of    Expression `json:"of"`
	By    Expression `json:"by"`
	Unit  int64      `json:"unit,omitempty"` // what comes out is a multiple of it; 1 when empty
	Round Round      `json:"round"`
}

// Round is how a quotient becomes whole; all three act on the magnitude, as ledger.Rounding does.
type Round string

// The ways of rounding: 切捨て, 四捨五入, 切上げ.
const (
	RoundDown   Round = "down"
	RoundHalfUp Round = "half_up"
	RoundUp     Round = "up"
)

var rounding = map[Round]ledger.Rounding{RoundDown: ledger.Down, RoundHalfUp: ledger.HalfUp, RoundUp: ledger.Up}

// largestUnit is the coarsest rounding that makes sense: a hundred million.
const largestUnit = 100_000_000

// figures of the budget that an expression may name.
var budgetFigures = []string{"cost_total", "income_total", "eligible", "requested", "claim"}

// value computes an expression. Lint has made sure that it ends. What leaves the range of whole numbers is not known.
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
	case e.Over != nil:
		return s.quotient(*e.Over)
	}
	return s.reckon(e)
}

// reckon adds, subtracts or multiplies.
func (s scope) reckon(e Expression) (int64, bool) {
	var sofar ledger.Yen
	for i, part := range e.parts() {
		n, known := s.value(part)
		if !known {
			return 0, false
		}
		next, err := ledger.Yen(n), error(nil)
		switch {
		case i == 0:
		case len(e.Sum) > 0:
			next, err = sofar.Add(next)
		case len(e.Less) > 0:
			next, err = sofar.Sub(next)
		default:
			next, err = sofar.Mul(n, 1, ledger.Down)
		}
		if err != nil {
			return 0, false
		}
		sofar = next
	}
	return int64(sofar), true
}

func (s scope) quotient(q Quotient) (int64, bool) {
	of, known := s.value(q.Of)
	by, also := s.value(q.By)
	unit := max(q.Unit, 1)
	if !known || !also || by <= 0 {
		return 0, false
	}
	step, err := ledger.Yen(by).Mul(unit, 1, ledger.Down)
	if err != nil {
		return 0, false
	}
	steps, err := ledger.Yen(of).Mul(1, int64(step), rounding[q.Round])
	if err != nil {
		return 0, false
	}
	whole, err := steps.Mul(unit, 1, ledger.Down)
	return int64(whole), err == nil
}

func (s scope) column(ref ColumnRef) (int64, bool) {
	f := s.fields[ref.Field]
	at := slices.IndexFunc(f.Columns, func(c Column) bool { return c.Key == ref.Column })
	return s.answers[ref.Field].column(at), at >= 0
}

// parts are the figures an expression is made of.
func (e Expression) parts() []Expression {
	if e.Over != nil {
		return []Expression{e.Over.Of, e.Over.By}
	}
	return slices.Concat(e.Sum, e.Less, e.Times)
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
	for _, part := range e.parts() {
		all = append(all, part.refers()...)
	}
	return all
}

// sound reports whether an expression says one thing, of parts that each do, and rounds in a way that is known.
func (e Expression) sound(depth int) bool {
	said := 0
	for _, given := range []bool{e.Number != nil, e.Field != "", len(e.Sum) > 0, len(e.Less) > 0, len(e.Times) > 0, e.Over != nil, e.Column != nil, e.Rows != "", e.Figure != ""} {
		if given {
			said++
		}
	}
	if said != 1 || depth > 8 || (e.Figure != "" && !slices.Contains(budgetFigures, e.Figure)) {
		return false
	}
	if e.Over != nil {
		if _, known := rounding[e.Over.Round]; !known || e.Over.Unit < 0 || e.Over.Unit > largestUnit {
			return false
		}
	}
	return !slices.ContainsFunc(e.parts(), func(part Expression) bool { return !part.sound(depth + 1) })
}

// columns lists the columns an expression adds up.
func (e Expression) columns() []ColumnRef {
	if e.Column != nil {
		return []ColumnRef{*e.Column}
	}
	var all []ColumnRef
	for _, part := range e.parts() {
		all = append(all, part.columns()...)
	}
	return all
}

func (e *Expression) rename(from, to string) {
	if e == nil {
		return
	}
	if e.Field == from {
		e.Field = to
	}
	if e.Column != nil && e.Column.Field == from {
		e.Column.Field = to
	}
	if e.Rows == from {
		e.Rows = to
	}
	for _, list := range [][]Expression{e.Sum, e.Less, e.Times} {
		for i := range list {
			list[i].rename(from, to)
		}
	}
	if e.Over != nil {
		e.Over.Of.rename(from, to)
		e.Over.By.rename(from, to)
	}
}
