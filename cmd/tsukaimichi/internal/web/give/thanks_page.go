package give

import (
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ThanksPage is what comes after the payment page: paid, a voucher that waits, not known yet, or not paid.
type ThanksPage struct {
	page.Public
	Tag    page.Tag
	Head   string
	Lead   string
	Slip   *page.Slip // what to take to the konbini
	Paid   []page.Pair
	Steps  []page.Step
	Help   []page.Pair
	Again  page.Link // the one button where something is to be done
	Resume string    // takes a POST: back to the payment page of the same gift
	Gift   page.Link // the private page
	Mail   bool      // the link was sent by mail too
}

// Template names the page.
func (ThanksPage) Template() string { return "give/thanks" }

// State is how far the gift is, as the giver sees it.
type State string

// The six answers a giver can get.
const (
	StatePaid     State = "paid"
	StateReturned State = "returned" // paid, and given back whole or on its way back
	StateVoucher  State = "voucher"  // a konbini voucher waits
	StateChecking State = "checking" // back from the payment page, the payment service has not told us yet
	StateFailed   State = "failed"   // refused, or the voucher ran out
	StateExpired  State = "expired"  // the payment page was left
)

// StateOf reads the state of a gift from its status and its latest payment page.
func StateOf(status campaigns.DonationStatus, attempt campaigns.CheckoutStatus) State {
	switch {
	case status == campaigns.Paid:
		return StatePaid
	case status == campaigns.Failed || attempt == campaigns.CheckoutFailed:
		return StateFailed
	case status == campaigns.Expired || attempt == campaigns.CheckoutExpired:
		return StateExpired
	case attempt == campaigns.CheckoutPending:
		return StateVoucher
	}
	return StateChecking
}

// Given is a gift as its giver sees it.
type Given struct {
	State        State
	Organisation string
	Campaign     page.Link
	Amount       ledger.Yen
	Channel      campaigns.Channel
	EnteredAt    time.Time
	PaidOn       ledger.Date
	VoucherURL   string
	VoucherUntil time.Time
	ReportDueOn  ledger.Date
	Receipt      bool // wanted
	Mail         bool // an address is known
	Tel, Hours   string
	MisuseHref   string // what can be done when money seems to be misused
	GiftHref     string // the private page; empty where this is its address
	AgainHref    string // the form, for a new gift; empty where the campaign takes none any more
	ResumeAction string // takes a POST and leads to the open payment page of this gift, or a new one; empty where there is none
	ReloadHref   string // this page
	// TakeBackUntil is the last day on which the giver may take it back himself; zero: not at all.
	TakeBackUntil ledger.Date
}

// NewThanksPage says what has happened and what comes next.
func NewThanksPage(g Given) ThanksPage {
	p := ThanksPage{
		Public: page.Public{Private: true, Crumbs: []page.Link{g.Campaign}},
		Gift:   page.Link{Href: g.GiftHref, Text: "寄付のページを開く"},
		Mail:   g.Mail,
		Steps:  steps(g),
		Help:   help(g),
	}
	switch g.State {
	case StatePaid:
		p.Tag = page.Tag{Kind: page.TagDone, Text: "届きました"}
		p.Head, p.Lead = "ありがとうございます。寄付が届きました。", "あなたは「参加した人」です。使ったら、約束とくらべて報告します。"
		p.Paid = paid(g)
	case StateReturned:
		p.Tag = page.Tag{Kind: page.TagDone, Text: "返金しました"}
		p.Head, p.Lead = "寄付を、お返しします。", "全額をお返しする手つづきをしました。お手元にもどるまで、10日ほどかかることがあります。"
		p.Paid = paid(g)
	case StateVoucher:
		p.Tag = page.Tag{Kind: page.TagWait, Text: "お支払い待ち"}
		p.Head, p.Lead = "ありがとうございます。お支払いは、まだです。", "寄付の申し込みを受け付けました。コンビニで払うと、寄付になります。"
		p.Slip = voucher(g)
	case StateChecking:
		p.Tag = page.Tag{Kind: page.TagWait, Text: "確認中"}
		p.Head, p.Lead = "お支払いを確かめています。", "支払いの会社からの知らせを待っています。たいてい1分以内に届きます。もう一度払わないでください。"
		p.Again, p.Resume = page.Link{Href: g.ReloadHref, Text: "いまのようすを見る"}, g.ResumeAction
	case StateFailed:
		p.Tag = page.Tag{Kind: page.TagLate, Text: "払われていません"}
		p.Head, p.Lead = "お支払いは、できませんでした。", failedWhy(g.Channel)
		p.Again = page.Link{Href: g.AgainHref, Text: "もう一度申し込む"}
	case StateExpired:
		p.Tag = expiredTag(g)
		p.Head, p.Lead = "申し込みの期限がすぎました。", "お金はかかっていません。寄付したいときは、もう一度申し込んでください。"
		if g.AgainHref == "" {
			p.Head, p.Lead = "寄付の受け付けは、終わりました。", "申し込みは取り消しました。お金はかかっていません。"
		}
		p.Again = page.Link{Href: g.AgainHref, Text: "もう一度申し込む"}
	}
	p.Title = p.Head
	return p
}

// expiredTag tells a page that was left from one that was closed because the campaign is over.
func expiredTag(g Given) page.Tag {
	if g.AgainHref == "" {
		return page.Tag{Kind: page.TagLate, Text: "取り消しました"}
	}
	return page.Tag{Kind: page.TagLate, Text: "期限がすぎました"}
}

func failedWhy(channel campaigns.Channel) string {
	if channel == campaigns.Konbini {
		return "期限までに払われなかったので、申し込みは取り消されました。お金はかかっていません。"
	}
	return "カードの会社が、この支払いを受け付けませんでした。お金はかかっていません。ほかのカードか、コンビニ・振込でも寄付できます。"
}

func voucher(g Given) *page.Slip {
	slip := page.Slip{Head: "コンビニで見せるもの", Amount: page.YenText(g.Amount), Pairs: []page.Pair{
		{Term: "払う期限", Text: page.Day(ledger.DateOf(g.VoucherUntil)) + "\n" + clock(g.VoucherUntil) + "まで", Strong: true},
		{Term: "番号", Text: "下の「払い方の案内」に出ます。店ごとに番号が違います。"},
		{Term: "払えるところ", Text: "ファミリーマート、ローソン、ミニストップ、セイコーマート"},
		{Term: "あて先", Text: g.Organisation},
	}}
	if g.VoucherURL != "" {
		slip.Main = page.Link{Href: g.VoucherURL, Text: "払い方の案内を開く"}
	}
	return &slip
}

// clock writes the hour and minute in Tokyo.
func clock(at time.Time) string {
	at = at.In(ledger.Tokyo)
	return page.Count(at.Hour()) + "時" + page.Count(at.Minute()) + "分"
}

func paid(g Given) []page.Pair {
	return []page.Pair{
		{Term: "金額", Text: page.YenText(g.Amount) + "円", Strong: true},
		{Term: "届いた日", Text: page.Day(g.PaidOn)},
		{Term: "払い方", Text: ChannelName(g.Channel)},
		{Term: "あて先", Text: g.Organisation},
	}
}
