package reports_test

import (
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

func payload(change ...func(*campaigns.ReceiptPayload)) campaigns.ReceiptPayload {
	p := campaigns.ReceiptPayload{Number: "2026-0012", Organisation: "練習つどいの会", Representative: "練習 代表", PostalCode: "000-0000", Address: "練習県練習市一丁目1番1号",
		Phone: "000-000-0000", DonorName: "髙𠮷 花子", DonorPostalCode: "000-0001", DonorAddress: "練習県練習市二丁目2番", Amount: 30_000,
		ReceivedOn: ledger.NewDate(2026, 8, 4), Channel: campaigns.Transfer, Campaign: "見守り配食をつづけたい", IssuedOn: ledger.NewDate(2026, 8, 10)}
	for _, f := range change {
		f(&p)
	}
	return p
}

func TestReceiptSaysWhoGaveWhatWhenAndToWhom(t *testing.T) {
	t.Parallel()
	p := payload()
	text, pages := printed(t, reports.ReceiptDocument(p, p.IssuedOn.Midnight()), pdf.Options{})
	if pages != 1 {
		t.Errorf("the receipt has %d pages", pages)
	}
	says(t, text, "寄附金受領証", "2026-0012", "髙𠮷花子", "練習県練習市二丁目2番", "30,000円", "令和8年（2026年）8月4日", "令和8年（2026年）8月10日", "銀行振込",
		"見守り配食をつづけたい", "練習つどいの会", "練習県練習市一丁目1番1号", "収入印紙はいりません")
	for _, word := range []string{"控除", "認定", "再発行"} {
		if strings.Contains(text, word) {
			t.Errorf("a receipt without certification says %q", word)
		}
	}
}

func TestOnlyACertifiedReceiptSpeaksOfTaxes(t *testing.T) {
	t.Parallel()
	p := payload(func(p *campaigns.ReceiptPayload) {
		p.CertifiedNumber, p.CertifiedFrom, p.Reissued, p.Number, p.Practice = "練市第1号", ledger.NewDate(2025, 4, 1), true, "2026-0012-2", true
	})
	text, pages := printed(t, reports.ReceiptDocument(p, p.IssuedOn.Midnight()), pdf.Options{})
	if pages != 1 {
		t.Errorf("the receipt has %d pages", pages)
	}
	says(t, text, "上記の金額は、当法人の行う特定非営利活動に係る事業（見守り配食をつづけたい）に関連する寄附金として受領した金額です", "練市第1号", "令和7年（2025年）4月1日",
		"認定特定非営利活動法人", "再発行", "2026-0012-2", "練習")
}

func TestLeafletFitsOnOneSheet(t *testing.T) {
	t.Parallel()
	b := newBook(t, func(p *campaigns.Plan) {
		p.Uses = append(p.Uses, campaigns.PlanUse{Name: "ボランティア保険", Detail: "届ける人の保険", Quantity: 28, Unit: "人", UnitPrice: 500, Amount: 14_000,
			DueOn: p.CollectsUntil, Evidence: "領収書"})
	})
	u := b.usage(reports.Content{})
	o := u.Organisation
	o.PhoneHours = "火曜 10時〜15時"
	ways := []campaigns.Way{{Kind: campaigns.WayBank, Place: "練習銀行 本店 普通 0000000 レンシュウツドイノカイ"}, {Kind: campaigns.WayCash, Place: "集会所の受付", Hours: "火曜 10時〜15時"}}
	for _, roomy := range []bool{true, false} {
		sheet := reports.Leaflet(o, u.Plan, ways, "https://tsukaimichi.example/c/renshu-2026", true, roomy, b.At)
		text, pages := printed(t, sheet, pdf.Options{OnePage: true})
		if pages != 1 {
			t.Errorf("the leaflet has %d pages", pages)
		}
		says(t, text, u.Plan.Title, u.Plan.Need, "食材", "容器", "ボランティア保険", "98,000", "練習銀行", "火曜 10時〜15時", "ご寄付は任意です", "足りないとき",
			"多すぎるとき", "中止したとき", "https://tsukaimichi.example/c/renshu-2026", "000-000-0000")
	}
}
