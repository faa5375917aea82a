package granting

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/search"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// leasts are the amounts to choose from.
var leasts = []ledger.Yen{50_000, 100_000, 300_000, 1_000_000, 3_000_000}

// readQuery reads what is looked for from an address or a form. What makes no sense does not matter there; keeping it does not take it.
func readQuery(v url.Values) search.Query {
	q := search.Query{Words: strings.TrimSpace(v.Get("q")), Area: strings.TrimSpace(v.Get("area")), Purpose: v.Get("purpose"), Fits: v.Get("fits") != ""}
	if least, err := ledger.ParseYen(v.Get("least")); err == nil {
		q.Least = least
	}
	q.Within, _ = strconv.Atoi(v.Get("within")) // what is none is any time
	return q
}

// queryValues are the fields of a query.
func queryValues(q search.Query, worksheetID int64) url.Values {
	v := url.Values{}
	set := func(name, text string, given bool) {
		if given {
			v.Set(name, text)
		}
	}
	set("q", q.Words, q.Words != "")
	set("area", q.Area, q.Area != "")
	set("purpose", q.Purpose, q.Purpose != "")
	set("least", strconv.FormatInt(int64(q.Least), 10), q.Least > 0)
	set("within", strconv.Itoa(q.Within), q.Within > 0)
	set("fits", "yes", q.Fits)
	set("plan", strconv.FormatInt(worksheetID, 10), worksheetID > 0)
	return v
}

func searchBox(d console.Desk, s search.Seeker, q search.Query) page.Search {
	box := page.Search{Action: d.Path("grants"), Label: "助成をさがす", Name: "q", Value: q.Words, Hint: "団体・ことば", More: []page.Field{{Name: "area", Label: "地域", Value: q.Area}}}
	purposes := page.Select{Name: "purpose", Label: "分野", Options: []page.Option{{Text: "どれでも"}}}
	for _, purpose := range search.Purposes {
		purposes.Options = append(purposes.Options, page.Option{Value: purpose, Text: purpose, Chosen: purpose == q.Purpose})
	}
	amounts := page.Select{Name: "least", Label: "額", Options: []page.Option{{Text: "いくらでも"}}}
	for _, least := range leasts {
		amounts.Options = append(amounts.Options, page.Option{Value: strconv.FormatInt(int64(least), 10), Text: page.YenText(least) + "円以上", Chosen: least == q.Least})
	}
	windows := page.Select{Name: "within", Label: "締切"}
	for _, days := range search.Windows {
		windows.Options = append(windows.Options, page.Option{Value: strconv.Itoa(days), Text: windowWords(days), Chosen: days == q.Within})
	}
	box.Kinds = []page.Select{purposes, amounts, windows}
	if len(s.Sheets) > 0 {
		plan := page.Select{Name: "plan", Label: "どの計画に"}
		for _, sheet := range s.Sheets {
			plan.Options = append(plan.Options, page.Option{Value: strconv.FormatInt(sheet.ID, 10), Text: sheet.Title, Chosen: sheet.ID == s.Sheet.ID})
		}
		box.Kinds = append(box.Kinds, plan, page.Select{Name: "fits", Label: "合うもの", Options: []page.Option{{Text: "ぜんぶ"}, {Value: "yes", Text: "計画に合うものだけ", Chosen: q.Fits}}})
	}
	return box
}

func windowWords(days int) string {
	if days == 0 {
		return "いつでも"
	}
	return fmt.Sprintf("%d日のうち", days)
}

// queryWords is a query in a sentence.
func queryWords(q search.Query, plan string) string {
	var parts []string
	for _, part := range []struct {
		given bool
		text  string
	}{
		{q.Words != "", "「" + q.Words + "」"}, {q.Area != "", "地域 " + q.Area}, {q.Purpose != "", "分野 " + q.Purpose}, {q.Least > 0, page.YenText(q.Least) + "円以上"},
		{q.Within > 0, "締切が" + windowWords(q.Within)}, {q.Fits && plan != "", "「" + plan + "」に合う"}, {q.Fits && plan == "", "計画に合う"},
	} {
		if part.given {
			parts = append(parts, part.text)
		}
	}
	return strings.Join(parts, "、")
}
