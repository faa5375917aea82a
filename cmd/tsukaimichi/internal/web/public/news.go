package public

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// latest is how many updates stand on the page of a campaign.
const latest = 3

// NewsListPage is all public updates of a campaign.
type NewsListPage struct {
	page.Public
	Heading string
	Updates []page.Update
	Follow  page.Link
}

// Template names the page.
func (NewsListPage) Template() string { return "public/news_list" }

// NewsPage is one update with the versions before it.
type NewsPage struct {
	page.Public
	Update  page.Update
	Reason  string // of the correction in force
	First   ledger.Date
	Earlier []EarlierNews
	Follow  page.Link
	All     page.Link
}

// EarlierNews is a version that was corrected.
type EarlierNews struct {
	Name   string // 第1版
	On     ledger.Date
	Title  string
	Text   string
	Photos int    // how many it had; they are not shown any more
	Reason string // why it was a correction itself
}

// Template names the page.
func (NewsPage) Template() string { return "public/news" }

// NewsList answers /c/{slug}/news.
func (p *Pages) NewsList(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, func(ctx context.Context) (page.Page, error) {
		c, plan, err := p.told(r)
		if err != nil {
			return nil, err
		}
		all, err := news.List(ctx, p.DB, c.OrganisationID, c.ID, false, 0)
		if err != nil {
			return nil, err
		}
		at := "/c/" + c.Slug
		return NewsListPage{Public: page.Public{Title: "活動だより：" + plan.Title, Description: "募金の活動だより。集めてから報告するまでのこと。", Crumbs: []page.Link{{Href: at, Text: plan.Title}}},
			Heading: plan.Title, Updates: updatesOf(c, all), Follow: followLink(c)}, nil
	})
}

// News answers /c/{slug}/news/{n}: one public update. What is for givers alone is not here.
func (p *Pages) News(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 || n > 9999 {
		return ledger.ErrNotFound
	}
	return p.show(w, r, func(ctx context.Context) (page.Page, error) {
		c, plan, err := p.told(r)
		if err != nil {
			return nil, err
		}
		u, err := news.FindNumber(ctx, p.DB, c.OrganisationID, c.ID, n)
		if err != nil {
			return nil, err
		}
		if u.Audience != news.Public {
			return nil, ledger.ErrNotFound
		}
		versions, err := news.Versions(ctx, p.DB, c.OrganisationID, u.ID)
		if err != nil {
			return nil, err
		}
		return NewNewsPage(c, plan, versions), nil
	})
}

// NewNewsPage builds the page of an update from what was published, the latest first.
func NewNewsPage(c campaigns.Campaign, plan campaigns.Plan, versions []news.Version) NewsPage {
	now, at := versions[0], "/c/"+c.Slug
	p := NewsPage{
		Public: page.Public{Title: now.Title, Description: "「" + plan.Title + "」の活動だより。", Crumbs: []page.Link{{Href: at, Text: plan.Title}, {Href: at + "/news", Text: "活動だより"}}},
		Update: NewUpdate(c.OrganisationID, now), First: ledger.DateOf(versions[len(versions)-1].At), Reason: now.Reason,
		Follow: followLink(c), All: page.Link{Href: at + "/news", Text: "ほかの活動だよりを読む"},
	}
	for _, v := range versions[1:] {
		p.Earlier = append(p.Earlier, EarlierNews{Name: fmt.Sprintf("第%d版", v.Version), On: ledger.DateOf(v.At), Title: v.Title, Text: v.Text, Photos: len(v.Photos), Reason: v.Reason})
	}
	return p
}

// NewUpdate is a published version as it is read.
func NewUpdate(organisationID int64, v news.Version) page.Update {
	u := page.Update{Title: v.Title, On: ledger.DateOf(v.At), By: v.By, Use: v.Use, Text: v.Text}
	for _, photo := range v.Photos {
		u.Photos = append(u.Photos, page.Photo{Source: fmt.Sprintf("/files/%d/photo/%s.jpg", organisationID, photo.Hash), Alt: photo.Alt, Caption: photo.Caption})
	}
	return u
}

// updatesOf are updates as a list shows them, each with the beginning of its text.
func updatesOf(c campaigns.Campaign, all []news.Item) []page.Update {
	var list []page.Update
	for _, item := range all {
		list = append(list, page.Update{Title: item.Title, Href: fmt.Sprintf("/c/%s/news/%d", c.Slug, item.Number), On: ledger.DateOf(item.FirstAt), Use: item.Use, Text: beginning(item.Text)})
	}
	return list
}

// beginning is the first eighty characters of a text, on one line.
func beginning(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= 80 {
		return string(runes)
	}
	return string(runes[:80]) + "…"
}

// told is the campaign of a path, with the plan in force.
func (p *Pages) told(r *http.Request) (campaigns.Campaign, campaigns.Plan, error) {
	c, err := campaigns.FindPublic(r.Context(), p.DB, r.PathValue("slug"))
	if err != nil {
		return c, campaigns.Plan{}, err
	}
	plan, err := campaigns.FindPlan(r.Context(), p.DB, c.OrganisationID, c.ID, c.Version)
	return c, plan, err
}

func followLink(c campaigns.Campaign) page.Link {
	if !news.Open(c) {
		return page.Link{}
	}
	return page.Link{Href: "/c/" + c.Slug + "/follow", Text: "活動だよりをメールで受け取る"}
}

// telling completes a campaign's page with its latest updates and how to follow it.
func (p *Pages) telling(ctx context.Context, c campaigns.Campaign, shown *CampaignPage) error {
	all, err := news.List(ctx, p.DB, c.OrganisationID, c.ID, false, latest+1)
	if err != nil {
		return err
	}
	if len(all) > latest {
		all, shown.MoreNews = all[:latest], page.Link{Href: "/c/" + c.Slug + "/news", Text: "活動だよりを、すべて見る"}
	}
	shown.News, shown.Follow = updatesOf(c, all), followLink(c)
	if shown.Follow.Href != "" {
		shown.FollowMail = page.NewForm(nil, nil).Field(followField())
	}
	return nil
}

func followField() page.Field {
	return page.Field{Name: "mail", Label: "メールアドレス", Type: "email", Autocomplete: "email", Required: true, Hint: "寄付しなくても受け取れます。確かめるためのメールを送ります。いつでもやめられます。"}
}
