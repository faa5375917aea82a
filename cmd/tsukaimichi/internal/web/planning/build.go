package planning

import (
	"fmt"
	"net/url"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
)

// takes is sent by a form that takes the sheet out again.
const takes = "takes"

// spare is how many empty lines a list ends with.
const spare = 2

func buildWorksheet(d console.Desk, sheet plans.Worksheet, versions []plans.Version, initiatives []ledger.Initiative, values url.Values, problems map[string]string) WorksheetPage {
	shown := WorksheetPage{Heading: sheet.Title, Saved: fmt.Sprintf("%s　%s", page.DayOnly(ledger.DateOf(sheet.SavedAt)), sheet.SavedBy), Revision: sheet.Revision}
	shown.Papers = []page.Document{
		{Link: page.Link{Href: d.Path("plans", sheet.ID, "sheet.pdf"), Text: "A4で印刷する（PDF）", Note: "声は入りません"}},
		{Link: page.Link{Href: d.Path("plans", sheet.ID, "sheet.pdf") + "?voices=1", Text: "声も入れて印刷する（PDF）", Note: "会議の中だけで使います"}},
	}
	for _, v := range versions {
		shown.Versions = append(shown.Versions, page.ListRow{Name: fmt.Sprintf("第%d版　%s", v.Version, v.Reason), Href: d.Path("plans", sheet.ID, "versions", v.Version),
			Note: page.DayOnly(ledger.DateOf(v.KeptAt)) + "　" + v.KeptBy})
	}
	cost, funding := sheet.Body.Total()
	shown.Sums = []page.Pair{{Term: "必要経費の合計", Text: page.YenText(cost) + "円"}, {Term: "資金の合計", Text: page.YenText(funding) + "円"}, {Term: "差", Text: page.YenText(funding-cost) + "円"}}
	b := boxes{form: page.NewForm(values, problems), values: values}
	shown.Takes = sheet.Closed && values.Has(takes)
	if !d.May(writers...) || sheet.Closed && !shown.Takes {
		shown.Read = readPairs(sheet)
		if d.May(writers...) {
			shown.Reopen = d.Path("plans", sheet.ID, "reopen")
		}
		shown.Problems = b.form.Problems()
		return shown
	}
	shown.Action = d.Path("plans", sheet.ID)
	b.fill(&shown, initiatives)
	if !shown.Takes { // what was typed is saved before anything else
		shown.Keep = Keep{Action: d.Path("plans", sheet.ID, "keep"), Reason: b.form.Field(page.Field{Name: "reason", Label: "何のための版ですか", Hint: "例：協議体に出す前に", Required: true})}
		shown.Close = d.Path("plans", sheet.ID, "close")
	}
	shown.Problems = b.form.Problems()
	return shown
}

// boxes asks for the fields of the sheet in the order of the paper.
type boxes struct {
	form   *page.Form
	values url.Values
}

func (b boxes) text(name, label, hint string, rows int) page.Field {
	return b.form.Field(page.Field{Name: name, Label: label, Hint: hint, Rows: rows})
}

func (b boxes) fill(shown *WorksheetPage, initiatives []ledger.Initiative) {
	shown.Head = []page.Field{
		b.form.Field(page.Field{Name: "title", Label: "シートの題", Required: true}),
		b.form.Field(page.Field{Name: "initiative", Label: "取り組み", Options: initiativeOptions(initiatives)}),
	}
	shown.Need = []page.Field{
		b.text("voice", "本人・家族の声", "聞いたままの言葉を書きます。ほかの書類には、うつしません。", 4),
		b.text("assessed", "専門職の見立て", "だれが何に困っているのかを、言いかえて書きます。", 4),
		b.text("gap", "いまの体制では難しいわけ", "", 3),
	}
	shown.Build = []page.Field{
		b.form.Field(page.Field{Name: "name", Label: "つくりたいもの", Hint: "例：通院の付き添い。1枚のシートには、1つだけ書きます。"}),
		b.text("content", "内容", "", 4),
	}
	shown.Forum = b.text("occasions", "話し合いの場", "協議体、地域ケア会議など", 2)
	shown.Survey = []page.Field{b.text("survey_who", "対象", "", 2), b.text("survey_how", "方法", "", 2), b.text("survey_when", "時期", "", 2), b.text("survey_what", "聞くこと", "", 2)}
	shown.Partners = []page.Field{
		b.text("formal", "フォーマル", "法律や制度に基づく機関。1行に1つ、名前／役割", 4),
		b.text("informal", "インフォーマル", "法律や制度に基づかない団体や人。1行に1つ、名前／役割", 4),
	}
	shown.Steps = b.rows("steps", "準備作業", []string{"月", "すること", "だれが"}, []string{"step_month", "step_what", "step_who"}, nil)
	shown.Helpers = b.text("helpers", "担い手の発掘・養成", "集め方と、講座など。4回以上の続きものにすると、組織が育ちやすくなります。", 3)
	shown.Costs = b.rows("costs", "必要経費", []string{"何に", "数", "単位", "単価（円）"}, []string{"cost_what", "cost_quantity", "cost_unit", "cost_price"}, nil)
	shown.Funding = b.rows("funding", "資金", []string{"どこから", "内容", "金額（円）"}, []string{"fund_source", "fund_what", "fund_amount"}, sources)
	shown.Notes = b.text("notes", "内輪の覚え書き", "このページだけに残ります。印刷にも、版にも、ほかの書類にも出ません。", 3)
}

var sources = []page.Option{
	{Value: string(plans.Fees), Text: "利用料"}, {Value: string(plans.Donations), Text: "寄付"}, {Value: string(plans.Sponsorship), Text: "協賛"},
	{Value: string(plans.Grants), Text: "助成"}, {Value: string(plans.Own), Text: "自己資金"},
}

// rows makes a line of fields for each line that was typed, and a few empty ones. The first column may be a choice.
func (b boxes) rows(id, label string, heads, names []string, options []page.Option) page.Rows {
	columns := make([]page.RowColumn, len(names))
	for i, name := range names {
		columns[i] = page.RowColumn{Name: name, Head: heads[i]}
	}
	columns[0].Options = options
	made := page.NewRows(id, label, columns, b.values, spare, 100)
	made.Problem = b.form.Field(page.Field{Name: id, ID: names[0] + "-0", Label: label}).Problem
	return made
}

// readPairs is the sheet for those who read.
func readPairs(sheet plans.Worksheet) []page.Pair {
	b := sheet.Body
	keys := b.Keys()
	var pairs []page.Pair
	for _, box := range []struct{ term, text string }{
		{"本人・家族の声", b.Voice}, {"専門職の見立て", b.Assessed}, {"いまの体制では難しいわけ", b.Gap}, {"つくりたいもの", b.Name}, {"内容", b.Content}, {"話し合いの場", b.Occasions},
		{"ニーズ把握", keys["need.survey"]}, {"フォーマル", keys["partners.formal"]}, {"インフォーマル", keys["partners.informal"]}, {"準備作業", keys["project.schedule"]},
		{"担い手", b.Helpers}, {"必要経費", keys["budget.use"]},
	} {
		if box.text != "" {
			pairs = append(pairs, page.Pair{Term: box.term, Text: box.text})
		}
	}
	return pairs
}
