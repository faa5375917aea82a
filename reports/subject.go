package reports

import (
	"context"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Subject is the campaign a report is on, at the version of its plan that the report is compared with: the one in force, and of a standing call that of the
// year whose report is owed. A correction is on the year of the report it corrects.
func Subject(ctx context.Context, q sqlx.QueryerContext, r Report) (campaigns.Campaign, error) {
	c, err := campaigns.Find(ctx, q, r.OrganisationID, r.CampaignID)
	if err != nil || c.Version == 0 {
		return c, err
	}
	var year ledger.Date
	if r.Published != nil {
		year = r.Published.Figures.Year
	} else if r.Corrects > 0 {
		old, err := Find(ctx, q, r.OrganisationID, r.Corrects)
		if err != nil {
			return c, err
		}
		year = old.Published.Figures.Year
	}
	c.Version, err = campaigns.ReportVersion(ctx, q, c, year)
	return c, err
}
