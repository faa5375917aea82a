package public

import (
	"cmp"
	"context"
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/reports/opendata"
)

// DataPage documents the data that anybody may take away: addresses, every field with its unit and meaning, what it may be used for, and how a trace is computed again.
type DataPage struct {
	page.Public
	Format       int
	Licence      page.Link
	Addresses    []page.Pair
	Columns      page.Table
	Campaign     page.Table
	Organisation page.Table
	Steps        []page.Pair
}

// Template names the page.
func (DataPage) Template() string { return "public/data" }

// Data answers /data.
func (p *Pages) Data(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, func(context.Context) (page.Page, error) { return NewDataPage(), nil })
}

// NewDataPage is the page; what it says of the fields is what opendata writes them from.
func NewDataPage() DataPage {
	return DataPage{
		Public:  page.Public{Title: "データを使う", Description: "約束と実際の数字を、CSVとJSONで受け取れます。項目の意味、使ってよい条件。"},
		Format:  opendata.Format,
		Licence: page.Link{Href: opendata.LicenceURL, Text: opendata.Licence},
		Addresses: []page.Pair{
			{Term: "募金の約束と実際", Text: "/c/募金の番地/data.csv\n/c/募金の番地/data.json"},
			{Term: "団体のぜんぶの募金", Text: "/o/団体の番地/data.csv\n/o/団体の番地/data.json"},
			{Term: "お金の動き1つずつ", Text: "/c/募金の番地/records.csv\n足すと、「届いた」「使った」と同じになります"},
			{Term: "報告のときの一覧", Text: "/r/報告の番号/records.csv\n報告を出したときのまま、変わりません"},
		},
		Columns:      columnTable(),
		Campaign:     fieldTable("募金のJSONの項目", opendata.CampaignFields),
		Organisation: fieldTable("団体のJSONの項目", opendata.OrganisationFields),
		Steps: []page.Pair{
			{Term: "1　用意する", Text: "寄付の額と、その寄付が選んだ使いみち（なければ「指定なし」）。募金の data.csv の「使いみち」の行と「報告」の行。"},
			{Term: "2　使いみちに分ける", Text: "使いみちを選んだ寄付は、ぜんぶその使いみちに入ります。指定なしの寄付は、各使いみちの「届いた − うち指定」の割合で分けます。"},
			{Term: "3　使った分に分ける", Text: "使いみちごとに、2で出た額を「使った」と「届いた − 使った」の割合で分けます。「届いた」が2の額より小さいときは、2の額を「届いた」とします。「使った」が「届いた」より大きいときは、ぜんぶ使ったことになります。"},
			{Term: "4　報告ごとに分ける", Text: "3の使った分を、第1回の報告の「使った」、第2回の報告でふえた分、……、最後の報告のあとにふえた分の割合で分けます。ふえていないときは0です。"},
			{Term: "端数", Text: "どの分け方も、まず1円に満たない分を切りすてます。残った円は、切りすてた分が大きいものから1円ずつ配ります。同じなら、番号の小さい方が先です。"},
		},
	}
}

func columnTable() page.Table {
	t := page.Table{Caption: "CSVの列（左から順に）", Columns: []page.Column{{Text: "列"}, {Text: "単位", Number: true}, {Text: "意味"}}}
	for i, c := range opendata.Columns {
		t.Rows = append(t.Rows, page.Row{Name: strconv.Itoa(i+1) + "　" + c.CSV, Cells: []string{cmp.Or(c.Unit, "文字"), c.Meaning}})
	}
	return t
}

func fieldTable(caption string, fields []opendata.Field) page.Table {
	t := page.Table{Caption: caption, Columns: []page.Column{{Text: "項目"}, {Text: "単位", Number: true}, {Text: "意味"}}}
	for _, f := range fields {
		t.Rows = append(t.Rows, page.Row{Name: f.Path, Cells: []string{cmp.Or(f.Unit, "文字"), f.Meaning}})
	}
	return t
}
