package opendata

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Organisation is an organisation as anybody may take it away: its money from all sources this year, and each of its campaigns with plan and actual.
type Organisation struct {
	Head
	Slug      string     `json:"slug"`
	Name      string     `json:"name"`
	Purpose   string     `json:"purpose"`
	Year      YearOut    `json:"year"`
	Campaigns []Campaign `json:"campaigns"`
}

// YearOut is Year in the form of the data: all amounts are positive.
type YearOut struct {
	From       string     `json:"from"`
	Until      string     `json:"until"`
	Income     []Account  `json:"income"`
	Expense    []Account  `json:"expense"`
	AtStart    ledger.Yen `json:"at_start"`
	Now        ledger.Yen `json:"now"`
	Restricted ledger.Yen `json:"restricted"`
}

// Account is the sum of an account, or of several that stand together.
type Account struct {
	Name   string     `json:"name"`
	Amount ledger.Yen `json:"amount"`
}

// mostCampaigns is how many campaigns one file holds, the latest first; each older one has its own.
const mostCampaigns = 50

// FindOrganisation takes the data of an organisation as the book stands; see FindCampaign.
func FindOrganisation(ctx context.Context, q sqlx.QueryerContext, id int64, site string, on ledger.Date) (Organisation, error) {
	o, err := ledger.FindOrganisation(ctx, q, id)
	if err != nil {
		return Organisation{}, err
	}
	d := Organisation{Head: head("organisation", site+"/o/"+o.Slug, on), Slug: o.Slug, Name: o.Name, Purpose: o.Purpose, Campaigns: []Campaign{}}
	if d.Records, err = ledger.Records(ctx, q, id); err != nil {
		return d, err
	}
	year, err := FindYear(ctx, q, o, on)
	if err != nil {
		return d, err
	}
	d.Year = YearOut{From: year.From.String(), Until: year.Until.String(), Income: accounts(year.In, -1), Expense: accounts(year.Out, 1),
		AtStart: year.AtStart, Now: year.Now, Restricted: year.Restricted}
	all, err := campaigns.List(ctx, q, id)
	if err != nil {
		return d, err
	}
	for _, c := range all {
		if !c.Public() || len(d.Campaigns) == mostCampaigns {
			continue
		}
		campaign, err := FindCampaign(ctx, q, o, c, site, on)
		if err != nil {
			return d, fmt.Errorf("campaign %d: %w", c.ID, err)
		}
		d.Campaigns = append(d.Campaigns, campaign)
	}
	return d, nil
}

func accounts(flows []ledger.AccountBalance, sign ledger.Yen) []Account {
	list := make([]Account, len(flows))
	for i, f := range flows {
		list[i] = Account{f.Plain, sign * f.Balance}
	}
	return list
}
