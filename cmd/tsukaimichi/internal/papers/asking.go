package papers

import (
	"context"
	"errors"
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// AskingSheet prints the 回覧 sheet of a change that givers are asked about: on one A4, or more where the words need it.
func (p *Press) AskingSheet(ctx context.Context, change campaigns.Change) ([]byte, error) {
	a, err := p.asking(ctx, change)
	if err != nil {
		return nil, err
	}
	return printAsking(ctx, a.Sheet(a.Next.PublishedAt), change, pdf.Options{OnePage: true})
}

// AskingLetters prints letters with a slip for the givers named.
func (p *Press) AskingLetters(ctx context.Context, change campaigns.Change, to []reports.Asked) ([]byte, error) {
	a, err := p.asking(ctx, change)
	if err != nil {
		return nil, err
	}
	return printAsking(ctx, a.Letters(to, a.Next.PublishedAt), change, pdf.Options{})
}

func printAsking(ctx context.Context, d document.Document, change campaigns.Change, o pdf.Options) ([]byte, error) {
	printed, err := pdf.RenderWith(ctx, d, o)
	if errors.Is(err, pdf.ErrOverflow) {
		printed, err = pdf.Render(ctx, d)
	}
	if err != nil {
		return nil, fmt.Errorf("papers of change %d: %w", change.ID, err)
	}
	return printed.Bytes, nil
}

func (p *Press) asking(ctx context.Context, change campaigns.Change) (reports.Asking, error) {
	a := reports.Asking{Change: change}
	var err error
	if a.Organisation, err = ledger.FindOrganisation(ctx, p.DB, change.OrganisationID); err != nil {
		return a, err
	}
	c, err := campaigns.Find(ctx, p.DB, change.OrganisationID, change.CampaignID)
	if err != nil {
		return a, err
	}
	a.URL = fmt.Sprintf("%s/c/%s/plan/%d", p.Site, c.Slug, change.Version)
	if a.Before, err = campaigns.FindPlan(ctx, p.DB, change.OrganisationID, change.CampaignID, change.FromVersion); err != nil {
		return a, err
	}
	a.Next, err = campaigns.FindPlan(ctx, p.DB, change.OrganisationID, change.CampaignID, change.Version)
	return a, err
}
