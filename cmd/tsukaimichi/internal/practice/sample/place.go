package sample

import (
	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// place is a certified NPO that plans a place for children and has announced nothing. The plan is one that was published (2018): who pays
// the part above its target it does not know.
func place(w *writer) {
	w.day(-90)
	w.found(ledger.Organisation{
		Name: "NPO法人ひだまりの間", Kana: "ひだまりのま", Kind: "npo", Slug: "renshu-hidamari", Purpose: "こどもが放課後に安心していられる場所をつくります。",
		Address: "練習県練習市ひなた四丁目4番4号", CertifiedNumber: "練習認定第1号", CertifiedFrom: w.in(-400), CertifiedUntil: w.in(1400),
	}, "hidamari.renshu.example", ledger.Initiative{Name: "こどもの居場所", Kind: "salon", Description: "放課後にだれでも来られる部屋。"})
	w.open(ledger.Entry{Account: ledger.CashBox, FundID: w.general, Amount: 12_000}, ledger.Entry{Account: ledger.Bank, FundID: w.general, Amount: 150_000})
	w.day(-20)
	d := w.hand(campaigns.Campaign{}, ledger.Bank, campaigns.Gift{Channel: campaigns.Transfer, Amount: 10_000, ReceiptWanted: "paper",
		Donor: campaigns.Donor{Name: "練習 﨑子", Kana: "れんしゅう さきこ", PostalCode: "000-0000", Address: "練習県練習市ひなた四丁目8番8号"}})
	w.receipt(d)
	w.day(-7)
	w.call("renshu-ibasho", campaigns.Plan{
		Title: "こどもの居場所をひらく", Lead: "駅の近くに部屋を借りて、放課後にだれでも来られる場所をひらきます。", Need: "学校と家のほかに、安心していられる場所がありません。",
		OtherSources: "利用料はいただきません", Uncovered: "未定", CostsBorneBy: campaigns.CostsUse, Responsible: "練習 代表",
		Uses: []campaigns.PlanUse{
			{Name: "家賃(敷金礼金・諸経費を含む)", Detail: "60,000円×2ヶ月+200,000円+20,000円", Amount: 340_000},
			{Name: "水光熱費", Quantity: 2, Unit: "ヶ月", UnitPrice: 20_000, Amount: 40_000},
			{Name: "備品購入費", Detail: "机・椅子など。ゆずっていただけた分は減らします", Amount: 87_500},
			{Name: "広報宣伝・印刷費", Detail: "はじまりの催しを含む", Amount: 45_000},
			{Name: "お礼の品", Amount: 20_000},
			{Name: "消耗品費", Detail: "棚など。ゆずっていただけた分は減らします", Amount: 70_000},
			{Name: "諸手数料", Amount: 91_800, BearsCosts: true},
		},
	}, false)
}
