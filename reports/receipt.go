package reports

import (
	"fmt"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// ReceiptTemplate names the layout rules of a receipt.
const ReceiptTemplate = "receipt/v1"

// ReceiptDocument makes 寄附金受領証 from its frozen payload. It says who received what from whom, when and for which work. A word about
// taxes stands there for a 認定NPO法人 alone, and only for a gift received within its certification, as 租税特別措置法施行規則 asks: the
// number and day of the certification and the work the gift is for.
func ReceiptDocument(p campaigns.ReceiptPayload, at time.Time) document.Document {
	title := "寄附金受領証"
	if p.Reissued {
		title += "（再発行）"
	}
	kicker := "第 " + p.Number + " 号"
	if p.Practice {
		kicker = "【練習】お金は動いていません　" + kicker
	}
	d := document.Document{Meta: document.Meta{
		Title: title, Author: p.Organisation, Subject: "寄附金受領証 " + p.Number, Language: "ja",
		Template: ReceiptTemplate, Number: p.Number, CreatedAt: at,
	}}
	name, honorific := p.DonorName, "様"
	if name == "" {
		name, honorific = "ご寄付をくださった方", "へ"
	}
	d.Blocks = document.Blocks{document.Title{Kicker: kicker, Text: title, Edition: document.Day(p.IssuedOn)}}
	if p.DonorAddress != "" {
		d.Blocks = append(d.Blocks, document.Paragraph{Text: document.Words(postal(p.DonorPostalCode) + p.DonorAddress), Keep: true})
	}
	d.Blocks = append(d.Blocks,
		document.Addressee{Name: name, Honorific: honorific},
		document.Paragraph{Text: document.Words("次のとおり、寄附金を受け取りました。ありがとうございました。")},
		document.Facts{Items: receiptFacts(p)})
	d.Blocks = append(d.Blocks, certified(p)...)
	d.Blocks = append(d.Blocks, issuer(p)...)
	d.Blocks = append(d.Blocks, document.Paragraph{Quiet: true, Text: document.Words("営業に関しない受取書のため、収入印紙はいりません（印紙税法 別表第一 第17号）。")})
	d.Blocks = append(d.Blocks, receiptMark(p)...)
	return d
}

func receiptFacts(p campaigns.ReceiptPayload) []document.Fact {
	facts := []document.Fact{
		{Label: "金額", Value: document.Yen(p.Amount), Large: true},
		{Label: "受け取った日", Value: document.Day(p.ReceivedOn)},
		{Label: "受け取り方", Value: document.Words(channelWords[p.Channel])},
	}
	if p.Campaign != "" {
		facts = append(facts, document.Fact{Label: "募金", Value: document.Words(p.Campaign)})
	}
	return facts
}

// certified is the wording that lets a giver claim tax relief.
func certified(p campaigns.ReceiptPayload) document.Blocks {
	if p.CertifiedNumber == "" {
		return nil
	}
	work := "特定非営利活動に係る事業"
	if p.Campaign != "" {
		work = "特定非営利活動に係る事業（" + p.Campaign + "）"
	}
	return document.Blocks{document.Note{Title: "寄附金控除などの証明", Texts: []document.Text{
		document.Words("上記の金額は、当法人の行う" + work + "に関連する寄附金として受領した金額です。当法人は、認定特定非営利活動法人です。"),
		document.Join(document.Words("認定通知書の番号　"+p.CertifiedNumber+"\n認定年月日　"), document.Day(p.CertifiedFrom)),
		document.Words("所得税の確定申告に使います。なくさないように、お持ちください。"),
	}}}
}

// issuer is who received the gift.
func issuer(p campaigns.ReceiptPayload) document.Blocks {
	facts := []document.Fact{{Label: "団体", Value: document.Strong(p.Organisation)}}
	add := func(label, text string) {
		if text != "" {
			facts = append(facts, document.Fact{Label: label, Value: document.Words(text)})
		}
	}
	add("所在地", postal(p.PostalCode)+p.Address)
	add("代表", p.Representative)
	add("電話", p.Phone)
	return document.Blocks{document.Heading{Text: "受け取った団体"}, document.Facts{Items: facts}}
}

func postal(code string) string {
	if code == "" {
		return ""
	}
	return fmt.Sprintf("〒%s ", code)
}
