package reports

import (
	"fmt"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// AskingTemplate names the layout rules of the papers by which givers are asked about a change.
const AskingTemplate = "asking/v1"

// Asking is a change that givers are asked about, as its papers say it.
type Asking struct {
	Organisation ledger.Organisation
	Before       campaigns.Plan
	Next         campaigns.Plan
	Change       campaigns.Change
	URL          string // of the page with the difference
}

// Asked is a giver who gets his question on paper.
type Asked struct {
	Name       string
	PostalCode string
	Address    string
	Amount     ledger.Yen // his share
	URL        string     // where he can answer by his phone; may be empty
	Number     int64      // of the question, so that the slip finds its row
	Answers    []string   // what he can choose, the one that silence means first
}

// Sheet is the A4 sheet for 回覧 and notice boards: givers whose names nobody knows read here what is to change, why, and until when they can speak.
func (a Asking) Sheet(at time.Time) document.Document {
	d := document.Document{Meta: a.meta("使いみちの変更のお知らせ", at)}
	d.Blocks = document.Blocks{document.Title{Kicker: a.kicker("回覧・掲示"), Text: "募金の使いみちを変えたいと\n考えています"}}
	d.Blocks = append(d.Blocks,
		document.Paragraph{Text: document.Words("「" + a.Next.Title + "」の募金です。ご寄付をくださった方に、おたずねします。")},
		document.Facts{Items: []document.Fact{
			{Label: "いつまで", Value: document.Day(a.Change.DecidesOn), Large: true},
			{Label: "変わる使いみちの、まだ使っていないお金", Value: document.Yen(a.Change.Unspent), Large: true},
		}},
		document.Heading{Text: "変える理由"}, document.Paragraph{Text: document.Words(a.Change.Reason)})
	d.Blocks = append(d.Blocks, a.difference()...)
	d.Blocks = append(d.Blocks,
		document.Heading{Text: "封筒や募金箱でくださった方へ"},
		document.List{Items: []document.Text{
			document.Words("お名前のわからないご寄付は、新しい約束に使います。"),
			document.Words("返してほしい方、ご意見のある方は、上の日までに、下の連絡先へお知らせください。"),
			document.Words("変わる使いみちのお金は、その日まで使いません。ほかの使いみちは、いままでどおりです。"),
		}},
		document.Footer{QR: a.URL, Lines: a.contact()})
	return d
}

// Letters are letters with a slip to send back, a sheet for each giver who cannot be reached by mail.
func (a Asking) Letters(to []Asked, at time.Time) document.Document {
	title := "使いみちの変更について"
	if a.Change.Kind == campaigns.ChangeStop {
		title = "中止した募金の、残りのお金について"
	}
	d := document.Document{Meta: a.meta(title, at)}
	for i, person := range to {
		if i > 0 {
			d.Blocks = append(d.Blocks, document.PageBreak{})
		}
		d.Blocks = append(d.Blocks, a.letter(title, person)...)
	}
	return d
}

func (a Asking) letter(title string, person Asked) document.Blocks {
	var blocks document.Blocks
	if person.Address != "" {
		blocks = append(blocks, document.Paragraph{Text: document.Words("〒" + person.PostalCode + "　" + person.Address)})
	}
	blocks = append(blocks, document.Addressee{Name: person.Name, Honorific: "様"}, document.Heading{Text: title, Note: a.kicker("おたずね")})
	intro := "ご寄付いただいた「" + a.Next.Title + "」の使いみちを、大きく変えたいと考えています。"
	reason := a.Change.Reason
	if a.Change.Kind == campaigns.ChangeStop {
		intro = "ご寄付いただいた「" + a.Next.Title + "」は、とちゅうでやめることになりました。おわびします。「中止したとき」の約束は、次のとおりでした。"
		reason = a.Next.IfStopped
	}
	blocks = append(blocks, document.Paragraph{Text: document.Words(intro)}, document.Paragraph{Text: document.Words(reason)})
	if a.Change.Kind == campaigns.ChangeVersion {
		blocks = append(blocks, a.difference()...)
	}
	blocks = append(blocks,
		document.Facts{Items: []document.Fact{
			{Label: "まだ使っていない、あなたの分", Value: document.Yen(person.Amount), Large: true},
			{Label: "お返事の期限", Value: document.Day(a.Change.DecidesOn), Large: true},
		}},
		document.Paragraph{Text: document.Words("お返事がないときは、次の紙のいちばん上の答えになります。次の紙に印をつけて、期限までに団体へお渡しください。電話でも答えられます。")})
	for _, line := range a.contact() {
		blocks = append(blocks, document.Paragraph{Text: line, Quiet: true})
	}
	if person.URL != "" {
		blocks = append(blocks, document.QR{Text: person.URL, Caption: "スマートフォンで答えるときは、ここから"})
	}
	return append(append(blocks, document.PageBreak{}), a.slip(person)...)
}

// slip is the sheet a giver sends back.
func (a Asking) slip(person Asked) document.Blocks {
	blocks := document.Blocks{document.Heading{Text: "お返事", Note: fmt.Sprintf("%s　あて　　番号 %d", a.Organisation.Name, person.Number)},
		document.Paragraph{Text: document.Words("「" + a.Next.Title + "」への寄付のうち、まだ使っていない、わたしの分について（どれか1つに ✓ をつけてください）")}}
	for _, answer := range person.Answers {
		blocks = append(blocks, document.Paragraph{Text: document.Strong("□　" + answer)})
	}
	return append(blocks,
		document.Facts{Items: []document.Fact{{Label: "お名前", Value: document.Words(person.Name), Large: true}, {Label: "わたしの分", Value: document.Yen(person.Amount), Large: true}, {Label: "期限", Value: document.Day(a.Change.DecidesOn), Large: true}}},
		document.Heading{Text: "返してほしい方だけ、お書きください", Sub: true},
		document.Facts{Items: []document.Fact{{Label: "銀行と支店", Value: document.Words("　")}, {Label: "口座の種類と番号", Value: document.Words("　")}, {Label: "口座の名義（カナ）", Value: document.Words("　")}}})
}

func (a Asking) meta(subject string, at time.Time) document.Meta {
	return document.Meta{Title: a.Next.Title, Author: a.Organisation.Name, Subject: subject, Language: "ja", Template: AskingTemplate, URL: a.URL, CreatedAt: at}
}

func (a Asking) kicker(what string) string {
	kicker := a.Organisation.Name + "　" + what
	if a.Organisation.Practice {
		kicker = "【練習】お金は動きません　" + kicker
	}
	return kicker
}

// difference is the uses before and after.
func (a Asking) difference() document.Blocks {
	table := document.Table{
		Name:    "使いみちの、いままでとこれから。単位は円。",
		Columns: []document.Column{{Head: "お金の使いみち", Weight: 4}, {Head: "いままで", End: true}, {Head: "これから", End: true}},
	}
	diff := campaigns.DiffPlans(a.Before, a.Next)
	amount := func(u campaigns.PlanUse) document.Text {
		if u.Name == "" {
			return document.Words("なし")
		}
		return document.Bare(u.Amount)
	}
	for _, u := range diff.Uses {
		name := u.New.Name
		if u.Kind == campaigns.UseRemoved {
			name = u.Old.Name
		}
		table.Rows = append(table.Rows, document.Row{Cells: []document.Text{document.Words(name), amount(u.Old), amount(u.New)}})
	}
	table.Rows = append(table.Rows, document.Row{Total: true, Bold: true, Cells: []document.Text{document.Words("合計"), document.Bare(diff.OldTotal), document.Bare(diff.NewTotal)}})
	return document.Blocks{document.Heading{Text: "いままでの約束と、新しい約束（円）"}, table}
}

func (a Asking) contact() []document.Text {
	o := a.Organisation
	lines := []document.Text{document.Strong(o.Name + "　代表 " + o.Representative)}
	if contact := contactLine(o); contact != "" {
		lines = append(lines, document.Words(contact))
	}
	if o.HandIn != "" {
		lines = append(lines, document.Words("お返事の届け先　"+o.HandIn))
	}
	return lines
}
