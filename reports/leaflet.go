package reports

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// LeafletTemplate names the layout rules of a leaflet.
const LeafletTemplate = "leaflet/v1"

// Leaflet makes the A4 sheet that is handed from door to door: what is asked for and why, every stated use, the ways to give, what happens
// if it is too little, too much or stopped, and the code of the page. The roomy one is set large, for readers of 80; the other one sets
// the same words side by side, for when they do not fit.
func Leaflet(o ledger.Organisation, p campaigns.Plan, giving []campaigns.Way, url string, online, roomy bool, at time.Time) document.Document {
	d := document.Document{Meta: document.Meta{
		Title: p.Title, Author: o.Name, Subject: "募金のよびかけ", Language: "ja", Template: LeafletTemplate, URL: url, CreatedAt: at,
	}}
	kicker := o.Name + "　募金のおねがい"
	if o.Practice {
		kicker = "【練習】お金は動きません　" + kicker
	}
	d.Blocks = document.Blocks{document.Title{Kicker: kicker, Text: p.Title}}
	for _, text := range []string{p.Lead, p.Need} {
		if text != "" {
			d.Blocks = append(d.Blocks, document.Paragraph{Text: document.Words(text)})
		}
	}
	d.Blocks = append(d.Blocks, document.Facts{Items: append(leafletGoals(p), leafletUntil(p))})
	if !p.Yenless() {
		d.Blocks = append(d.Blocks, leafletUses(p)...)
	}
	ways, rules := leafletWays(giving, online, roomy), leafletRules(p, roomy)
	if p.Yenless() {
		ways = leafletHelp(giving, roomy)
	}
	if roomy {
		d.Blocks = append(append(d.Blocks, ways...), rules...)
	} else {
		d.Blocks = append(d.Blocks, document.Columns{Left: ways, Right: rules})
	}
	lines := []document.Text{document.Strong("ご寄付は任意です。登録はいりません。"), document.Words(o.Name + "　代表 " + o.Representative)}
	if contact := contactLine(o); contact != "" {
		lines = append(lines, document.Words(contact))
	}
	lines = append(lines, document.Words(url))
	d.Blocks = append(d.Blocks, document.Footer{QR: url, Lines: lines})
	return d
}

// leafletGoals are what is asked for: people and meals before yen, and no yen where none are asked for.
func leafletGoals(p campaigns.Plan) []document.Fact {
	var facts []document.Fact
	text := ""
	for i, g := range p.Goals {
		if i > 0 {
			text += "、"
		}
		text += g.Name + " " + document.Paper.Number(g.Target) + g.Unit
	}
	if text != "" {
		facts = append(facts, document.Fact{Label: "めざすこと", Value: document.Words(text), Large: utf8.RuneCountInString(text) <= 20})
	}
	if p.Yenless() {
		return append(facts, document.Fact{Label: "お金", Value: document.Words("集めません。手伝いと品物をお願いしています。")})
	}
	return append(facts, document.Fact{Label: "めざす金額", Value: document.Yen(p.Total()), Large: true})
}

// leafletUntil says until when is collected; of a standing call for which fiscal year its plan is.
func leafletUntil(p campaigns.Plan) document.Fact {
	switch {
	case p.Standing && p.YearFrom.IsZero():
		return document.Fact{Label: "いつまで", Value: document.Words("常設（終わりを決めずに集めます）"), Large: true}
	case p.Standing:
		return document.Fact{Label: "常設", Value: document.Words(fmt.Sprintf("%d年度の計画", p.YearFrom.Year())), Large: true}
	}
	return document.Fact{Label: "いつまで", Value: document.Day(p.CollectsUntil), Large: true}
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
	return document.Blocks{document.Heading{Text: "集める前に決めた使いみち（円）"}, table}
}

// leafletWays are the ways to give that the group offers.
func leafletWays(giving []campaigns.Way, online, roomy bool) document.Blocks {
	roomy = roomy && len(giving) <= 2 // many ways do not fit in large letters
	var facts []document.Fact
	if online {
		facts = append(facts, document.Fact{Label: "カード・コンビニ", Value: document.Words("右下のコードから（500円から）"), Large: roomy})
	}
	for _, w := range giving {
		facts = append(facts, document.Fact{Label: w.Kind.Name(), Value: document.Words(strings.ReplaceAll(w.Text(), "\n", "　")), Large: roomy})
	}
	if len(facts) == 0 {
		facts = append(facts, document.Fact{Label: "問い合わせ", Value: document.Words("下の連絡先へ、お問い合わせください。")})
	}
	return document.Blocks{document.Heading{Text: "寄付のしかた"}, document.Facts{Items: facts}}
}

// leafletHelp is how one can help a call that asks for no yen.
func leafletHelp(giving []campaigns.Way, roomy bool) document.Blocks {
	facts := []document.Fact{{Label: "手伝う", Value: document.Words("下の連絡先へ、お知らせください。")}}
	for _, w := range giving {
		if w.Kind == campaigns.WayThings {
			facts = append(facts, document.Fact{Label: w.Kind.Name(), Value: document.Words(strings.ReplaceAll(w.Text(), "\n", "　")), Large: roomy})
		}
	}
	return document.Blocks{document.Heading{Text: "手伝う・届ける"}, document.Facts{Items: facts}}
}

// leafletRules say what happens otherwise.
func leafletRules(p campaigns.Plan, roomy bool) document.Blocks {
	rules := []document.Fact{
		{Label: "足りないとき", Value: document.Words(p.IfTooLittle)}, {Label: "多すぎるとき", Value: document.Words(p.IfTooMuch)},
		{Label: "中止したとき", Value: document.Words(p.IfStopped)},
		{Label: "報告", Value: document.Join(document.Day(p.ReportDueOn), document.Words("までに、何に使ったかを報告します。"))},
	}
	heading := document.Heading{Text: "もしものとき"}
	if roomy {
		return document.Blocks{heading, document.Facts{Items: rules}}
	}
	blocks := document.Blocks{heading}
	for _, rule := range rules {
		blocks = append(blocks, document.Paragraph{Text: document.Join(document.Strong(rule.Label+"　"), rule.Value)})
	}
	return blocks
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
