package page_test

import (
	"io/fs"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func sampleCatalogue() catalogue {
	c := catalogue{
		Console: page.Console{Title: "部品の一覧", Organisation: "みどり町ふれあい食堂（練習）", Role: "会計", Person: "練習 花子",
			Home: "/o/midori", Nav: page.MemberNav("/o/midori", page.Book), Done: "領収書を3通出しました。",
			Crumbs: []page.Link{{Href: "/o/midori/book", Text: "帳簿"}}},
		Total: page.Bar{Name: "ぜんぶの使いみち", Say: "約束の67％が届き、そのうち91,025円を使いました。", Total: true,
			Promised: 400000, Received: 268000, Spent: 91025, Left: 176975, Unchecked: 6840},
		Uses: []page.Bar{
			{Number: "1", Name: "食材費", How: "お米・野菜・肉・調味料", Terms: []string{"16回 × 15,000円", "2027年3月9日までに使います"}, Promised: 240000, Received: 160800, Spent: 30240, Left: 130560},
			{Number: "2", Name: "始まったばかり", Promised: 60000},
			{Number: "3", Name: "立て替えた", Promised: 60000, Received: 20000, Spent: 25000, Left: -5000},
			{Number: "4", Name: "多く届いた", Promised: 60000, Received: 71400, Spent: 25000, Left: 46400},
			{Number: "5", Name: "多く使った", Final: true, Promised: 156000, Spent: 171860, Why: "1回の参加がふえました。"},
			{Number: "6", Name: "少なく使った", Final: true, Promised: 40000, Spent: 28450, Why: "板をいただきました。"},
			{Number: "7", Name: "同じ", Final: true, Promised: 14000, Spent: 14000},
			{Number: "8", Name: "約束のない使いみち", Spent: 500, Received: 500},
		},
		People: page.People{Persons: 1128, Households: 36, Companies: 2, Nameless: 7, Fewest: 5},
		Proof: page.Proof{MatchedOn: ledger.NewDate(2026, time.November, 20), By: "会計", VerifyHref: "/verify",
			Cells: []page.ProofCell{page.Sequence(482), {"報告の約束", "2027年4月30日（金）まで", "使い終わったら、このページで報告します"}}},
		Bare: page.Proof{Cells: []page.ProofCell{page.Sequence(0), {"報告の約束", "2027年4月30日（金）まで", ""}}},
		Shares: page.Shares{Scale: 1156960, Rows: []page.Share{{Name: "寄付", Note: "のべ282人", Amount: 676760}, {Name: "会費", Amount: 36000}},
			Total: page.Share{Name: "合計", Amount: 712760}}.Draw(),
		Years:  page.Years{{Name: "2026年度", Kept: 2, Late: 1, Overdue: 1, ToCome: 12}, {Name: "2025年度", Kept: 1}}.Draw(),
		Agree:  page.Agree{{Name: "通帳のお金", Amount: 431846}, {Name: "使ったお金", Amount: -856919, Signed: true}, {Name: "違い", Amount: 0, Zero: true}},
		Pairs:  []page.Pair{{Term: "電話", Tel: "０000-00-0000", Text: ""}, {Term: "メール", Mail: "a@example.jp"}, {Term: "<b>", Text: "1行目\n2行目 & <i>", Link: page.Link{Href: "/x", Text: "読む"}}},
		Tags:   []page.Tag{{page.TagOpen, "募金中"}, {page.TagDone, "報告ずみ"}, {page.TagLate, "報告待ち"}, {page.TagWait, "お支払い待ち"}, {page.TagDraft, "下書き"}},
		Notice: page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "報告待ち"}, Head: "春のお花見配食", Text: "期限から24日すぎています。", Attend: true},
		Steps:  []page.Step{{Text: "申し込み", Done: true}, {Text: "コンビニで払う", Now: true, Note: "払うまで数えません"}, {Text: "団体に届く"}},
		Slip: page.Slip{Head: "コンビニで見せるもの", Amount: "3,000", Pairs: []page.Pair{{Term: "払う期限", Text: "2026年11月27日（金）\n23時59分まで", Strong: true}},
			Main: page.Link{Href: "https://example.jp/v", Text: "払い方の案内を開く"}, Other: page.Link{Href: "/print", Text: "この紙を印刷する"}},
		List:  []page.ListRow{{Tag: page.Tag{Kind: page.TagOpen, Text: "募金中"}, Name: "冬の夕ごはん", Href: "/c", Note: "2026年12月20日まで", Strong: "128人", Text: "268,000円が届きました"}},
		Docs:  []page.Document{{Link: page.Link{Href: "/r", Text: "使いみちの報告"}, Note: "2026年10月15日"}},
		Empty: page.Empty{Text: "まだ報告はありません。最初の報告は2027年4月30日までに出ます。"},
		Motto: page.Motto{Text: "食べることは、\n会うこと。", By: "団体のことば"},
		Tasks: []page.Task{{Tag: page.Tag{Kind: page.TagLate, Text: "報告待ち"}, Late: "24日すぎています", What: "報告を書く", Note: "あと2か所です。", Act: page.Link{Href: "/r", Text: "続きを書く"}, Main: true},
			{What: "手元の現金を数える", Act: page.Link{Href: "/m", Text: "数えた金額を入れる"}}},
		Journal: page.Journal{Label: "2026年11月の出入り", Month: "2026年11月", In: 15300, Out: 65644, Lines: []page.JournalLine{
			{On: ledger.NewDate(2026, time.November, 24), What: "チラシの印刷", Href: "/t", Out: true, Amount: 6840, Where: []string{"すみれ印刷", "団体の運営／印刷"}, Tag: page.Tag{Kind: page.TagWait, Text: "代表の確認待ち"}},
			{On: ledger.NewDate(2026, time.November, 22), What: "寄付（カード 3件）", Amount: 9000}}},
		Pager: page.Pager{Before: page.Link{Href: "?before=1", Text: "前の月（10月）を見る"}, Say: "9件"},
		Search: page.Search{Action: "/o/midori/book", Label: "帳簿をさがす", Name: "q", Value: "米", Hint: "相手・内容・金額",
			Kinds: []page.Select{{Name: "month", Label: "月", Options: []page.Option{{Value: "2026-11", Text: "2026年11月", Chosen: true}, {Value: "2026-10", Text: "2026年10月"}}}}},
	}
	form := page.NewForm(url.Values{"amount": {"３００"}, "words": {"ありがとう"}, "show": {"initial"}},
		map[string]string{"amount": "300円では受け付けられません。500円以上にしてください。", "agree": "使いみちを読んで、チェックを入れてください。", "": "混み合っています。もう一度押してください。"})
	c.Amount = form.Field(page.Field{Name: "amount", Label: "金額", Aside: "500円から", Unit: "円", Required: true})
	c.Text = form.Field(page.Field{Name: "words", Label: "団体へのひとこと", Aside: "書かなくてもよい", Rows: 3, MostRunes: 200})
	c.List2 = form.Field(page.Field{Name: "use", Label: "使いみち", Hint: "選ばなくてもよい", Options: []page.Option{{Value: "", Text: "おまかせ"}, {Value: "1", Text: "食材費"}}})
	c.Show = form.Choices(page.Choices{Name: "show", Label: "お名前の出し方", Value: "anonymous", Options: []page.Option{{Value: "anonymous", Text: "名前を出さない"}, {Value: "initial", Text: "イニシャル", Note: "例：M. K. さん"}}})
	c.Agreed = form.Tick(page.Tick{Name: "agree", Label: "この使いみちで寄付します", Note: "贈与契約になります。", Link: page.Link{Href: "/terms", Text: "契約の文を読む"}})
	c.Problems = form.Problems()
	return c
}

func renderCatalogue(t *testing.T) string {
	t.Helper()
	files, err := fs.Sub(testFiles, "testdata")
	if err != nil {
		t.Fatal(err)
	}
	return pagetest.Samples(t, page.Room{Name: "catalogue", Files: files}, map[string]page.Page{"all": sampleCatalogue()})["all"]
}

func TestEveryComponentRenders(t *testing.T) {
	t.Parallel()
	html := renderCatalogue(t)
	for _, want := range []string{
		`<h2>3つ、直してください</h2>`,
		`<a href="#amount"><span>金額：300円では受け付けられません。500円以上にしてください。</span></a>`,
		`value="３００" data-yen aria-required="true" aria-describedby="amount-problem" aria-invalid="true" autofocus>`,
		`<input type="radio" id="show-1" name="show" value="initial" checked>`,
		`<b>1,128</b>人`, `<b>7</b>件</span> <span>ほか</span>`,
		`<a class="nowrap" href="tel:0000000000">０000-00-0000</a>`,
		`<dt>&lt;b&gt;</dt><dd>1行目<br>2行目 &amp; &lt;i&gt; <a href="/x">読む</a></dd>`,
		`<dd>−856,919円</dd>`,
		`<text class="d" x="50" y="55.5">8.11.20</text>`,
		`使ったお金のうち6,840円は、確認前です。`,
		`<span class="tag tag--late">報告待ち</span>`,
		`aria-current="page">帳簿</a>`,
		`まだ合わせていません`,
		`（練習）</title>`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestComponentsFitASmallScreen(t *testing.T) {
	t.Parallel()
	pagetest.Browse(t, map[string]string{"catalogue": renderCatalogue(t)})
}
