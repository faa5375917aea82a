package sample

import (
	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// council is a 社協 whose year-end collection is over and whose report is due in three days. The figures are those one printed in its
// paper (令和2年度): a third of what was there stayed unspent, which the report has to explain.
func council(w *writer) {
	w.day(-140)
	w.found(ledger.Organisation{
		Name: "ほしぞら地区社会福祉協議会", Kana: "ほしぞらちくしゃかいふくしきょうぎかい", Kind: "shakyo", Slug: "renshu-shakyo", Purpose: "だれもが安心してくらせる地域のために、住民と一緒に活動します。",
		Address: "練習県練習市ほしぞら二丁目2番2号",
	}, "shakyo.renshu.example", ledger.Initiative{Name: "歳末たすけあい", Kind: "help", Description: "援護の必要な世帯への見舞いと、ひとり暮らしの方の見守り訪問。"})
	w.day(-130)
	c := w.call("renshu-saimatsu", w.yearEnd(), true)
	w.open(ledger.Entry{Account: ledger.Bank, FundID: c.FundID, Amount: 293_951})
	w.day(-120)
	w.turn()
	w.day(-60)
	w.hand(c, ledger.Bank, campaigns.Gift{Channel: campaigns.Envelope, Amount: 3_973_939, CountsAs: campaigns.CountsHousehold, Counted: 7_364,
		ToldBy: "自治会をとおした戸別の募金"})
	w.hand(c, ledger.Bank, campaigns.Gift{Channel: campaigns.Transfer, Amount: 4_000, Counted: 3, ToldBy: "匿名の3件"})
	w.receive(c.FundID, 4510, ledger.Bank, "練習銀行", "貯金利息", 4)
	w.yearEndExpenses(c)
	w.day(0)
	w.turn()
}

func (w *writer) yearEnd() campaigns.Plan {
	by := w.in(-10)
	return campaigns.Plan{
		Title: "歳末たすけあい募金", Lead: "年の暮れに、援護の必要な世帯へお見舞いを届け、ひとり暮らしの方を訪ねます。", Need: "病気や介護で、年の暮れを心ぼそく過ごす方がいます。",
		OtherSources: "前年度の残り 293,951円", Uncovered: "ありません", CollectsFrom: w.in(-120), CollectsUntil: w.in(-45),
		IfTooLittle: "見舞金の額をへらします。", IfTooMuch: "来年度の歳末たすけあいに繰り越します。", IfStopped: "来年度の歳末たすけあいに使います。",
		ReportDueOn: w.in(3), Responsible: "練習 会計",
		Uses: []campaigns.PlanUse{
			{Name: "年末見舞金", Detail: "援護の必要な世帯、長期在宅療養・認知症の方、重い障がいのある方、遺児など", Amount: 2_300_000, DueOn: by, Evidence: "受領書"},
			{Name: "歳末見舞品", Detail: "米・蕎麦・餅", Quantity: 70, Unit: "世帯", UnitPrice: 3_500, Amount: 245_000, DueOn: by, Evidence: "領収書"},
			{Name: "地域援助事業", Detail: "見守り訪問と、行事", Amount: 1_455_000, DueOn: by, Evidence: "領収書と写真"},
		},
	}
}

func (w *writer) yearEndExpenses(c campaigns.Campaign) {
	uses := w.uses(c)
	w.day(-30)
	for use, papers := range [][]bought{
		{
			{ledger.Bank, "対象の世帯", "援護の必要な世帯 31世帯", 5400, 985_000, ""},
			{ledger.Bank, "対象の方", "長期在宅療養・認知症の方 22名", 5400, 330_000, ""},
			{ledger.Bank, "対象の方", "在宅の重い障がいのある方 50名", 5400, 750_000, ""},
			{ledger.Bank, "対象の方", "事故・病気・災害遺児 2名", 5400, 30_000, ""},
			{ledger.Bank, "対象の方", "両親の扶養のない児童 2名", 5400, 30_000, ""},
		},
		{{ledger.Bank, "練習米店", "米・蕎麦・餅を70世帯に", ledger.ProvisionsExpense, 226_967, ""}},
		{
			{ledger.Bank, "練習印刷", "75歳以上のひとり暮らし 619世帯へのカレンダー", 5290, 487_383, ""},
			{ledger.Bank, "練習郵便局", "配分変更通知の郵便代", 5280, 924, ""},
		},
	} {
		for _, b := range papers {
			id := w.spend(c.FundID, uses[use], b)
			w.check(id)
			switch b.payee {
			case "練習米店":
				w.redact(id, true)
			case "練習印刷":
				w.redact(id, false)
			}
		}
	}
}
