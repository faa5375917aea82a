package forming

import (
	"encoding/json"
	"net/url"
	"reflect"
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
	v := url.Values{"window": {b.Window}, "claim": {""}, "rate_of": {"eligible"}}
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	for _, c := range b.Categories {
		quote := ""
		if len(c.Requires) > 0 {
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
	if len(b.Options) > 0 {
		v.Set("options", printed(b.Options))
	}
	claimValues(v, b)
	return v
}

// claimValues show the usual rule by its figures and any other as JSON.
func claimValues(v url.Values, b template.Budget) {
	if len(b.Claim) == 0 {
		return
	}
	v.Set("claim", printed(b.Claim))
	var usual struct {
		Min []json.RawMessage `json:"min"`
	}
	if json.Unmarshal(b.Claim, &usual) != nil {
		return
	}
	type rate struct {
		Rate struct {
			Num, Den int64
			Of       string
		}
	}
	var share rate
	var floored struct{ Floor struct{ Of rate } }
	var cap int64
	for _, part := range usual.Min {
		if json.Unmarshal(part, &floored) == nil && floored.Floor.Of.Rate.Den > 0 {
			share = floored.Floor.Of
		} else if share.Rate.Den == 0 {
			_ = json.Unmarshal(part, &share) // what is no share is something else
		}
		_ = json.Unmarshal(part, &cap) // what is no amount is something else
	}
	if !equal(b.Claim, usualClaim(share.Rate.Num, max(share.Rate.Den, 1), share.Rate.Of, cap, max(b.Unit, 1))) {
		return
	}
	v.Set("claim", "")
	v.Set("cap", strconv.FormatInt(cap, 10))
	if share.Rate.Den > 0 {
		v.Set("rate", strconv.FormatInt(share.Rate.Num, 10)+"/"+strconv.FormatInt(share.Rate.Den, 10))
		v.Set("rate_of", share.Rate.Of)
	}
}

// equal reports whether two texts are the same JSON.
func equal(a, b []byte) bool {
	var left, right any
	return json.Unmarshal(a, &left) == nil && json.Unmarshal(b, &right) == nil && reflect.DeepEqual(left, right)
}
