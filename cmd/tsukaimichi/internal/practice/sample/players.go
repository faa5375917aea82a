package sample

import (
	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// players is a volunteer group that performs in places hit by disasters. It keeps a free and a restricted fund in one bank account and
// printed two trips to the yen (2013); the restricted yen wait for whom they are promised to.
func players(w *writer) {
	w.day(-230)
	w.found(ledger.Organisation{
		Name: "おはやし出前の会", Kana: "おはやしでまえのかい", Kind: "volunteer", Slug: "renshu-ohayashi", Purpose: "災害にあった町を、笛と太鼓で訪ねます。",
		Address: "練習県練習市ふえ三丁目3番3号",
	}, "ohayashi.renshu.example", ledger.Initiative{Name: "出前公演", Kind: "salon"})
	tied := w.fund("支援団体へ渡すお金")
	w.open(ledger.Entry{Account: ledger.Bank, FundID: w.general, Amount: 88_501}, ledger.Entry{Account: ledger.Bank, FundID: tied, Amount: 32_500})
	uses := w.tripUses()

	w.day(-200)
	w.hand(campaigns.Campaign{}, ledger.Bank, campaigns.Gift{Channel: campaigns.Transfer, Amount: 244_000, Counted: 24})
	w.receive(w.general, 4430, ledger.Bank, "練習まつり実行委員会", "共催イベント出演料", 25_000)
	w.receive(w.general, 4510, ledger.Bank, "練習銀行", "預金利息", 12)
	w.trip(uses[0], bought{ledger.Bank, "練習鉄道", "新幹線1名分", 5260, 13_310, ledger.PaidFare}, bought{ledger.Bank, "練習バス", "夜行バス3名分", 5260, 19_300, ""},
		bought{ledger.Bank, "練習石油", "ガソリン代", 5260, 5_679, ""}, bought{ledger.Bank, "練習道路", "有料道路通行料", 5260, 4_300, ""})
	w.trip(uses[1], bought{ledger.Bank, "練習旅館", "2人×4泊", 5260, 24_300, ""})
	w.trip(uses[2], bought{ledger.Bank, "練習印刷", "チラシ印刷費", 5350, 4_300, ""}, bought{ledger.Bank, "練習電器", "ビデオテープ", 5290, 1_880, ""})

	w.day(-140)
	w.hand(campaigns.Campaign{}, ledger.Bank, campaigns.Gift{Channel: campaigns.Transfer, Amount: 33_000, Counted: 5})
	w.trip(uses[0], bought{ledger.Bank, "練習バス", "夜行バス1名分", 5260, 14_250, ""}, bought{ledger.Bank, "練習石油", "ガソリン代", 5260, 16_552, ""},
		bought{ledger.Bank, "練習道路", "有料道路通行料", 5260, 9_350, ""}, bought{ledger.Bank, "練習駐車場", "駐車代", 5260, 300, ledger.PaidToMachine})
	w.trip(uses[1], bought{ledger.Bank, "練習旅館", "2人×1泊", 5260, 8_000, ""})
	w.handsAndPaper()
	w.day(0)
	w.turn()
}

// tripUses states what a trip costs as uses of the general fund.
func (w *writer) tripUses() []int64 {
	ids := make([]int64, 3)
	for i, name := range []string{"交通費", "宿泊費", "事務費"} {
		w.do(func() (err error) {
			ids[i], err = ledger.StateUse(w.ctx, w.tx, ledger.Use{OrganisationID: w.organisation, FundID: w.general, Position: i + 1, Name: name})
			return err
		})
	}
	return ids
}

func (w *writer) trip(use int64, papers ...bought) {
	for _, b := range papers {
		w.check(w.spend(w.general, use, b))
	}
}
