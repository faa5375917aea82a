package public

import (
	"context"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
)

// EmbedPage is the panel that another site shows in a frame: how far a campaign is, and the way to its page.
type EmbedPage struct {
	page.Panel
	Group  string
	Name   string
	Tag    page.Tag
	Period string
	People page.People
	Goals  []page.Bar // besides yen
	Total  page.Bar
	Table  page.Table // without rows where no yen is asked for
	On     string
	Home   page.Link
}

// Template names the page.
func (EmbedPage) Template() string { return "public/embed" }

// Embed answers /c/{slug}/embed, the one page that other sites may put into a frame. It has no script and no form, so that there is nothing on it to be tricked into.
func (p *Pages) Embed(w http.ResponseWriter, r *http.Request) error {
	closed := w.Header().Clone()
	page.AllowFrame(w.Header())
	err := p.show(w, r, func(ctx context.Context) (page.Page, error) {
		c, err := campaigns.FindPublic(ctx, p.DB, r.PathValue("slug"))
		if err != nil {
			return nil, err
		}
		called, err := p.call(ctx, c)
		if err != nil {
			return nil, err
		}
		return NewEmbedPage(called, p.Site), nil
	})
	if err != nil { // the page that says so is for no frame
		for name := range w.Header() {
			w.Header().Del(name)
		}
		for name, values := range closed {
			w.Header()[name] = values
		}
	}
	return err
}

// NewEmbedPage builds the panel. Its links are whole addresses, for they leave the frame.
func NewEmbedPage(c Called, site string) EmbedPage {
	total, uses := bars(c.Progress)
	total.Name = "約束と、いま"
	at := site + "/c/" + c.Campaign.Slug
	table := page.BarTable("使いみちごとの約束・届いた・使った・残り", uses, total)
	if c.Plan.Yenless() {
		table = page.Table{}
	}
	return EmbedPage{
		Panel: page.Panel{Title: c.Plan.Title, Canonical: at},
		Group: c.Organisation.Name, Name: c.Plan.Title, Tag: campaignTag(c.Campaign, c.Plan, c.owed().DueOn, c.Today), Period: period(c.Campaign, c.Plan, c.Today),
		People: people(c.Progress.People), Goals: promise.Goals(c.Progress.Goals), Total: total, Table: table, On: page.DayOnly(c.Today),
		Home: page.Link{Href: at, Text: "募金のページを見る"},
	}
}
