package reports_test

import (
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/document/documenttest"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

func TestReportIsPrintedInTheOrderPeopleRead(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	b.Pay(b.c, 30_000, 1_080)
	b.Pay(b.c, 3_000, 108)
	b.Enter(b.c, 45_000, func(g *campaigns.Gift) {
		g.Channel, g.CountsAs, g.Counted = campaigns.Envelope, "household", 36
	})
	b.Enter(b.c, 10_000, func(g *campaigns.Gift) {
		g.Channel, g.Donor = campaigns.Transfer, campaigns.Donor{Name: "練習商店", Kind: "company"}
	})
	uses := b.Uses(b.c)
	b.Check(b.Spend(uses[0], 71_860))
	b.Check(b.Spend(uses[1], 12_450))
	b.closed()
	u := b.usage(complete(b.figures()))
	text, _ := printed(t, u.Document(), pdf.Options{})
	says(t, text, "参加した人", "84,000", "88,000", "84,310", "3,690")
	sheet, pages := printedFirst(t, u.OnePage(), pdf.LargeA4)
	if pages != 1 {
		t.Errorf("the edition on one sheet has %d pages", pages)
	}
	says(t, sheet, "84,000", "88,000", "84,310", "3,690", "36世帯")
}

// order fails the test unless the texts stand on a paper one after the other.
func order(t *testing.T, paper string, texts ...string) {
	t.Helper()
	at := 0
	for _, text := range texts {
		found := strings.Index(paper[at:], text)
		if found < 0 {
			t.Errorf("%q does not stand where it should", text)
			continue
		}
		at += found
	}
}

func TestSectionsFollowOneAnother(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	b.Enter(b.c, 84_000)
	b.closed()
	content := complete(b.figures())
	content.Voices = []reports.Voice{{Text: "週に一度の楽しみです", Who: "80代の方", Consent: true}, {Text: "のせないことば", Who: "70代の方"}}
	content.Photos = []reports.Photo{{Hash: "aa", Alt: "お弁当", Caption: "29食", Consent: true}, {Hash: "bb", Alt: "顔", Caption: "のせない写真"}}
	u := b.usage(content)
	u.Photos = map[string][]byte{"aa": documenttest.Photograph(600, 400), "bb": documenttest.Photograph(600, 400)}
	text, _ := printed(t, u.Document(), pdf.Options{})
	order(t, text, "参加した人", "ぜんぶの使いみち", "約束と、実際", "届いたお金", "使ったお金", "手数料と管理費", "残ったお金", "したこと", "29食", "週に一度の楽しみです", "うまくいかなかったこと",
		"どうしてわかるのですか", "正しいことを確かめました", "この報告について", "お礼ありがとうございました", "問い合わせ")
	for _, secret := range []string{"のせないことば", "のせない写真"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is printed without consent", secret)
		}
	}
}

func TestPageOneWarns(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	b.Enter(b.c, 20_000)
	b.Give(b.c, 3_000)
	b.Spend(b.Uses(b.c)[0], 1_500)
	b.Spend(b.Uses(b.c)[0], 700, func(e *ledger.Expense) { e.Account = ledger.Payable })
	u := b.usage(reports.Content{})
	for _, format := range []pdf.Format{pdf.A4, pdf.LargeA4} {
		editions := u.OnePage()
		if format == pdf.A4 {
			editions = []document.Document{u.Document()}
		}
		text, _ := printedFirst(t, editions, format)
		first, _, _ := strings.Cut(text, "1/")
		says(t, first, "確認前", "まだ確認していない支出が1件、1,500円", "これからの支出が1件、700円", "第三者の確認はありません", "まだ届いていない寄付が少しあります", "未着")
	}
}

func TestARunningCampaignShowsWhatCameIn(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	b.Enter(b.c, 70_000)
	if bar := b.usage(reports.Content{}).UseBar(1); bar.Settled || bar.Received != 10_000 || bar.Left != 10_000 {
		t.Errorf("while collecting: got %+v", bar)
	}
	b.closed()
	if bar := b.usage(reports.Content{}).UseBar(1); !bar.Settled {
		t.Errorf("after collecting: got %+v", bar)
	}
}

func TestADraftIsMarkedAndACorrectionSaysWhat(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	b.Enter(b.c, 84_000)
	b.closed()
	u := b.usage(complete(b.figures()))
	u.Draft = true
	text, _ := printed(t, u.Document(), pdf.Options{})
	says(t, text, "【下書き】", "まだ公表していません")
	u.Draft, u.Version, u.Content.Changes = false, 2, "のべ人数を直しました。"
	u.Earlier = []reports.Edition{{Number: "renshu-2026-01", Version: 1, At: b.At}}
	text, _ = printed(t, u.Document(), pdf.Options{})
	says(t, text, "第2版（訂正版）", "この報告は訂正版です", "のべ人数を直しました。", "renshu-2026-01")
}
