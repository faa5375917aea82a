package give

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/opendata"
)

// TraceForm answers GET /o/{slug}/trace: where the holder of a receipt types its number and digits.
func (p *Pages) TraceForm(w http.ResponseWriter, r *http.Request) error {
	id, _, err := ledger.FindSlug(r.Context(), p.DB, ledger.SlugOrganisation, r.PathValue("slug"))
	if err != nil {
		return err
	}
	o, err := ledger.FindOrganisation(r.Context(), p.DB, id)
	if err != nil {
		return err
	}
	return p.Renderer.Render(w, http.StatusOK, NewTracePage(Traced{Organisation: o}))
}

// PaperTrace answers POST /o/{slug}/trace: 「わたしの1,000円」 for whoever holds the receipt. Like PaperRecord it changes nothing, the digits stand in no address, and how
// often it is tried is limited.
func (p *Pages) PaperTrace(w http.ResponseWriter, r *http.Request) error {
	held, err := p.paper(r)
	if err != nil {
		return err
	}
	status, traced := http.StatusOK, Traced{Organisation: held.organisation, Asked: true, Refused: held.refused}
	if held.refused {
		status = http.StatusUnprocessableEntity
	} else if err = p.trace(r.Context(), held, &traced); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, no-store")
	return p.Renderer.Render(w, status, NewTracePage(traced))
}

// trace follows the gift of a receipt.
func (p *Pages) trace(ctx context.Context, held paper, into *Traced) error {
	d, err := campaigns.FindDonation(ctx, p.DB, held.organisation.ID, held.receipt.DonationID)
	if err != nil {
		return err
	}
	into.Receipt, into.Amount, into.Refunded, into.PaidOn = held.receipt.Label(), d.Amount, d.Refunded, d.PaidOn
	if d.CampaignID == 0 {
		return nil
	}
	c, err := campaigns.Find(ctx, p.DB, d.OrganisationID, d.CampaignID)
	if err != nil {
		return err
	}
	into.Campaign = c.Slug
	if into.Year, err = p.pastYear(ctx, c, d); err != nil || !into.Year.IsZero() {
		return err
	}
	into.Data, into.Held, into.Trace, err = p.follow(ctx, held.organisation, c, d)
	return err
}

// pastYear is the fiscal year of a standing call that a gift was for, where that is over: its uses are told by that year's report. Zero for any other gift.
func (p *Pages) pastYear(ctx context.Context, c campaigns.Campaign, d campaigns.Donation) (ledger.Date, error) {
	now, err := campaigns.FindPlan(ctx, p.DB, c.OrganisationID, c.ID, c.Version)
	if err != nil || !now.Standing || now.YearFrom.IsZero() || !d.PaidOn.Before(now.YearFrom) {
		return ledger.Date{}, err
	}
	given, err := campaigns.FindPlan(ctx, p.DB, c.OrganisationID, c.ID, d.PlanVersion)
	return given.YearFrom, err
}

// follow takes the public data of a campaign and what a gift is meant for, both as the book stands at one moment, and the trace that follows from them.
func (p *Pages) follow(ctx context.Context, o ledger.Organisation, c campaigns.Campaign, d campaigns.Donation) (data opendata.Campaign, held []campaigns.Holding, t opendata.Trace, err error) {
	tx, err := p.DB.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return data, nil, t, fmt.Errorf("trace of donation %d: %w", d.ID, err)
	}
	defer func() { _ = tx.Rollback() }() // it only read
	if data, err = opendata.FindCampaign(ctx, tx, o, c, "", ledger.DateOf(p.Now())); err != nil {
		return data, nil, t, err
	}
	if held, err = campaigns.HoldingsOf(ctx, tx, d); err != nil {
		return data, nil, t, err
	}
	t, err = data.Trace(held)
	return data, held, t, err
}
