package reports_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// planOf is a plan with so many uses, each of an amount.
func planOf(uses int, name string, amount ledger.Yen) campaigns.Plan {
	p := campaigns.Plan{Version: 1, Title: "冬の見守り配食をつづけたい", Lead: "ひとり暮らしの24人へ、週に1回、あたたかいお弁当を届けます。", CollectsUntil: ledger.NewDate(2027, 1, 31),
		ReportDueOn: ledger.NewDate(2027, 4, 30)}
	for i := range uses {
		p.Uses = append(p.Uses, campaigns.PlanUse{UseID: int64(i + 1), Name: fmt.Sprintf("%s%d", name, i+1), Amount: amount})
	}
	return p
}

// ordinary is a report as most are.
func ordinary() reports.Usage {
	u := reports.Usage{Plan: planOf(0, "", 0), Number: "R-2027-0003", Version: 1, URL: "https://tsukaimichi.example/r/R-2027-0003", At: ledger.NewDate(2027, 4, 20).Midnight(),
		Organisation: ledger.Organisation{Name: "練習つどいの会", Representative: "練習 代表", Phone: "000-000-0000", PhoneHours: "火・木 10時〜15時", Practice: true},
		Campaign:     campaigns.Campaign{Status: campaigns.Reported},
		Content: reports.Content{Sessions: 20, Visits: 480, Did: "毎週火曜に、ひとり暮らしの24人へお弁当を届けました。", Wrong: "2月の大雪で1回休みました。", Rest: "来年度の食材に使います。",
			RestBy: ledger.NewDate(2027, 9, 30), Thanks: "ありがとうございました。", Auditor: "練習 監事", AuditedOn: ledger.NewDate(2027, 4, 15)}}
	f := &u.Figures
	f.On, f.Records, f.Log = ledger.NewDate(2027, 4, 20), 1_204, mark(1_204)
	f.Papers = 31
	f.Gifts = []reports.GiftsByChannel{{Channel: campaigns.Envelope, Gifts: 36, Households: 36, Amount: 45_000}, {Channel: campaigns.Transfer, Gifts: 12, Persons: 10, Companies: 2, Amount: 43_000}}
	f.Progress = campaigns.Progress{People: campaigns.People{Persons: 10, Households: 36, Companies: 2}, Promised: 84_000, Received: 88_000, Spent: 84_310, Left: 3_690, Papers: 31}
	for i, use := range []campaigns.PlanUse{{Name: "食材", Amount: 60_000}, {Name: "容器と保冷剤", Amount: 24_000}} {
		use.UseID = int64(i + 1)
		u.Plan.Uses = append(u.Plan.Uses, use)
		f.Progress.Uses = append(f.Progress.Uses, campaigns.UseProgress{PlanUse: use, Received: use.Amount, Spent: use.Amount + 310 - ledger.Yen(i)*310, Left: -310 + ledger.Yen(i)*310})
	}
	u.Content.Reasons = map[string]string{"1": "野菜が高くなりました。"}
	return u
}

// hard is a report with everything as long and as large as the program takes it, and every warning.
func hard() reports.Usage {
	u := ordinary()
	const each = ledger.Yen(999_999_999)
	u.Plan = planOf(30, strings.Repeat("長", 38), each)
	u.Plan.Title = strings.Repeat("見守り配食と移動支援をつづけたい", 4)[:60*3]
	u.Organisation.Name = "特定非営利活動法人" + strings.Repeat("練習つどいの会", 3)
	u.Organisation.Phone, u.Organisation.PhoneHours, u.Organisation.Mail = "0000-00-0000", "月曜から金曜の10時〜15時", strings.Repeat("a", 30)+"@tsukaimichi.example"
	long := strings.Repeat("毎週火曜に、お弁当を届けました。", 200)
	u.Content = reports.Content{Sessions: 9_999_999, Visits: 9_999_999, Did: long, Wrong: strings.Repeat("句点のない文", 300), Rest: long, RestBy: ledger.NewDate(2027, 9, 30),
		Thanks: long, Changes: long, Reasons: map[string]string{}}
	u.Version = 3
	u.URL = "https://" + strings.Repeat("tsukaimichi-", 6) + "example.example/r/" + u.Number
	f := &u.Figures
	f.Unchecked, f.Unposted, f.UnpostedAmount, f.Pending = 1_204, 88, each, 51
	f.Log = mark(1_180)
	f.Progress = campaigns.Progress{People: campaigns.People{Persons: 99_999, Households: 99_999, Companies: 9_999, Nameless: 99_999}, Promised: 30 * each, Received: 29 * each, Spent: 30 * each,
		Left: -each, Waiting: each, Pending: each, Papers: 99_999, NoUse: each}
	f.Gifts = []reports.GiftsByChannel{{Channel: campaigns.Envelope, Gifts: 99_999, Households: 99_999, Amount: 29 * each}}
	for i, use := range u.Plan.Uses {
		f.Progress.Uses = append(f.Progress.Uses, campaigns.UseProgress{PlanUse: use, Received: each, Spent: each - 1, Left: 1})
		u.Content.Reasons[fmt.Sprint(i+1)] = strings.Repeat("理由を書きました。", 40)
	}
	return u
}

// TestSheetsOfAReportAreOneSheetWhateverIsInIt: large print, poster and 回覧, of an ordinary report and of the hardest. What has no room is named; no
// line ends in the middle of a sentence, and no yen is lost: what is summed up comes to the total.
func TestSheetsOfAReportAreOneSheetWhateverIsInIt(t *testing.T) {
	t.Parallel()
	back := ledger.NewDate(2027, 5, 10)
	for name, u := range map[string]reports.Usage{"ordinary": ordinary(), "hard": hard(), "draft": func() reports.Usage { u := ordinary(); u.Draft, u.Number, u.URL = true, "", ""; return u }()} {
		for sheet, c := range map[string]struct {
			editions []document.Document
			format   pdf.Format
		}{"large": {u.OnePage(), pdf.LargeA4}, "poster": {u.Poster(), pdf.PosterA3}, "kairan": {u.Circular(back, reports.HousesUsual), pdf.LargeA4}} {
			t.Run(name+" "+sheet, func(t *testing.T) {
				t.Parallel()
				text, pages := printedFirst(t, c.editions, c.format)
				if pages != 1 && (name != "hard" || sheet != "kairan") { // the boxes of the hardest go on another sheet
					t.Errorf("has %d pages", pages)
				}
				says(t, text, u.Plan.Title, "参加した人", u.URL, "000-0", strings.ReplaceAll(u.Figures.Log.Digits(), " ", ""))
				if strings.Contains(text, "…") {
					t.Error("a text ends in the middle")
				}
				if name == "hard" {
					says(t, text, "29,999,999,970", "確認前", "第三者の確認はありません", "未着")
				}
				if sheet != "poster" {
					says(t, text, u.Figures.Log.Page)
				}
				if name == "hard" && sheet == "large" {
					says(t, text, "全文の", "報告のページ")
				}
				if name == "ordinary" && sheet == "large" {
					says(t, text, "20回。のべ480人。毎週火曜に、", "野菜が高くなりました。", "2月の大雪で1回休みました。", "残った3,690円：来年度の食材に使います。", "監事 練習 監事")
				}
			})
		}
	}
}

// TestCircularNamesNobody: neither who answers for the group, nor who checked, nor givers; it says when it has to be back and has a box for each house.
func TestCircularNamesNobody(t *testing.T) {
	t.Parallel()
	u := ordinary()
	u.Content.Voices = []reports.Voice{{Text: "週に一度の楽しみです", Who: "声 花子", Consent: true}}
	text, _ := printedFirst(t, u.Circular(ledger.NewDate(2027, 5, 10), 12), pdf.LargeA4)
	says(t, text, "回覧", "もどす日", "令和9年（2027年）5月10日まで", "印かサイン", "班", "12", "問い合わせ", "電話000-000-0000", "監事が確かめました", "食材", "310", "3,690")
	for _, name := range []string{u.Organisation.Representative, u.Content.Auditor, "花子"} {
		if strings.Contains(text, strings.ReplaceAll(name, " ", "")) {
			t.Errorf("%q stands on a sheet that goes round", name)
		}
	}
	if open, _ := printedFirst(t, u.Circular(ledger.Date{}, 40), pdf.LargeA4); !strings.Contains(open, "もどす日月日まで") || !strings.Contains(open, "40") {
		t.Error("without a day there is no place to write one, or boxes are missing")
	}
}

// TestCampaignPosterSaysWhatForAndWhomToAsk, on A3 and on A4, of a plan of 30 long uses as well.
func TestCampaignPosterSaysWhatForAndWhomToAsk(t *testing.T) {
	t.Parallel()
	o := ordinary().Organisation
	ways := []campaigns.Way{{Kind: campaigns.WayBank, Place: "練習銀行 本店 普通 0000000 レンシュウツドイノカイ"}, {Kind: campaigns.WayCash, Place: "集会所の受付", Hours: "火曜 10時〜15時"}}
	for name, plan := range map[string]campaigns.Plan{"ordinary": planOf(4, "お弁当の材料", 60_000), "hard": hard().Plan} {
		c := reports.Call{Organisation: o, Ways: ways, Plan: plan, People: campaigns.People{Persons: 41, Households: 36}, URL: "https://tsukaimichi.example/c/fuyu", Online: true,
			On: ledger.NewDate(2026, 11, 25), At: time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)}
		for _, format := range []pdf.Format{pdf.PosterA3, pdf.PosterA4} {
			text, pages := printedFirst(t, c.Posters(), format)
			if pages != 1 {
				t.Errorf("%s: %d pages", name, pages)
			}
			says(t, text, plan.Title, "11月25日までに参加した人", "41人", "めざす金額", document.Paper.Yen(plan.Total()), plan.Uses[0].Name[:18], "練習銀行", "集会所の受付",
				"カード・コンビニ", "ご寄付は任意です", "電話 000-000-0000", c.URL, "【練習】")
		}
	}
}

// TestShortTextsAreWholeSentences: what is left out is left out whole.
func TestShortTextsAreWholeSentences(t *testing.T) {
	t.Parallel()
	u := ordinary()
	u.Content.Did = strings.Repeat("「お弁当はおいしい。」と言われました。", 300)
	text, _ := printedFirst(t, u.OnePage(), pdf.LargeA4)
	at := strings.LastIndex(text, "と言われました。")
	if at < 0 || strings.Contains(text[at+len("と言われました。"):], "「お弁当") {
		t.Error("a sentence was cut, or none is left")
	}
	says(t, text, "文のつづき")
}
