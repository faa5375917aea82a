package reports_test

import (
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// yen is an income or a cost by its account.
type yen struct {
	account int
	amount  ledger.Yen
}

// published is an account that a group published, entered under invented names; its totals are the source's own.
type published struct {
	name    string
	uses    []campaigns.PlanUse // promises of amounts the sources do not state are for practice
	carried ledger.Yen
	gifts   []campaigns.Gift
	other   []yen
	costs   [][]yen // by use
	totals  []string
}

// cases are three published accounts: a year-end drive of a 社協 with last year's rest, a year of a volunteer group with running
// costs, and one round of visits with a fund for travel.
var cases = []published{
	{
		name: "歳末の募金（練習）",
		uses: []campaigns.PlanUse{use("年末見舞金", 2_000_000), use("歳末見舞品", 250_000), use("地域援助事業", 500_000)}, carried: 293_951,
		gifts:  []campaigns.Gift{{Channel: campaigns.Envelope, CountsAs: "household", Counted: 7_364, Amount: 3_973_939}, {Channel: campaigns.Cash, CountsAs: "nameless", Counted: 3, Amount: 4_000}},
		other:  []yen{{4510, 4}},
		costs:  [][]yen{{{5400, 985_000}, {5400, 330_000}, {5400, 750_000}, {5400, 30_000}, {5400, 30_000}}, {{5290, 226_967}}, {{5290, 487_383}, {5280, 924}}},
		totals: []string{"3,977,943", "4,271,894", "2,840,274", "1,431,620", "293,951", "2,125,000", "226,967", "488,307", "487,383", "924", "封筒（戸別）・現金", "7,364世帯・ほか"},
	},
	{
		name: "動物の見守り（練習）", uses: []campaigns.PlanUse{use("医療費とフードの補助", 773_646), use("運営", 400_000)}, carried: 2_107_247,
		gifts: []campaigns.Gift{{Channel: campaigns.Transfer, CountsAs: "nameless", Counted: 1, Amount: 2_121_624}},
		other: []yen{{4110, 155_200}, {4412, 434_755}, {4430, 124_000}, {4520, 21_600}, {4510, 22}},
		costs: [][]yen{{{5400, 542_834}, {5400, 188_363}, {5290, 6_464}}, {{5250, 3_282}, {5350, 7_469}, {5290, 1_565}, {5280, 17_050}, {5360, 1_571}, {5410, 10_000},
			{5490, 266_683}, {5350, 85_350}, {5420, 2_074}}},
		totals: []string{"2,107,247", "2,857,201", "4,964,448", "1,132,705", "3,831,743", "773,646", "737,661", "155,200", "434,755", "124,000", "21,600", "2,121,624", "5人未満", "395,044",
			"731,197", "2,074"},
	},
	{
		name: "第13次の訪問（練習）", uses: []campaigns.PlanUse{use("交通費", 45_000), use("宿泊費", 25_000), use("事務費", 5_000)}, carried: 88_501,
		gifts: []campaigns.Gift{{Channel: campaigns.Transfer, CountsAs: "nameless", Counted: 1, Amount: 244_000}}, other: []yen{{4412, 25_000}, {4510, 12}},
		costs:  [][]yen{{{5260, 13_310}, {5260, 19_300}, {5260, 5_679}, {5260, 4_300}}, {{5260, 24_300}}, {{5350, 4_300}, {5290, 1_880}}},
		totals: []string{"88,501", "357,513", "269,012", "73,069", "284,444", "42,589", "24,300", "6,180", "244,000", "25,000", "12円"},
	},
	{
		name: "第14次の訪問（練習）", uses: []campaigns.PlanUse{use("交通費", 45_000), use("宿泊費", 10_000)}, carried: 284_444,
		gifts:  []campaigns.Gift{{Channel: campaigns.Transfer, CountsAs: "nameless", Counted: 1, Amount: 33_000}},
		costs:  [][]yen{{{5260, 14_250}, {5260, 16_552}, {5260, 9_350}, {5260, 300}}, {{5260, 8_000}}},
		totals: []string{"284,444", "317,444", "33,000", "48,452", "268,992", "40,452", "8,000"},
	},
	{
		name: "使いみちの決まったお金（練習）", uses: []campaigns.PlanUse{use("支える団体へ", 32_500)}, carried: 32_500, costs: [][]yen{{}},
		totals: []string{"32,500円が残りました", "まだ使っていません", "使わなかった"},
	},
}

func use(name string, amount ledger.Yen) campaigns.PlanUse {
	return campaigns.PlanUse{Name: name, Amount: amount, Evidence: "領収書"}
}

func (c published) enter(t *testing.T) *book {
	t.Helper()
	b := newBook(t, func(p *campaigns.Plan) {
		p.Title, p.Uses = c.name, c.uses
		for i := range p.Uses {
			p.Uses[i].DueOn = p.CollectsUntil
		}
	})
	b.carry(c.carried)
	for _, gift := range c.gifts {
		b.Enter(b.c, gift.Amount, func(g *campaigns.Gift) { g.Channel, g.CountsAs, g.Counted = gift.Channel, gift.CountsAs, gift.Counted })
	}
	for _, o := range c.other {
		b.receive(o.account, o.amount)
	}
	for i, costs := range c.costs {
		for _, cost := range costs {
			b.Check(b.Spend(b.Uses(b.c)[i], cost.amount, func(e *ledger.Expense) {
				e.Lines[0].Account = cost.account
				if c.uses[i].Name == "運営" {
					e.Lines[0].Segment, e.Lines[0].InitiativeID = ledger.Administration, 0
				}
			}))
		}
	}
	b.closed()
	return b
}

func TestPublishedAccountsComeOutToTheYen(t *testing.T) {
	t.Parallel()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := c.enter(t)
			agree(t, b.figures())
			u := b.usage(reports.Content{})
			text, _ := printed(t, u.Document(), pdf.Options{})
			says(t, text, c.totals...)
			says(t, text, "第三者の確認はありません", "どうするか記載なし", "いつまでに記載なし", "回数記載なし", "のべ人数記載なし", "お礼記載なし")
			for _, use := range u.Figures.Progress.Uses {
				if use.Spent != use.Amount && !strings.Contains(text, "理由記載なし") {
					t.Errorf("%s has no reason and the paper does not say so", use.Name)
				}
			}
		})
	}
}
