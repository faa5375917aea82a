package console

import (
	"strings"

	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// sampleNews are the pages of 活動だより and of questions under reports.
func sampleNews(d Desk, c standing) map[string]page.Page {
	words := news.Words{Title: "お弁当を30食、届けました", Text: "6人で作りました。\n\n次は来週です。", UseID: 1, Photos: news.Photos{{Hash: strings.Repeat("ab", 32)}}}
	draft := newsMatter{c, news.Update{OrganisationID: 1, ID: 3, CampaignID: 1, Words: words, Audience: news.Public, BegunAt: d.Now}}
	published := draft
	published.Update.Number, published.Update.Version, published.Update.Photos = 1, 1, news.Photos{{Hash: strings.Repeat("ab", 32), Alt: "お弁当", Consent: true}}
	asked := []news.Question{
		{ID: 1, Number: "midori-2026-01", Name: "練習 雪", Text: "お鍋は、いくつ買いましたか。", Status: "waiting", AskedAt: d.Now},
		{ID: 2, Number: "midori-2026-01", Text: "会場は、どこですか。", Status: "answered", Answer: "集会所です。", AskedAt: d.Now, DecidedAt: d.Now},
		{ID: 3, Number: "midori-2026-01", Text: "広告です", Status: "declined", Reason: "宣伝のため", AskedAt: d.Now, DecidedAt: d.Now},
	}
	return map[string]page.Page{
		"news_list":         buildNewsList(d, c, []news.Update{draft.Update, published.Update}, 12, 3),
		"news_list_empty":   buildNewsList(d, c, nil, 0, 0),
		"news_edit":         buildNewsEdit(d, draft, newsValues(draft.Update), map[string]string{"title": "見出しを書いてください。"}),
		"news_preview":      buildNewsPreview(d, draft, 12, typed{}, nil),
		"news_preview_next": buildNewsPreview(d, published, 12, typed{}, map[string]string{"reason": "どこを、なぜ直したかを書いてください。"}),
		"questions":         buildQuestions(d, asked, "answer1", typed{}, map[string]string{"answer": "答えを書いてください。"}),
		"questions_none":    buildQuestions(d, nil, "", typed{}, nil),
	}
}
