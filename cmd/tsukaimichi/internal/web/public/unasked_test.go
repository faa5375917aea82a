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

func sampleUnasked() map[string]page.Page {
	o := ledger.Organisation{Name: "みどり町ふれあい食堂（練習）", Slug: "midori", Representative: "練習 みつ子", Phone: "000-000-0000"}
	day := func(month time.Month, day int) ledger.Date { return ledger.NewDate(2026, month, day) }
	many := campaigns.Givers{Nameless: 6}
	u := campaigns.Unasked{Gifts: 9, Amount: 48_000, Decided: 33_000, Months: []campaigns.UnaskedMonths{
		{From: day(8, 1), Until: day(10, 1), Gifts: 6, Amount: 30_000, Givers: many}, {From: day(11, 1), Until: day(11, 1), Gifts: 3, Amount: 18_000, Givers: campaigns.Givers{Nameless: 3}}}}
	decisions := []campaigns.Decision{
		{ID: 1, DecidedOn: day(11, 2), DecidedBy: "11月の役員会", Purpose: "集会所のやかんと茶わん", Amount: 12_000, DueOn: day(12, 25), UseID: 4, Spent: 10_800,
			Report: &campaigns.DecisionReport{Did: "やかんを1つ、茶わんを20買いました。", Rest: "残り1,200円は、お茶の葉に使います。", Spent: 10_800, Records: 482, At: time.Date(2026, 11, 20, 10, 0, 0, 0, ledger.Tokyo)}},
		{ID: 2, DecidedOn: day(11, 2), DecidedBy: "11月の役員会", Purpose: "ガスの警報器", Amount: 6_000, DueOn: day(11, 10), UseID: 5},
		{ID: 3, DecidedOn: day(11, 2), DecidedBy: "11月の役員会", Purpose: "冬の食材が足りないため", Amount: 15_000, CampaignID: 7, Slug: "fuyu", Title: "冬の火曜日、あたたかい夕ごはんを16回"}}
	return map[string]page.Page{"unasked": public.NewUnaskedPage(o, u, decisions, day(11, 24)), "unasked-none": public.NewUnaskedPage(o, campaigns.Unasked{}, nil, day(11, 24))}
}

func TestUnaskedGiftsAreCountedBeforeYen(t *testing.T) {
	t.Parallel()
	html := render(t)["unasked"]
	heads, yen := strings.Index(html, `<b>9</b>件`), strings.Index(html, "30,000円")
	if heads < 0 || yen < heads {
		t.Errorf("gifts stand at %d, yen at %d", heads, yen)
	}
	for _, want := range []string{"2026年8月から2026年10月まで", "報告待ち 14日", "募金へ移しました", "記録 第482番まで", "11月の役員会"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(html, "18,000円") {
		t.Error("what three givers gave is told")
	}
}
