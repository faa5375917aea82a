package campaigns

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Progress is a campaign's fund seen four ways: promised, received, spent, left. Every figure is a query on the book.
type Progress struct {
	People   People
	Promised ledger.Yen
	Carried  ledger.Yen // in the fund before the campaign: openings and transfers in
	Received ledger.Yen // gifts less returned ones, and other income of the fund; gifts in kind stand apart
	Spent    ledger.Yen
	Left     ledger.Yen // Carried + Received − Spent
	InKind   ledger.Yen // 現物, towards no target in yen
	Waiting  ledger.Yen // unchecked part of Spent
	Pending  ledger.Yen // promised gifts whose money is not there: 未着
	Papers   int        // pieces of evidence
	Uses     []UseProgress
}

// UseProgress is one stated use seen the same four ways. What came in fills the uses in their priority, after what
// givers named.
type UseProgress struct {
	PlanUse
	Received ledger.Yen
	Spent    ledger.Yen
	Left     ledger.Yen // Received − Spent; below zero it was advanced (立替え)
	Waiting  ledger.Yen // unchecked part of Spent
}

// People counts those who took part, before any yen: registered givers once, nameless gifts as gifts.
type People struct {
	Persons    int `db:"persons"`
	Households int `db:"households"`
	Companies  int `db:"companies"`
	Nameless   int `db:"nameless"`
}

//go:embed query/people.sql
var peopleSQL string

//go:embed query/progress.sql
var progressSQL string

// CountPeople counts those who took part in a campaign by paid gifts that were not returned whole.
func CountPeople(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) (People, error) {
	var p People
	if err := sqlx.GetContext(ctx, q, &p, peopleSQL, organisationID, campaignID); err != nil {
		return p, fmt.Errorf("people of campaign %d: %w", campaignID, err)
	}
	return p, nil
}

// FindProgress returns where a campaign stands against a version of its plan.
func FindProgress(ctx context.Context, q sqlx.QueryerContext, c Campaign, p Plan) (Progress, error) {
	out := Progress{Promised: p.Total()}
	if c.FundID == 0 {
		out.Uses = fill(p.Uses, 0, nil, nil, nil)
		return out, nil
	}
	var err error
	if out.People, err = CountPeople(ctx, q, c.OrganisationID, c.ID); err != nil {
		return out, err
	}
	err = q.QueryRowxContext(ctx, progressSQL, c.OrganisationID, c.FundID, c.ID).
		Scan(&out.Carried, &out.Received, &out.Spent, &out.Left, &out.InKind, &out.Pending, &out.Papers)
	if err != nil {
		return out, fmt.Errorf("progress of campaign %d: %w", c.ID, err)
	}
	spent, waiting, named, err := byUse(ctx, q, c)
	if err != nil {
		return out, err
	}
	for _, w := range waiting {
		out.Waiting += w
	}
	out.Uses = fill(p.Uses, out.Carried+out.Received, spent, waiting, named)
	return out, nil
}

// byUse returns what was spent, what of it is unchecked and what givers named, each by use.
func byUse(ctx context.Context, q sqlx.QueryerContext, c Campaign) (spent, waiting, named map[int64]ledger.Yen, err error) {
	spent, waiting, named = map[int64]ledger.Yen{}, map[int64]ledger.Yen{}, map[int64]ledger.Yen{}
	uses, err := ledger.UsesSpent(ctx, q, c.OrganisationID, c.FundID)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, u := range uses {
		spent[u.UseID], waiting[u.UseID] = u.Spent, u.Unchecked
	}
	rows, err := q.QueryxContext(ctx, `
		SELECT use_id, sum(amount - refunded)::bigint
		  FROM donation
		 WHERE organisation_id = $1 AND campaign_id = $2 AND status = 'paid' AND use_id IS NOT NULL
		 GROUP BY use_id`, c.OrganisationID, c.ID)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("gifts by use of campaign %d: %w", c.ID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var use int64
		var amount ledger.Yen
		if err = rows.Scan(&use, &amount); err != nil {
			return nil, nil, nil, fmt.Errorf("gifts by use of campaign %d: %w", c.ID, err)
		}
		named[use] = amount
	}
	return spent, waiting, named, rows.Err()
}

// fill spreads what came in over the uses: first what givers named, then the rest by priority up to each promise; what is over stays with the
// last use.
func fill(uses []PlanUse, in ledger.Yen, spent, waiting, named map[int64]ledger.Yen) []UseProgress {
	out := make([]UseProgress, len(uses))
	free := in
	for i, u := range uses {
		out[i] = UseProgress{PlanUse: u, Spent: spent[u.UseID], Waiting: waiting[u.UseID]}
		out[i].Received = max(0, min(named[u.UseID], free))
		free -= out[i].Received
	}
	for i := range out {
		more := max(0, min(free, out[i].Amount-out[i].Received))
		out[i].Received += more
		free -= more
	}
	if len(out) > 0 {
		out[len(out)-1].Received += free
	}
	for i := range out {
		out[i].Left = out[i].Received - out[i].Spent
	}
	return out
}
