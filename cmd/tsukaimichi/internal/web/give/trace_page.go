package give

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/opendata"
)

// Traced is a gift as the holder of its receipt may see it. There is no name in it.
type Traced struct {
	Organisation ledger.Organisation
	Asked        bool // number and digits were typed
	Refused      bool // they do not go together
	Receipt      string
	Amount       ledger.Yen
	Refunded     ledger.Yen
	PaidOn       ledger.Date
	Campaign     string      // its public name; empty for a gift to the group itself
	Year         ledger.Date // of a standing call, where the year it was for is over
	Data         opendata.Campaign
	Held         []campaigns.Holding
	Trace        opendata.Trace
}

// TracePage is 「わたしの1,000円」: what became of one gift, and how to compute it again.
type TracePage struct {
	page.Public
	Heading string
	Lead    string
	State   page.Notice
	Facts   []page.Pair
	Table   page.Table
	Again   *Recipe
	Action  string
	Number  page.Field
	Check   page.Field
	Asked   bool // the form stands below, for another receipt
}

// Recipe is how to compute a trace again from what anybody may take away.
type Recipe struct {
	Meant   []page.Pair // what the gift is meant for: what only its holder knows
	ListCSV string
	JSON    string
}

// Template names the page.
func (TracePage) Template() string { return "give/trace" }

// NewTracePage builds the page, with the form alone while nothing was typed.
func NewTracePage(t Traced) TracePage {
	home := "/o/" + t.Organisation.Slug
	p := TracePage{
		Public: page.Public{Title: "わたしの寄付の行き先", Private: t.Asked, Description: t.Organisation.Name + "への寄付が、何に使われたかを領収書の番号で見ます。",
			Crumbs: []page.Link{{Href: home, Text: t.Organisation.Name}}},
		Heading: "わたしの寄付の行き先", Lead: "領収書の番号で、その寄付がどの使いみちに入り、いくら使われたかを見られます。お名前は出ません。",
		Action: home + "/trace", Asked: t.Asked,
		Number: page.Field{ID: "number", Name: "number", Label: "領収書の号", Hint: "「第 2026-0012 号」なら、2026-0012", Autocomplete: "off", Required: true},
		Check:  page.Field{ID: "check", Name: "check", Label: "確かめる番号", Hint: "領収書の下のほうにある、12けたの数字。間はあけても、あけなくてもかまいません", InputMode: "numeric", Autocomplete: "off", Required: true},
	}
	if !t.Asked {
		return p
	}
	if t.Refused {
		p.State = page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "ありません"}, Head: "その番号の組み合わせは、ありません", Attend: true, Alert: true,
			Text: "領収書の号の番号（2026-0012 など）と、下のほうにある12けたの「確かめる番号」を、もう一度見てください。"}
		return p
	}
	p.found(t)
	return p
}

// found fills in the gift.
func (p *TracePage) found(t Traced) {
	p.Heading, p.Lead = mine(t.Trace.Gift), "使いみちごとの届いたお金の割合で分け、円まで合わせています。"
	p.Facts = []page.Pair{{Term: "領収書", Text: "第" + t.Receipt + "号"}, {Term: "届いた日", Text: page.DayOnly(t.PaidOn)}, {Term: "寄付", Text: page.YenText(t.Amount) + "円"}}
	if t.Refunded > 0 {
		p.Facts = append(p.Facts, page.Pair{Term: "返したお金", Text: page.YenText(t.Refunded) + "円"})
	}
	if t.Campaign == "" {
		p.Heading, p.Lead = "わたしの寄付", ""
		p.State = page.Notice{Head: "団体への寄付です", Text: "この寄付は、1つの募金ではなく、団体に届きました。何に使うかを団体が決めると、募金ではない寄付のページに出ます。",
			Link: page.Link{Href: "/o/" + t.Organisation.Slug + "/gifts", Text: "募金ではない寄付の使いみちを見る"}}
		return
	}
	at := "/c/" + t.Campaign
	if !t.Year.IsZero() {
		p.Heading, p.Lead = "わたしの寄付", ""
		p.State = page.Notice{Head: fmt.Sprintf("%d年度の寄付です", t.Year.Year()), Text: "この寄付は、終わった年度の使いみちに入りました。何に使ったかは、その年度の報告で読めます。", Link: page.Link{Href: at, Text: "募金と報告のページ"}}
		return
	}
	p.Facts = append(p.Facts, page.Pair{Term: "募金", Text: t.Data.Title, Link: page.Link{Href: at, Text: "募金のページ"}})
	switch {
	case len(t.Held) == 0:
		p.Heading, p.Lead = "わたしの寄付", ""
		p.State = page.Notice{Head: "この寄付は、いまこの募金にありません", Text: "返したか、取り消したか、団体のほかの活動へまわしました。"}
		return
	case len(t.Trace.Parts) == 0:
		p.State = page.Notice{Head: "まだ、使いみちに入っていません", Text: "入ると、ここに出ます。"}
		return
	}
	p.Table = TraceTable(t.Trace)
	p.Again = &Recipe{Meant: meant(t.Data, t.Held), ListCSV: at + "/data.csv", JSON: at + "/data.json"}
}

// mine is the gift in its holder's words: わたしの1,000円.
func mine(gift ledger.Yen) string { return "わたしの" + page.YenText(gift) + "円" }

// meant says what each part of a gift is meant for.
func meant(d opendata.Campaign, held []campaigns.Holding) []page.Pair {
	var pairs []page.Pair
	for _, h := range held {
		pair := page.Pair{Term: page.YenText(h.Amount) + "円", Text: "使いみちの指定はありません"}
		for _, u := range d.Uses {
			if u.ID == h.UseID {
				pair.Text = fmt.Sprintf("使いみち %d「%s」のため", u.Number, u.Name)
			}
		}
		pairs = append(pairs, pair)
	}
	return pairs
}

// TraceTable is where the parts of a gift lie: what each report told as spent, what was spent since, and what is left.
func TraceTable(t opendata.Trace) page.Table {
	table := page.Table{Caption: "この寄付の行き先", Columns: []page.Column{{Text: "使いみち"}, {Text: "この寄付から", Number: true}}}
	for i := range t.Reports {
		table.Columns = append(table.Columns, page.Column{Text: fmt.Sprintf("第%d回の報告で使った", i+1), Number: true})
	}
	spent := "使った"
	if len(t.Reports) > 0 {
		spent = "報告のあとに使った"
	}
	table.Columns = append(table.Columns, page.Column{Text: spent, Number: true}, page.Column{Text: "まだ", Number: true})
	sum := opendata.Part{Name: "合計", Reported: make([]ledger.Yen, len(t.Reports))}
	for _, part := range t.Parts {
		table.Rows = append(table.Rows, traceRow(part))
		sum.Amount, sum.Since, sum.Left = sum.Amount+part.Amount, sum.Since+part.Since, sum.Left+part.Left
		for i, r := range part.Reported {
			sum.Reported[i] += r
		}
	}
	table.Foot = []page.Row{traceRow(sum)}
	return table
}

func traceRow(p opendata.Part) page.Row {
	row := page.Row{Name: p.Name, Cells: []string{page.YenText(p.Amount) + "円"}}
	for _, amount := range append(append([]ledger.Yen{}, p.Reported...), p.Since, p.Left) {
		row.Cells = append(row.Cells, page.YenText(amount)+"円")
	}
	return row
}
