package give

import (
	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// steps are the events from the form to the report; none are shown where nothing goes on.
func steps(g Given) []page.Step {
	if g.State == StateFailed || g.State == StateExpired || g.State == StateReturned {
		return nil
	}
	isPaid := g.State == StatePaid
	list := []page.Step{{Text: "申し込み", Note: page.Minute(g.EnteredAt), Done: true}}
	switch {
	case g.Channel == campaigns.Konbini && g.State == StateVoucher:
		list = append(list, page.Step{Text: "コンビニで払う", Note: "払うまで、「参加した人」には数えません", Now: true})
	case g.State == StateChecking:
		list = append(list, page.Step{Text: "支払いを確かめる", Note: "確かめるまで、「参加した人」には数えません", Now: true})
	}
	arrival := page.Step{Text: "団体に届く", Done: isPaid}
	if isPaid {
		arrival.Note = page.Day(g.PaidOn)
	} else if g.Mail {
		arrival.Note = "届いたら、お知らせのメールを送ります"
	}
	list = append(list, arrival)
	if g.Receipt {
		list = append(list, page.Step{Text: "領収書が届く", Note: "番号つきの領収書です", Now: isPaid})
	}
	return append(list, page.Step{Text: "使いみちの報告が出る", Note: page.Day(g.ReportDueOn) + "まで", Now: isPaid && !g.Receipt})
}

// help answers what is asked on the telephone.
func help(g Given) []page.Pair {
	var pairs []page.Pair
	switch g.State {
	case StateVoucher:
		again := page.Pair{Term: "期限がすぎた", Text: "その番号では払えません。"}
		if g.AgainHref != "" {
			again.Link = page.Link{Href: g.AgainHref, Text: "もう一度申し込む"}
		}
		pairs = []page.Pair{
			{Term: "やめたい", Text: "何もしなくて大丈夫です。期限がすぎると、申し込みは取り消されます。"},
			again,
			{Term: "払ったのに変わらない", Text: "届くまで1日ほどかかります。レシートをとっておいてください。"},
		}
	case StateChecking:
		pairs = []page.Pair{{Term: "払ったのに変わらない", Text: "このページを閉じても大丈夫です。寄付のページで、あとから確かめられます。"}}
	case StatePaid:
		pairs = []page.Pair{regret(g)}
	}
	if g.Tel != "" {
		pairs = append(pairs, page.Pair{Term: "電話で聞く", Text: g.Hours, Tel: g.Tel})
	}
	if g.MisuseHref != "" {
		pairs = append(pairs, page.Pair{Term: "使われ方が心配", Link: page.Link{Href: g.MisuseHref, Text: "できることを読む"}})
	}
	return pairs
}

// regret says what who gave by mistake can do: take it back himself while he may, or ask the group.
func regret(g Given) page.Pair {
	const term = "まちがえた・やめたい"
	if g.TakeBackUntil.IsZero() {
		return page.Pair{Term: term, Text: "金額のまちがいや、やめたいときは、早めに電話かメールで団体に知らせてください。"}
	}
	return page.Pair{Term: term, Text: page.Day(g.TakeBackUntil) + "までは、電話をしなくても、寄付のページから全額を返してもらえます。",
		Link: page.Link{Href: g.GiftHref + "#back", Text: "やめて、返してもらう"}}
}

// dayOrNone writes a day, or that there is none yet.
func dayOrNone(d ledger.Date, none string) string {
	if d.IsZero() {
		return none
	}
	return page.Day(d)
}
