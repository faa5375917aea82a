package console

import (
	"net/url"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
)

// sampleCalls are the pages of ways to give, of what is counted besides yen, and of gifts nobody asked for.
func sampleCalls(d Desk, c standing) map[string]page.Page {
	c.Plan.Goals = campaigns.Goals{{Kind: campaigns.GoalPeople, Name: "食べに来る人", Target: 60, Unit: "人"}}
	ways := []campaigns.Way{{ID: 3, CampaignID: c.ID, Kind: campaigns.WayCash, Place: "練習集会所の受付", Hours: "毎週火曜 10時から15時まで"}, {ID: 4, CampaignID: c.ID, Kind: campaigns.WayPostal, Place: "00000-0-000000"}}
	declared := buildWays(d, c, ways, nil, map[string]string{"hours": "日と時間を書いてください。"})
	declared.Shown = promise.Ways(ways)
	decisions := []campaigns.Decision{{ID: 1, DecidedOn: d.Today(), DecidedBy: "11月の役員会", Purpose: "集会所のやかん", Amount: 6_000, Spent: 4_500, DueOn: d.Today().AddDays(-3), UseID: 9},
		{ID: 2, DecidedOn: d.Today(), DecidedBy: "総会", Purpose: "食材に", Amount: 3_000, CampaignID: 1, Title: titleOf(c)}}
	none := func(string) (url.Values, map[string]string) { return nil, nil }
	unasked := UnaskedPage{Facts: []page.Pair{{Term: "届いた寄付", Text: "9件　12,000円"}}, Public: page.Link{Href: "/o/midori/gifts", Text: "みんなが見るページ"}, Decide: decideAct(d, []standing{c}, none)}
	for _, decision := range decisions {
		unasked.Decisions = append(unasked.Decisions, decisionRow(d, decision, none))
	}
	return map[string]page.Page{"ways": declared, "unasked": unasked, "reached": ReachedPage{Heading: titleOf(c),
		Goals: promise.Goals([]campaigns.GoalProgress{{Goal: c.Plan.Goals[0], Reached: 24}, {Goal: campaigns.Goal{Kind: campaigns.GoalHours, Name: "配膳の手伝い", Unit: "時間"}, Reached: 12, Givers: 6}}),
		Days:  []ReachedRow{{Name: "食べに来る人　24人", Note: "2026年11月24日", Back: Act{Action: d.Path("campaigns", c.ID, "reached", "back"), Button: "取り消す", Hidden: []Hidden{{"reach", "7"}}}}},
		Add:   reachAct(d, c, typed{}, map[string]string{"count": "数を書いてください。"})}}
}
