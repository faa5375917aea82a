package give_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/give"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func sampleQuestion(kind campaigns.ChangeKind, takes bool, wrong map[string]string) give.ChoicePage {
	day := ledger.NewDate(2026, time.November, 24)
	before := campaigns.Plan{Version: 1, Title: "冬の夕ごはん（練習）", IfStopped: "お返しするか、次の夏に使うかを選んでいただきます。", Uses: []campaigns.PlanUse{{UseID: 1, Name: "食材費", Amount: 240000}, {UseID: 2, Name: "会場", Amount: 60000}}}
	next := before
	next.Version, next.Uses = 2, before.Uses[:1]
	change := campaigns.Change{Kind: kind, FromVersion: 1, Version: 2, Status: campaigns.Asking, OpenedOn: day, DecidesOn: day.AddDays(14), Reason: "集会所が使えなくなりました。"}
	if kind == campaigns.ChangeStop {
		change.Rest = campaigns.RestAsk
	}
	return give.NewChoicePage(give.Question{
		Organisation: ledger.Organisation{Name: "みどり町ふれあい食堂（練習）", Phone: "0000-00-0000", PhoneHours: "火曜 10時〜15時"}, Campaign: campaigns.Campaign{Slug: "fuyu"},
		Change: change, Before: before, Next: next, To: "団体の活動ぜんたい", Action: "/choice/1/rensyu", Takes: takes,
		Ask: campaigns.Ask{Amount: 1980, Choice: campaigns.ChooseReturn, Told: campaigns.ToldLink},
	}, wrong)
}

func TestGiverReadsWhatChangesAndChooses(t *testing.T) {
	t.Parallel()
	html := render(t)
	for _, c := range []struct{ page, want string }{
		{"choice", "まだ使っていない、あなたの分は<b>1,980円</b>です。"},
		{"choice", `value="return" checked`},
		{"choice", "2026年12月8日（火）まで、下で変えられます。"},
		{"choice", "「食材費」に使ってほしい"},
		{"choice-decided", "で、しめきりました"},
		{"choice-stop", "次の夏に使うか"},
		{"choice-stop", "団体の活動ぜんたいに使ってよい"},
		{"gift-change", `href="/choice/1/rensyu"`},
	} {
		if !strings.Contains(html[c.page], c.want) {
			t.Errorf("%s lacks %s", c.page, c.want)
		}
	}
	if strings.Contains(html["choice-decided"], "<form") {
		t.Error("a decided question still asks")
	}
}
