package forming

import (
	"net/url"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// FigureForm asks how a figure is computed: in which way, of which figures, how it is rounded. What cannot be said so is written as JSON.
type FigureForm struct {
	How      page.Field
	Lines    page.Rows
	Rest     []page.Field
	JSON     page.Field
	JSONOpen bool
}

var (
	figureWays = []page.Option{{Value: "", Text: "計算しない"}, {Value: "sum", Text: "足す"}, {Value: "less", Text: "1行目から、ほかの行を引く"}, {Value: "times", Text: "かける"},
		{Value: "rate", Text: "1行目に割合をかける"}, {Value: "percent", Text: "1行目が、2行目の何％か"}}
	roundOptions = []page.Option{{Value: string(template.RoundDown), Text: "切り捨て"}, {Value: string(template.RoundHalfUp), Text: "四捨五入"}, {Value: string(template.RoundUp), Text: "切り上げ"}}
	unitOptions  = []page.Option{{Value: "1", Text: "1の位まで出す"}, {Value: "10", Text: "10の位まで出す"}, {Value: "100", Text: "100の位まで出す"}, {Value: "1000", Text: "千の位まで出す"}, {Value: "10000", Text: "万の位まで出す"}}
)

func figureForm(form *page.Form, values url.Values, v template.Version, own string) *FigureForm {
	items := append([]page.Option{{Value: "", Text: "数を使う"}}, figureSubjects(v, own)...)
	f := &FigureForm{How: form.Field(page.Field{Name: "compute_how", Label: "計算のしかた", Options: figureWays})}
	columns := []page.RowColumn{{Name: "compute_item", Head: "項目", Options: items}, {Name: "compute_number", Head: "項目でなければ、数"}}
	f.Lines = form.Rows(page.NewRows("compute_lines", "計算に使う数", columns, values, 2, mostLines))
	f.Lines.Spare = max(f.Lines.Spare, 1) // most ways need two
	f.Rest = []page.Field{
		form.Field(page.Field{Name: "compute_share", Label: "割合", Aside: "「割合をかける」のとき", Hint: "例：3/4、80％"}),
		form.Field(page.Field{Name: "compute_round", Label: "端数", Options: roundOptions}),
		form.Field(page.Field{Name: "compute_unit", Label: "どこまで出すか", Options: unitOptions}),
	}
	f.JSON = form.Field(page.Field{Name: "compute", Label: "計算（JSON）", Aside: "書くと、上より先に使います", Hint: `例：{"sum":[{"field":"q1"},{"field":"q2"}]}`, Rows: 3})
	f.JSONOpen = f.JSON.Value != "" || f.JSON.Problem != ""
	return f
}

// figure reads how a field is computed; nil when it is not.
func (t typed) figure() *template.Expression {
	if written := part[template.Expression](t, "compute"); written != nil {
		return written
	}
	parts := t.figureLines()
	how := t.text("compute_how")
	if how == "" {
		t.bad.Need(len(parts) == 0, "compute_how", "template.no_way")
		return nil
	}
	least, most := 1, mostLines
	switch how {
	case "less", "times":
		least = 2
	case "rate":
		most = 1
	case "percent":
		least, most = 2, 2
	}
	t.bad.Need(len(parts) >= least, "compute_lines", "template.too_few_figures")
	t.bad.Need(len(parts) <= most, "compute_lines", "template.too_many_figures")
	if len(parts) < least || len(parts) > most {
		return nil
	}
	made := t.reckoning(how, parts)
	return &made
}

// figureLines are the figures a field is computed of.
func (t typed) figureLines() []template.Expression {
	var parts []template.Expression
	for i := range min(max(len(t.Values["compute_item"]), len(t.Values["compute_number"])), mostLines) {
		item, number := t.cell("compute_item", i), t.cell("compute_number", i)
		place := "compute_number-" + page.Count(i)
		switch {
		case item != "":
			t.bad.Need(number == "", place, "template.item_and_number")
			parts = append(parts, expressionOf(item))
		case number != "":
			n, err := ledger.ParseYen(number)
			t.bad.Need(err == nil, place, "draft.no_number")
			parts = append(parts, numberOf(int64(n)))
		}
	}
	return parts
}

func numberOf(n int64) template.Expression { return template.Expression{Number: &n} }

// reckoning is the figure of its parts in one of the ways.
func (t typed) reckoning(how string, parts []template.Expression) template.Expression {
	round := template.Round(t.text("compute_round"))
	if round == "" {
		round = template.RoundDown
	}
	unit := t.amount("compute_unit", t.text("compute_unit"))
	if unit <= 1 {
		unit = 0
	}
	over := func(of, by template.Expression) template.Expression {
		return template.Expression{Over: &template.Quotient{Of: of, By: by, Unit: unit, Round: round}}
	}
	var made template.Expression
	switch how {
	case "rate":
		num, den, ok := formula.ParseShare(t.text("compute_share"))
		t.bad.Need(ok, "compute_share", "template.no_rate")
		return over(template.Expression{Times: []template.Expression{parts[0], numberOf(num)}}, numberOf(den))
	case "percent":
		return over(template.Expression{Times: []template.Expression{parts[0], numberOf(100)}}, parts[1])
	case "less":
		made.Less = parts
	case "times":
		made.Times = parts
	default:
		if made.Sum = parts; len(parts) == 1 {
			made = parts[0]
		}
	}
	if unit == 0 {
		return made
	}
	return over(made, numberOf(1))
}

// figureValues show a figure by its parts if they can say it, else as JSON.
func figureValues(values url.Values, e *template.Expression) {
	if e == nil {
		return
	}
	said := url.Values{}
	if figureParts(said, *e) {
		t := typed{said, ledger.Invalid{}}
		if again := t.figure(); len(t.bad) == 0 && seen(again) == seen(e) {
			for key, all := range said {
				values[key] = all
			}
			return
		}
	}
	values.Set("compute", printed(e))
}

// figureParts says a figure by the fields of the page; false when they cannot.
func figureParts(said url.Values, e template.Expression) bool {
	if q := e.Over; q != nil {
		said.Set("compute_round", string(q.Round))
		said.Set("compute_unit", strconv.FormatInt(max(q.Unit, 1), 10))
		if e = q.Of; q.By.Number == nil || *q.By.Number != 1 {
			return quotientParts(said, *q)
		}
	}
	how, parts := "sum", e.Sum
	switch {
	case len(e.Less) > 0:
		how, parts = "less", e.Less
	case len(e.Times) > 0:
		how, parts = "times", e.Times
	case len(parts) == 0:
		parts = []template.Expression{e}
	}
	said.Set("compute_how", how)
	return addFigures(said, parts...)
}

// quotientParts says a share, or a percentage.
func quotientParts(said url.Values, q template.Quotient) bool {
	if len(q.Of.Times) != 2 || q.Of.Times[1].Number == nil {
		return false
	}
	if q.By.Number == nil {
		said.Set("compute_how", "percent")
		return addFigures(said, q.Of.Times[0], q.By)
	}
	said.Set("compute_how", "rate")
	said.Set("compute_share", strconv.FormatInt(*q.Of.Times[1].Number, 10)+"/"+strconv.FormatInt(*q.By.Number, 10))
	return addFigures(said, q.Of.Times[0])
}

func addFigures(said url.Values, parts ...template.Expression) bool {
	for _, e := range parts {
		subject, is := subjectOf(e)
		number := ""
		if e.Number != nil {
			number = ledger.Yen(*e.Number).String()
		} else if !is {
			return false
		}
		said.Add("compute_item", subject)
		said.Add("compute_number", number)
	}
	return true
}
