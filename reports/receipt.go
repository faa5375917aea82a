package reports

import (
	"fmt"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// ReceiptTemplate names the layout rules of a receipt.
const ReceiptTemplate = "receipt/v1"

// ReceiptDocument makes 寄附金受領証 from its frozen payload. A word about taxes stands there for a 認定NPO法人 alone, and only
// for a gift received within its certification.
func ReceiptDocument(p campaigns.ReceiptPayload, at time.Time) document.Document {
	title := "寄附金受領証"
	if p.Reissued {
		title += "（再発行）"
	}
	kicker := "第 " + p.Number + " 号"
	if p.Practice {
		kicker += "　練習・お金は動いていません"
	}
	d := document.Document{Meta: document.Meta{
		Title: title, Author: p.Organisation, Subject: "寄附金受領証 " + p.Number, Language: "ja",
		Template: ReceiptTemplate, Number: p.Number, CreatedAt: at,
	}}
	name, honorific := p.DonorName, "様"
	if name == "" {
		name, honorific = "ご寄付をくださった方", "へ"
	}
	d.Blocks = document.Blocks{
		document.Title{Kicker: kicker, Text: title, Edition: document.Day(p.IssuedOn)},
		document.Addressee{Name: name, Honorific: honorific},
	}
	if p.DonorAddress != "" {
		d.Blocks = append(d.Blocks, document.Paragraph{Text: document.Words(postal(p.DonorPostalCode) + p.DonorAddress)})
	}
	d.Blocks = append(d.Blocks,
		document.Facts{Items: receiptFacts(p)},
		document.Paragraph{Text: document.Words("上記のご寄付を、たしかに受け取りました。ありがとうございます。")})
	if p.CertifiedNumber != "" {
		d.Blocks = append(d.Blocks, document.Paragraph{Text: document.Join(
			document.Words("上記の金額は、当法人の行う特定非営利活動に係る「"+p.Campaign+"」に関連する寄附金として受領しました。当法人は認定特定非営利活動法人です（認定通知書 "+p.CertifiedNumber+"、認定年月日 "),
			document.Day(p.CertifiedFrom), document.Words("）。"))})
	}
	d.Blocks = append(d.Blocks,
		document.Paragraph{Quiet: true, Text: document.Words("この受領証は、営業に関しない受取書のため、収入印紙をはりません。")},
		document.Footer{Lines: []document.Text{
			document.Strong(p.Organisation), document.Words(postal(p.PostalCode) + p.Address),
			document.Words("代表 " + p.Representative), document.Words("電話 " + p.Phone),
		}})
	return d
}

func receiptFacts(p campaigns.ReceiptPayload) []document.Fact {
	facts := []document.Fact{
		{Label: "受け取った金額", Value: document.Yen(p.Amount), Large: true},
		{Label: "受け取った日", Value: document.Day(p.ReceivedOn)},
		{Label: "払い方", Value: document.Words(channelWords[p.Channel])},
	}
	if p.Campaign != "" {
		facts = append(facts, document.Fact{Label: "募金", Value: document.Words(p.Campaign)})
	}
	return facts
}

func postal(code string) string {
	if code == "" {
		return ""
	}
	return fmt.Sprintf("〒%s ", code)
}
