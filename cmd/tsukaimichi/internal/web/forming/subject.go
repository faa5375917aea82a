package forming

import (
	"slices"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
)

// A subject is what a condition looks at or a figure is made of, as a list of a page offers it: the key of a question, rows:key for how many rows a table has,
// sum:key.column for the sum of a column, money:cost_total for a figure of the budget.
const (
	rowsOfTable = "rows:"
	sumOfColumn = "sum:"
	moneyFigure = "money:"
)

// expressionOf is a subject as a figure.
func expressionOf(subject string) template.Expression {
	if key, is := strings.CutPrefix(subject, rowsOfTable); is {
		return template.Expression{Rows: key}
	}
	if key, is := strings.CutPrefix(subject, moneyFigure); is {
		return template.Expression{Figure: key}
	}
	if key, is := strings.CutPrefix(subject, sumOfColumn); is {
		field, column, _ := strings.Cut(key, ".")
		return template.Expression{Column: &template.ColumnRef{Field: field, Column: column}}
	}
	return template.Expression{Field: subject}
}

// subjectOf is the subject of a figure; false when the figure is a number, or is made of others.
func subjectOf(e template.Expression) (string, bool) {
	switch {
	case e.Field != "":
		return e.Field, true
	case e.Rows != "":
		return rowsOfTable + e.Rows, true
	case e.Column != nil:
		return sumOfColumn + e.Column.Field + "." + e.Column.Column, true
	case e.Figure != "":
		return moneyFigure + e.Figure, true
	}
	return "", false
}

// question reports whether a subject is a question itself, and not a figure made from one.
func question(subject string) bool { return !strings.Contains(subject, ":") }

// countable reports whether a subject is a figure: everything but questions that are answered in words.
func countable(v template.Version, subject string) bool {
	f, err := v.FindField(subject)
	return !question(subject) || (err == nil && numeric(f.Type))
}

func numeric(t template.Type) bool {
	return slices.Contains([]template.Type{template.Number, template.Yen, template.Computed}, t)
}

// figureSubjects are the figures of a form that another field may look at: numbers, sums and row counts of tables, the budget's own.
func figureSubjects(v template.Version, own string) []page.Option {
	var all []page.Option
	for _, f := range v.Fields() {
		switch {
		case f.Key == own:
		case numeric(f.Type):
			all = append(all, page.Option{Value: f.Key, Text: f.Label})
		case len(f.Columns) > 0:
			all = append(all, tableSubjects(f)...)
		}
	}
	for _, key := range sortedKeys(template.FigureNames) {
		if v.Budget != nil {
			all = append(all, page.Option{Value: moneyFigure + key, Text: "予算の" + template.FigureNames[key]})
		}
	}
	return all
}

func tableSubjects(f template.Field) []page.Option {
	all := []page.Option{{Value: rowsOfTable + f.Key, Text: "「" + f.Label + "」の行の数"}}
	for _, c := range f.Columns {
		if numeric(c.Type) {
			all = append(all, page.Option{Value: sumOfColumn + f.Key + "." + c.Key, Text: "「" + f.Label + "」の「" + c.Label + "」の合計"})
		}
	}
	return all
}

// subjects are all that a condition may look at: the questions, with the answers they offer, and the figures that are no question.
func subjects(v template.Version, own string) []page.Option {
	var all []page.Option
	for _, f := range v.Fields() {
		if f.Key == own || f.Type == template.Static || f.Type == template.BudgetGrid {
			continue
		}
		text, offered := f.Label, f.Options
		if f.Type == template.YesNo {
			offered = []string{template.IsYes, "いいえ"}
		}
		if len(offered) > 0 && len(offered) <= 6 {
			text += "（" + strings.Join(offered, "／") + "）"
		}
		all = append(all, page.Option{Value: f.Key, Text: text})
	}
	for _, o := range figureSubjects(v, own) {
		if !question(o.Value) {
			all = append(all, o)
		}
	}
	return all
}
