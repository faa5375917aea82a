package forming

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
)

// gridOf makes a line of fields for each line that was typed, and two empty ones.
func gridOf(values url.Values, id, label string, columns ...page.RowColumn) page.Rows {
	return page.NewRows(id, label, columns, values, 2, 62)
}

// moneyValues are the values of the page for a budget part as it stands.
func moneyValues(b template.Budget) url.Values {
	v := url.Values{"window": {b.Window}, "rate_of": {"eligible"}}
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	for _, c := range b.Categories {
		quote := ""
		if slices.Contains(c.Requires, "quote") {
			quote = "yes"
		}
		for name, text := range map[string]string{"cat_key": c.Key, "cat_label": c.Label, "cat_eligible": c.Eligible, "cat_reason": c.Reason, "cat_cap": number(c.UnitCap), "cat_share": number(c.Share), "cat_quote": quote} {
			v.Add(name, text)
		}
	}
	for _, key := range sortedKeys(b.Names) {
		v.Add("count_key", key)
		v.Add("count_name", b.Names[key])
		v.Add("count_unit", b.Counters[key])
	}
	v.Set("unit", number(b.Unit))
	if b.Quotes != nil {
		v.Set("quotes_from", number(b.Quotes.From))
		v.Set("quotes_count", strconv.Itoa(b.Quotes.Count))
	}
	if b.Change != nil {
		v.Set("change_total", number(b.Change.Total))
		v.Set("change_transfer", number(b.Change.Transfer))
	}
	claimValues(v, b)
	return v
}
