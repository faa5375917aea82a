package public

import "github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"

// LawPage is 特定商取引法に基づく表記 of an organisation. A gift is no sale and the law does not ask for it; the payment service does, and so
// does a giver who wants to know whom he gives to.
type LawPage struct {
	page.Public
	Organisation string
	Facts        []page.Pair // from LawFacts
}

// Template names the page.
func (LawPage) Template() string { return "public/law" }

// LawFacts is what has to stand on the page, in its usual order.
type LawFacts struct {
	Name, Head    string // of the group, of its representative
	Address       string // empty: told without delay when asked for
	Tel, Hours    string // empty number: told without delay when asked for
	Mail          string
	Amount        string // 500円から1,000,000円まで
	Extra         string // what a giver pays besides: transfer costs
	Ways, PayBy   string // the ways to pay, and by when
	Delivery      string // what follows and when: receipt, report
	Refund        string
	Qualification string // 認定NPO法人 and its dates, if so
}

// onRequest is said where an address or a number is not shown: the law allows it for who asks without a shop.
const onRequest = "請求があれば、遅滞なくお知らせします。"

// Pairs are the facts in words.
func (f LawFacts) Pairs() []page.Pair {
	pairs := []page.Pair{
		{Term: "団体の名称", Text: f.Name, Name: true},
		{Term: "代表者", Text: f.Head, Name: true},
		{Term: "住所", Text: or(f.Address, onRequest), Name: f.Address != ""},
	}
	tel := page.Pair{Term: "電話", Text: onRequest}
	if f.Tel != "" {
		tel = page.Pair{Term: "電話", Text: f.Hours, Tel: f.Tel}
	}
	pairs = append(pairs, tel)
	if f.Mail != "" {
		pairs = append(pairs, page.Pair{Term: "メール", Mail: f.Mail})
	}
	pairs = append(pairs,
		page.Pair{Term: "寄付の金額", Text: f.Amount},
		page.Pair{Term: "金額のほかにかかるお金", Text: f.Extra},
		page.Pair{Term: "払い方", Text: f.Ways},
		page.Pair{Term: "払う時期", Text: f.PayBy},
		page.Pair{Term: "お届けするもの", Text: f.Delivery},
		page.Pair{Term: "返金", Text: f.Refund})
	if f.Qualification != "" {
		pairs = append(pairs, page.Pair{Term: "税金の控除", Text: f.Qualification})
	}
	return pairs
}

func or(text, instead string) string {
	if text == "" {
		return instead
	}
	return text
}
