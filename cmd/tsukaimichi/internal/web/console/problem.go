package console

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// problemText says what was put aside, and what to do about it.
func problemText(p payments.Problem) (what, note string) {
	yen := page.YenText(max(p.Amount, -p.Amount)) + "円"
	switch p.Kind {
	case payments.YenUnclear:
		return unclearText(p, yen)
	case payments.NotYen:
		return "円でないお金の出入り", "帳簿には入れていません。Stripeの管理画面で見てください。番号 " + p.Ref
	case payments.NotBooked:
		return "帳簿に入れられないお金の出入り　" + yen, "締めた月か、集める期間の外かもしれません。入れられるようになれば、自動で入ります。番号 " + p.Ref
	case payments.AnotherAmount:
		return "支払いの画面の金額が、申し込みとちがいます", "お金は動いていません。続くときは、運営に知らせてください。番号 " + p.Ref
	case payments.NotKnown:
		return "どの寄付のものかわからない支払いの画面", "Stripeの口座を、ほかのことにも使っていませんか。番号 " + p.Ref
	case payments.NotProcessed:
		return "Stripeからの知らせを1つ、読めませんでした", "お金の出入りは、Stripeの明細から帳簿に入ります。番号 " + p.Ref
	case payments.Disputed:
		if p.DueAt.IsZero() {
			return "「覚えがない」と言われた寄付　" + yen, "認められて、お金は払った人にもどりました。帳簿に自動で入れられませんでした。運営に知らせてください。"
		}
		return "「覚えがない」と言われた寄付　" + yen, page.Minute(p.DueAt) + "までに、Stripeの管理画面で、寄付を受けたしるしを出してください。出さないと、お金は払った人にもどります。"
	case payments.NotRefunded:
		return notRefundedText(p, yen)
	case payments.Refusals:
		return "カードとコンビニを、自動で止めました", "短い間に、カードが何度も断られました。盗まれたカードがためされているのかもしれません。"
	}
	return checkText(p.Ref, p.Amount)
}

// unclearText is for yen in 照合待ち: which way they went decides what was meant.
func unclearText(p payments.Problem, yen string) (what, note string) {
	switch {
	case p.Amount == 0:
		return "何の手数料かわからない引き落とし", "Stripeの手数料として、帳簿に入れてあります。Stripeの管理画面で、明細を見てください。番号 " + p.Ref
	case p.DonationID == 0 && p.Amount < 0:
		return "何に出たかわからないお金　" + yen, "Stripeから引かれました。Stripeの管理画面で見てください。わかるまで「照合待ち」に入れています。"
	case p.DonationID == 0:
		return "何のお金かわからない入金　" + yen, "Stripeに入りました。Stripeの管理画面で見てください。わかるまで「照合待ち」に入れています。"
	case p.Detail == string(campaigns.MovementCharge):
		return "寄付より多く払われたお金　" + yen, "同じ寄付が2回払われたか、約束とちがう金額が払われました。寄付には数えていません。寄付として受け取ると決まったら、「寄付を入れる」で、お金のある場所を「確かめているお金」にしてください。"
	case p.Amount < 0:
		return "寄付の残りより多く出たお金　" + yen, "手元から返した寄付が、Stripeからも返されたのかもしれません。寄付した人に、二重に返っていないかを聞いてください。わかるまで「照合待ち」に入れています。"
	}
	return "一度出て、もどったお金　" + yen, "寄付した人に返したお金か、争いになったお金が、もどりました。Stripeの管理画面で見てください。わかるまで「照合待ち」に入れています。"
}

// notRefundedText is for a refund that did not come off: why decides where the yen are now, and whether they may be given back another way.
func notRefundedText(p payments.Problem, yen string) (what, note string) {
	switch p.Detail {
	case payments.AnswerUnclear:
		return "返金の答えを待っています　" + yen, "Stripeでまちがいがあり、返せたかどうかがまだわかりません。自動で確かめて、続けます。ほかの方法で返さないでください。二重になります。"
	case payments.RefusedDisputed:
		return "返せなかった寄付　" + yen, "払った人が、カード会社に「覚えがない」と言っています。お金はカード会社が預かっていて、認められると払った人にもどります。ほかの方法で返さないでください。二重になります。"
	case payments.RefusedReturned:
		return "もう返してあった寄付　" + yen, "Stripeの管理画面などから、先に返してありました。ほかの方法で返さないでください。二重になります。帳簿には自動で入ります。"
	case payments.CameBack:
		return "返せなかった寄付　" + yen, "一度返したお金が、寄付した人に届かずに、団体にもどりました。寄付した人に連絡して、現金か振込で返してください。"
	}
	return "返せなかった寄付　" + yen, "Stripeが受け付けませんでした。Stripeの管理画面で理由を見て、もう返っていないことを確かめてください。お金が団体に残っていれば、残高がふえてからもう一度ためすか、現金か振込で返してください。"
}

func checkText(check string, by ledger.Yen) (what, note string) {
	yen := page.YenText(by) + "円"
	switch check {
	case payments.CheckBalance:
		return "帳簿の「Stripe未入金」が、Stripeの残高と合いません　" + yen, "手で入れた記録がないか、帳簿を見てください。"
	case payments.CheckTransit:
		return "銀行へ送られたお金が、帳簿と合いません　" + yen, "Stripeの管理画面の「入金」とくらべてください。"
	case payments.CheckBooked:
		return fmt.Sprintf("Stripeの明細のうち、帳簿にない行が%d件あります", by), "上の知らせを片づけると、入ります。"
	case payments.CheckKey:
		return "Stripeの口座の鍵が、使えなくなっています", "カードとコンビニの支払いの画面が開けず、届いた寄付も帳簿に入りません。新しい鍵を入れるよう、運営にたのんでください。その間に届いたお金は、つながると、さかのぼって入ります。"
	case payments.CheckReached:
		return "Stripeの明細を、2日より長く読めていません", "その間に届いた寄付は、まだ帳簿に入っていません。読めるようになると、さかのぼって入ります。続くときは、運営に知らせてください。"
	case payments.CheckUnclear:
		return "「照合待ち」にお金が残っています　" + yen, "何のお金かを決めると、0円になります。"
	}
	return "帳簿の合計が0円になりません　" + yen, "すぐに運営に知らせてください。それまで、帳簿に何も入れないでください。"
}

// problemTasks leads to what the program put aside about card and konbini.
func problemTasks(d Desk, w waiting) []page.Task {
	if len(w.Problems) == 0 || !d.May(switchers...) {
		return nil
	}
	what, note := problemText(w.Problems[0])
	task := page.Task{Tag: page.Tag{Kind: page.TagLate, Text: "見てください"}, What: what, Note: note, Act: page.Link{Href: d.Path("money", "online"), Text: "見る"}}
	if more := len(w.Problems) - 1; more > 0 {
		task.Note += fmt.Sprintf("ほかに%d件あります。", more)
	}
	return []page.Task{task}
}
