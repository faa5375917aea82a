package granting

import (
	"maps"
	"net/url"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// mostCounts is how many counts a call's rule names at most.
const mostCounts = 20

// countRows ask how the counts of the call's own rule are called: 回数, 人数, 世帯数. Those that the rule asks for stand there with their sign already.
func countRows(form *page.Form, values url.Values) page.Rows {
	typed := maps.Clone(values)
	for _, key := range countsOf(values.Get("claim")) {
		if !slices.Contains(typed["count_key"], key) {
			typed["count_key"] = append(slices.Clone(typed["count_key"]), key)
			for _, name := range []string{"count_name", "count_unit"} { // in their line
				for len(typed[name]) < len(typed["count_key"])-1 {
					typed[name] = append(slices.Clone(typed[name]), "")
				}
				typed[name] = append(slices.Clone(typed[name]), "")
			}
		}
	}
	return form.Rows(page.NewRows("counts", "式に出てくる数の名前", []page.RowColumn{{Name: "count_key", Head: "式の中の記号"}, {Name: "count_name", Head: "申請を書く人へのたずね方"}, {Name: "count_unit", Head: "数え方"}}, typed, 2, mostCounts))
}

// countsOf are the counts a rule asks for; none when it is no rule.
func countsOf(claim string) []string {
	f, err := formula.Parse([]byte(claim))
	if err != nil {
		return nil
	}
	var keys []string
	for _, need := range f.Needs() {
		if need.Kind == formula.Count {
			keys = append(keys, need.Name)
		}
	}
	return keys
}

// readCountNames reads the names into the call's own rule.
func readCountNames(v url.Values, b *template.Budget, bad ledger.Invalid) {
	b.Names, b.Counters = nil, nil
	at := func(name string, i int) string {
		if i >= len(v[name]) {
			return ""
		}
		return trimmed(v[name][i])
	}
	for i := range min(len(v["count_key"]), mostCounts) {
		key, name, unit := at("count_key", i), at("count_name", i), at("count_unit", i)
		if name == "" && unit == "" {
			continue
		}
		cell := func(column string) string { return column + "-" + page.Count(i) }
		bad.Need(template.ValidKey(key), cell("count_key"), "call.count_key")
		bad.Need(name != "" && len([]rune(name)) <= 60, cell("count_name"), "call.count_name")
		bad.Need(len([]rune(unit)) <= 10, cell("count_unit"), "field.too_long")
		if b.Names == nil {
			b.Names, b.Counters = map[string]string{}, map[string]string{}
		}
		if b.Names[key] = name; unit != "" {
			b.Counters[key] = unit
		}
	}
}

// unnamed says at its line which count of the call's rule nobody has named: neither the call nor the form it is drafted with. A drafter would be asked for a sign.
func unnamed(v url.Values, b *template.Budget, form template.Version, bad ledger.Invalid) {
	if b == nil {
		return
	}
	rows := len(v["count_key"])
	for _, key := range countsOf(string(b.Claim)) {
		if b.Names[key] != "" || (form.Budget != nil && form.Budget.Names[key] != "") {
			continue
		}
		line := slices.Index(v["count_key"], key)
		if line < 0 {
			line, rows = rows, rows+1
		}
		if cell := "count_name-" + page.Count(line); bad[cell] == "" {
			bad[cell] = "call.count_name"
		}
	}
}

// countValues show the names of a call's rule.
func countValues(v url.Values, b template.Budget) {
	for _, key := range slices.Sorted(maps.Keys(b.Names)) {
		v.Add("count_key", key)
		v.Add("count_name", b.Names[key])
		v.Add("count_unit", b.Counters[key])
	}
}
