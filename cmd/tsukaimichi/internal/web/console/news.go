package console

import (
	"fmt"
	"net/http"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

var (
	// publishers tell what happened: who answers for the group, and who did the work.
	publishers = []ledger.Role{ledger.Representative, ledger.Member}
	// insiders read what strangers wrote before anybody has looked at it; operators who may read do not.
	insiders = []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Auditor, ledger.Member}
)

// routesOfNews are 活動だより and the questions under reports.
func (p *Pages) routesOfNews(t *routeTable) {
	t.get("/campaigns/{id}/news", readers, p.NewsList)
	t.post("/campaigns/{id}/news", reporters, p.StartNews)
	t.get("/campaigns/{id}/news/{n}", reporters, p.EditNews)
	t.post("/campaigns/{id}/news/{n}", reporters, p.SaveNews)
	t.get("/campaigns/{id}/news/{n}/preview", readers, p.PreviewNews)
	t.post("/campaigns/{id}/news/{n}/publish", publishers, p.PublishNews)
	t.get("/questions", insiders, p.Questions)
	t.post("/questions/{id}/answer", publishers, p.AnswerQuestion)
	t.post("/questions/{id}/decline", publishers, p.DeclineQuestion)
	t.post("/questions/{id}/nameless", publishers, p.TakeNameOff)
}

// NewsListPage is the updates of a campaign, written and published.
type NewsListPage struct {
	page.Console
	Heading string
	Facts   []page.Pair
	Updates []page.Document
	Empty   page.Empty
	Start   string // takes a POST; empty where nothing can be begun
	Over    page.Notice
}

// Template names the template of the page.
func (NewsListPage) Template() string { return "console/news_list" }

// newsMatter is an update of the path with its campaign.
type newsMatter struct {
	standing
	Update news.Update
}

func (p *Pages) findNews(r *http.Request) (newsMatter, error) {
	c, err := p.findStanding(r)
	if err != nil {
		return newsMatter{}, err
	}
	id, err := number(r, "n")
	if err != nil {
		return newsMatter{}, err
	}
	u, err := news.Find(r.Context(), p.DB, c.OrganisationID, id)
	if err == nil && u.CampaignID != c.ID {
		err = ledger.ErrNotFound
	}
	return newsMatter{c, u}, err
}

// NewsList shows the updates of an announced campaign.
func (p *Pages) NewsList(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	if !c.Public() {
		return ledger.ErrNotFound
	}
	all, err := news.Of(r.Context(), p.DB, d.Organisation.ID, c.ID)
	if err != nil {
		return err
	}
	readers, err := news.Readers(r.Context(), p.DB, d.Organisation.ID, c.ID, news.News, news.Public)
	if err != nil {
		return err
	}
	followers, err := news.CountFollowers(r.Context(), p.DB, d.Organisation.ID, c.ID)
	if err != nil {
		return err
	}
	built := buildNewsList(d, c, all, len(readers), followers)
	built.Console = d.Frame(r, "活動だより："+titleOf(c), page.Campaigns, campaignCrumbs(d, c)...)
	return p.Renderer.Render(w, http.StatusOK, built)
}

func buildNewsList(d Desk, c standing, all []news.Update, readers, followers int) NewsListPage {
	built := NewsListPage{Heading: titleOf(c), Empty: page.Empty{Text: "まだ、たよりはありません。短くてかまいません。写真1枚と、3行から始められます。"},
		Facts: []page.Pair{
			{Term: "メールが届く人", Text: page.Count(readers) + "人"},
			{Term: "たよりを申し込んだ方", Text: page.Count(followers) + "人"},
			{Term: "みんなが読む所", Text: "募金のページ", Link: page.Link{Href: "/c/" + c.Slug + "/news", Text: "活動だよりを見る"}},
		}}
	for _, u := range all {
		built.Updates = append(built.Updates, newsRow(d, c, u))
	}
	switch {
	case !news.Open(c.Campaign):
		built.Over = page.Notice{Head: "この募金は、報告まで終わりました", Text: "新しいたよりは出せません。出したものは直せます。"}
	case d.May(reporters...):
		built.Start = d.Path("campaigns", c.ID, "news")
	}
	return built
}

func campaignCrumbs(d Desk, c standing) []page.Link {
	return []page.Link{{Href: d.Path("campaigns"), Text: "募金"}, {Href: d.Path("campaigns", c.ID), Text: titleOf(c)}}
}

func newsRow(d Desk, c standing, u news.Update) page.Document {
	row := page.Document{Link: page.Link{Href: d.Path("campaigns", c.ID, "news", u.ID, "preview"), Text: u.Title}}
	if u.Title == "" {
		row.Link.Text = "（見出しは、まだです）"
	}
	if d.May(reporters...) {
		row.Link.Href = d.Path("campaigns", c.ID, "news", u.ID)
	}
	state := "下書き"
	if u.Version > 0 {
		state = fmt.Sprintf("第%d号・第%d版", u.Number, u.Version)
	}
	row.Note = joined(state, audienceName(u.Audience), page.DayOnly(ledger.DateOf(u.BegunAt)))
	return row
}

func audienceName(a news.Audience) string {
	if a == news.Givers {
		return "寄付した方だけ"
	}
	return "だれでも"
}

// StartNews begins an update and leads to the page where it is written.
func (p *Pages) StartNews(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	if !news.Open(c.Campaign) {
		return redirect(w, r, d.Path("campaigns", c.ID, "news"), "")
	}
	var id int64
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) (err error) {
		id, err = news.Start(r.Context(), tx, d.Organisation.ID, c.ID, d.By(), d.Now)
		return err
	})
	if err != nil {
		return err
	}
	return redirect(w, r, d.Path("campaigns", c.ID, "news", id), "")
}

// newsLinks lead from a campaign to its updates.
func newsLinks(d Desk, c standing) []page.Document {
	if !c.Public() {
		return nil
	}
	return []page.Document{{Link: page.Link{Href: d.Path("campaigns", c.ID, "news"), Text: "活動だより"}, Note: "集めてから報告するまでのことを知らせます"}}
}
