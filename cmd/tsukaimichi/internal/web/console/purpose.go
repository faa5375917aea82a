package console

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// purpose is what an expense can be for: a use of a fund, an initiative out of the general fund, or running the organisation.
type purpose struct {
	Text         string
	Left         string // what is left of it, in words; may be empty
	FundID       int64
	UseID        int64
	InitiativeID int64
}

// value names the purpose in a form.
func (p purpose) value() string { return fmt.Sprintf("%d-%d-%d", p.FundID, p.UseID, p.InitiativeID) }

// segment is 事業費 where an initiative is served, 管理費 otherwise.
func (p purpose) segment() ledger.Segment {
	if p.InitiativeID > 0 {
		return ledger.Program
	}
	return ledger.Administration
}

// purposes returns what an expense can be for: the uses of the campaigns, those of other restricted funds, the general fund.
func purposes(ctx context.Context, q sqlx.QueryerContext, d Desk) ([]purpose, error) {
	funds, err := ledger.Funds(ctx, q, d.Organisation.ID)
	if err != nil {
		return nil, err
	}
	all, err := standings(ctx, q, d.Organisation.ID)
	if err != nil {
		return nil, err
	}
	initiatives, err := ledger.Initiatives(ctx, q, d.Organisation.ID)
	if err != nil {
		return nil, err
	}
	var found, general []purpose
	for _, f := range funds {
		switch f.Kind {
		case ledger.GeneralFund:
			decisions, err := campaigns.Decisions(ctx, q, d.Organisation.ID)
			if err != nil {
				return nil, err
			}
			found = append(found, decidedPurposes(f, decisions, initiatives)...)
			for _, in := range initiatives {
				general = append(general, purpose{"一般のお金／" + in.Name, "", f.ID, 0, in.ID})
			}
			general = append(general, purpose{"一般のお金／団体の運営", "", f.ID, 0, 0})
		case ledger.CampaignFund:
			uses, err := purposesOfCampaign(ctx, q, f, all)
			if err != nil {
				return nil, err
			}
			found = append(found, uses...)
		default:
			uses, err := purposesOfFund(ctx, q, f)
			if err != nil {
				return nil, err
			}
			found = append(found, uses...)
		}
	}
	return append(found, general...), nil
}

func purposesOfCampaign(ctx context.Context, q sqlx.QueryerContext, f ledger.Fund, all []standing) ([]purpose, error) {
	for _, c := range all {
		if c.FundID != f.ID {
			continue
		}
		progress, err := campaigns.FindProgress(ctx, q, c.Campaign, c.Plan)
		if err != nil {
			return nil, err
		}
		var found []purpose
		for _, u := range progress.Uses {
			found = append(found, purpose{titleOf(c) + "／" + u.Name, "（残り " + page.YenText(u.Left) + "円）", f.ID, u.UseID, c.InitiativeID})
		}
		return found, nil
	}
	return nil, nil
}

func purposesOfFund(ctx context.Context, q sqlx.QueryerContext, f ledger.Fund) ([]purpose, error) {
	var initiative int64
	if f.InitiativeID != nil {
		initiative = *f.InitiativeID
	}
	uses, err := ledger.Uses(ctx, q, f.OrganisationID, f.ID)
	if err != nil {
		return nil, err
	}
	var found []purpose
	for _, u := range uses {
		found = append(found, purpose{f.Name + "／" + u.Name, "", f.ID, u.ID, initiative})
	}
	return append(found, purpose{f.Name, "", f.ID, 0, initiative}), nil
}

func purposeOptions(all []purpose) []page.Option {
	options := []page.Option{{Value: "", Text: "選んでください"}}
	for _, p := range all {
		options = append(options, page.Option{Value: p.value(), Text: p.Text + p.Left})
	}
	return options
}

// purposeNamed finds the purpose a form names; the zero purpose, which the domain refuses, if it offered none such.
func purposeNamed(all []purpose, value string) purpose {
	for _, p := range all {
		if p.value() == value {
			return p
		}
	}
	return purpose{}
}
