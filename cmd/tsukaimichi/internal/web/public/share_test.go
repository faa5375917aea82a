package public_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/public"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

const site = "https://tsukaimichi.example"

// sampleCalled is a campaign of two uses with so many givers.
func sampleCalled(persons int) public.Called {
	uses := []campaigns.PlanUse{{UseID: 1, Name: "食材費", Amount: 240_000}, {UseID: 2, Name: "会場<光熱>", Amount: 60_000}}
	return public.Called{
		Organisation: ledger.Organisation{Name: "みどり町ふれあい食堂（練習）", Slug: "midori", Practice: true},
		Campaign:     campaigns.Campaign{Slug: "fuyu", Status: campaigns.Open, Version: 1},
		Plan: campaigns.Plan{Title: `冬の火曜日、あたたかい"夕ごはん"を16回`, Lead: "夕ごはんを開きます。", Version: 1, Uses: uses,
			CollectsFrom: ledger.NewDate(2026, time.October, 1), CollectsUntil: ledger.NewDate(2026, time.December, 20)},
		Progress: campaigns.Progress{People: campaigns.People{Persons: persons, Companies: 2}, Promised: 300_000, Received: 160_800, Spent: 30_240, Left: 130_560,
			Uses: []campaigns.UseProgress{{PlanUse: uses[0], Received: 160_800, Spent: 30_240, Left: 130_560}, {PlanUse: uses[1]}}},
		Today: ledger.NewDate(2026, time.November, 24),
	}
}

// yenless is a call for hands and things.
func yenless() public.Called {
	c := sampleCalled(0)
	goal := campaigns.Goal{Kind: campaigns.GoalHours, Name: "見守りの手伝い", Target: 120, Unit: "時間"}
	c.Plan.Uses, c.Plan.Goals, c.Progress = nil, campaigns.Goals{goal}, campaigns.Progress{Goals: []campaigns.GoalProgress{{Goal: goal, Reached: 36, Givers: 7}}}
	return c
}

func sampleShares() map[string]page.Page {
	return map[string]page.Page{
		"share": public.NewSharePage(sampleCalled(128), site), "embed": public.NewEmbedPage(sampleCalled(128), site), "embed-hours": public.NewEmbedPage(yenless(), site), "embed-few": public.NewEmbedPage(sampleCalled(3), site),
		"data": public.NewDataPage(),
	}
}

func TestAPanelTellsPeopleFirstAndLeadsBack(t *testing.T) {
	t.Parallel()
	html := render(t)
	for _, test := range []struct{ page, want string }{
		{"embed", `<b>128</b>人</span> <span>ほか</span>`}, {"embed-few", `<b>5</b>人未満`}, {"embed", `href="https://tsukaimichi.example/c/fuyu" target="_blank" rel="noopener"`},
		{"embed", `<html lang="ja">`}, {"embed", `約束 300,000円。届いた 160,800円`},
		{"share", `&lt;iframe src=&#34;https://tsukaimichi.example/c/fuyu/embed&#34;`}, {"share", `title=&#34;募金「冬の火曜日、あたたかい&amp;#34;夕ごはん&amp;#34;を16回」の進みぐあい&#34;`},
		{"embed-hours", `見守りの手伝い`}, {"embed-hours", `のべ7人`},
		{"share", `参加した人：128人・ほか`}, {"data", `uses[].named`}, {"data", `1　行`},
	} {
		if !strings.Contains(html[test.page], test.want) {
			t.Errorf("%s lacks %s", test.page, test.want)
		}
	}
	for _, without := range []string{"<script", "<form", "3</b>人"} {
		if strings.Contains(html["embed"]+html["embed-few"], without) {
			t.Errorf("the panel has %s", without)
		}
	}
}
