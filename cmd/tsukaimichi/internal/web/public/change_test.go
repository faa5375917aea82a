package public_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/public"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func sampleVersion(status campaigns.ChangeStatus, t campaigns.Tally) public.PlanPage {
	day := ledger.NewDate(2026, time.November, 24)
	before := campaigns.Plan{Version: 1, Title: "冬の夕ごはん（練習）", PublishedAt: day.AddDays(-60).Midnight(), IfTooLittle: "食材を先にします。", IfTooMuch: "回数をふやします。", IfStopped: "お返しします。",
		Uses: []campaigns.PlanUse{{UseID: 1, Name: "食材費", Amount: 240000, DueOn: day}, {UseID: 2, Name: "会場", Amount: 60000, DueOn: day}}}
	next := before
	next.Version, next.PublishedAt, next.IfTooMuch = 2, day.Midnight(), "配食にまわします。"
	next.Uses = []campaigns.PlanUse{{UseID: 3, Name: "配食の容器", Amount: 40000, DueOn: day}, {UseID: 1, Name: "食材費", Detail: "米と野菜", Quantity: 16, Unit: "回", UnitPrice: 16250, Amount: 260000, DueOn: day.AddDays(9)}}
	change := campaigns.Change{ID: 1, Kind: campaigns.ChangeVersion, FromVersion: 1, Version: 2, Status: status, Moved: 60000, Width: 60000, Unspent: 40000, OpenedOn: day, DecidesOn: day.AddDays(14),
		Reason: "集会所が工事で使えなくなりました。\n配食を、ふやします。"}
	if status == campaigns.InForce {
		change.InForceOn = change.DecidesOn.AddDays(1)
	}
	return public.NewPlanPage(public.Version{Campaign: campaigns.Campaign{Slug: "fuyu", Version: 1}, Plan: next, Before: before, Change: change, Tally: t, Changes: []campaigns.Change{change}, Today: day})
}

// sampleVersions are the versions of a promise, and a campaign that has ended with too little.
func sampleVersions() map[string]page.Page {
	few := campaigns.Tally{Asked: 4, Answered: 2, Keep: 2, Return: 2, Unspent: 40000, Kept: 20000, Returned: 20000}
	many := campaigns.Tally{Asked: 120, Answered: 40, Keep: 90, Move: 20, Return: 10, Unspent: 40000, Kept: 30000, Moved: 6000, Returned: 4000}
	ended := sampleStopped()
	ended.Outcome = promise.Outcomes(campaigns.Funding{Lacking: 52000, Uses: []campaigns.UseFunding{
		{PlanUse: campaigns.PlanUse{Name: "食材費", Amount: 240000}, Funded: 240000, State: campaigns.FundedWhole},
		{PlanUse: campaigns.PlanUse{Name: "大鍋", Amount: 52000}, State: campaigns.FundedNot}}}, campaigns.Plan{IfTooLittle: "大鍋は来年にのばします。"})
	return map[string]page.Page{
		"plan": sampleVersion(campaigns.Asking, few), "plan-decided": sampleVersion(campaigns.InForce, many), "plan-few": sampleVersion(campaigns.InForce, few),
		"plan-withdrawn": sampleVersion(campaigns.Withdrawn, few), "campaign-ended": ended,
	}
}

func TestVersionOfAPromiseSaysWhatItChanges(t *testing.T) {
	t.Parallel()
	html := render(t)
	for _, c := range []struct {
		page, want string
		not        bool
	}{
		{"plan", "2026年12月8日（火）まで、寄付した方にお聞きしています", false},
		{"plan", "たずねる方は5人未満です", false},
		{"plan", "集会所が工事で使えなくなりました。", false},
		{"plan", "やめる使いみち", false},
		{"plan", "使う日：2026年11月24日まで → 2026年12月3日まで", false},
		{"plan-decided", "10人（4,000円）", false},
		{"plan-few", "人数が少ないので、出しません。", false},
		{"plan-few", "人（20,000円", true},
		{"plan-withdrawn", "取り下げました", false},
		{"campaign-ended", "約束に、52,000円足りませんでした", false},
		{"campaign-ended", "大鍋は来年にのばします。", false},
	} {
		if strings.Contains(html[c.page], c.want) == c.not {
			t.Errorf("%s: %q", c.page, c.want)
		}
	}
}
