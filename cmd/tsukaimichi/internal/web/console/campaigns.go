package console

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// CampaignsPage is the list of the organisation's campaigns.
type CampaignsPage struct {
	page.Console
	List  []page.ListRow
	Empty page.Empty
	New   page.Link
}

// Template names the template of the page.
func (CampaignsPage) Template() string { return "console/campaigns" }

// Campaigns lists the campaigns, drafts first.
func (p *Pages) Campaigns(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	all, err := standings(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	list := CampaignsPage{Empty: page.Empty{Text: "まだ募金はありません。はじめに下書きを書きます。公表するまで、だれにも見えません。"}}
	for _, c := range all {
		row, err := p.campaignRow(r.Context(), d, c)
		if err != nil {
			return err
		}
		list.List = append(list.List, row)
	}
	if d.May(drafters...) {
		list.New = page.Link{Href: d.Path("campaigns", "new"), Text: "新しい募金の下書きを始める"}
	}
	list.Console = d.Frame(r, "募金", page.Campaigns)
	return p.Renderer.Render(w, http.StatusOK, list)
}

func (p *Pages) campaignRow(ctx context.Context, d Desk, c standing) (page.ListRow, error) {
	row := page.ListRow{Tag: campaignTag(c.Status), Name: titleOf(c), Href: d.Path("campaigns", c.ID)}
	if c.Status == campaigns.Draft {
		row.Href = d.Path("campaigns", c.ID, "edit")
		row.Text = "約束 " + page.YenText(c.Plan.Total()) + "円"
		if !d.May(drafters...) {
			row.Href = d.Path("campaigns", c.ID, "preview")
		}
		return row, nil
	}
	progress, err := campaigns.FindProgress(ctx, p.DB, c.Campaign, c.Plan)
	if err != nil {
		return row, err
	}
	row.Note = collectingText(c.Plan)
	row.Strong = peopleOf(progress.People).String()
	row.Text = fmt.Sprintf("%s円のうち%s円が届き、%s円を使いました",
		page.YenText(progress.Promised), page.YenText(progress.Received), page.YenText(progress.Spent))
	return row, nil
}

func peopleOf(c campaigns.People) page.People {
	return page.People{Persons: c.Persons, Households: c.Households, Companies: c.Companies, Nameless: c.Nameless}
}

func campaignTag(s campaigns.Status) page.Tag {
	switch s {
	case campaigns.Draft:
		return page.Tag{Kind: page.TagDraft, Text: "下書き"}
	case campaigns.Announced:
		return page.Tag{Kind: page.TagWait, Text: "これから"}
	case campaigns.Open:
		return page.Tag{Kind: page.TagOpen, Text: "募金中"}
	case campaigns.Closed:
		return page.Tag{Kind: page.TagWait, Text: "報告の前"}
	case campaigns.Reported:
		return page.Tag{Kind: page.TagDone, Text: "報告ずみ"}
	}
	return page.Tag{Kind: page.TagLate, Text: "中止"}
}

// NewCampaign asks for what a draft begins with: an earlier campaign or an empty sheet.
func (p *Pages) NewCampaign(w http.ResponseWriter, r *http.Request) error {
	return p.newCampaign(w, r, http.StatusOK, typed{Values: nil}, nil)
}

func (p *Pages) newCampaign(w http.ResponseWriter, r *http.Request, status int, t typed, problems map[string]string) error {
	d := desk(r)
	all, err := standings(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	initiatives, err := ledger.Initiatives(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	form := buildNewCampaign(d, t, problems, all, initiatives)
	form.Console = d.Frame(r, "募金の下書きを始める", page.Campaigns, page.Link{Href: d.Path("campaigns"), Text: "募金"})
	form.NeedsFix = form.Problems.Some()
	return p.Renderer.Render(w, status, form)
}

func buildNewCampaign(d Desk, t typed, problems map[string]string, all []standing, initiatives []ledger.Initiative) FormPage {
	b := builder{form: page.NewForm(t.Values, problems)}
	names := make([]string, len(initiatives))
	for i, in := range initiatives {
		names[i] = in.Name
	}
	slug := t.Get("slug")
	if slug == "" {
		slug = nextSlug(d, all)
	}
	form := FormPage{Heading: "募金の下書きを始める", Lead: "下書きは何度でも直せます。公表するまで、だれにも見えません。",
		Action: d.Path("campaigns"), Button: "下書きを始める", Hidden: []Hidden{{"slug", slug}}}
	from := []page.Option{{Value: "0", Text: "はじめから書く"}}
	for _, c := range all {
		from = append(from, page.Option{Value: fmt.Sprint(c.ID), Text: "「" + titleOf(c) + "」を写して直す", Note: "日付のほかは、みな写します"})
	}
	if len(all) > 0 {
		form.Steps = append(form.Steps, FormStep{Legend: "どこから始めるか", Items: []Item{
			b.choices(page.Choices{Name: "from", Label: "どこから始めるか", Options: from, Value: "0"})}})
	}
	form.Steps = append(form.Steps, FormStep{Legend: "何の募金か", Items: []Item{
		b.field(page.Field{Name: "title", Label: "募金の名前", Hint: "例：冬の火曜日、あたたかい夕ごはんを16回", MostRunes: 60, Aside: "あとから直せます"}),
		b.listed(page.Field{Name: "initiative", Label: "どの取り組みのためか", Hint: "例：ふれあい食堂、配食、見守り。写すときは、書かなくてもかまいません。"}, names),
	}})
	form.Problems = b.form.Problems()
	return form
}

// nextSlug is a public name nobody has: the organisation's own, the year, and a count.
func nextSlug(d Desk, all []standing) string {
	base := d.Organisation.Slug
	if len(base) > 50 {
		base = strings.TrimRight(base[:50], "-")
	}
	for n := len(all) + 1; ; n++ {
		slug := fmt.Sprintf("%s-%d-%d", base, d.Today().Year(), n)
		taken := false
		for _, c := range all {
			taken = taken || c.Slug == slug
		}
		if !taken {
			return slug
		}
	}
}
