package forming

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
)

// object is a node of a rule as JSON.
type object = map[string]any

// payLine is one of several amounts that a call adds up: 開催1回1,500円, and the rent up to 50,000円 a month, and in the first year what it costs to begin.
type payLine struct {
	kind  string        // share, units, upto, flat
	cost  string        // total, eligible, or a category
	share formula.Usual // of the cost; Cap is the most of it
	yen   int64         // of one unit, or the flat amount
	count string        // of units
	most  int64         // of units; 0: any number
	year  int           // in which it is paid; 0: in every year
}

var (
	payKinds  = []page.Option{{Value: "", Text: "選ぶ"}, {Value: "share", Text: "費用の割合・費用の全部"}, {Value: "units", Text: "単価×回数"}, {Value: "upto", Text: "費用（単価×回数まで）"}, {Value: "flat", Text: "決まった額"}}
	yearNames = []page.Option{{Value: "", Text: "毎年"}, {Value: "1", Text: "1年目だけ"}, {Value: "2", Text: "2年目だけ"}, {Value: "3", Text: "3年目だけ"}, {Value: "4", Text: "4年目だけ"}, {Value: "5", Text: "5年目だけ"}}
)

// mostCounts is how many counts a line may choose among.
const mostCounts = 8

// payRows are the lines of amounts to fill in. A count is chosen by its line in the table of counts, so that both can be typed at once.
func payRows(form *page.Form, values url.Values, b template.Budget) page.Rows {
	costs := []page.Option{{Value: "eligible", Text: "対象になる費用"}, {Value: "total", Text: "総事業費"}}
	for _, c := range b.Categories {
		costs = append(costs, page.Option{Value: c.Key, Text: c.Label})
	}
	counts := []page.Option{{Value: "", Text: "使わない"}}
	for i := range mostCounts {
		text := "下の表の" + strconv.Itoa(i+1) + "行目"
		if i < len(values["count_name"]) && values["count_name"][i] != "" {
			text = values["count_name"][i] + "（" + text + "）"
		}
		counts = append(counts, page.Option{Value: strconv.Itoa(i + 1), Text: text})
	}
	return form.Rows(gridOf(values, "pay", "足し合わせる額", page.RowColumn{Name: "pay_kind", Head: "額の決め方", Options: payKinds}, page.RowColumn{Name: "pay_cost", Head: "どの費用", Options: costs}, page.RowColumn{Name: "pay_rate", Head: "割合"},
		page.RowColumn{Name: "pay_yen", Head: "単価・上限・額（円）"}, page.RowColumn{Name: "pay_count", Head: "どの回数", Options: counts}, page.RowColumn{Name: "pay_most", Head: "回数の上限"}, page.RowColumn{Name: "pay_year", Head: "いつ", Options: yearNames}))
}

// payLines reads the lines of amounts; what is missing is said at its cell.
func (t typed) payLines(b template.Budget) []payLine {
	var lines []payLine
	for i := range min(len(t.Values["pay_kind"]), mostLines) {
		cell := func(name string) string { return name + "-" + page.Count(i) }
		line := payLine{kind: t.cell("pay_kind", i), cost: t.cell("pay_cost", i), share: t.share("pay_rate", "", "pay_yen", i), yen: t.amount(cell("pay_yen"), t.cell("pay_yen", i)), most: t.amount(cell("pay_most"), t.cell("pay_most", i))}
		if line.kind == "" {
			t.bad.Need(t.cell("pay_rate", i) == "" && line.yen == 0, cell("pay_kind"), "template.no_kind")
			continue
		}
		line.share.Unit = max(b.Unit, 1)
		if year, err := strconv.Atoi(t.cell("pay_year", i)); err == nil {
			line.year = min(max(year, 0), len(yearNames)-1)
		}
		counted := line.kind == "units" || line.kind == "upto"
		if counted {
			line.count = t.countAt(t.cell("pay_count", i))
			t.bad.Need(line.count != "", cell("pay_count"), "template.no_count")
		}
		t.bad.Need(line.yen > 0 || line.kind == "share", cell("pay_yen"), "template.no_yen")
		t.bad.Need(line.share.Num == 0 || line.kind == "share", cell("pay_rate"), "template.rate_elsewhere")
		lines = append(lines, line)
	}
	return lines
}

// countAt is the key of the count that stands in a line of the table of counts.
func (t typed) countAt(line string) string {
	n, err := strconv.Atoi(line)
	if err != nil || n < 1 {
		return ""
	}
	return t.countKey(n - 1)
}

// countKey is the key of a count: the one it has, or one made for a count that has only a name.
func (t typed) countKey(i int) string {
	if key := t.cell("count_key", i); key != "" || t.cell("count_name", i) == "" {
		return key
	}
	return "count" + strconv.Itoa(i+1)
}

func (l payLine) rule() any {
	units := object{"count": l.count, "each": l.yen}
	if l.most > 0 {
		units["max"] = l.most
	}
	switch l.kind {
	case "units":
		return object{"units": units}
	case "upto":
		return object{"min": []any{l.cost, object{"units": units}}}
	case "flat":
		return l.yen
	}
	of := formula.Rated(l.share.Num, l.share.Den, l.cost)
	if l.share.Num > 0 {
		of = formula.Floored(l.share.Unit, of)
	}
	if l.share.Cap == 0 {
		return of
	}
	return object{"min": []any{of, l.share.Cap}}
}

// linesRule adds the lines up: those of every year each, those of certain years together where the first of them stands; no more than a cap, nothing below a least
// amount.
func linesRule(lines []payLine, s formula.Usual) any {
	var sum []any
	years, at := [][]any{}, -1
	for _, l := range lines {
		if l.year == 0 {
			sum = append(sum, l.rule())
			continue
		}
		if at < 0 {
			at = len(sum)
			sum = append(sum, nil)
		}
		for len(years) < l.year {
			years = append(years, nil)
		}
		years[l.year-1] = append(years[l.year-1], l.rule())
	}
	if at >= 0 {
		list := make([]any, len(years))
		for i, parts := range years {
			list[i] = added(parts)
		}
		sum[at] = object{"years": list}
	}
	rule := added(sum)
	if s.Cap > 0 {
		rule = object{"min": []any{rule, s.Cap}}
	}
	if s.Least > 0 {
		rule = object{"least": object{"yen": s.Least, "of": rule}}
	}
	return rule
}

func added(parts []any) any {
	switch len(parts) {
	case 0:
		return 0
	case 1:
		return parts[0]
	}
	return object{"sum": parts}
}

// payValues show a rule in lines; false when lines do not say it.
func payValues(v url.Values, b template.Budget) bool {
	var tree any
	if json.Unmarshal(b.Claim, &tree) != nil {
		return false
	}
	lines, s := linesOf(tree, max(b.Unit, 1))
	if len(lines) == 0 || !formula.Same(written(linesRule(lines, s)), b.Claim) {
		return false
	}
	names := sortedKeys(b.Names)
	for _, l := range lines {
		count, year := "", ""
		if at := slices.Index(names, l.count); l.count != "" {
			if at < 0 || at >= mostCounts {
				return false
			}
			count = strconv.Itoa(at + 1)
		}
		if l.year > 0 {
			year = strconv.Itoa(l.year)
		}
		for name, text := range map[string]string{"pay_kind": l.kind, "pay_cost": l.cost, "pay_rate": l.share.ShareText(), "pay_yen": yenText(max(l.yen, l.share.Cap)), "pay_count": count, "pay_most": yenText(l.most), "pay_year": year} {
			v.Add(name, text)
		}
	}
	v.Set("cap", yenText(s.Cap))
	v.Set("least", yenText(s.Least))
	return true
}

// linesOf takes a rule apart into lines, with the cap and the least amount of the whole; whether they say the rule is another question.
func linesOf(tree any, unit int64) ([]payLine, formula.Usual) {
	var s formula.Usual
	if o, is := tree.(object); is && o["least"] != nil {
		inner, _ := o["least"].(object)
		s.Least, tree = formula.Whole(inner["yen"]), inner["of"]
	}
	if parts := listed(tree, "min"); len(parts) == 2 && formula.Whole(parts[1]) > 0 && (listed(parts[0], "sum") != nil || listed(parts[0], "years") != nil) {
		s.Cap, tree = formula.Whole(parts[1]), parts[0]
	}
	var lines []payLine
	for _, item := range items(tree) {
		years := listed(item, "years")
		if years == nil {
			lines = append(lines, lineOf(item, 0, unit))
		}
		for i, year := range years {
			for _, one := range items(year) {
				if !nothing(one) {
					lines = append(lines, lineOf(one, i+1, unit))
				}
			}
		}
	}
	return lines, s
}

// nothing reports whether a part is the 0 that stands for a year without a line.
func nothing(v any) bool {
	text, err := json.Marshal(v)
	return err == nil && string(text) == "0"
}

func listed(node any, kind string) []any {
	o, _ := node.(object)
	parts, _ := o[kind].([]any)
	return parts
}

func items(node any) []any {
	if parts := listed(node, "sum"); parts != nil {
		return parts
	}
	return []any{node}
}

// lineOf takes one part of a rule apart; whether the line says it is another question.
func lineOf(node any, year int, unit int64) payLine {
	l := payLine{kind: "share", cost: "eligible", share: formula.Usual{Den: 1, Unit: unit}, year: year}
	if n := formula.Whole(node); n > 0 {
		l.kind, l.yen = "flat", n
		return l
	}
	if parts := listed(node, "min"); len(parts) == 2 {
		if cost, is := parts[0].(string); is {
			l.cost = cost
		}
		if l.share.Cap = formula.Whole(parts[1]); l.share.Cap == 0 {
			l.kind = "upto"
			l.units(parts[1])
			return l
		}
		node = parts[0]
	}
	if cost, is := node.(string); is {
		l.cost = cost
	}
	if o, _ := node.(object); o["units"] != nil {
		l.kind = "units"
		l.units(node)
		return l
	}
	found := formula.ShareIn(node)
	l.cost, l.share.Num, l.share.Den = found.Of, found.Num, found.Den
	return l
}

func (l *payLine) units(node any) {
	o, _ := node.(object)
	units, _ := o["units"].(object)
	l.count, _ = units["count"].(string)
	l.yen, l.most = formula.Whole(units["each"]), formula.Whole(units["max"])
}
