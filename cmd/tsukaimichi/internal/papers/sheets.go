package papers

import (
	"context"
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// Posters and 回覧 are made when somebody asks for them, and nobody keeps them: a poster of a campaign says who gave until today, a 回覧 when it has to be
// back, and both take less time than fetching a file. Those of a report say what was published with it, whenever they are made.

// Poster prints the poster of an announced campaign, with those who gave until today.
func (p *Press) Poster(ctx context.Context, c campaigns.Campaign, online bool, f pdf.Format) ([]byte, error) {
	today := ledger.DateOf(p.Now())
	call := reports.Call{URL: p.Site + "/c/" + c.Slug, Online: online, On: today, At: today.Midnight()} // the same bytes all day, while nobody gives
	var err error
	if call.Organisation, err = ledger.FindOrganisation(ctx, p.DB, c.OrganisationID); err != nil {
		return nil, err
	}
	if call.Plan, err = campaigns.FindPlan(ctx, p.DB, c.OrganisationID, c.ID, c.Version); err != nil {
		return nil, err
	}
	call.Online = online && !call.Plan.OnPaper()
	if call.Ways, err = campaigns.Ways(ctx, p.DB, call.Organisation, c.ID); err != nil {
		return nil, err
	}
	if call.People, err = campaigns.CountPeople(ctx, p.DB, c.OrganisationID, c.ID); err != nil {
		return nil, err
	}
	printed, err := pdf.RenderFirst(ctx, call.Posters(), f)
	if err != nil {
		return nil, fmt.Errorf("poster of campaign %d: %w", c.ID, err)
	}
	return printed.Bytes, nil
}

// ReportPoster prints the poster of a published report.
func (p *Press) ReportPoster(ctx context.Context, r reports.Report, f pdf.Format) ([]byte, error) {
	u, err := p.published(ctx, r)
	if err != nil {
		return nil, err
	}
	printed, err := pdf.RenderFirst(ctx, u.Poster(), f)
	if err != nil {
		return nil, fmt.Errorf("poster of report %d: %w", r.ID, err)
	}
	return printed.Bytes, nil
}

// Circular prints the 回覧 edition of a published report, to be back by a day, or by one that is written in by hand, with a box for each of so many houses.
func (p *Press) Circular(ctx context.Context, r reports.Report, back ledger.Date, houses int) ([]byte, error) {
	u, err := p.published(ctx, r)
	if err != nil {
		return nil, err
	}
	printed, err := pdf.RenderFirst(ctx, u.Circular(back, houses), pdf.LargeA4)
	if err != nil {
		return nil, fmt.Errorf("kairan of report %d: %w", r.ID, err)
	}
	return printed.Bytes, nil
}

// published is what a report said when it came out.
func (p *Press) published(ctx context.Context, r reports.Report) (reports.Usage, error) {
	out := r.Published
	u := reports.Usage{Content: out.Content, Figures: out.Figures, Number: r.Number, Turn: r.Turn, Version: out.Version, URL: p.Site + "/r/" + r.Number, At: out.At}
	var err error
	if u.Organisation, err = ledger.FindOrganisation(ctx, p.DB, r.OrganisationID); err != nil {
		return u, err
	}
	if u.Campaign, err = campaigns.Find(ctx, p.DB, r.OrganisationID, r.CampaignID); err != nil {
		return u, err
	}
	u.Plan, err = campaigns.FindPlan(ctx, p.DB, r.OrganisationID, r.CampaignID, u.Figures.Version)
	return u, err
}
