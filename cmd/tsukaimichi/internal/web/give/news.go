package give

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/public"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// latest is how many updates stand on a giver's page.
const latest = 10

// NewsPage is an update for givers alone, opened from a giver's own page.
type NewsPage struct {
	page.Public
	Update page.Update
	Reason string // of the correction in force
	Back   page.Link
}

// Template names the page.
func (NewsPage) Template() string { return "give/news" }

// forGivers marks what not everybody reads.
var forGivers = page.Tag{Kind: page.TagDone, Text: "寄付した方へ"}

// newsOf are the updates of the campaign of a gift: those for givers alone as well, once the gift is there.
func (p *Pages) newsOf(ctx context.Context, o opened) ([]page.Update, error) {
	if o.donation.CampaignID == 0 {
		return nil, nil
	}
	all, err := news.List(ctx, p.DB, o.donation.OrganisationID, o.donation.CampaignID, o.reads(), latest)
	if err != nil {
		return nil, err
	}
	var list []page.Update
	for _, item := range all {
		u := page.Update{Title: item.Title, Href: fmt.Sprintf("/c/%s/news/%d", o.campaign.Slug, item.Number), On: ledger.DateOf(item.FirstAt), Use: item.Use}
		if item.Audience == news.Givers {
			u.Href, u.Tag = fmt.Sprintf("%s/news/%d", o.path, item.Number), forGivers
		}
		list = append(list, u)
	}
	return list, nil
}

// reads reports whether the gift opens what is for givers alone.
func (o opened) reads() bool { return o.donation.PaidOn != (ledger.Date{}) }

// News answers GET /g/{org}/{token}/news/{n}: an update for givers alone.
func (p *Pages) News(w http.ResponseWriter, r *http.Request) error {
	o, err := p.open(r)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 || n > 9999 || !o.reads() || o.donation.CampaignID == 0 {
		return ledger.ErrNotFound
	}
	u, err := news.FindNumber(r.Context(), p.DB, o.donation.OrganisationID, o.donation.CampaignID, n)
	if err != nil {
		return err
	}
	v, err := news.FindVersion(r.Context(), p.DB, o.donation.OrganisationID, u.ID, u.Version)
	if err != nil {
		return err
	}
	shown := NewsPage{Public: page.Public{Title: v.Title, Private: true}, Update: public.NewUpdate(o.donation.OrganisationID, v), Reason: v.Reason,
		Back: page.Link{Href: o.path + "/gift", Text: "あなたの寄付のページにもどる"}}
	if u.Audience == news.Givers {
		shown.Update.Tag = forGivers
	}
	return p.Renderer.Render(w, http.StatusOK, shown)
}

// lettersHref is where a giver chooses his letters; empty where the group knows no address.
func (p *Pages) lettersHref(o opened) string {
	if o.donor.ID == 0 || o.donor.Mail == "" {
		return ""
	}
	return p.links().Path(o.donation.OrganisationID, news.Reader{DonorID: o.donor.ID})
}
