package public

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"net/http"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/card"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// SharePage is what somebody takes along who wants to tell of a campaign: its address and picture, the panel for another site, the data.
type SharePage struct {
	page.Public
	Name    string
	Address string
	Picture page.Photo
	Frame   Snippet
	Block   Snippet
	Panel   page.Link
	Data    []page.Document
}

// Snippet is text to be copied into another site.
type Snippet struct {
	ID, Label, Text string
	Rows            int
}

// Template names the page.
func (SharePage) Template() string { return "public/share" }

// Share answers /c/{slug}/share.
func (p *Pages) Share(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, func(ctx context.Context) (page.Page, error) {
		c, err := campaigns.FindPublic(ctx, p.DB, r.PathValue("slug"))
		if err != nil {
			return nil, err
		}
		called, err := p.call(ctx, c)
		if err != nil {
			return nil, err
		}
		return NewSharePage(called, p.Site), nil
	})
}

// NewSharePage builds the page.
func NewSharePage(c Called, site string) SharePage {
	at := "/c/" + c.Campaign.Slug
	return SharePage{
		Public: page.Public{Title: "伝える・データ：" + c.Plan.Title, Description: c.Organisation.Name + "の募金を、ほかの人に伝えるためのものと、データ。",
			Crumbs: []page.Link{{Href: "/o/" + c.Organisation.Slug, Text: c.Organisation.Name}, {Href: at, Text: c.Plan.Title}}},
		Name: c.Plan.Title, Address: site + at, Picture: page.Photo{Source: at + "/card.png", Alt: callCard(c).Words()},
		Frame: Snippet{"frame", "進みぐあいの小窓（iframe）", frameText(c, site), 5}, Block: Snippet{"block", "文字だけの小窓（HTML）", blockText(c, site), 12},
		Panel: page.Link{Href: at + "/embed", Text: "小窓を見る"},
		Data: []page.Document{
			{Link: page.Link{Href: at + "/data.csv", Text: "約束と実際（CSV）"}, Note: "表計算ソフトで開けます。使いみちごとに1行"},
			{Link: page.Link{Href: at + "/data.json", Text: "約束と実際（JSON）"}, Note: "プログラムのため"},
			{Link: page.Link{Href: at + "/records.csv", Text: "お金の動き1つずつ（CSV）"}, Note: "足すと、届いた・使ったと同じになります"},
		},
	}
}

// frameText is what shows the panel, which is always of today.
func frameText(c Called, site string) string {
	return fmt.Sprintf(`<iframe src="%s/c/%s/embed"
  title="%s"
  width="100%%" height="620" loading="lazy"
  style="border:1px solid #767676;max-width:40rem"></iframe>`, html.EscapeString(site), c.Campaign.Slug, html.EscapeString("募金「"+c.Plan.Title+"」の進みぐあい"))
}

// blockText is the same in plain words for a site that takes no frames; it stays as it was on the day.
func blockText(c Called, site string) string {
	var b strings.Builder
	p := c.Progress
	say := func(format string, words ...any) {
		for i, w := range words {
			words[i] = html.EscapeString(fmt.Sprint(w))
		}
		fmt.Fprintf(&b, format+"\n", words...)
	}
	say(`<section lang="ja">`)
	say(`  <h2><a href="%s/c/%s">%s</a></h2>`, site, c.Campaign.Slug, c.Plan.Title)
	say(`  <p>%s</p>`, c.Organisation.Name)
	if c.Progress.People != (campaigns.People{}) {
		say(`  <p>参加した人：%s</p>`, people(p.People).String())
	}
	if p.Promised > 0 || p.Received > 0 {
		say(`  <ul>`)
		for _, fact := range []struct {
			name   string
			amount ledger.Yen
		}{{"約束", p.Promised}, {"届いた", p.Carried + p.Received}, {"使った", p.Spent}, {"残り", p.Left}} {
			say(`    <li>%s：%s円</li>`, fact.name, page.YenText(fact.amount))
		}
		say(`  </ul>`)
	}
	for _, g := range p.Goals {
		say(`  <p>%s：%s%s（目標 %s%s）</p>`, g.Name, page.YenText(ledger.Yen(g.Reached)), g.Unit, page.YenText(ledger.Yen(g.Target)), g.Unit)
	}
	say(`  <p>%sの数字です。いまの数字は、募金のページにあります。</p>`, page.DayOnly(c.Today))
	b.WriteString(`</section>`)
	return b.String()
}

// callCard is what the picture of a campaign says.
func callCard(c Called) card.Facts {
	p := c.Progress
	f := card.Facts{Group: c.Organisation.Name, Title: c.Plan.Title, State: campaignTag(c.Campaign, c.Plan, c.owed().DueOn, c.Today).Text, Practice: c.Organisation.Practice,
		Promised: p.Promised, Received: p.Carried + p.Received, Spent: p.Spent}
	if told := people(p.People); len(told.Heads()) > 0 {
		f.People = told.String()
	}
	return f
}

// reportCard is what the picture of a report says: the figures it published.
func reportCard(o ledger.Organisation, r reports.Report) card.Facts {
	p := r.Published.Figures.Progress
	f := card.Facts{Group: o.Name, Title: r.Published.Document.Meta.Title, State: "", Practice: o.Practice, Promised: p.Promised, Spent: p.Spent, Final: true}
	if told := people(p.People); len(told.Heads()) > 0 {
		f.People = told.String()
	}
	return f
}

// preview is how other programs show the address of a page: from our own words and picture, and with nothing of a third.
func (p *Pages) preview(path, description string, f card.Facts) page.Preview {
	at := p.Site + path
	return page.Preview{Href: at, Title: f.Title + "｜" + f.Group, Description: beginning(description), Image: at + "/card.png", Alt: f.Words()}
}

// CampaignCard answers /c/{slug}/card.png: the picture shown where the address of a campaign is passed on.
func (p *Pages) CampaignCard(w http.ResponseWriter, r *http.Request) error {
	return p.draw(w, r, func(ctx context.Context) (card.Facts, error) {
		c, err := campaigns.FindPublic(ctx, p.DB, r.PathValue("slug"))
		if err != nil {
			return card.Facts{}, err
		}
		called, err := p.call(ctx, c)
		return callCard(called), err
	})
}

// ReportCard answers /r/{number}/card.png; there is none of a report that was taken back.
func (p *Pages) ReportCard(w http.ResponseWriter, r *http.Request) error {
	return p.draw(w, r, func(ctx context.Context) (card.Facts, error) {
		report, err := reports.FindPublic(ctx, p.DB, r.PathValue("number"))
		if err != nil {
			return card.Facts{}, err
		}
		if !report.Published.WithdrawnAt.IsZero() {
			return card.Facts{}, reports.ErrNotFound
		}
		o, err := ledger.FindOrganisation(ctx, p.DB, report.OrganisationID)
		return reportCard(o, report), err
	})
}

// draw answers with a card, from the shelf while nothing has changed.
func (p *Pages) draw(w http.ResponseWriter, r *http.Request, facts func(ctx context.Context) (card.Facts, error)) error {
	w.Header().Set("Content-Type", "image/png")
	return p.shelf.Send(w, r, p.DB, p.today().String(), func(out *bytes.Buffer) error {
		f, err := facts(r.Context())
		if err != nil {
			return err
		}
		drawn, err := p.cards.Draw(f)
		out.Write(drawn)
		return err
	})
}
