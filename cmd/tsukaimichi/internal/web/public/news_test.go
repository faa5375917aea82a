package public_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/public"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// sampleNews are the pages of 活動だより, following and asking.
func sampleNews() map[string]page.Page {
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, ledger.Tokyo)
	c, plan := campaigns.Campaign{OrganisationID: 1, Slug: "fuyu", Status: campaigns.Open, Version: 1}, campaigns.Plan{Title: "冬の火曜日、あたたかい夕ごはんを16回"}
	one := news.Version{Version: 1, Words: news.Words{Title: "お弁当を30食、届けました", Text: "6人で作りました。\n\n次は来週です。", Photos: news.Photos{{Hash: "ab"}}}, Use: "食材費", At: at, By: "練習 花子"}
	two := one
	two.Version, two.Title, two.Reason, two.Photos = 2, "お弁当を20食、届けました", "数をまちがえました。", nil
	frame := page.Public{Title: "活動だより", Crumbs: []page.Link{{Href: "/c/fuyu", Text: plan.Title}}}
	update := public.NewUpdate(1, one)
	update.Href, update.Photos = "/c/fuyu/news/1", nil
	wrong, asking := page.NewForm(nil, map[string]string{"mail": "メールアドレスを、もう一度見てください。"}), page.NewForm(nil, map[string]string{"question": "質問を書いてください。"})
	mail := wrong.Field(page.Field{Name: "mail", Label: "メールアドレス", Type: "email"})
	question := asking.Field(page.Field{Name: "question", Label: "質問", Rows: 5})
	follow := page.Link{Href: "/c/fuyu/follow", Text: "活動だよりをメールで受け取る"}
	campaign := sampleCampaign()
	campaign.News, campaign.MoreNews, campaign.Follow, campaign.FollowMail = []page.Update{update}, page.Link{Href: "/c/fuyu/news", Text: "活動だよりを、すべて見る"}, follow, page.NewForm(nil, nil).Field(page.Field{Name: "mail", Label: "メールアドレス", Type: "email"})
	return map[string]page.Page{
		"campaign-news": campaign,
		"news":          public.NewNewsPage(c, plan, []news.Version{two, one}),
		"news-list":     public.NewsListPage{Public: frame, Heading: plan.Title, Updates: []page.Update{update}, Follow: follow},
		"news-none":     public.NewsListPage{Public: frame, Heading: plan.Title},
		"follow":        public.FollowPage{Public: frame, Heading: follow.Text, Lead: "たよりを知らせます。", Problems: wrong.Problems(), Action: "/c/fuyu/follow", Mail: &mail, Button: "送る", Back: page.Link{Href: "/c/fuyu", Text: "もどる"}},
		"ask":           public.AskPage{Public: frame, Heading: "報告について質問する", Lead: "答えます。", Problems: asking.Problems(), Action: "/r/midori-2026-01/ask", Fields: []page.Field{question}, Back: page.Link{Href: "/r/midori-2026-01", Text: "もどる"}},
	}
}

func TestUpdateIsReadWithWhatWasCorrected(t *testing.T) {
	t.Parallel()
	html := render(t)
	for _, c := range []struct{ page, want string }{
		{"news", "数をまちがえました。"},
		{"news", "お弁当を30食、届けました"},
		{"news", "写真が1枚ありました"},
		{"campaign-news", "活動だよりを、すべて見る"},
		{"news-none", "まだ、たよりはありません。"},
	} {
		if !strings.Contains(html[c.page], c.want) {
			t.Errorf("%s lacks %s", c.page, c.want)
		}
	}
	if strings.Contains(html["news"], "<img") {
		t.Error("a photo that was taken out is still shown")
	}
}
