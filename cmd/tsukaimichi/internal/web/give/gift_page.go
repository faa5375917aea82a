package give

import (
	"net/url"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/opendata"
)

// GiftPage is the giver's own page, opened by his private link: his gift, its receipt, what the money did, and what he can still decide.
type GiftPage struct {
	page.Public
	Tag      page.Tag
	Lead     string
	Facts    []page.Pair
	Pay      page.Link // the voucher, or the form for a new gift
	Resume   string    // takes a POST: back to the payment page of this gift
	Receipts []page.Document
	NoPaper  string // why there is no receipt
	Record   string // where its place in the log is shown; empty while there is none
	Total    page.Bar
	Uses     []page.Bar
	Mine     string     // わたしの1,000円; empty while nothing can be followed
	Trace    page.Table // where it lies
	Report   page.Link
	ReportBy string

	News    []page.Update // of the campaign, the latest first
	Letters string        // where letters are chosen; empty where no address is known

	Change   *ChangeQuestion
	Action   string // of the form below
	Problems page.Problems
	Show     page.Choices
	Help     []page.Pair

	Said  page.Notice // what was just asked for could not be done
	Back  TakeBack
	Erase Erase
}

// TakeBack offers to take the gift back; without an Action it is not offered.
type TakeBack struct {
	Until  ledger.Date
	Action string
	Button string
	How    string // where the money goes
}

// Template names the page.
func (GiftPage) Template() string { return "give/gift" }

// ChangeQuestion says that the giver is asked what becomes of his share, and leads to the page where he answers.
type ChangeQuestion struct {
	Reason string
	Share  ledger.Yen // his part of what is unspent
	Until  ledger.Date
	Link   page.Link
	Given  string // the answer given already
}

// Kept is what the giver's page shows besides Given.
type Kept struct {
	Given
	Display     campaigns.Display
	DisplayName string
	Nameless    bool // the group knows no name: there is none to show
	Refunded    ledger.Yen
	Disputed    bool
	Erased      bool
	Receipts    []page.Document
	NoPaper     string
	Record      string
	Total       page.Bar
	Uses        []page.Bar
	Trace       opendata.Trace // what became of this gift
	Report      page.Link      // empty until there is one
	News        []page.Update
	Letters     string
	Change      *ChangeQuestion
	Action      string
	BackUntil   ledger.Date // until when the giver may take it back himself; zero: not at all
	BackAction  string
	Erase       Erase
}

// NewGiftPage builds the page. values and wrong are those of the form on how the giver is shown.
func NewGiftPage(k Kept, values url.Values, wrong map[string]string) GiftPage {
	k.TakeBackUntil, k.GiftHref = k.BackUntil, "" // the help below leads to this page
	form := page.NewForm(values, wrong)
	show := showChoices("申し込みのときに書いたとおりに出ます")
	show.Value = string(k.Display)
	p := GiftPage{
		Public:   page.Public{Title: "あなたの寄付", Private: true, NeedsFix: len(wrong) > 0, Crumbs: []page.Link{k.Campaign}},
		Lead:     giftLead(k),
		Tag:      giftTag(k),
		Facts:    giftFacts(k),
		Receipts: k.Receipts, NoPaper: k.NoPaper, Record: k.Record, Total: k.Total, Uses: k.Uses, Report: k.Report, News: k.News, Letters: k.Letters, Change: k.Change,
		ReportBy: dayOrNone(k.ReportDueOn, ""), Action: k.Action, Help: help(k.Given),
	}
	if !k.Erased && !k.Nameless {
		p.Show = form.Choices(show)
	}
	if len(k.Trace.Parts) > 0 {
		p.Mine, p.Trace = mine(k.Trace.Gift), TraceTable(k.Trace)
	}
	p.Problems = form.Problems()
	p.Back, p.Erase = takeBack(k), k.Erase
	switch k.State {
	case StateVoucher:
		p.Pay = page.Link{Href: k.VoucherURL, Text: "払い方の案内を開く"}
	case StateFailed, StateExpired:
		p.Pay = page.Link{Href: k.AgainHref, Text: "もう一度申し込む"}
	case StateChecking:
		p.Resume = k.ResumeAction
	}
	return p
}

func takeBack(k Kept) TakeBack {
	if k.BackUntil.IsZero() {
		return TakeBack{}
	}
	b := TakeBack{Until: k.BackUntil, Action: k.BackAction, Button: page.YenText(k.Amount) + "円を全額返してもらう", How: "お金は、払ったカードにもどります。"}
	if k.Channel == campaigns.Konbini {
		b.How = "決済会社（Stripe）から、返す口座をたずねるメールが届きます。45日以内に答えてください。"
	}
	return b
}

func giftTag(k Kept) page.Tag {
	switch {
	case k.Disputed:
		return page.Tag{Kind: page.TagWait, Text: "カード会社が確認中"}
	case k.Refunded > 0 && k.Refunded == k.Amount:
		return page.Tag{Kind: page.TagDone, Text: "返金しました"}
	case k.Refunded > 0:
		return page.Tag{Kind: page.TagDone, Text: "一部を返金しました"}
	}
	switch k.State {
	case StatePaid:
		return page.Tag{Kind: page.TagDone, Text: "届きました"}
	case StateVoucher:
		return page.Tag{Kind: page.TagWait, Text: "お支払い待ち"}
	case StateChecking:
		return page.Tag{Kind: page.TagWait, Text: "確認中"}
	case StateFailed:
		return page.Tag{Kind: page.TagLate, Text: "払われていません"}
	}
	return expiredTag(k.Given)
}

func giftLead(k Kept) string {
	lead := "このページの住所（リンク）を知っている人だけが見られます。とっておいてください。"
	if k.State == StatePaid && k.Refunded < k.Amount {
		return "ありがとうございます。寄付が届きました。\n" + lead
	}
	return lead
}

func giftFacts(k Kept) []page.Pair {
	facts := []page.Pair{
		{Term: "金額", Text: page.YenText(k.Amount) + "円", Strong: true},
		{Term: "申し込んだ日", Text: page.Day(ledger.DateOf(k.EnteredAt))},
		{Term: "届いた日", Text: dayOrNone(k.PaidOn, "まだ届いていません")},
		{Term: "払い方", Text: ChannelName(k.Channel)},
		{Term: "あて先", Text: k.Organisation},
		{Term: "みんなに見える名前", Text: shownAs(k)},
	}
	if k.Refunded > 0 {
		facts = append(facts, page.Pair{Term: "返した金額", Text: page.YenText(k.Refunded) + "円"})
	}
	return facts
}

func shownAs(k Kept) string {
	if k.Display == campaigns.Anonymous || k.DisplayName == "" {
		return "出していません（人数にだけ数えます）"
	}
	return k.DisplayName + " さん"
}
