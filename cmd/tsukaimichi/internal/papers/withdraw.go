package papers

import (
	"context"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// Withdraw takes photos and voices whose consent was withdrawn out of a campaign's published reports: the latest edition of each is printed anew without
// them, with its own figures, and every edition that holds them is emptied. Old bytes leave the store by a job. Nobody gets a letter: what changed is
// nothing to point at. Stopped half-way it goes on when asked again. Errors are those of reports.Succeed.
func (p *Press) Withdraw(ctx context.Context, organisationID, campaignID int64, removal reports.Removal, by ledger.Actor) error {
	var next []reports.Report
	err := ledger.InTx(ctx, p.DB, func(tx *sqlx.Tx) (err error) {
		next, err = reports.Succeed(ctx, tx, organisationID, campaignID, removal, ledger.DateOf(p.Now()))
		return err
	})
	if err != nil {
		return err
	}
	var printed []reports.Succeeding
	for _, r := range next {
		again, err := p.printAgain(ctx, r)
		if err != nil {
			return err
		}
		printed = append(printed, reports.Succeeding{Report: r, Printed: *again})
	}
	return ledger.InTx(ctx, p.DB, func(tx *sqlx.Tx) error {
		return reports.Withdraw(ctx, tx, organisationID, campaignID, removal, printed, by, p.Now())
	})
}

// printAgain prints a report with the figures of the one it takes the place of.
func (p *Press) printAgain(ctx context.Context, next reports.Report) (*reports.Printed, error) {
	old, err := reports.Find(ctx, p.DB, next.OrganisationID, next.Corrects)
	if err != nil {
		return nil, err
	}
	u, err := p.UsageOf(ctx, next, true)
	if err != nil {
		return nil, err
	}
	u.Draft, u.Figures = false, old.Published.Figures
	if u.Plan, err = campaigns.FindPlan(ctx, p.DB, next.OrganisationID, next.CampaignID, u.Figures.Version); err != nil {
		return nil, err
	}
	printed, err := p.keep(ctx, u)
	return &printed, err
}
