package console

import (
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// FormPage is a page with one form in numbered steps.
type FormPage struct {
	page.Console
	Heading  string
	Lead     string
	Notice   page.Notice
	Problems page.Problems
	Action   string
	Key      string
	Hidden   []Hidden
	Files    bool // sent as multipart
	Steps    []FormStep
	Button   string
	Second   page.Link // another way out
	Foot     string
}

// Template names the template of the page.
func (FormPage) Template() string { return "console/form" }

// Hidden is a value the form carries along.
type Hidden struct{ Name, Value string }

// FormStep is a numbered group of a form.
type FormStep struct {
	Legend string
	Hint   string
	Items  []Item
}

// Item is one thing of a step; exactly one of its parts is set.
type Item struct {
	Field   *page.Field
	Listed  *Listed
	Choices *page.Choices
	Tick    *page.Tick
	Pairs   []page.Pair
	Note    string
}

// Listed is a field with words to choose from that takes any other word as well.
type Listed struct {
	page.Field
	Words []string
}

// Act is a small form on the page of an object: a button, with the few fields it needs. It is folded away unless it has problems or
// is what the page is for.
type Act struct {
	ID       string
	Summary  string
	Lead     string
	Action   string
	Key      string
	Hidden   []Hidden
	Files    bool
	Items    []Item
	Problems page.Problems
	Button   string
	Plain    bool // the button is not the filled one of the page
	Bare     bool // not folded
	Open     bool
}

// builder asks for the fields of a form in the order of the page; ids get a prefix where several forms stand on one page.
type builder struct {
	form   *page.Form
	prefix string
}

func (b builder) field(f page.Field) Item {
	if b.prefix != "" {
		f.ID = b.prefix + "-" + f.Name
	}
	f = b.form.Field(f)
	return Item{Field: &f}
}

func (b builder) listed(f page.Field, words []string) Item {
	f = b.form.Field(f)
	return Item{Listed: &Listed{f, words}}
}

func (b builder) choices(c page.Choices) Item {
	c = b.form.Choices(c)
	return Item{Choices: &c}
}

func (b builder) tick(t page.Tick) Item {
	t = b.form.Tick(t)
	return Item{Tick: &t}
}

// reason asks why. What is written stands beside the act for good, so it is to name nobody.
func (b builder) reason(label, hint string) Item {
	hint += "人の名前は、書かないでください。あとから消せません。"
	return b.field(page.Field{Name: "reason", Label: label, Hint: hint, Rows: 2, Required: true})
}

// yenField is a field for an amount.
func yenField(name, label, aside string) page.Field {
	return page.Field{Name: name, Label: label, Aside: aside, Unit: "円", Required: aside == ""}
}

// dayField is a field for a day, with the browser's own calendar where it has one.
func dayField(name, label, value string) page.Field {
	return page.Field{Name: name, Label: label, Type: "date", Value: value, Required: true}
}

// optional is said beside a field that may stay empty.
const optional = "書かなくてもよい"

// joined puts what there is of some words between points.
func joined(parts ...string) string {
	var said []string
	for _, part := range parts {
		if part != "" {
			said = append(said, part)
		}
	}
	return strings.Join(said, "・")
}
