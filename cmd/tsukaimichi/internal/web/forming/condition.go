package forming

import (
	"net/url"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ConditionForm asks for a condition line by line: a question, how it is compared, with what. The lines hold all together or one of them; lines of one set stand
// in brackets and are joined the other way. What cannot be said so is written as JSON.
type ConditionForm struct {
	Says     string // the condition in words, as it was kept
	All      page.Field
	Lines    page.Rows
	JSON     page.Field
	JSONOpen bool
}

// mostLines is how many lines a condition has at most.
const mostLines = 20

var (
	howOptions = []page.Option{{Value: "is", Text: "つぎの答え"}, {Value: "not", Text: "つぎの答えでない"}, {Value: "filled", Text: "書いてある"}, {Value: "empty", Text: "書いていない"},
		{Value: "=", Text: "つぎの数と同じ"}, {Value: ">=", Text: "つぎの数以上"}, {Value: "<=", Text: "つぎの数以下"}, {Value: ">", Text: "つぎの数より大きい"}, {Value: "<", Text: "つぎの数より小さい"}}
	setOptions = []page.Option{{Value: "", Text: "組にしない"}, {Value: "1", Text: "組1"}, {Value: "2", Text: "組2"}, {Value: "3", Text: "組3"}}
)

// conditionForm makes the fields of a condition; name is what their names begin with: show, when, assert.
func conditionForm(form *page.Form, values url.Values, name string, v template.Version, own string) *ConditionForm {
	choose := append([]page.Option{{Value: "", Text: "選ぶ"}}, subjects(v, own)...)
	other := append([]page.Option{{Value: "", Text: "値を使う"}}, figureSubjects(v, own)...)
	c := &ConditionForm{All: form.Field(page.Field{Name: name + "_all", Label: "つなぎ方", Options: []page.Option{{Value: "all", Text: "下の行の、すべてに合うとき"}, {Value: "any", Text: "下の行の、どれかに合うとき"}}})}
	columns := []page.RowColumn{{Name: name + "_field", Head: "項目", Options: choose}, {Name: name + "_how", Head: "比べ方", Options: howOptions}, {Name: name + "_value", Head: "値"},
		{Name: name + "_other", Head: "値のかわりの項目", Options: other}, {Name: name + "_set", Head: "組", Options: setOptions}}
	c.Lines = form.Rows(page.NewRows(name, "条件", columns, values, 2, mostLines))
	c.Lines.Spare = max(c.Lines.Spare, 1) // two are to be seen, or nobody knows that they can be joined
	c.JSON = form.Field(page.Field{Name: name + "_json", Label: "条件（JSON）", Aside: "書くと、上の表より先に使います", Hint: `例：{"and":[{"is":{"field":"kind","value":"継続"}},{"filled":"quotes"}]}`, Rows: 3})
	c.JSONOpen = c.JSON.Value != "" || c.JSON.Problem != ""
	return c
}

// condition reads a condition; nil when nothing was said.
func (t typed) condition(name string, v template.Version) *template.Condition {
	if written := part[template.Condition](t, name+"_json"); written != nil {
		return written
	}
	any := t.text(name+"_all") == "any"
	var sets [][]template.Condition
	at := map[string]int{}
	for i := range min(len(t.Values[name+"_field"]), mostLines) {
		line, said := t.conditionLine(name, i, v)
		if !said {
			continue
		}
		set := t.cell(name+"_set", i)
		place, known := at[set]
		if set == "" || !known {
			place = len(sets)
			at[set], sets = place, append(sets, nil)
		}
		sets[place] = append(sets[place], line)
	}
	parts := make([]template.Condition, len(sets))
	for i, set := range sets {
		parts[i] = joined(set, !any)
	}
	if len(parts) == 0 {
		return nil
	}
	whole := joined(parts, any)
	return &whole
}

// joined is one condition of several; one alone stays as it is.
func joined(parts []template.Condition, any bool) template.Condition {
	switch {
	case len(parts) == 1:
		return parts[0]
	case any:
		return template.Condition{Or: parts}
	}
	return template.Condition{And: parts}
}

// conditionLine reads one line; what is missing is said at its cell.
func (t typed) conditionLine(name string, i int, v template.Version) (template.Condition, bool) {
	subject, how, value, other := t.cell(name+"_field", i), t.cell(name+"_how", i), t.cell(name+"_value", i), t.cell(name+"_other", i)
	if subject == "" && value == "" && other == "" {
		return template.Condition{}, false
	}
	cell := func(column string) string { return name + "_" + column + "-" + page.Count(i) }
	t.bad.Need(subject != "", cell("field"), "template.no_subject")
	spoken := template.Condition{Is: &template.Is{Field: subject, Value: value}}
	filled := template.Condition{Filled: subject}
	switch how {
	case "is", "not", "filled", "empty", "":
		t.bad.Need(question(subject), cell("how"), "template.only_figures")
	}
	switch how {
	case "is", "":
		t.bad.Need(value != "", cell("value"), "template.no_value")
		return spoken, true
	case "not":
		t.bad.Need(value != "", cell("value"), "template.no_value")
		return template.Condition{Not: &spoken}, true
	case "filled":
		return filled, true
	case "empty":
		return template.Condition{Not: &filled}, true
	}
	t.bad.Need(subject == "" || countable(v, subject), cell("how"), "template.no_figure")
	compared := template.Comparison{Left: expressionOf(subject), Op: how, Right: expressionOf(other)}
	if other == "" {
		n, err := ledger.ParseYen(value)
		t.bad.Need(err == nil, cell("value"), "template.no_number_value")
		number := int64(n)
		compared.Right = template.Expression{Number: &number}
	} else {
		t.bad.Need(value == "", cell("value"), "template.value_and_other")
	}
	return template.Condition{Compare: &compared}, true
}

// conditionValues show a condition in lines if lines can say it, else as JSON.
func conditionValues(values url.Values, name string, c *template.Condition, v template.Version) {
	if c == nil {
		return
	}
	lines := url.Values{}
	if conditionLines(lines, name, *c) {
		t := typed{lines, ledger.Invalid{}}
		if again := t.condition(name, v); len(t.bad) == 0 && seen(again) == seen(c) {
			for key, all := range lines {
				values[key] = all
			}
			return
		}
	}
	values.Set(name+"_json", printed(c))
}

// conditionLines adds the lines of a condition; false when it is deeper than lines and sets can say.
func conditionLines(lines url.Values, name string, c template.Condition) bool {
	any := len(c.Or) > 0
	parts := slices.Concat(c.And, c.Or)
	lines.Set(name+"_all", map[bool]string{true: "any", false: "all"}[any])
	if len(parts) == 0 {
		return addLine(lines, name, "", c)
	}
	set := 0
	for _, part := range parts {
		inner := part.Or
		if any {
			inner = part.And
		}
		if len(inner) == 0 {
			if !addLine(lines, name, "", part) {
				return false
			}
			continue
		}
		if set++; set >= len(setOptions) {
			return false
		}
		for _, one := range inner {
			if !addLine(lines, name, setOptions[set].Value, one) {
				return false
			}
		}
	}
	return true
}

// addLine adds a line for a condition that is none of several.
func addLine(lines url.Values, name, set string, c template.Condition) bool {
	not := c.Not != nil
	if not {
		c = *c.Not
	}
	var subject, how, value, other string
	switch {
	case c.Is != nil:
		subject, value = c.Is.Field, c.Is.Value
		how = map[bool]string{false: "is", true: "not"}[not]
	case c.Filled != "":
		subject = c.Filled
		how = map[bool]string{false: "filled", true: "empty"}[not]
	case c.Compare != nil && !not:
		var said bool
		if subject, said = subjectOf(c.Compare.Left); !said {
			return false
		}
		how = c.Compare.Op
		if c.Compare.Right.Number != nil {
			value = ledger.Yen(*c.Compare.Right.Number).String()
		} else if other, said = subjectOf(c.Compare.Right); !said {
			return false
		}
	default:
		return false
	}
	for column, text := range map[string]string{"field": subject, "how": how, "value": value, "other": other, "set": set} {
		lines.Add(name+"_"+column, text)
	}
	return true
}
