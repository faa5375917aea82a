package public_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/public"
)

func TestPublicPages(t *testing.T) {
	t.Parallel()
	html := render(t)
	for _, test := range []struct{ name, page, want string }{
		{"people stand before yen", "campaign", `<b>128</b>人`},
		{"unchecked money is said", "campaign", `使ったお金のうち5,000円は、確認前です。`},
		{"a change of the promise is said with its reason", "campaign", `保冷バッグの値段が分かったので、直しました。`},
		{"giving is voluntary", "campaign", `ご寄付は任意です。`},
		{"the proof strip follows the figures", "campaign", `第482番まで公開`},
		{"nobody yet", "campaign-stopped", `まだ、だれも参加していません。`},
		{"a new group has an empty state", "organisation-new", `まだ募金はありません。`},
		{"what was searched for stays", "front-nothing", `value="宇宙旅行"`},
		{"an address may be told on request", "law", `請求があれば、遅滞なくお知らせします。`},
		{"the newest signature can be kept", "log", `href="/o/midori/log/1204/checkpoint" download`},
		{"what came since is said", "log", `そのあと、3件の記録がありました。`},
		{"the digits of a paper are found", "log-found", `第1,180番までの指紋`},
		{"a number without a signature is said", "log-missing", `その番号の署名は、ありません`},
		{"the trace helps on the telephone", "error-500", `4bf92f35`},
	} {
		if !strings.Contains(html[test.page], test.want) {
			t.Errorf("%s: %s lacks %s", test.name, test.page, test.want)
		}
	}
	if strings.Contains(html["campaign-stopped"], "寄付する</a>") {
		t.Error("a stopped campaign must not ask for gifts")
	}
	if strings.Contains(html["error-404"], "この番号を言ってください") {
		t.Error("a trace is no use where nothing broke")
	}
}

func TestPublicPagesFitASmallScreen(t *testing.T) {
	t.Parallel()
	pagetest.Browse(t, render(t))
}

// render renders a sample of each page in each of its states.
func render(t *testing.T) map[string]string {
	t.Helper()
	samples := map[string]page.Page{
		"campaign":         sampleCampaign(),
		"campaign-stopped": sampleStopped(),
		"organisation":     sampleOrganisation(),
		"organisation-new": sampleNewOrganisation(),
		"front":            sampleFront(false),
		"front-nothing":    sampleFront(true),
		"law":              sampleLaw(),
		"misuse":           sampleMisuse("npo"), "misuse_other": sampleMisuse("other"), "misuse_all": public.NewMisusePage(page.Site{}, nil, nil),
		"log":         sampleLog("", false),
		"log-found":   sampleLog("1180", true),
		"log-missing": sampleLog("3", false),
		"log-empty":   emptyLog(),
		"text": public.TextPage{Public: page.Public{Title: "個人情報"}, Lead: "寄付をした方の名前や連絡先は、その団体の中だけで使います。",
			Sections: []public.TextSection{{Head: "あずかるもの", Text: "お名前。\n\nどれも、書かなくても寄付できます。"}}},
		"how":              public.NewHowPage(),
		"report":           sampleReport(nil),
		"report-old":       sampleReport(&page.Notice{Head: "これは前の版です", Link: page.Link{Href: "/r/2", Text: "いまの版を読む"}}),
		"report-withdrawn": sampleWithdrawn(),
		"error-403":        public.NewErrorPage(http.StatusForbidden, "t"),
		"error-404":        public.NewErrorPage(http.StatusNotFound, "t"),
		"error-409":        public.NewErrorPage(http.StatusConflict, "t"),
		"error-closed":     public.NewNotCollectingPage("winter"),
		"error-gone":       public.NewGonePage(true),
		"error-429":        public.NewErrorPage(http.StatusTooManyRequests, "t"),
		"error-written":    withWritten(public.NewErrorPage(http.StatusConflict, "t")),
		"error-500":        public.NewErrorPage(http.StatusInternalServerError, "4bf92f35"),
	}
	maps.Copy(samples, sampleVersions())
	maps.Copy(samples, sampleNews())
	maps.Copy(samples, sampleUnasked())
	maps.Copy(samples, sampleShares())
	return pagetest.Samples(t, public.Room, samples)
}

func withWritten(p public.ErrorPage) public.ErrorPage {
	p.Written = page.NewWritten(url.Values{"text": {"夕ごはんを16回ひらきました。雨の日も、ひらきました。"}, "item": {"お米", "野菜"}})
	return p
}
