package console

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/public"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// NewsPreviewPage is an update as it will be read, with the button that publishes it.
type NewsPreviewPage struct {
	page.Console
	Update   page.Update
	Notice   page.Notice
	Problems page.Problems
	Lacks    []string
	Edit     page.Link
	Then     []page.Pair
	Action   string // empty for who may not publish, and where something is missing
	Seen     string
	Items    []Item
	Button   string
}

// Template names the template of the page.
func (NewsPreviewPage) Template() string { return "console/news_preview" }

// PreviewNews shows an update as it will be read.
func (p *Pages) PreviewNews(w http.ResponseWriter, r *http.Request) error {
	m, err := p.findNews(r)
	if err != nil {
		return err
	}
	return p.previewNews(w, r, http.StatusOK, m, typed{}, nil)
}

func (p *Pages) previewNews(w http.ResponseWriter, r *http.Request, status int, m newsMatter, t typed, problems map[string]string) error {
	d := desk(r)
	readers, err := news.Readers(r.Context(), p.DB, d.Organisation.ID, m.ID, news.News, m.Update.Audience)
	if err != nil {
		return err
	}
	built := buildNewsPreview(d, m, len(readers), t, problems)
	built.Console = d.Frame(r, "出すまえの確認", page.Campaigns, append(campaignCrumbs(d, m.standing), page.Link{Href: d.Path("campaigns", m.ID, "news"), Text: "活動だより"})...)
	built.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, built)
}

func buildNewsPreview(d Desk, m newsMatter, readers int, t typed, problems map[string]string) NewsPreviewPage {
	u := m.Update
	built := NewsPreviewPage{Update: public.NewUpdate(d.Organisation.ID, news.Version{Words: u.Words, Use: useName(m), At: d.Now, By: d.Person.Name}),
		Notice: page.Notice{Tag: page.Tag{Kind: page.TagDraft, Text: "下書き"}, Head: "出すと、このように読まれます", Text: "読む人：" + audienceName(u.Audience), Attend: true}}
	if u.Title == "" {
		built.Update.Title = "（見出しは、まだです）"
	}
	if u.Audience == news.Givers {
		built.Update.Tag = page.Tag{Kind: page.TagDone, Text: "寄付した方へ"}
	}
	if d.May(reporters...) {
		built.Edit = page.Link{Href: d.Path("campaigns", m.ID, "news", u.ID), Text: "もどって直す"}
	}
	built.Lacks = newsLacks(u.Words)
	built.Then = []page.Pair{{Term: "メール", Text: newsLetters(u, readers)}, {Term: "あとから", Text: "消すことはできません。まちがいは、理由を書いて、新しい版で直します。"}}
	if d.May(publishers...) && len(built.Lacks) == 0 {
		b := builder{form: page.NewForm(t.Values, problems)}
		built.Action, built.Seen, built.Button = d.Path("campaigns", m.ID, "news", u.ID, "publish"), newsMark(u), "活動だよりを出す"
		if u.Version > 0 {
			built.Button = "新しい版を出す"
			built.Items = append(built.Items, b.field(page.Field{Name: "reason", Label: "どこを、なぜ直したか", Rows: 2, MostRunes: news.MaxReason, Required: true, Hint: "たよりといっしょに出ます。前の版も読めるままです。"}))
		}
		built.Items = append(built.Items, b.tick(page.Tick{Name: "agree", Label: "この内容で出します"}))
		built.Problems = b.form.Problems()
	} else { // somebody else took out what it needs: the form is gone, and why it was refused is said all the same
		built.Problems = page.NewForm(nil, problems).Problems()
	}
	return built
}

func useName(m newsMatter) string {
	for _, u := range m.Plan.Uses {
		if u.UseID == m.Update.UseID {
			return u.Name
		}
	}
	return ""
}

func newsLetters(u news.Update, n int) string {
	switch {
	case u.Version > 0:
		return "直した版では、送りません。前に届いた方は、ページで読めます。"
	case n == 0:
		return "送る方は、いまはいません。"
	case u.Audience == news.Givers:
		return fmt.Sprintf("寄付した方のうち、受け取る%s人に、1通ずつ送ります。", page.Count(n))
	}
	return fmt.Sprintf("寄付した方と、たよりを申し込んだ方、あわせて%s人に、1通ずつ送ります。", page.Count(n))
}

// newsLacks says in plain words what is missing for publishing.
func newsLacks(w news.Words) []string {
	missing := w.Missing()
	var list []string
	for _, field := range []string{"title", "text"} {
		if key, is := missing[field]; is {
			list = append(list, locale.Japanese.T(key))
		}
	}
	for i := range w.Photos {
		for _, part := range []string{"alt", "consent"} {
			if key, is := missing[news.PhotoField(i+1, part)]; is {
				list = append(list, fmt.Sprintf("写真%d：%s", i+1, locale.Japanese.T(key)))
			}
		}
	}
	return slices.Clip(list)
}

// PublishNews publishes an update, or a corrected version, and writes its letters.
func (p *Pages) PublishNews(w http.ResponseWriter, r *http.Request) error {
	m, err := p.findNews(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	d := desk(r)
	t.bad.Need(t.Get("agree") != "", "agree", "news.agree_missing")
	t.bad.Need(t.Get("seen") == newsMark(m.Update), "", "news.written_meanwhile")
	if m.Update.Version > 0 {
		t.bad.Need(t.text("reason") != "", "reason", "news.reason_missing")
	}
	if err = t.bad.Err(); err == nil {
		_, err = p.Tell.Publish(r.Context(), d.Organisation.ID, m.Update.ID, t.text("reason"), d.By())
	}
	var bad ledger.Invalid
	switch {
	case errors.Is(err, news.ErrSame):
		bad = ledger.Invalid{"": "news.same"}
	case errors.Is(err, news.ErrOver):
		bad = ledger.Invalid{"": "news.over"}
	case err != nil && !errors.As(err, &bad):
		return err
	}
	if bad != nil {
		return p.previewNews(w, r, http.StatusUnprocessableEntity, m, t, sayings(bad))
	}
	return redirect(w, r, d.Path("campaigns", m.ID, "news"), "news_published")
}
