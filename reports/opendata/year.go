package opendata

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Year is the money of an organisation from all sources since its fiscal year began, the largest account first, and what there is.
type Year struct {
	From, Until ledger.Date
	In, Out     []ledger.AccountBalance // as the book has them: income is below zero; those of few givers stand with another
	AtStart     ledger.Yen
	Now         ledger.Yen
	Restricted  ledger.Yen // the part of Now whose use is decided
}

// FindYear takes the year so far.
func FindYear(ctx context.Context, q sqlx.QueryerContext, o ledger.Organisation, today ledger.Date) (Year, error) {
	y := Year{From: o.FiscalYear(today), Until: today}
	flows, err := ledger.AccountFlows(ctx, q, o.ID, y.From, today)
	if err != nil {
		return y, err
	}
	largestFirst(flows)
	for _, f := range flows {
		switch f.Class {
		case ledger.Income:
			y.In = append(y.In, f)
		case ledger.Expensed:
			y.Out = append(y.Out, f)
		}
	}
	few, err := fewAccounts(ctx, q, o.ID, y.From, today)
	if err != nil {
		return y, err
	}
	y.In, y.Out = joinFew(y.In, few), joinFew(y.Out, few)
	return y, y.rest(ctx, q, o.ID)
}

// rest fills in what there was and what there is.
func (y *Year) rest(ctx context.Context, q sqlx.QueryerContext, id int64) error {
	before, err := ledger.FundBalances(ctx, q, id, y.From.AddDays(-1))
	if err != nil {
		return err
	}
	now, err := ledger.FundBalances(ctx, q, id, y.Until)
	if err != nil {
		return err
	}
	general, err := ledger.FindGeneralFund(ctx, q, id)
	if err != nil {
		return err
	}
	for _, left := range before {
		y.AtStart += left
	}
	for fund, left := range now {
		y.Now += left
		if fund != general.ID {
			y.Restricted += left
		}
	}
	return nil
}

// ofGivers are the accounts whose sum over a year may be the gift of one person, or tell it: gifts, gifts returned, goods, and what taking gifts costs.
var ofGivers = pq.Int64Array{ledger.Gifts, 4219, 4220, 4230, 4240, ledger.ProcessingCost, ledger.TransferCharge, ledger.DisputeCharge}

// fewAccounts are the accounts behind which so few givers stand in the days from–until that they cannot be shown apart. Gifts count as few also where few of
// them went to no campaign: what the campaigns received is public, and the rest would follow. A crowd is recognised among the first few hundred entries.
func fewAccounts(ctx context.Context, q sqlx.QueryerContext, organisationID int64, from, until ledger.Date) (map[int]bool, error) {
	var found []struct {
		Account int `db:"account"`
		Givers  int `db:"givers"`
		Unasked int `db:"unasked"`
	}
	err := sqlx.SelectContext(ctx, q, &found, `
		SELECT a.code AS account, g.givers, g.unasked
		  FROM unnest($4::bigint[]) AS a (code)
		 CROSS JOIN LATERAL (
		   SELECT count(DISTINCT l.giver)::int + coalesce(sum(l.more), 0)::int AS givers,
		          (count(DISTINCT l.giver) FILTER (WHERE l.unasked))::int + coalesce(sum(l.more) FILTER (WHERE l.unasked), 0)::int AS unasked
		     FROM (SELECT coalesce(d.donor_id, -e.transaction_id) AS giver, CASE WHEN d.donor_id IS NULL THEN coalesce(d.counted, 1) - 1 ELSE 0 END AS more,
		                  d.id IS NOT NULL AND d.campaign_id IS NULL AS unasked
		             FROM entry e
		             JOIN transaction t ON t.organisation_id = e.organisation_id AND t.id = e.transaction_id
		             LEFT JOIN donation d ON d.organisation_id = t.organisation_id AND d.id = t.donation_id
		            WHERE e.organisation_id = $1 AND e.account = a.code AND e.booked_on BETWEEN $2 AND $3
		            LIMIT 500) AS l) AS g`, organisationID, from, until, ofGivers)
	if err != nil {
		return nil, fmt.Errorf("givers of organisation %d: %w", organisationID, err)
	}
	few := map[int]bool{}
	for _, f := range found {
		few[f.Account] = campaigns.Few(f.Givers) || campaigns.Few(f.Unasked)
	}
	return few, nil
}

// joinFew joins the accounts of few givers with the smallest of the others, so that their sum cannot be read. Where there is no other the sum stays: it
// is then the whole.
func joinFew(flows []ledger.AccountBalance, few map[int]bool) []ledger.AccountBalance {
	var out, hidden []ledger.AccountBalance
	for _, f := range flows {
		if few[f.Code] {
			hidden = append(hidden, f)
		} else {
			out = append(out, f)
		}
	}
	if len(hidden) == 0 {
		return flows
	}
	if len(out) > 0 {
		hidden = append(hidden, out[len(out)-1]) // the largest come first
		out = out[:len(out)-1]
	}
	joined := hidden[0]
	for _, f := range hidden[1:] {
		joined.Plain += "・" + f.Plain
		joined.Balance += f.Balance
	}
	out = append(out, joined)
	largestFirst(out)
	return out
}

func largestFirst(flows []ledger.AccountBalance) {
	slices.SortStableFunc(flows, func(a, b ledger.AccountBalance) int {
		return cmp.Compare(max(b.Balance, -b.Balance), max(a.Balance, -a.Balance))
	})
}
