package applying

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// PartRow asks of one line who pays it. Papers are the quotes attached to it, carried along.
type PartRow struct {
	Name   string
	Fields []page.Field
	Papers string
}

// partHeads are the heads of those rows.
var partHeads = []page.RowColumn{{Name: "cost_grant", Head: "助成でまかなう額（円）"}, {Name: "cost_other", Head: "ほかの収入で（円）"}, {Name: "cost_outside", Head: "対象にしないわけ"}, {Name: "cost_quotes", Head: "紙の見積の数"}, {Name: "cost_priority", Head: "先に助成を使う順"}}

// partRows are the rows of the lines that were typed.
func partRows(form *page.Form, values url.Values) []PartRow {
	var made []PartRow
	at := func(name string, i int) string {
		if i < len(values[name]) {
			return values[name][i]
		}
		return ""
	}
	for i, item := range values["cost_item"] {
		if item == "" && at("cost_price", i) == "" {
			break // only empty lines follow; a line between keeps its place
		}
		row := PartRow{Name: item, Papers: at("cost_papers", i)}
		for _, c := range partHeads {
			cell := form.Field(page.Field{Name: cellID(c.Name, i), Label: c.Head + " " + strconv.Itoa(i+1) + "行目", Value: at(c.Name, i)})
			cell.Name = c.Name
			row.Fields = append(row.Fields, cell)
		}
		made = append(made, row)
	}
	return made
}

// PartHeads are the heads of the rows, for the template.
func (BudgetPage) PartHeads() []string {
	heads := make([]string, len(partHeads))
	for i, c := range partHeads {
		heads[i] = c.Head
	}
	return heads
}

// addParts are the values of those fields for a line as it stands.
func addParts(v url.Values, c budget.Cost, number func(int64) string) {
	part := func(n *ledger.Yen) string {
		if n == nil {
			return ""
		}
		return strconv.FormatInt(int64(*n), 10)
	}
	papers := make([]string, len(c.Papers))
	for i, id := range c.Papers {
		papers[i] = strconv.FormatInt(id, 10)
	}
	for name, text := range map[string]string{"cost_grant": part(c.Grant), "cost_other": part(c.Other), "cost_outside": c.Outside, "cost_quotes": number(int64(c.Quotes)), "cost_priority": number(int64(c.Priority)), "cost_papers": strings.Join(papers, ",")} {
		v.Add(name, text)
	}
}

// linesTable is the cost side worked out: how much is accepted and why not all, and who pays.
func linesTable(m matter) page.Table {
	w := m.Worked
	t := page.Table{Caption: "支出の部と、だれがまかなうか", Columns: []page.Column{{Text: "内容"}, {Text: "金額", Number: true}, {Text: "うち対象", Number: true}, {Text: "この助成", Number: true}, {Text: "ほかの収入", Number: true}, {Text: "団体", Number: true}, {Text: "わけ・見積"}}}
	var sum budget.Parts
	for _, l := range w.Lines {
		reason := l.Reason
		if locale.Japanese.Has(reason) {
			reason = locale.Japanese.T(reason)
		}
		if n := l.AllQuotes(); n > 0 {
			reason = strings.TrimSpace(reason + "　見積 " + strconv.Itoa(n))
		}
		t.Rows = append(t.Rows, page.Row{Name: l.Item, Note: categoryLabel(m.spec(), l.Category), Cells: []string{page.YenText(l.Amount) + "円", page.YenText(l.Eligible) + "円",
			page.YenText(l.Parts.Grant) + "円", page.YenText(l.Parts.Other) + "円", page.YenText(l.Parts.Own) + "円", reason}})
		sum.Grant, sum.Other, sum.Own = sum.Grant+l.Parts.Grant, sum.Other+l.Parts.Other, sum.Own+l.Parts.Own
	}
	t.Foot = []page.Row{{Name: "合計", Cells: []string{page.YenText(w.Total) + "円", page.YenText(w.Eligible) + "円", page.YenText(sum.Grant) + "円", page.YenText(sum.Other) + "円", page.YenText(sum.Own) + "円", ""}}}
	return t
}
