package applying

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// The longest words of a cell: far more than a line on paper holds. What is longer comes back at its cell.
const (
	longestItem = 120
	longestUnit = 20
	longestNote = 200
)

// longCell says how long a cell may be.
var longCell = map[int]string{longestItem: "budget.longest_item", longestUnit: "budget.longest_unit", longestNote: "budget.longest_note"}

// sheetMemory is how much of a sheet that is sent is held in memory. It is sent part by part, as files are, so that words pasted into the wrong cell come back with
// what is wrong instead of being refused as a whole.
const sheetMemory = 4 << 20

// parseSheet reads what was sent.
func parseSheet(r *http.Request) error {
	err := r.ParseMultipartForm(sheetMemory)
	if errors.Is(err, http.ErrNotMultipart) {
		return nil // read already
	}
	return err
}

// typedSheet reads the cells of a sheet and notes at each what is wrong with it.
type typedSheet struct {
	url.Values
	bad ledger.Invalid
}

func cellID(name string, i int) string { return name + "-" + strconv.Itoa(i) }

func (t typedSheet) cell(name string, i int) string {
	if i < len(t.Values[name]) {
		return strings.TrimSpace(t.Values[name][i])
	}
	return ""
}

// words are a cell of at most so many characters.
func (t typedSheet) words(name string, i, most int) string {
	text := t.cell(name, i)
	t.bad.Need(len([]rune(text)) <= most, cellID(name, i), longCell[most])
	return text
}

// number is a cell with a whole number; 0 when nothing stands there.
func (t typedSheet) number(name string, i int) int64 {
	return t.whole(cellID(name, i), t.cell(name, i))
}

// whole reads a number of a field.
func (t typedSheet) whole(field, text string) int64 {
	if text = strings.TrimSpace(text); text == "" {
		return 0
	}
	n, err := ledger.ParseYen(text)
	t.bad.Need(err == nil, field, "draft.no_number")
	return int64(n)
}

func readSheet(v url.Values, spec template.Budget) (budget.Sheet, ledger.Invalid) {
	t := typedSheet{v, ledger.Invalid{}}
	s := budget.Sheet{Counts: map[string]int64{}, Year: int(min(t.whole("year", v.Get("year")), 99)), Requested: ledger.Yen(t.whole("requested", v.Get("requested")))}
	s.Option, _ = strconv.Atoi(v.Get("option")) // what is none is the form's own
	for i := range min(len(v["cost_item"]), 200) {
		if c := t.cost(i); c.Item != "" || c.Price != 0 || c.Category != "" {
			s.Costs = append(s.Costs, c)
		}
	}
	for i := range min(len(v["in_item"]), 200) {
		in := budget.Income{Source: formula.Source(t.cell("in_source", i)), Item: t.words("in_item", i, longestItem), Amount: ledger.Yen(t.number("in_amount", i))}
		if in.Item != "" || in.Amount != 0 {
			s.Income = append(s.Income, in)
		}
	}
	for name := range spec.Names {
		if v.Get("count_"+name) != "" {
			s.Counts[name] = t.whole("count_"+name, v.Get("count_"+name))
		}
	}
	return s, t.bad
}

// cost is a line of the cost side, with who pays it. An empty amount of a part is left to be worked out; 0 is nothing.
func (t typedSheet) cost(i int) budget.Cost {
	part := func(name string) *ledger.Yen {
		if t.cell(name, i) == "" {
			return nil
		}
		n := ledger.Yen(t.number(name, i))
		return &n
	}
	c := budget.Cost{Category: t.cell("cost_category", i), Item: t.words("cost_item", i, longestItem), Price: ledger.Yen(t.number("cost_price", i)), Quantity: max(t.number("cost_quantity", i), 1), Unit: t.words("cost_unit", i, longestUnit),
		Times: t.number("cost_times", i), TimesOf: t.words("cost_times_of", i, longestUnit), Note: t.words("cost_note", i, longestNote)}
	c.Grant, c.Other, c.Outside = part("cost_grant"), part("cost_other"), t.words("cost_outside", i, longestNote)
	c.Quotes, c.Priority = int(min(t.number("cost_quotes", i), 99)), int(min(t.number("cost_priority", i), 999))
	for _, id := range strings.Split(t.cell("cost_papers", i), ",") {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil && n > 0 && len(c.Papers) < 20 {
			c.Papers = append(c.Papers, n)
		}
	}
	return c
}

// sheetValues are the values of the form for a sheet as it stands.
func sheetValues(s budget.Sheet) url.Values {
	v := url.Values{}
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	for _, c := range s.Costs {
		v.Add("cost_category", c.Category)
		v.Add("cost_item", c.Item)
		v.Add("cost_price", number(int64(c.Price)))
		v.Add("cost_quantity", number(c.Quantity))
		v.Add("cost_unit", c.Unit)
		v.Add("cost_times", number(c.Times))
		v.Add("cost_times_of", c.TimesOf)
		v.Add("cost_note", c.Note)
		addParts(v, c, number)
	}
	for _, in := range s.Income {
		v.Add("in_source", string(in.Source))
		v.Add("in_item", in.Item)
		v.Add("in_amount", number(int64(in.Amount)))
	}
	for name, n := range s.Counts {
		v.Set("count_"+name, strconv.FormatInt(n, 10))
	}
	v.Set("option", strconv.Itoa(s.Option))
	v.Set("year", number(int64(s.Year)))
	v.Set("requested", number(int64(s.Requested)))
	return v
}
