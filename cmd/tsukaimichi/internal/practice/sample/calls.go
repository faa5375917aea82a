package sample

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// standingCall is a call without an end: what cats cost at the doctor's, planned and reported year by year, with ways to give that need no card.
func (w *writer) standingCall() {
	w.day(-50)
	year := ledger.Organisation{FiscalMonth: 4}.FiscalYear(w.today())
	end := ledger.NewDate(year.Year()+1, year.Month(), 1).AddDays(-1)
	c := w.call("renshu-neko-itsudemo", campaigns.Plan{
		Title: "町の猫の手術代　いつでも募金", Lead: "飼い主のいない猫がふえすぎないように、手術をして、もとの町にもどします。", Saying: "この町の猫は、\nこの町で見守ります。",
		Need: "1匹の手術に、およそ12,000円かかります。\n市の助成は、その3分の1です。", OtherSources: "市の助成　1匹4,000円", Uncovered: "けがの手当ては、未定です。",
		CollectsFrom: w.today(), Standing: true, IfTooLittle: "手術を先にします。", IfTooMuch: "次の年度にくりこします。", IfStopped: "同じことをしている会へ渡します。",
		ReportDueOn: end.AddDays(61), Responsible: "練習 会計",
		Uses: []campaigns.PlanUse{
			{Name: "手術代", Detail: "助成を引いた分", Quantity: 40, Unit: "匹", UnitPrice: 8_000, Amount: 320_000, DueOn: end, Evidence: "病院の領収書"},
			{Name: "運ぶためのかごと毛布", Amount: 24_000, DueOn: end, Evidence: "レシート"}},
		Goals: campaigns.Goals{{Kind: campaigns.GoalTimes, Name: "手術をした猫", Target: 40, Unit: "匹"}, {Kind: campaigns.GoalHours, Name: "病院へ運ぶ手伝い", Target: 120, Unit: "時間"}},
	}, true)
	uses := w.uses(c)
	w.way(campaigns.Way{CampaignID: c.ID, Kind: campaigns.WayPostal, Place: "00000-0-000000　まちねこのかい（練習）"})
	w.way(campaigns.Way{CampaignID: c.ID, Kind: campaigns.WayThings, Place: "練習公民館の玄関", Hours: "毎月第1日曜 10時から12時まで", Note: "キャットフードと毛布を受け取ります。"})
	w.day(-30)
	for i, amount := range []ledger.Yen{3_000, 5_000, 1_000, 10_000, 2_000, 3_000} {
		w.hand(c, ledger.Bank, campaigns.Gift{Channel: campaigns.Transfer, Amount: amount, Donor: campaigns.Donor{Name: fmt.Sprintf("練習 猫好き%d", i+1)}})
	}
	w.hand(c, ledger.Bank, campaigns.Gift{Channel: campaigns.Transfer, Amount: 80_000, Counted: 16})
	w.day(-20)
	w.check(w.spend(c.FundID, uses[0], bought{ledger.Bank, "練習動物病院", "手術 7匹", 5360, 56_000, ""}))
	w.reach(c, campaigns.Reach{Kind: campaigns.GoalTimes, Name: "手術をした猫", Unit: "匹", Count: 7})
	w.reach(c, campaigns.Reach{Kind: campaigns.GoalHours, Name: "病院へ運ぶ手伝い", Unit: "時間", Count: 21, Givers: 7})
	w.do(func() error {
		_, err := campaigns.DecideUse(w.ctx, w.tx, w.organisation, campaigns.Decision{DecidedOn: w.today(), DecidedBy: "役員会", Purpose: "保護部屋の冷暖房", Amount: 180_000,
			DueOn: w.in(120), Key: w.key()}, w.treasurer, w.at)
		return err
	})
}

// handsAndPaper are two calls of a group that performs: one for hands and things alone, one that went round on paper first.
func (w *writer) handsAndPaper() {
	w.day(-40)
	c := w.call("renshu-hakobite", campaigns.Plan{
		Title: "出前公演の、はこび手をさがしています", Lead: "太鼓をはこんで、客席をならべる手がたりません。", Need: "会員の平均は68歳です。太鼓は、ふたりでないと持てません。",
		OtherSources: "ありません", Uncovered: "ありません", CollectsFrom: w.today(), CollectsUntil: w.in(60), IfTooLittle: "公演を小さくします。", IfTooMuch: "当番を分けます。",
		IfStopped: "いただいた品物をお返しします。", ReportDueOn: w.in(100), Responsible: "練習 代表",
		Goals: campaigns.Goals{{Kind: campaigns.GoalHours, Name: "はこぶ・ならべる手伝い", Target: 60, Unit: "時間"}, {Kind: campaigns.GoalThings, Name: "古い毛布（太鼓をつつむ）", Target: 10, Unit: "枚"},
			{Kind: campaigns.GoalPeople, Name: "公演を見る人", Target: 150, Unit: "人"}},
	}, true)
	w.day(-15)
	w.reach(c, campaigns.Reach{Kind: campaigns.GoalHours, Name: "はこぶ・ならべる手伝い", Unit: "時間", Count: 24, Givers: 8})
	w.reach(c, campaigns.Reach{Kind: campaigns.GoalThings, Name: "古い毛布（太鼓をつつむ）", Unit: "枚", Count: 6, Givers: 5})
	w.reach(c, campaigns.Reach{Kind: campaigns.GoalPeople, Name: "公演を見る人", Unit: "人", Count: 48})
	if w.store != nil {
		w.paperCall()
	}
}

// paperCall went round as a 回覧 three weeks before it was typed in.
func (w *writer) paperCall() {
	w.day(-35)
	out := w.today()
	w.day(-14)
	c := w.call("renshu-taiko", campaigns.Plan{
		Title: "太鼓の皮の張りかえ", Lead: "回覧でおねがいした、太鼓の皮の張りかえです。", Need: "30年使った皮が、やぶれました。", OtherSources: "会費から 20,000円", Uncovered: "ありません",
		CollectsFrom: out, CollectsUntil: w.in(30), IfTooLittle: "1つだけ張りかえます。", IfTooMuch: "ばちを買います。", IfStopped: "お返しします。", ReportDueOn: w.in(110), Responsible: "練習 会計",
		Uses: []campaigns.PlanUse{{Name: "皮の張りかえ", Quantity: 2, Unit: "台", UnitPrice: 45_000, Amount: 90_000, DueOn: w.in(80), Evidence: "領収書と写真"}},
	}, false)
	w.do(func() error {
		all, err := campaigns.List(w.ctx, w.tx, w.organisation)
		for _, found := range all {
			if found.Slug == "renshu-taiko" {
				c = found
			}
		}
		return err
	})
	w.do(func() error {
		picture, err := drawPaper("おはやし出前の会", "太鼓の皮 2台 90,000円のおねがい", 90_000, out)
		if err != nil {
			return err
		}
		kept, err := w.store.Put(w.ctx, w.organisation, files.KindPaper, picture)
		if err != nil {
			return err
		}
		err = campaigns.SavePaper(w.ctx, w.tx, w.organisation, campaigns.PaperCall{CampaignID: c.ID, HandedOutOn: out, Way: "circular", ScanHash: kept.Hash[:], ScanType: kept.Type}, w.helper, w.at)
		if err != nil {
			return err
		}
		return campaigns.Announce(w.ctx, w.tx, w.organisation, c.ID, w.head, w.at)
	})
	w.hand(c, ledger.CashBox, campaigns.Gift{Channel: campaigns.Envelope, Amount: 31_500, CountsAs: campaigns.CountsHousehold, Counted: 42, ToldBy: "3つの班の封筒"})
}

func (w *writer) way(way campaigns.Way) {
	w.do(func() error {
		_, err := campaigns.DeclareWay(w.ctx, w.tx, w.organisation, way, w.head, w.at)
		return err
	})
}

// reach notes what was reached today.
func (w *writer) reach(c campaigns.Campaign, r campaigns.Reach) {
	r.CampaignID, r.On, r.Key = c.ID, w.today(), w.key()
	w.do(func() error { return campaigns.NoteReach(w.ctx, w.tx, w.organisation, r, w.helper, w.at) })
}
