package forming

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/grants/limit"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// seen is the mark of a part as a page showed it: another one says that somebody saved it meanwhile.
func seen(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	hash := sha256.Sum256(text)
	return hex.EncodeToString(hash[:8])
}

// typed reads a form and notes what cannot be read.
type typed struct {
	url.Values
	bad ledger.Invalid
}

func (t typed) text(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(t.Get(name), "\r\n", "\n"))
}

// cell is a text of a row; empty past its end.
func (t typed) cell(name string, i int) string {
	if i >= len(t.Values[name]) {
		return ""
	}
	return strings.TrimSpace(t.Values[name][i])
}

// number reads a whole number, 0 when there is none.
func (t typed) number(name string) int { return int(t.amount(name, t.text(name))) }

func (t typed) amount(name, text string) int64 {
	if text == "" {
		return 0
	}
	n, err := ledger.ParseYen(text)
	t.bad.Need(err == nil && n >= 0 && n < 1_000_000_000_000, name, "draft.no_number")
	return int64(n)
}

// part reads a part written as JSON; nothing when it is empty.
func part[T any](t typed, name string) *T {
	text := t.text(name)
	if text == "" {
		return nil
	}
	into := new(T)
	if err := template.ParsePart([]byte(text), into); err != nil {
		t.bad.Need(false, name, "template.no_json")
		return nil
	}
	return into
}

// readField reads one question; what the page does not ask stays as it was.
func readField(v url.Values, form template.Version, old template.Field) (template.Field, ledger.Invalid) {
	t := typed{v, ledger.Invalid{}}
	f := old
	f.Key, f.Label, f.Type, f.Help, f.Example = t.text("key"), t.text("label"), template.Type(t.text("type")), t.text("help"), t.text("example")
	f.Official, f.Criterion, f.Source, f.Unsure, f.Public = t.text("label_official"), t.text("criterion"), t.text("source"), t.text("unsure"), t.text("public")
	f.Required, f.CommonKey, f.Options = template.Required(t.text("required")), t.text("common_key"), lines(t.text("options"))
	f.MinRows, f.MaxRows = t.number("min_rows"), t.number("max_rows")
	f.Limit, f.ShowIf, f.Compute, f.Columns = t.limit(), t.condition("show", form), t.figure(), t.columns()
	t.bad.Need(f.Required == "" || f.Required == template.OnSubmit, "required", "draft.not_offered")
	for name, text := range map[string]string{"help": f.Help, "example": f.Example, "source": f.Source, "unsure": f.Unsure, "criterion": f.Criterion, "label_official": f.Official} {
		t.bad.Need(len([]rune(text)) <= 1_000, name, "field.too_long")
	}
	t.bad.Need(len(f.Options) <= 60, "options", "template.too_many_options")
	return f, t.bad
}

func (t typed) limit() *limit.Limit {
	kind := limit.Kind(t.text("limit_kind"))
	if kind == "" {
		return nil
	}
	l := limit.Limit{Kind: kind, Max: t.number("limit_max"), Min: t.number("limit_min"), Soft: t.Get("limit_soft") != ""}
	if kind == limit.Frame || kind == limit.Pages {
		l.Cols = t.number("limit_cols")
	} else {
		l.NoSpaces, l.NoBreaks = t.Get("limit_no_spaces") != "", t.Get("limit_no_breaks") != ""
	}
	if kind == limit.Pages {
		l.PageRows = t.number("limit_page_rows")
	}
	return &l
}

func (t typed) columns() []template.Column {
	var columns []template.Column
	for i := range min(len(t.Values["column_label"]), 22) {
		c := template.Column{Label: t.cell("column_label", i), Key: t.cell("column_key", i), Type: template.Type(t.cell("column_type", i))}
		if c.Label == "" && c.Key == "" {
			continue
		}
		if c.Key == "" {
			c.Key = "c" + strconv.Itoa(i+1)
		}
		if most := t.amount("columns", t.cell("column_limit", i)); most > 0 {
			c.Limit = &limit.Limit{Kind: limit.Chars, Max: int(most)}
		}
		columns = append(columns, c)
	}
	return columns
}

// fieldValues are the values of the page for a question as it stands.
func fieldValues(form template.Version, f template.Field) url.Values {
	v := url.Values{"key": {f.Key}, "label": {f.Label}, "type": {string(f.Type)}, "help": {f.Help}, "example": {f.Example}, "label_official": {f.Official}, "criterion": {f.Criterion},
		"source": {f.Source}, "unsure": {f.Unsure}, "public": {f.Public}, "required": {string(f.Required)}, "common_key": {f.CommonKey}, "options": {strings.Join(f.Options, "\n")}}
	number := func(name string, n int) {
		if n > 0 {
			v.Set(name, strconv.Itoa(n))
		}
	}
	number("min_rows", f.MinRows)
	number("max_rows", f.MaxRows)
	if l := f.Limit; l != nil {
		v.Set("limit_kind", string(l.Kind))
		for name, n := range map[string]int{"limit_max": l.Max, "limit_min": l.Min, "limit_cols": l.Cols, "limit_page_rows": l.PageRows} {
			number(name, n)
		}
		for name, yes := range map[string]bool{"limit_soft": l.Soft, "limit_no_spaces": l.NoSpaces, "limit_no_breaks": l.NoBreaks} {
			if yes {
				v.Set(name, "yes")
			}
		}
	}
	figureValues(v, f.Compute)
	conditionValues(v, "show", f.ShowIf, form)
	for _, c := range f.Columns {
		v.Add("column_label", c.Label)
		v.Add("column_key", c.Key)
		v.Add("column_type", string(c.Type))
		most := ""
		if c.Limit != nil {
			most = fmt.Sprint(c.Limit.Max)
		}
		v.Add("column_limit", most)
	}
	return v
}
