package campaigns_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// The accounts in this file were published by groups in Japan. Whatever they printed as a total has to come out of the book as a query.

// spent is one printed line of expense.
type spent struct {
	what    string
	amount  ledger.Yen
	account int
}

// caseBook is a group that enters a published account on its first day.
type caseBook struct {
	*campaigntest.Group
	t *testing.T
}

func newCase(t *testing.T) caseBook {
	t.Helper()
	return caseBook{newGroup(t), t}
}

func (b caseBook) open(places ...ledger.Entry) {
	b.t.Helper()
	b.In(func(tx *sqlx.Tx) error {
		_, err := ledger.OpenBook(b.t.Context(), tx, b.ID, b.Today(), places, b.Treasurer, b.At)
		return err
	})
}

// receive books income that is no gift into the bank.
func (b caseBook) receive(fund int64, account int, amount ledger.Yen, what string) {
	b.t.Helper()
	b.In(func(tx *sqlx.Tx) error {
		_, err := ledger.Receive(b.t.Context(), tx, ledger.Received{
			OrganisationID: b.ID, On: b.Today(), Account: account, Place: ledger.Bank, FundID: fund, What: what, Amount: amount,
			Key: campaigntest.Unique("income"),
		}, b.Treasurer, b.At)
		return err
	})
}

// transferIn enters a gift that came by bank transfer.
func (b caseBook) transferIn(c campaigns.Campaign, amount ledger.Yen, change func(*campaigns.Gift)) {
	b.t.Helper()
	b.In(func(tx *sqlx.Tx) error {
		gift := b.CashGift(c, amount, change)
		if gift.Channel == campaigns.Cash {
			gift.Channel = campaigns.Transfer
		}
		_, err := campaigns.Enter(b.t.Context(), tx, gift, ledger.Bank, b.Treasurer, b.At)
		return err
	})
}

// spend enters expenses paid from the bank, each checked by another person. Without an initiative they are 管理費.
func (b caseBook) spend(u ledger.Use, initiative int64, lines ...spent) {
	b.t.Helper()
	for _, s := range lines {
		b.Check(b.Spend(u, s.amount, func(e *ledger.Expense) {
			e.Account, e.What = ledger.Bank, s.what
			e.Lines[0].Account, e.Lines[0].InitiativeID = s.account, initiative
			if initiative == 0 {
				e.Lines[0].Segment = ledger.Administration
			}
		}))
	}
}

// flows sums the income and expense of a fund over some days; byUse holds what was spent by use.
func (b caseBook) flows(fund int64, from, until ledger.Date) (income, expense ledger.Yen, byUse map[int64]ledger.Yen) {
	b.t.Helper()
	all, err := ledger.FundFlows(b.t.Context(), b.DB, b.ID, fund, from, until)
	if err != nil {
		b.t.Fatal(err)
	}
	byUse = map[int64]ledger.Yen{}
	for _, f := range all {
		switch f.Class {
		case ledger.Income:
			income -= f.Amount
		case ledger.Expensed:
			expense += f.Amount
			byUse[f.UseID] += f.Amount
		}
	}
	return income, expense, byUse
}

// places is what lies in all places of the group.
func (b caseBook) places() ledger.Yen {
	b.t.Helper()
	all, err := ledger.AccountBalances(b.t.Context(), b.DB, b.ID, ledger.NewDate(2999, 1, 1))
	if err != nil {
		b.t.Fatal(err)
	}
	var total ledger.Yen
	for _, a := range all {
		if a.Place {
			total += a.Balance
		}
	}
	return total
}

func (b caseBook) same(what string, got, want ledger.Yen) {
	b.t.Helper()
	if got != want {
		b.t.Errorf("%s: got %s, printed was %s", what, got, want)
	}
}

// TestCaseYearEndCollection is a 歳末たすけあい募金 of 令和2年度 (a 社協, 「赤い羽根だより」 令和3年3月15日発行): what was carried over,
// 7,364 households, three nameless givers, three groups of uses.
func TestCaseYearEndCollection(t *testing.T) {
	t.Parallel()
	b := newCase(t)
	c := b.Announce(func(p *campaigns.Plan) {
		p.Title, p.Uses = "歳末たすけあい募金", nil
		for _, name := range []string{"年末見舞金", "歳末見舞品", "地域援助事業"} {
			p.Uses = append(p.Uses, campaigns.PlanUse{Name: name, Amount: 1_400_000, DueOn: p.ReportDueOn, Evidence: "受領書"})
		}
	})
	uses := b.Uses(c)
	b.open(ledger.Entry{Account: ledger.Bank, FundID: c.FundID, Amount: 293_951})
	b.transferIn(c, 3_973_939, func(x *campaigns.Gift) {
		x.Channel, x.CountsAs, x.Counted = campaigns.Envelope, campaigns.CountsHousehold, 7_364
	})
	b.transferIn(c, 4_000, func(x *campaigns.Gift) { x.Counted = 3 })
	b.receive(c.FundID, 4510, 4, "貯金利息")
	b.spend(uses[0], b.Initiative, spent{"援護の必要な世帯 31世帯", 985_000, 5400}, spent{"長期在宅療養・認知症の方 22名", 330_000, 5400},
		spent{"在宅重度障がい者(児) 50名", 750_000, 5400}, spent{"遺児 2名", 30_000, 5400}, spent{"両親の扶養のない児童 2名", 30_000, 5400})
	b.spend(uses[1], b.Initiative, spent{"米・蕎麦・餅 70世帯", 226_967, 5240})
	b.spend(uses[2], b.Initiative, spent{"カレンダー配布 619世帯", 487_383, 5290}, spent{"配分変更通知郵便代", 924, 5280})

	p := b.Progress(c)
	b.same("前年度残金(B)", p.Carried, 293_951)
	b.same("総額(A)", p.Received, 3_977_943)
	b.same("(A)+(B)", p.Carried+p.Received, 4_271_894)
	b.same("年末見舞金", p.Uses[0].Spent, 2_125_000)
	b.same("歳末見舞品", p.Uses[1].Spent, 226_967)
	b.same("地域援助事業", p.Uses[2].Spent, 488_307)
	b.same("活用額", p.Spent, 2_840_274)
	b.same("残金", p.Left, 1_431_620)
	b.same("残金 in the bank", b.places(), 1_431_620)
	b.same("確認前", p.Waiting, 0)
	if want := (campaigns.People{Households: 7_364, Nameless: 3}); p.People != want {
		t.Errorf("people %+v, want %+v", p.People, want)
	}
	b.MustBalance()
}

// TestCaseYearOfAVolunteerGroup is the 2019年度決算 of a group that helps animals. It prints what was carried over as income and as
// expense; the book does not count it as either. Its aid to members is paid from the gifts of the year before: a restricted fund.
func TestCaseYearOfAVolunteerGroup(t *testing.T) {
	t.Parallel()
	b := newCase(t)
	var aid int64
	var use ledger.Use
	b.In(func(tx *sqlx.Tx) (err error) {
		if aid, err = ledger.OpenFund(t.Context(), tx, ledger.Fund{OrganisationID: b.ID, Name: "会員への助成", Kind: ledger.SeparateFund}); err != nil {
			return err
		}
		use = ledger.Use{OrganisationID: b.ID, FundID: aid, Position: 1, Name: "医療費・フード費の助成", Planned: 773_646}
		use.ID, err = ledger.StateUse(t.Context(), tx, use)
		return err
	})
	b.open(ledger.Entry{Account: ledger.Bank, FundID: b.General, Amount: 2_107_247 - 773_646},
		ledger.Entry{Account: ledger.Bank, FundID: aid, Amount: 773_646})
	b.receive(b.General, 4110, 155_200, "会費")
	b.receive(b.General, 4430, 434_755, "イベント売上")
	b.receive(b.General, 4430, 124_000, "カレンダー売上")
	b.receive(b.General, 4520, 21_600, "前期カレンダーの売上等")
	b.transferIn(campaigns.Campaign{}, 2_121_624, func(*campaigns.Gift) {})
	b.receive(b.General, 4510, 22, "受取利息")
	general := ledger.Use{FundID: b.General}
	b.spend(general, 0, spent{"総会運営費", 3_282, 5250}, spent{"印刷費", 7_469, 5350}, spent{"事務用品費", 1_565, 5290}, spent{"通信費", 17_050, 5280},
		spent{"ホームページ維持費", 1_571, 5360}, spent{"イベント主催者へ", 10_000, 5410}, spent{"バザー商品材料費等", 266_683, 5290},
		spent{"カレンダー作成費", 85_350, 5350}, spent{"支払い手数料", 2_074, 5420})
	b.spend(use, b.Initiative, spent{"医療費補助", 542_834, 5400}, spent{"フード費用補助", 188_363, 5400}, spent{"フード現物支給", 6_464, 5400})

	day := b.Today()
	income, admin, _ := b.flows(b.General, day, day)
	_, activity, byUse := b.flows(aid, day, day)
	b.same("income of the year", income, 2_857_201)
	b.same("運営管理費", admin, 395_044)
	b.same("活動費", activity, 737_661)
	b.same("活動費 by its use", byUse[use.ID], 737_661)
	b.same("expense of the year", admin+activity, 1_132_705)
	b.same("surplus", income-admin-activity, 1_724_496)
	b.same("収入計 as printed", 2_107_247+income, 4_964_448)
	b.same("次期繰越金", b.places(), 3_831_743)
	b.same("支出計 as printed", admin+activity+b.places(), 4_964_448)
	b.same("left of the aid", b.Left(aid), 35_985)
	b.same("left in both funds", b.Left(aid)+b.Left(b.General), 3_831_743)
	b.MustBalance()
}

// round is one trip of the performers and what they printed of it.
type round struct {
	gifts                                ledger.Yen
	event, interest                      ledger.Yen
	travel, lodging, office              []spent
	travelTotal, lodgingTotal, total     ledger.Yen
	carried, income, closing, free, tied ledger.Yen
}

// TestCaseTwoRoundsTwoFunds is two trips of performers to places hit by a disaster (第13次 and 第14次, 2013): a free fund and a restricted one
// in one bank account, the second opening with what the first left.
func TestCaseTwoRoundsTwoFunds(t *testing.T) {
	t.Parallel()
	b := newCase(t)
	var tied int64
	uses := make([]ledger.Use, 3)
	b.In(func(tx *sqlx.Tx) (err error) {
		if tied, err = ledger.OpenFund(t.Context(), tx, ledger.Fund{OrganisationID: b.ID, Name: "ギエ", Kind: ledger.SeparateFund}); err != nil {
			return err
		}
		for i, name := range []string{"交通費", "宿泊費", "事務費"} {
			uses[i] = ledger.Use{OrganisationID: b.ID, FundID: b.General, Position: i + 1, Name: name}
			if uses[i].ID, err = ledger.StateUse(t.Context(), tx, uses[i]); err != nil {
				return err
			}
		}
		return nil
	})
	b.open(ledger.Entry{Account: ledger.Bank, FundID: b.General, Amount: 88_501}, ledger.Entry{Account: ledger.Bank, FundID: tied, Amount: 32_500})
	b.enter(13, round{gifts: 244_000, event: 25_000, interest: 12,
		travel:  []spent{{"新幹線1名分", 13_310, 5260}, {"夜行バス3名分", 19_300, 5260}, {"ガソリン代", 5_679, 5260}, {"有料道路通行料", 4_300, 5260}},
		lodging: []spent{{"2人×4泊", 24_300, 5260}}, office: []spent{{"チラシ印刷費", 4_300, 5350}, {"ビデオテープ", 1_880, 5290}},
		carried: 121_001, income: 390_013, travelTotal: 42_589, lodgingTotal: 24_300, total: 73_069, closing: 316_944, free: 284_444, tied: 32_500}, uses, tied)
	b.Pass(60)
	b.enter(14, round{gifts: 33_000,
		travel:  []spent{{"夜行バス1名分", 14_250, 5260}, {"ガソリン代", 16_552, 5260}, {"有料道路通行料", 9_350, 5260}, {"駐車代", 300, 5260}},
		lodging: []spent{{"2人×1泊", 8_000, 5260}},
		carried: 316_944, income: 349_944, travelTotal: 40_452, lodgingTotal: 8_000, total: 48_452, closing: 301_492, free: 268_992, tied: 32_500}, uses, tied)
	b.MustBalance()
}

// enter books a round and compares it with what was printed.
func (b caseBook) enter(number int, r round, uses []ledger.Use, tied int64) {
	b.t.Helper()
	before := b.places()
	b.transferIn(campaigns.Campaign{}, r.gifts, func(*campaigns.Gift) {})
	for account, amount := range map[int]ledger.Yen{4430: r.event, 4510: r.interest} {
		if amount > 0 {
			b.receive(b.General, account, amount, "")
		}
	}
	for i, lines := range [][]spent{r.travel, r.lodging, r.office} {
		b.spend(uses[i], b.Initiative, lines...)
	}
	income, expense, byUse := b.flows(b.General, b.Today(), b.Today())
	tiedIncome, tiedExpense, _ := b.flows(tied, b.Today(), b.Today())
	b.same("前回活動繰越金", before, r.carried)
	b.same("収入 with what was carried", before+income+tiedIncome, r.income)
	b.same("交通費", byUse[uses[0].ID], r.travelTotal)
	b.same("宿泊費", byUse[uses[1].ID], r.lodgingTotal)
	b.same("支出", expense+tiedExpense, r.total)
	b.same("残高", b.places(), r.closing)
	b.same("ボラ", b.Left(b.General), r.free)
	b.same("ギエ", b.Left(tied), r.tied)
	if b.t.Failed() {
		b.t.Logf("in round %d", number)
	}
}

// TestCasePlanOfAPlaceForChildren is the plan an NPO published while it collected (2018): line by line with its arithmetic, and a target of
// about 70 % of it. Who pays the rest it did not say: 「未定」 is an answer, and it is printed.
func TestCasePlanOfAPlaceForChildren(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	id := g.Draft(campaigns.Plan{
		Title: "こどもの居場所をひらく", Uncovered: "未定(必要総額のうちおよそ3割)",
		Uses: []campaigns.PlanUse{
			{Name: "家賃(敷金礼金・諸経費含む)", Detail: "60,000×2ヶ月+200,000+20,000", Amount: 340_000},
			{Name: "水光熱費", Quantity: 2, Unit: "ヶ月", UnitPrice: 20_000, Amount: 40_000},
			{Name: "備品購入費", Detail: "机・椅子など。ゆずっていただけた分は減らします", Amount: 87_500},
			{Name: "広報宣伝・印刷費", Detail: "開始イベント含む", Amount: 45_000},
			{Name: "リターン費用", Amount: 20_000},
			{Name: "消耗品費", Detail: "棚など。ゆずっていただけた分は減らします", Amount: 70_000},
			{Name: "諸手数料", Amount: 91_800, BearsCosts: true},
		}, CostsBorneBy: campaigns.CostsUse,
	})
	p, err := campaigns.FindPlan(t.Context(), g.DB, g.ID, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	if p.Total() != 694_300 || p.Width() != 138_860 || p.Uncovered != "未定(必要総額のうちおよそ3割)" || len(p.Uses) != 7 {
		t.Errorf("plan of %s, width %s: %+v", p.Total(), p.Width(), p)
	}
	if got := g.Campaign(id); got.Status != campaigns.Draft || got.FundID != 0 {
		t.Errorf("a plan alone collects nothing: %+v", got)
	}
	if progress := g.Progress(g.Campaign(id)); progress.Promised != 694_300 || progress.Received != 0 {
		t.Errorf("progress %+v", progress)
	}
	err = g.Try(func(tx *sqlx.Tx) error { return campaigns.Announce(t.Context(), tx, g.ID, id, g.Head, g.At) })
	mustNeed(t, "announced as it stands", err, "if_too_little", "campaign.too_little_missing")
}
