package reports

import (
	"fmt"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// LeafletTemplate names the layout rules of a leaflet.
const LeafletTemplate = "leaflet/v1"

// Leaflet makes the A4 sheet that is handed from door to door: what is asked for, every stated use, the ways to give, what happens if
// it is too little, too much or stopped, and the code of the page.
func Leaflet(o ledger.Organisation, p campaigns.Plan, url string, online bool, at time.Time) document.Document {
	d := document.Document{Meta: document.Meta{
		Title: p.Title, Author: o.Name, Subject: "募金のよびかけ", Language: "ja", Template: LeafletTemplate, URL: url, CreatedAt: at,
	}}
	kicker := o.Name + "　募金のおねがい"
	if o.Practice {
		kicker += "（練習）"
	}
	d.Blocks = document.Blocks{document.Title{Kicker: kicker, Text: p.Title, Edition: document.Join(document.Day(p.CollectsUntil), document.Words("まで"))}}
	if p.Lead != "" {
		d.Blocks = append(d.Blocks, document.Paragraph{Text: document.Words(p.Lead)})
	}
	d.Blocks = append(d.Blocks, leafletUses(p)...)
	d.Blocks = append(d.Blocks, document.Columns{Left: leafletWays(o, online), Right: leafletRules(p)})
	d.Blocks = append(d.Blocks, document.Footer{QR: url, Lines: []document.Text{
		document.Strong("ご寄付は任意です。登録はいりません。"),
		document.Words(o.Name + "　代表 " + o.Representative), document.Words(contactLine(o)), document.Words(url),
	}})
	return d
}

func leafletUses(p campaigns.Plan) document.Blocks {
	table := document.Table{
		Name: "お金の使いみち。単位は円。",
		Columns: []document.Column{
			{Head: "お金の使いみち", Weight: 3}, {Head: "内容", Weight: 5}, {Head: "金額", End: true},
		},
	}
	for _, u := range p.Uses {
		detail := u.Detail
		if u.Quantity > 0 && u.UnitPrice > 0 {
			if detail != "" {
				detail += "　"
			}
			detail += fmt.Sprintf("%s%s × %s円", document.Paper.Number(u.Quantity), u.Unit, document.Paper.Yen(u.UnitPrice))
		}
		table.Rows = append(table.Rows, document.Row{Cells: []document.Text{document.Strong(u.Name), document.Words(detail), document.Bare(u.Amount)}})
	}
	table.Rows = append(table.Rows, document.Row{Total: true, Bold: true, Cells: []document.Text{document.Words("合計"), nil, document.Bare(p.Total())}})
	return document.Blocks{document.Heading{Text: "集める前に決めた使いみち", Note: "単位は円"}, table}
}

func leafletWays(o ledger.Organisation, online bool) document.Blocks {
	blocks := document.Blocks{document.Heading{Text: "寄付のしかた"}}
	if online {
		blocks = append(blocks, document.Paragraph{Text: document.Join(document.Strong("カード・コンビニ　"), document.Words("右下のコードから（500円から）"))})
	}
	if o.BankAccount != "" {
		blocks = append(blocks, document.Paragraph{Text: document.Join(document.Strong("振込　"), document.Words(o.BankAccount))})
	}
	if o.HandIn != "" {
		blocks = append(blocks, document.Paragraph{Text: document.Join(document.Strong("持参　"), document.Words(o.HandIn))})
	}
	return blocks
}

func leafletRules(p campaigns.Plan) document.Blocks {
	blocks := document.Blocks{document.Heading{Text: "もしものとき"}}
	for _, rule := range []struct{ head, text string }{
		{"足りないとき　", p.IfTooLittle}, {"多すぎるとき　", p.IfTooMuch}, {"中止したとき　", p.IfStopped},
	} {
		blocks = append(blocks, document.Paragraph{Text: document.Join(document.Strong(rule.head), document.Words(rule.text))})
	}
	return append(blocks, document.Paragraph{Text: document.Join(
		document.Strong("報告　"), document.Day(p.ReportDueOn), document.Words("までに、何に使ったかを報告します。"))})
}

func contactLine(o ledger.Organisation) string {
	line := ""
	if o.Phone != "" {
		line = "電話 " + o.Phone
		if o.PhoneHours != "" {
			line += "（" + o.PhoneHours + "）"
		}
	}
	if o.Mail != "" {
		if line != "" {
			line += "　"
		}
		line += "メール " + o.Mail
	}
	return line
}
