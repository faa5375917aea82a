package reports

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// doings is what was done: in numbers, in words, in photographs and in voices. Nothing is shown without consent.
func (u Usage) doings() document.Blocks {
	heading := document.Heading{Text: "したこと"}
	photos := u.photos()
	if len(photos) > 0 {
		heading.Note = "写真は、写っている方（こどもは保護者）の了解をもらっています。"
	}
	blocks := document.Blocks{heading,
		document.Facts{Items: []document.Fact{
			{Label: "回数", Value: countOrNotStated(u.Content.Sessions, "回")}, {Label: "のべ人数", Value: countOrNotStated(u.Content.Visits, "人")},
		}},
		document.Paragraph{Text: document.Words(orNotStated(u.Content.Did))},
	}
	for len(photos) > 1 {
		blocks = append(blocks, document.Columns{Left: photos[:1], Right: photos[1:2]})
		photos = photos[2:]
	}
	blocks = append(blocks, photos...)
	for _, v := range u.Content.Voices {
		if !v.Consent || v.Text == "" {
			continue
		}
		who := v.Who
		if who == "" {
			who = "参加した方"
		}
		blocks = append(blocks, document.Voice{Text: v.Text, By: who + "（本人の了解あり）"})
	}
	return blocks
}

func countOrNotStated(n int, unit string) document.Text {
	if n <= 0 {
		return document.Words(NotStated)
	}
	return document.Words(document.Screen.Number(int64(n)) + unit)
}

// photos are the photographs that may be shown. A draft's may lack their words.
func (u Usage) photos() document.Blocks {
	var photos document.Blocks
	for _, p := range u.Content.Photos {
		if !p.Consent {
			continue
		}
		photo := document.Photo{Alt: orNotStated(p.Alt), Caption: p.Caption, Bytes: u.Photos[p.Hash]}
		if u.PhotoSource != nil {
			photo.Source = u.PhotoSource(p.Hash)
		}
		photos = append(photos, photo)
	}
	return photos
}

// wrong is what did not go well.
func (u Usage) wrong() document.Blocks {
	return document.Blocks{document.Heading{Text: "うまくいかなかったこと"}, document.Paragraph{Text: document.Words(orNotStated(u.Content.Wrong))}}
}

// auditStatement is what an auditor stands for.
const auditStatement = "通帳・レシート・帳簿を見くらべ、正しいことを確かめました。"

// confirmed says how the figures are known, and thanks.
func (u Usage) confirmed() document.Blocks {
	audited := document.ProofCell{Label: "第三者が確かめた日", Value: document.Words("ありません"), Note: document.Words("第三者の確認はありません")}
	proof := document.Proof{}
	if u.Content.Auditor != "" {
		audited.Value, audited.Note = dayOrNotStated(u.Content.AuditedOn), document.Words("監事　"+u.Content.Auditor)
		proof.Stamp = u.stamp()
	}
	proof.Cells = []document.ProofCell{audited,
		{Label: "お金の記録", Value: document.Words(fmt.Sprintf("第%s番まで", document.Screen.Number(u.Figures.Records))),
			Note: document.Words(fmt.Sprintf("レシート・領収書%d枚と結びついています", u.Figures.Papers))},
		{Label: "報告した日", Value: document.Day(u.Figures.On), Note: u.punctual()},
	}
	blocks := document.Blocks{document.Heading{Text: "どうしてわかるのですか"}, proof}
	blocks = append(blocks, u.logMark()...)
	blocks = append(blocks,
		document.Paragraph{Text: document.Words("この報告の金額は、帳簿から計算しています。手で打った合計はありません。")},
		document.List{Items: []document.Text{
			document.Words("「使途明細」（CSV）の1行は、お金の動き1つです。名前は出ません。寄付は、何件かをまとめてのせています。"),
			document.Words("「入ったお金」の列を足すと「届いた」に、「出たお金」の列を足すと「使った」になります。"),
		}})
	if u.Content.Auditor != "" {
		blocks = append(blocks, document.Signature{Statement: document.Words(auditStatement), On: u.Content.AuditedOn, Role: "監事", Name: u.Content.Auditor})
	}
	return blocks
}

func (u Usage) stamp() *document.Stamp {
	if u.Content.Auditor == "" || u.Content.AuditedOn.IsZero() {
		return nil
	}
	return &document.Stamp{Top: "監査ずみ", On: u.Content.AuditedOn, Bottom: "監事"}
}

// punctual says whether the report is in time.
func (u Usage) punctual() document.Text {
	due := u.DueOn
	if u.Turn <= 1 {
		due = u.Plan.ReportDueOn
	}
	switch {
	case due.IsZero():
		return document.Words("約束の日　" + NotStated)
	case u.Figures.On.After(due) && u.Version == 1:
		return document.Join(document.Words("約束の日は、"), document.Day(due), document.Words("でした"))
	}
	return document.Join(document.Words("約束の日は、"), document.Day(due), document.Words("です"))
}

// about says which version this is, what came before it, and whom to ask.
func (u Usage) about() document.Blocks {
	facts := document.Facts{}
	add := func(label string, value document.Text) {
		facts.Items = append(facts.Items, document.Fact{Label: label, Value: value})
	}
	this := document.Day(u.Figures.On)
	if u.Version > 1 {
		this = document.Join(this, document.Words("。"+orNotStated(u.Content.Changes)))
	}
	if u.Draft {
		this = document.Words("下書き（まだ公表していません）")
	}
	add(EditionName(u.Turn, u.Version)+"（この版）", this)
	for _, e := range u.Earlier {
		value := document.Join(document.Day(dateOf(e)), document.Words("。番号 "+e.Number))
		if e.Changes != "" {
			value = document.Join(value, document.Words("。"+e.Changes))
		}
		add(e.Name(), value)
	}
	if last := u.Figures.Last; last != nil {
		add("前の報告", document.Join(document.Day(last.On), document.Words("。番号 "+last.Number)))
	}
	number := u.Number
	if number == "" {
		number = "公表するときに付きます"
	}
	add("報告の番号", document.Words(number))
	add("もとにした約束", document.Words("使いみちの約束　"+u.Plan.EditionName()))
	add("お礼", document.Words(orNotStated(u.Content.Thanks)))
	add("問い合わせ", document.Words(u.contact()))
	return document.Blocks{document.Heading{Text: "この報告について"}, facts}
}

// contact is whom to ask, on one line.
func (u Usage) contact() string {
	o := u.Organisation
	line := o.Name + "　代表 " + orNotStated(o.Representative)
	if contact := contactLine(o); contact != "" {
		line += "　" + contact
	}
	return line
}

// foot ends the paper with the address of its page.
func (u Usage) foot() document.Blocks {
	if u.URL == "" {
		return nil
	}
	return document.Blocks{document.Footer{QR: u.URL, Lines: []document.Text{
		document.Words("この報告のページ。耳で聞く方は、こちらをお使いください。"), document.Words(u.URL),
	}}}
}
