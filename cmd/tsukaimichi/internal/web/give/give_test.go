package give_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/give"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/opendata"
)

func samplePromise() give.Promise {
	return give.Promise{
		Campaign: page.Link{Href: "/c/fuyu", Text: "冬の火曜日、あたたかい夕ごはんを16回"}, Organisation: "みどり町ふれあい食堂（練習）", Action: "/c/fuyu/give",
		Edition: "第1版", VersionOn: ledger.NewDate(2026, time.September, 25), Total: 400000,
		Uses:        []give.PromiseUse{{"1", "食材費", 240000}, {"2", "会場・光熱・保険", 60000}, {"3", "大鍋と炊飯器", 52000}, {"4", "届けるための容器とバッグ", 38000}, {"5", "受け取りの手数料", 10000}},
		IfTooLittle: "食材費と会場を先にします。", IfTooMuch: "食材費に入れて、回数をふやします。", IfStopped: "返金か、次の夏に使うかを、あなたが選べます。",
		ReportDueOn: ledger.NewDate(2027, time.April, 30), CostsBorneBy: "受け取りの手数料",
		Online: []campaigns.Channel{campaigns.Card, campaigns.Konbini},
		OtherWays: []page.Pair{{Term: "銀行の振込", Text: "練習銀行 若葉野支店 普通 0000000\nみどり町ふれあい食堂 代表 練習みつ子"},
			{Term: "持参", Text: "みどり町集会所（火曜 10時〜15時）"}},
		UseMay: true, Receipt: "この団体への寄付は、税金の控除の対象ではありません。", Terms: "この寄付は、寄付をする方と団体との間の贈与契約です（練習）。\n\n団体は、約束した使いみちだけに使います。",
		LawHref: "/o/midori/law", Tel: "0000-00-0000", Hours: "火曜 10時〜15時", Least: 500, Most: 1_000_000, Konbini: 300_000,
	}
}

func sampleGiven(state give.State, channel campaigns.Channel) give.Given {
	g := give.Given{State: state, Organisation: "みどり町ふれあい食堂（練習）", Campaign: samplePromise().Campaign, Amount: 3000, Channel: channel,
		EnteredAt: time.Date(2026, 11, 24, 9, 12, 0, 0, ledger.Tokyo), ReportDueOn: ledger.NewDate(2027, time.April, 30), Receipt: true, Mail: true,
		Tel: "0000-00-0000", Hours: "火曜 10時〜15時", MisuseHref: "/o/midori/misuse", GiftHref: "/g/rensyu", AgainHref: "/c/fuyu/give", ReloadHref: "/g/rensyu/thanks", ResumeAction: "/g/rensyu/again"}
	switch state {
	case give.StatePaid:
		g.PaidOn = ledger.NewDate(2026, time.November, 24)
	case give.StateVoucher:
		g.VoucherURL, g.VoucherUntil = "https://example.jp/voucher", time.Date(2026, 11, 27, 23, 59, 0, 0, ledger.Tokyo)
	}
	return g
}

func mayTakeBack(g give.Given) give.Given {
	g.TakeBackUntil = ledger.NewDate(2026, time.December, 2)
	return g
}

func sampleKept(state give.State, change func(*give.Kept)) give.GiftPage {
	k := give.Kept{Given: sampleGiven(state, campaigns.Card), Display: campaigns.Initials, DisplayName: "れ・は", Action: "/g/rensyu",
		NoPaper: "領収書は、団体が確かめてから出します。出たら、ここで受け取れます。",
		Total:   page.Bar{Name: "ぜんぶの使いみち", Total: true, Promised: 400000, Received: 268000, Spent: 91025, Left: 176975},
		Uses:    []page.Bar{{Number: "1", Name: "食材費", Promised: 240000, Received: 160800, Spent: 30240, Left: 130560}},
		Trace:   opendata.Trace{Gift: 3000, Parts: []opendata.Part{{Number: 1, Name: "食材費", Amount: 3000, Since: 564, Left: 2436}}}}
	change(&k)
	return give.NewGiftPage(k, nil, nil)
}

func TestGivePages(t *testing.T) {
	t.Parallel()
	html := render(t)
	for _, test := range []struct{ name, page, want string }{
		{"an amount is not proposed", "form", `id="amount" name="amount" inputmode="numeric" autocomplete="off" value=""`},
		{"a giver is anonymous at first", "form", `id="display-0" name="display" value="anonymous" checked`},
		{"the form has a key", "form", `<input type="hidden" name="key" value="k1">`},
		{"the promise stands beside the consent", "form", `約束 第1版・2026年9月25日`},
		{"who bears the costs is said", "form", `使いみちの「受け取りの手数料」から払います`},
		{"the law page is linked", "form", `特定商取引法に基づく表記`},
		{"problems are counted", "form-wrong", `<h2>3つ、直してください</h2>`},
		{"the title says it first", "form-wrong", `<title>入力を直してください：寄付する`},
		{"what was typed stays", "form-wrong", `value="３００"`},
		{"a choice stays", "form-wrong", `value="name" checked`},
		{"the first problem has the focus", "form-wrong", `aria-invalid="true" autofocus>`},
		{"without a payment service the ways are listed", "form-offline", `この画面での申し込みはいりません。`},
		{"who may take it back need not telephone", "thanks-back", `2026年12月2日（水）までは、電話をしなくても、寄付のページから全額を返してもらえます。`},
		{"and is led there", "thanks-back", `href="/g/rensyu#back"`},
		{"who may not is told whom to ask", "thanks-paid", `早めに電話かメールで団体に知らせてください。`},
		{"the gift's own page leads to its end", "gift-back", `href="#back"`},
		{"a voucher is not a gift yet", "thanks-voucher", `お支払いは、まだです。`},
		{"its last minute is said", "thanks-voucher", `2026年11月27日（金）<br>23時59分まで`},
		{"nobody pays twice", "thanks-checking", `もう一度払わないでください。`},
		{"a refused card can try again", "thanks-failed", `もう一度申し込む`},
		{"private pages are not found by search machines", "gift", `<meta name="robots" content="noindex">`},
		{"a giver who is asked is led to his question", "gift-change", `href="/choice/1/rensyu"`},
		{"a refund is said", "gift-refunded", `返金しました`},
		{"who got all back is not thanked for it", "thanks-returned", `寄付を、お返しします。`},
	} {
		if !strings.Contains(html[test.page], test.want) {
			t.Errorf("%s: %s lacks %s", test.name, test.page, test.want)
		}
	}
	for _, channel := range []string{"card", "konbini"} {
		if strings.Contains(html["form"], `value="`+channel+`" checked`) {
			t.Errorf("%s is chosen for the giver", channel)
		}
	}
	if strings.Contains(html["form-offline"], "支払いの画面へ進む") {
		t.Error("without a payment service there is no payment page to go to")
	}
}

func TestStateFollowsTheGiftBeforeItsPayment(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status  campaigns.DonationStatus
		attempt campaigns.CheckoutStatus
		want    give.State
	}{
		{campaigns.Paid, campaigns.CheckoutExpired, give.StatePaid},
		{campaigns.Pending, campaigns.CheckoutPending, give.StateVoucher},
		{campaigns.Pending, campaigns.CheckoutOpen, give.StateChecking},
		{campaigns.Pending, campaigns.CheckoutPaid, give.StateChecking}, // the movement is not booked yet
		{campaigns.Failed, campaigns.CheckoutFailed, give.StateFailed},
		{campaigns.Pending, campaigns.CheckoutExpired, give.StateExpired},
		{campaigns.Expired, campaigns.CheckoutExpired, give.StateExpired},
	} {
		if got := give.StateOf(test.status, test.attempt); got != test.want {
			t.Errorf("StateOf(%s, %s) = %s, want %s", test.status, test.attempt, got, test.want)
		}
	}
}

func TestGivePagesFitASmallScreen(t *testing.T) {
	t.Parallel()
	pagetest.Browse(t, render(t))
}

// render renders a sample of each page in each of its states.
// notBack is the page of a gift that could not be taken back.
func notBack() give.GiftPage {
	p := sampleKept(give.StatePaid, func(*give.Kept) {})
	p.Said = page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "できませんでした"}, Attend: true, Head: "ここからは、取り消せません", Text: "団体に知らせてください。"}
	return p
}

func render(t *testing.T) map[string]string {
	t.Helper()
	wrong := give.NewFormPage(samplePromise(), "k1", url.Values{"amount": {"３００"}, "display": {"name"}, "channel": {"konbini"}, "message": {"応援しています。"}, "receipt": {"paper"}},
		map[string]string{"amount": "300円では受け付けられません。500円以上にしてください。", "terms": "使いみちを読んで、チェックを入れてください。", "mail": "コンビニで払うときは、メールアドレスを書いてください。"})
	paper := samplePromise()
	paper.Online = nil
	return pagetest.Samples(t, give.Room, map[string]page.Page{
		"form":            give.NewFormPage(samplePromise(), "k1", nil, nil),
		"form-wrong":      wrong,
		"form-offline":    give.NewFormPage(paper, "k1", nil, nil),
		"thanks-paid":     give.NewThanksPage(sampleGiven(give.StatePaid, campaigns.Card)),
		"thanks-back":     give.NewThanksPage(mayTakeBack(sampleGiven(give.StatePaid, campaigns.Card))),
		"thanks-returned": give.NewThanksPage(sampleGiven(give.StateReturned, campaigns.Card)),
		"thanks-voucher":  give.NewThanksPage(sampleGiven(give.StateVoucher, campaigns.Konbini)),
		"thanks-checking": give.NewThanksPage(sampleGiven(give.StateChecking, campaigns.Card)),
		"thanks-failed":   give.NewThanksPage(sampleGiven(give.StateFailed, campaigns.Card)),
		"thanks-expired":  give.NewThanksPage(sampleGiven(give.StateExpired, campaigns.Card)),
		"thanks-ended": give.NewThanksPage(func(g give.Given) give.Given {
			g.AgainHref = ""
			return g
		}(sampleGiven(give.StateExpired, campaigns.Card))),
		"gift": sampleKept(give.StatePaid, func(k *give.Kept) {
			k.Receipts = []page.Document{{Link: page.Link{Href: "/g/rensyu/receipt.pdf", Text: "領収書 2026-0012（PDF）"}, Note: "2026年11月25日"}}
		}),
		"gift-back": sampleKept(give.StatePaid, func(k *give.Kept) {
			k.BackUntil, k.BackAction = ledger.NewDate(2026, time.December, 2), "/g/rensyu/back"
		}),
		"gift-kept-back": notBack(),
		"gift-change": sampleKept(give.StatePaid, func(k *give.Kept) {
			k.Change = &give.ChangeQuestion{Reason: "集会所が使えなくなったので、会場の分を配食にまわします。", Share: 1980, Until: ledger.NewDate(2026, time.December, 8),
				Link: page.Link{Href: "/choice/1/rensyu", Text: "読んで、答える"}, Given: "返してもらう"}
		}),
		"choice": sampleQuestion(campaigns.ChangeVersion, true, nil), "choice-wrong": sampleQuestion(campaigns.ChangeVersion, true, map[string]string{"answer": "どうするかを、一つ選んでください。"}),
		"choice-decided": sampleQuestion(campaigns.ChangeVersion, false, nil), "choice-stop": sampleQuestion(campaigns.ChangeStop, true, nil),
		"letters": give.SampleLetters("news", false), "letters-chosen": give.SampleLetters("", true, "thanks"),
		"letters-follower": give.SampleFollower("active"), "letters-ended": give.SampleFollower("ended"), "news": give.SampleNews(),
		"record":         sampleRecord(give.HeldProven, false),
		"record-closed":  sampleRecord(give.HeldProven, true),
		"record-waiting": sampleRecord(give.HeldWaiting, false),
		"record-broken":  sampleRecord(give.HeldBroken, false),
		"record-refused": sampleRecord(give.HeldRefused, false),
		"record-paper":   paperRecord(),
		"trace":          sampleTrace(func(*give.Traced) {}),
		"trace-form":     sampleTrace(func(t *give.Traced) { t.Asked = false }),
		"trace-refused":  sampleTrace(func(t *give.Traced) { t.Refused = true }),
		"trace-group":    sampleTrace(func(t *give.Traced) { t.Campaign, t.Held = "", nil }),
		"gift-erase":     sampleKept(give.StatePaid, func(k *give.Kept) { k.Erase = give.Erase{Action: "/g/rensyu/erase"} }),
		"gift-erase-asked": sampleKept(give.StatePaid, func(k *give.Kept) {
			k.Erase.State = page.Notice{Tag: page.Tag{Kind: page.TagWait, Text: "頼みました"}, Head: "消してほしいと、団体に伝えました", Text: "2026年11月24日（火）に伝えました。"}
		}),
		"gift-checking": sampleKept(give.StateChecking, func(k *give.Kept) { k.Nameless = true }),
		"gift-waiting":  sampleKept(give.StateVoucher, func(k *give.Kept) { k.Display, k.DisplayName = campaigns.Anonymous, "" }),
		"gift-refunded": sampleKept(give.StatePaid, func(k *give.Kept) {
			k.Refunded, k.Erased = 3000, true
			k.Report = page.Link{Href: "/r/1", Text: "使いみちの報告を読む"}
		}),
	})
}
