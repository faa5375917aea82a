package sample

import (
	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// cats is a volunteer group that looks after cats in a town and helps its members with what that costs, from the gifts of the year

func cats(w *writer) {
	w.day(-180)
	w.found(ledger.Organisation{
		Name: "まちねこの会", Kana: "まちねこのかい", Kind: "volunteer", Slug: "renshu-neko", Purpose: "飼い主のいない猫の世話をする人を、おたがいに助けます。",
		Address: "練習県練習市ねこ二丁目2番2号",
	}, "neko.renshu.example", ledger.Initiative{Name: "猫の世話", Kind: "help"})
	aid := w.fund("会員への助成")
	w.open(ledger.Entry{Account: ledger.Bank, FundID: w.general, Amount: 2_107_247 - 773_646}, ledger.Entry{Account: ledger.Bank, FundID: aid, Amount: 773_646})
	var use int64
	w.do(func() (err error) {
		use, err = ledger.StateUse(w.ctx, w.tx, ledger.Use{OrganisationID: w.organisation, FundID: aid, Position: 1, Name: "医療費・フード費の助成", Planned: 773_646})
		return err
	})

	w.day(-120)
	w.receive(w.general, 4110, ledger.Bank, "会員", "会費", 155_200)
	w.receive(w.general, 4430, ledger.Bank, "練習まつり", "イベント売上", 434_755)
	w.receive(w.general, 4430, ledger.Bank, "練習書店", "カレンダー売上", 124_000)
	w.receive(w.general, 4520, ledger.Bank, "練習書店", "前期カレンダーの売上など", 21_600)
	w.receive(w.general, 4510, ledger.Bank, "練習銀行", "預金利息", 22)
	w.hand(campaigns.Campaign{}, ledger.Bank, campaigns.Gift{Channel: campaigns.Transfer, Amount: 2_121_624, Counted: 180})

	w.day(-60)
	for _, b := range []bought{
		{ledger.Bank, "練習公民館", "総会運営費", 5250, 3_282, ""}, {ledger.Bank, "練習印刷", "印刷費", 5350, 7_469, ""},
		{ledger.Bank, "練習文具", "事務用品費", 5290, 1_565, ""}, {ledger.Bank, "練習郵便局", "通信費", 5280, 17_050, ""},
		{ledger.Bank, "練習ネット", "ホームページ維持費", 5360, 1_571, ""}, {ledger.Bank, "練習まつり", "イベント主催者への寄付", 5410, 10_000, ""},
		{ledger.Bank, "練習手芸店", "バザー商品材料費など", 5290, 266_683, ""}, {ledger.Bank, "練習印刷", "カレンダー作成費", 5350, 85_350, ""},
		{ledger.Bank, "練習銀行", "振込の手数料", 5420, 2_074, ledger.PaidByTransfer},
	} {
		w.check(w.spend(w.general, 0, b))
	}
	for _, b := range []bought{
		{ledger.Bank, "会員", "医療費補助", 5400, 542_834, ""}, {ledger.Bank, "会員", "フード費用補助", 5400, 188_363, ""},
		{ledger.Bank, "会員", "フード現物支給", 5400, 6_464, ""},
	} {
		w.check(w.spend(aid, use, b))
	}
	w.standingCall()
	w.day(0)
	w.turn()
}
