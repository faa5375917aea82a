package sample

import (
	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// town is a 町内会 of 32 households that collects today for suppers in winter. Its yearly figures are those a 町内会 explained line by line
// (2022年度).
func town(w *writer) {
	w.day(-200)
	w.found(ledger.Organisation{
		Name: "あおぞら町内会", Kana: "あおぞらちょうないかい", Kind: "chonaikai", Slug: "renshu-machi", Purpose: "32世帯の町内会です。火曜の夜に、みんなの食堂をひらいています。",
		Address: "練習県練習市あおぞら一丁目1番1号",
	}, "renshu.example", ledger.Initiative{Name: "みんなの夕ごはん", Kind: "meal", Description: "火曜の夜に、こどもからお年寄りまで集まって食べます。"})
	w.townYear()
	w.day(-25)
	c := w.call("renshu-yugohan", w.suppers(), true)
	w.day(-20)
	w.turn()
	w.townGifts(c)
	w.townExpenses(c)
	w.seekGrants()
}

// townYear is what a small town association takes in and spends in a year, in the general fund.
func (w *writer) townYear() {
	w.open(ledger.Entry{Account: ledger.CashBox, FundID: w.general, Amount: 15_000}, ledger.Entry{Account: ledger.Bank, FundID: w.general, Amount: 120_000})
	w.day(-180)
	w.receive(w.general, 4110, ledger.CashBox, "", "町内会費 6,000円×31世帯", 186_000)
	w.move(ledger.CashBox, ledger.Bank, "会費を預ける", 170_000)
	w.day(-150)
	w.receive(w.general, 4320, ledger.Bank, "練習市", "街灯電気代の約7割と、敬老会 600円×18名", 29_300)
	w.receive(w.general, 4420, ledger.Bank, "練習市", "市政だよりを配る事務委託料", 28_710)
	w.receive(w.general, 4430, ledger.CashBox, "", "資源回収", 17_720)
	w.receive(w.general, 4520, ledger.CashBox, "", "交通共済の集金手数料", 330)
	w.receive(w.general, 4510, ledger.Bank, "練習銀行", "利子", 4)
	w.day(-140)
	w.check(
		w.spend(w.general, 0, bought{ledger.Bank, "練習校区自治会", "校区分担金", 5390, 24_000, ledger.PaidByTransfer}),
		w.spend(w.general, 0, bought{ledger.Bank, "練習電力", "街灯電気代(9本)", 5310, 16_245, ledger.PaidByTransfer}),
		w.spend(w.general, 0, bought{ledger.CashBox, "練習菓子店", "敬老会祝い品(600円×18名+箱代5円×18名)", 5290, 10_890, ""}),
		w.spend(w.general, 0, bought{ledger.CashBox, "練習文具店", "消耗品", 5290, 8_426, ""}),
		w.spend(w.general, 0, bought{ledger.Bank, "練習 代表", "役員手当", 5110, 20_000, ledger.PaidByTransfer}),
	)
}

// suppers promises sixteen suppers for 400,000 yen, with the processing costs as a use of its own.
func (w *writer) suppers() campaigns.Plan {
	end := w.in(110)
	return campaigns.Plan{
		Title: "冬の火曜日、みんなの夕ごはんを16回", Lead: "練習集会所で、こどもからお年寄りまで、いっしょに食べる夕ごはんをひらきます。来られない方には、家まで届けます。",
		Saying: "ひとりの夕ごはんを、週に一度は、みんなの夕ごはんに。", Need: "冬は外に出る日がへり、だれとも話さない日がつづく方がいます。\n食材の値上がりで、会費だけでは回数をへらすしかなくなりました。",
		OtherSources: "利用料 おとな300円・こども無料(1回およそ6,000円)。場所は町内会がただで貸します。", Uncovered: "米はゆずっていただけるようお願いしています。足りない分は未定です。",
		CostsBorneBy: campaigns.CostsUse, CollectsFrom: w.in(-20), CollectsUntil: w.in(40),
		IfTooLittle: "食材費を先にして、できる回数だけひらきます。", IfTooMuch: "春の火曜日の食材に使います。", IfStopped: "連絡のつく方にはお返しし、そのほかは食材として子ども会へ渡します。",
		ReportDueOn: w.in(140), Responsible: "練習 会計",
		Uses: []campaigns.PlanUse{
			{Name: "食材費", Detail: "米・野菜・肉・調味料", Quantity: 16, Unit: "回", UnitPrice: 15_000, Amount: 240_000, DueOn: end, Evidence: "買ったときのレシート"},
			{Name: "会場・光熱・保険", Detail: "ガスと電気、行事の保険", Quantity: 16, Unit: "回", UnitPrice: 3_750, Amount: 60_000, DueOn: end, Evidence: "請求書・領収書"},
			{Name: "大鍋と炊飯器", Detail: "20年使ったものの買いかえ", Amount: 52_000, DueOn: w.in(30), Evidence: "領収書と写真"},
			{Name: "届けるための容器とバッグ", Detail: "容器400個、保冷バッグ4個", Amount: 38_000, DueOn: w.in(60), Evidence: "レシート"},
			{Name: "決済手数料", Detail: "カードとコンビニの手数料", Amount: 10_000, DueOn: end, Evidence: "決済の明細", BearsCosts: true},
		},
	}
}

func (w *writer) townGifts(c campaigns.Campaign) {
	donor := func(name, kana, mail string) campaigns.Donor {
		return campaigns.Donor{Name: name, Kana: kana, Mail: mail + "@renshu.example"}
	}
	uses := w.uses(c)
	var held ledger.Yen
	w.day(-18)
	held += w.pay(c, campaigns.Gift{Channel: campaigns.Card, Amount: 3_000, Donor: donor("練習 花子", "れんしゅう はなこ", "hanako"),
		Display: campaigns.Initials, Message: "こどもが毎週たのしみにしています。"})
	held += w.pay(c, campaigns.Gift{Channel: campaigns.Card, Amount: 10_000, Donor: donor("練習 𠮷田", "れんしゅう よしだ", "yoshida"), UseID: uses[2]})
	w.day(-15)
	w.hand(c, ledger.CashBox, campaigns.Gift{Channel: campaigns.Envelope, Amount: 21_000, CountsAs: campaigns.CountsHousehold, Counted: 28,
		ToldBy: "2つの班の班長さんが封筒をまとめて届けてくださった"})
	held += w.pay(c, campaigns.Gift{Channel: campaigns.Konbini, Amount: 5_000, Donor: donor("練習 髙橋", "れんしゅう たかはし", "takahashi"), UseID: uses[1]})
	w.day(-12)
	w.hand(c, ledger.CashBox, campaigns.Gift{Channel: campaigns.Box, Amount: 8_437})
	for _, company := range []struct {
		name   string
		amount ledger.Yen
		use    int64
	}{{"練習商店", 130_000, 0}, {"練習製作所", 42_000, uses[2]}, {"練習運送", 38_000, uses[3]}} {
		w.hand(c, ledger.Bank, campaigns.Gift{Channel: campaigns.Transfer, Amount: company.amount, UseID: company.use, Display: campaigns.FullName,
			Donor: campaigns.Donor{Name: company.name, Kind: "company", Address: "練習県練習市2丁目"}})
	}
	w.day(-10)
	cash := w.hand(c, ledger.CashBox, campaigns.Gift{Channel: campaigns.Cash, Amount: 5_000, ReceiptWanted: "paper",
		Donor: campaigns.Donor{Name: "練習 葛󠄀城", Kana: "れんしゅう かつらぎ", PostalCode: "000-0000", Address: "練習県練習市あおぞら一丁目9番9号"}})
	w.receipt(cash)
	held += w.pay(c, campaigns.Gift{Channel: campaigns.Card, Amount: 1_000, Donor: donor("練習 花子", "れんしゅう はなこ", "hanako"), Display: campaigns.Initials})
	held += w.pay(c, campaigns.Gift{Channel: campaigns.Card, Amount: 500})
	w.do(func() error {
		_, err := campaigns.ReceiveInKind(w.ctx, w.tx, campaigns.InKind{
			OrganisationID: w.organisation, FundID: c.FundID, UseID: uses[0], InitiativeID: w.initiative, Account: ledger.ProvisionsExpense, Worth: 5_000,
			From: "練習農園", What: "米 10kg(店頭の値段)", On: w.today(), Key: w.key(),
		}, w.treasurer, w.at)
		return err
	})
	w.day(-8)
	w.payOut(held)
	w.day(-4)
	w.move(ledger.InTransit, ledger.Bank, "決済サービスからの入金", held)
	w.hand(campaigns.Campaign{}, ledger.CashBox, campaigns.Gift{Channel: campaigns.Cash, Amount: 3_000}) // unasked
	w.day(-1)
	w.give(c, campaigns.Gift{Channel: campaigns.Card, Amount: 2_000, Donor: donor("練習 次郎", "れんしゅう じろう", "jiro")}) // its page was left
}

func (w *writer) townExpenses(c campaigns.Campaign) {
	uses := w.uses(c)
	w.day(-13)
	food := w.spend(c.FundID, uses[0], bought{ledger.CashBox, "練習青果店", "大根・白菜・鶏肉(1回目)", ledger.ProvisionsExpense, 13_480, ""})
	boxes := w.spend(c.FundID, uses[3], bought{ledger.Bank, "練習容器", "容器 200個", 5290, 12_000, ""})
	w.day(-11)
	w.check(food, boxes)
	split := bought{ledger.CashBox, "練習青果店", "野菜(夕ごはん)と、お茶(役員会)", ledger.ProvisionsExpense, 1_000, ""}
	both := w.enter(split,
		ledger.ExpenseLine{Account: ledger.ProvisionsExpense, FundID: c.FundID, UseID: uses[0], Segment: ledger.Program, InitiativeID: w.initiative, Amount: 600},
		ledger.ExpenseLine{Account: 5250, FundID: w.general, Segment: ledger.Administration, Amount: 400})
	advanced := w.spend(c.FundID, uses[0], bought{ledger.Payable, "練習精肉店", "豚汁の肉(担当が立替え)", ledger.ProvisionsExpense, 3_480, ""})
	w.day(-6)
	w.check(both, advanced)
	w.day(-5)
	w.repay(advanced, ledger.CashBox)
	w.check(w.spend(c.FundID, uses[1], bought{ledger.Bank, "練習保険", "行事の保険", 5370, 4_800, ledger.PaidByTransfer}))
	w.day(-1)
	w.spend(c.FundID, uses[2], bought{ledger.CashBox, "練習金物店", "大鍋 2個", 5290, 19_800, ""}) // waits for another person's check
}
