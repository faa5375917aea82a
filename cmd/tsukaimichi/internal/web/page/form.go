package page

import (
	"net/url"
	"slices"
)

// Form fills fields with what a person typed and says what is wrong with it. Fields are asked for in the order of the page, so that the
// problems are listed in that order and the first one gets the focus.
//
//	form := page.NewForm(values, wrong)
//	p.Amount = form.Field(page.Field{Name: "amount", Label: "金額", Unit: "円"})
//	p.Agree = form.Tick(page.Tick{Name: "agree", Label: "この使いみちで寄付します"})
//	p.Problems = form.Problems()
type Form struct {
	values   url.Values
	wrong    map[string]string
	problems []Problem
	focused  bool
}

// Problem is one thing to put right. Without a field it concerns the whole form.
type Problem struct {
	FieldID string
	Label   string
	Text    string // what is wrong, then how to put it right
}

// Problems is the list over a form that came back.
type Problems []Problem

// Some reports whether there is anything to put right.
func (p Problems) Some() bool { return len(p) > 0 }

// Located reports whether a field has a problem; it takes the focus then. What concerns the whole form alone is read out instead.
func (p Problems) Located() bool {
	return slices.ContainsFunc(p, func(one Problem) bool { return one.FieldID != "" })
}

// NewForm begins a form. values is what was typed, or what is filled in at first; wrong has a sentence for each field that is not as it must
// be, under "" one for the whole form.
func NewForm(values url.Values, wrong map[string]string) *Form {
	f := &Form{values: values, wrong: map[string]string{}}
	for name, text := range wrong {
		f.wrong[name] = text
	}
	if text := f.wrong[""]; text != "" {
		f.problems = append(f.problems, Problem{Text: text})
		delete(f.wrong, "")
	}
	return f
}

// Problems are the problems of the fields asked for so far, in their order; then, so that none is swallowed, those of fields the page does not have.
func (f *Form) Problems() Problems {
	problems := f.problems
	for _, text := range f.wrong {
		problems = append(problems, Problem{Text: text})
	}
	return problems
}

// take returns the problem of a field and whether it gets the focus.
func (f *Form) take(name, id, label string) (string, bool) {
	text, is := f.wrong[name]
	if !is {
		return "", false
	}
	delete(f.wrong, name)
	f.problems = append(f.problems, Problem{FieldID: id, Label: label, Text: text})
	first := !f.focused
	f.focused = true
	return text, first
}

// Field is a line, a text or a list to choose from, with its label. Name, Label and what the field is are given; Form.Field adds the rest.
type Field struct {
	ID           string // the name if empty
	Name         string
	Label        string
	Aside        string // beside the label: 書かなくてもよい, 500円から
	Hint         string // below the label
	Type         string // text if empty; email, tel, password, file, search …
	InputMode    string // numeric …
	Autocomplete string
	Unit         string // 円 makes it a field for an amount
	Rows         int    // more than one makes it a text
	MostRunes    int    // the script counts down to it; the domain checks it
	Options      []Option
	Accept       string // of a file
	Required     bool   // said to screen readers; the domain checks it

	Value     string
	Problem   string
	Autofocus bool
}

// Option is one of several answers.
type Option struct {
	Value, Text, Note string
	Chosen            bool
}

// Field fills in a field.
func (f *Form) Field(field Field) Field {
	if field.ID == "" {
		field.ID = field.Name
	}
	if f.values.Has(field.Name) {
		field.Value = f.values.Get(field.Name)
	}
	field.Options = choose(field.Options, field.Value)
	field.Problem, field.Autofocus = f.take(field.Name, field.ID, field.Label)
	return field
}

func choose(options []Option, value string) []Option {
	chosen := make([]Option, len(options))
	for i, option := range options {
		option.Chosen = option.Value == value
		chosen[i] = option
	}
	return chosen
}

// DescribedBy names the hint, the counter and the problem of the field, for the attribute aria-describedby.
func (f Field) DescribedBy() string {
	var ids string
	if f.Hint != "" {
		ids = f.ID + "-hint"
	}
	if f.MostRunes > 0 {
		ids = join(ids, f.ID+"-count")
	}
	if f.Problem != "" {
		ids = join(ids, f.ID+"-problem")
	}
	return ids
}

func join(ids, id string) string {
	if ids == "" {
		return id
	}
	return ids + " " + id
}

// Kind is which element the field is: select, textarea, yen or input.
func (f Field) Kind() string {
	switch {
	case len(f.Options) > 0:
		return "select"
	case f.Rows > 1:
		return "textarea"
	case f.Unit != "":
		return "yen"
	}
	return "input"
}

// Choices is one answer out of several, each a whole row.
type Choices struct {
	Name     string
	Label    string // names the group in the list of problems and, if Legend, to the reader
	Legend   bool   // the group is not the only thing of its step: shows its own label
	Hint     string
	Options  []Option
	Problem  string
	Value    string
	Focus    bool
	Multiple bool // ticks instead of one answer
}

// Choices fills in a group. A first value may stand in Value; nothing is chosen for the reader otherwise.
func (f *Form) Choices(c Choices) Choices {
	values := []string{c.Value}
	if f.values.Has(c.Name) {
		values = f.values[c.Name]
	}
	options := make([]Option, len(c.Options))
	for i, option := range c.Options {
		option.Chosen = false
		for _, value := range values {
			option.Chosen = option.Chosen || option.Value == value
		}
		options[i] = option
	}
	c.Options = options
	c.Problem, c.Focus = f.take(c.Name, c.FirstID(), c.Label)
	return c
}

// FirstID is the id of the first answer: problems of the group lead there.
func (c Choices) FirstID() string { return c.Name + "-0" }

// Rows are the answers with what the template needs to know of their group.
func (c Choices) Rows() []ChoiceRow {
	rows := make([]ChoiceRow, len(c.Options))
	for i, option := range c.Options {
		id := c.Name + "-" + Count(i)
		rows[i] = ChoiceRow{Option: option, Group: c, ID: id, Focus: c.Focus && i == 0}
	}
	return rows
}

// ChoiceRow is one answer of a group.
type ChoiceRow struct {
	Option
	Group Choices
	ID    string
	Focus bool
}

// Tick is a single box with what it means.
type Tick struct {
	Name    string
	Label   string
	Note    string
	Link    Link // opened to read what is agreed to
	Problem string
	Checked bool
	Focus   bool
}

// Tick fills in a box; it is never ticked for the reader.
func (f *Form) Tick(t Tick) Tick {
	if f.values != nil {
		t.Checked = f.values.Get(t.Name) != ""
	}
	t.Problem, t.Focus = f.take(t.Name, t.Name, t.Label)
	return t
}
