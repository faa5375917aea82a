package reports

import (
	"fmt"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// UsageTemplate names the layout rules of a usage report, kept with every document made under them.
const UsageTemplate = "usage/v1"

// NotStated is printed where a source or a group says nothing.
const NotStated = "記載なし"

// Usage is everything a usage report is made of.
type Usage struct {
	Organisation ledger.Organisation
	Campaign     campaigns.Campaign
	Plan         campaigns.Plan
	Figures      Figures
	Content      Content
	Number       string            // public name; empty for a draft
	Version      int               // 1, and more for a correction
	CorrectsNo   string            // public name of the report a correction takes the place of
	URL          string            // of the page
	Photos       map[string][]byte // bytes by hash, for the PDF alone
	PhotoSource  func(hash string) string
	At           time.Time
	Draft        bool
}

// Document makes the paper: what happened at a glance, promise against actual with reasons, money in and out, what is left, what
// was done and what went wrong, who confirms it.
func (u Usage) Document() document.Document {
	d := document.Document{Meta: document.Meta{
		Title: u.Plan.Title + " 使いみちの報告", Author: u.Organisation.Name, Subject: "使途報告書", Language: "ja",
		Template: UsageTemplate, Number: u.Number, URL: u.URL, CreatedAt: u.At,
	}}
	for _, part := range []document.Blocks{u.head(), u.glance(), u.promises(), u.moneyIn(), u.moneyOut(), u.rest(), u.doings(), u.foot()} {
		d.Blocks = append(d.Blocks, part...)
	}
	return d
}

func (u Usage) head() document.Blocks {
	edition := document.Join(document.Day(u.Figures.On), document.Words(fmt.Sprintf("　第%d版", u.Version)))
	if u.Version > 1 {
		edition = document.Join(edition, document.Words("（訂正版）"))
	}
	kicker := u.Organisation.Name + "　使いみちの報告"
	if u.Draft {
		kicker += "（下書き・公表していません）"
	}
	blocks := document.Blocks{document.Title{Kicker: kicker, Text: u.Plan.Title, Edition: edition}}
	if u.Content.Changes != "" {
		blocks = append(blocks, document.Note{
			Title: "訂正しました", Attend: true,
			Texts: []document.Text{document.Words(u.Content.Changes), document.Words("前の版：" + u.CorrectsNo)},
		})
	}
	return append(blocks, u.warnings()...)
}

// warnings are what a reader has to know on page one.
func (u Usage) warnings() document.Blocks {
	var texts []document.Text
	if u.Figures.Unchecked > 0 {
		texts = append(texts, document.Join(
			document.Words(fmt.Sprintf("まだほかの人が確認していない支出が%d件、", u.Figures.Unchecked)),
			document.Yen(u.Figures.Progress.Waiting), document.Words("あります（確認前）。")))
	}
	if u.Content.Auditor == "" {
		texts = append(texts, document.Words("第三者の確認はありません。"))
	}
	if u.Figures.PendingCount > 0 {
		texts = append(texts, document.Join(
			document.Words(fmt.Sprintf("まだ届いていない寄付が%d件、", u.Figures.PendingCount)),
			document.Yen(u.Figures.Progress.Pending), document.Words("あります（未着）。届いた分は次の報告にのせます。")))
	}
	if len(texts) == 0 {
		return nil
	}
	return document.Blocks{document.Note{Texts: texts, Attend: true}}
}

func (u Usage) glance() document.Blocks {
	p := u.Figures.Progress
	return document.Blocks{
		peopleBlock(p.People, "参加した人"),
		document.Bar{
			Label: "ぜんぶの使いみち", Total: true, Promised: p.Promised, Received: p.Carried + p.Received, Spent: p.Spent, Left: p.Left,
		},
	}
}

func peopleBlock(p campaigns.People, label string) document.People {
	people := document.People{Label: label}
	for _, c := range []document.Count{
		{Number: int64(p.Persons), Unit: "人"}, {Number: int64(p.Households), Unit: "世帯"},
		{Number: int64(p.Companies), Unit: "社"}, {Number: int64(p.Nameless), Unit: "件"},
	} {
		if c.Number > 0 {
			people.Counts = append(people.Counts, c)
		}
	}
	if len(people.Counts) == 0 {
		people.Counts = []document.Count{{Number: 0, Unit: "人"}}
	}
	return people
}

func (u Usage) promises() document.Blocks {
	table := document.Table{
		Name: "使いみちごとの約束、実際、差と理由。単位は円。",
		Columns: []document.Column{
			{Head: "使いみち", Weight: 3}, {Head: "約束", End: true}, {Head: "実際", End: true}, {Head: "差", End: true}, {Head: "理由", Weight: 5},
		},
	}
	for _, use := range u.Figures.Progress.Uses {
		reason := u.Content.Reason(use.UseID)
		if reason == "" {
			reason = "予定どおり"
			if Deviation(use) != 0 {
				reason = "小さな差"
			}
		}
		table.Rows = append(table.Rows, document.Row{Cells: []document.Text{
			document.Strong(use.Name), document.Bare(use.Amount), document.Bare(use.Spent), document.Difference(Deviation(use)), document.Words(reason),
		}})
	}
	if other := u.spentWithoutUse(); other != 0 {
		table.Rows = append(table.Rows, document.Row{Cells: []document.Text{
			document.Strong("そのほか"), document.Words(NotStated), document.Bare(other), document.Words(NotStated), document.Words(NotStated),
		}})
	}
	p := u.Figures.Progress
	papers := fmt.Sprintf("レシート・領収書 %d枚", p.Papers)
	table.Rows = append(table.Rows, document.Row{Total: true, Bold: true, Cells: []document.Text{
		document.Words("合計"), document.Bare(p.Promised), document.Bare(p.Spent), document.Difference(p.Spent - p.Promised), document.Words(papers),
	}})
	return document.Blocks{document.Heading{Text: "約束した使いみちと、実際", Note: "単位は円"}, table}
}

// spentWithoutUse is what was spent of the fund and carries none of the stated uses.
func (u Usage) spentWithoutUse() ledger.Yen {
	left := u.Figures.Progress.Spent
	for _, use := range u.Figures.Progress.Uses {
		left -= use.Spent
	}
	return left
}

var channelWords = map[campaigns.Channel]string{
	campaigns.Card: "カード", campaigns.Konbini: "コンビニ", campaigns.Transfer: "銀行振込", campaigns.Slip: "払込票",
	campaigns.Cash: "現金", campaigns.Box: "募金箱", campaigns.Envelope: "封筒（戸別）",
}

func (u Usage) moneyIn() document.Blocks {
	f := u.Figures
	table := document.Table{
		Name:    "届いたお金。払い方ごとの人数と金額。単位は円。",
		Columns: []document.Column{{Head: "届いたお金", Weight: 3}, {Head: "参加", End: true, Weight: 2}, {Head: "金額", End: true, Weight: 2}},
	}
	add := func(name, people string, amount ledger.Yen) {
		table.Rows = append(table.Rows, document.Row{Cells: []document.Text{document.Words(name), document.Words(people), document.Bare(amount)}})
	}
	if f.Progress.Carried != 0 {
		add("前からの残り", "", f.Progress.Carried)
	}
	for _, g := range f.Gifts {
		add("寄付・"+channelWords[g.Channel], counts(g), g.Amount)
	}
	if f.Returned != 0 {
		add("返した寄付", "", -f.Returned)
	}
	for _, o := range f.Other {
		add(o.Plain, "", o.Amount)
	}
	table.Rows = append(table.Rows, document.Row{Total: true, Bold: true, Cells: []document.Text{
		document.Words("合計"), nil, document.Bare(f.Progress.Carried + f.Progress.Received),
	}})
	if f.Progress.InKind != 0 {
		table.Notes = append(table.Notes, document.Join(document.Words("ほかに、品物などを"), document.Yen(f.Progress.InKind), document.Words("分いただきました。")))
	}
	return document.Blocks{document.Heading{Text: "届いたお金", Note: "単位は円"}, table}
}

func counts(g GiftsByChannel) string {
	text := ""
	for _, c := range []struct {
		n    int
		unit string
	}{{g.Persons, "人"}, {g.Households, "世帯"}, {g.Companies, "社"}} {
		if c.n > 0 {
			text += fmt.Sprintf("%s%s ", document.Screen.Number(int64(c.n)), c.unit)
		}
	}
	if text == "" {
		return fmt.Sprintf("%s件", document.Screen.Number(int64(g.Gifts)))
	}
	return text[:len(text)-1]
}

func (u Usage) moneyOut() document.Blocks {
	table := document.Table{
		Name:    "使ったお金。使いみちと分類ごとの件数、領収書の枚数、金額。単位は円。",
		Columns: []document.Column{{Head: "使いみち", Weight: 3}, {Head: "お金の分類", Weight: 3}, {Head: "件数", End: true}, {Head: "領収書", End: true}, {Head: "金額", End: true}},
	}
	names := map[int64]string{0: "そのほか"}
	for _, use := range u.Figures.Progress.Uses {
		names[use.UseID] = use.Name
	}
	for _, c := range u.Figures.Costs {
		table.Rows = append(table.Rows, document.Row{Cells: []document.Text{
			document.Words(names[c.UseID]), document.Words(c.Plain), document.Words(fmt.Sprintf("%d件", c.Count)),
			document.Words(fmt.Sprintf("%d枚", c.Papers)), document.Bare(c.Amount),
		}})
	}
	if len(table.Rows) == 0 {
		return document.Blocks{document.Heading{Text: "使ったお金"}, document.Paragraph{Text: document.Words("まだ使っていません。")}}
	}
	table.Rows = append(table.Rows, document.Row{Total: true, Bold: true, Cells: []document.Text{
		document.Words("合計"), nil, nil, nil, document.Bare(u.Figures.Progress.Spent),
	}})
	return document.Blocks{document.Heading{Text: "使ったお金", Note: "単位は円"}, table}
}

func (u Usage) rest() document.Blocks {
	text := u.Content.Rest
	if text == "" {
		text = NotStated
		if u.Figures.Progress.Left == 0 {
			text = "残りはありません。"
		}
	}
	return document.Blocks{
		document.Heading{Text: "残ったお金"},
		document.Paragraph{Text: document.Join(document.Words("残り "), document.Yen(u.Figures.Progress.Left).Bold(), document.Words("。"+text))},
	}
}

func (u Usage) doings() document.Blocks {
	blocks := document.Blocks{document.Heading{Text: "したこと"}}
	if u.Content.Sessions > 0 || u.Content.Visits > 0 {
		var said string
		if u.Content.Sessions > 0 {
			said = fmt.Sprintf("%s回。", document.Screen.Number(int64(u.Content.Sessions)))
		}
		if u.Content.Visits > 0 {
			said += fmt.Sprintf("のべ%s人。", document.Screen.Number(int64(u.Content.Visits)))
		}
		blocks = append(blocks, document.Paragraph{Text: document.Strong(said)})
	}
	blocks = append(blocks, document.Paragraph{Text: document.Words(orNotStated(u.Content.Did))})
	for _, p := range u.Content.Photos {
		photo := document.Photo{Alt: p.Alt, Caption: p.Caption, Bytes: u.Photos[p.Hash]}
		if u.PhotoSource != nil {
			photo.Source = u.PhotoSource(p.Hash)
		}
		blocks = append(blocks, photo)
	}
	for _, v := range u.Content.Voices {
		blocks = append(blocks, document.Paragraph{Text: document.Words("「" + v.Text + "」" + v.Who)})
	}
	return append(blocks, document.Heading{Text: "うまくいかなかったこと"}, document.Paragraph{Text: document.Words(orNotStated(u.Content.Wrong))})
}

func orNotStated(text string) string {
	if text == "" {
		return NotStated
	}
	return text
}

func (u Usage) foot() document.Blocks {
	var blocks document.Blocks
	if u.Content.Thanks != "" {
		blocks = append(blocks, document.Paragraph{Text: document.Words(u.Content.Thanks)})
	}
	var stamp *document.Stamp
	if u.Content.Auditor != "" {
		stamp = &document.Stamp{Top: "監査ずみ", On: u.Content.AuditedOn, Bottom: "監事"}
		blocks = append(blocks, document.Signature{
			Statement: document.Words("通帳・レシート・帳簿を見くらべ、正しいことを確かめました。"),
			On:        u.Content.AuditedOn, Role: "監事", Name: u.Content.Auditor,
		})
	}
	contact := u.Organisation.Name + "　代表 " + u.Organisation.Representative
	if u.Organisation.Phone != "" {
		contact += "　電話 " + u.Organisation.Phone
	}
	lines := []document.Text{document.Words(contact), document.Join(
		document.Words("この報告の数字は、"), document.Day(u.Figures.On), document.Words(fmt.Sprintf("の帳簿（記録 %s件）から出しました。", document.Screen.Number(u.Figures.Records))))}
	if u.URL != "" {
		lines = append(lines, document.Words(u.URL))
	}
	return append(blocks, document.Footer{Lines: lines, Stamp: stamp, QR: u.URL})
}
