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
	NoUse    ledger.Yen // the part of Spent that names no use of this plan
	Uses     []UseProgress
	Goals    []GoalProgress `json:",omitempty"` // besides yen

	PendingFew bool `json:",omitzero"` // by Told: there are such payments, of too few givers to say how much
	InKindFew  bool `json:",omitzero"` // likewise of goods

	unnamed  Givers // of gifts that name no use of the plan
	paying   Givers // of Pending
	bringing Givers // of InKind
}

// UseProgress is one stated use seen the same four ways. What came in fills the uses in their priority, after what
// givers named and what is spent. Over all uses Received is the campaign's Carried + Received, and Spent its Spent less NoUse.
type UseProgress struct {
	PlanUse
	Received ledger.Yen
	Spent    ledger.Yen
	Left     ledger.Yen // Received − Spent; below zero it was advanced (立替え)
	Waiting  ledger.Yen // unchecked part of Spent
	Named    ledger.Yen `json:"-"` // the part of Received that givers named for it

	namers Givers
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

//go:embed query/uses.sql
var usesSQL string

// CountPeople counts those who took part in a campaign by paid gifts that were not returned whole.
func CountPeople(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) (People, error) {
	return countPeople(ctx, q, organisationID, campaignID, Plan{})
}

// countPeople counts those who took part in the year of a plan, or ever.
func countPeople(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64, plan Plan) (People, error) {
	var p People
	from, before := plan.window()
	if err := sqlx.GetContext(ctx, q, &p, peopleSQL, organisationID, campaignID, from, before); err != nil {
		return p, fmt.Errorf("people of campaign %d: %w", campaignID, err)
	}
	return p, nil
}

// FindProgress returns where a campaign stands against a version of its plan: of a standing call in the year the plan is for, with what was left before as Carried.
func FindProgress(ctx context.Context, q sqlx.QueryerContext, c Campaign, p Plan) (Progress, error) {
	out, _, err := findProgress(ctx, q, c, p)
	return out, err
}

func findProgress(ctx context.Context, q sqlx.QueryerContext, c Campaign, p Plan) (Progress, map[int64]useFlow, error) {
	out := Progress{Promised: p.Total()}
	if c.FundID == 0 {
		out.Uses = fill(p.Uses, 0, nil)
		for _, g := range p.Goals {
			out.Goals = append(out.Goals, GoalProgress{Goal: g})
		}
		return out, nil, nil
	}
	var err error
	if out.Goals, err = findGoals(ctx, q, c, p); err != nil {
		return out, nil, err
	}
	if out.People, err = countPeople(ctx, q, c.OrganisationID, c.ID, p); err != nil {
		return out, nil, err
	}
	from, before := p.window()
	err = q.QueryRowxContext(ctx, progressSQL, c.OrganisationID, c.FundID, c.ID, from, before).
		Scan(&out.Carried, &out.Received, &out.Spent, &out.Left, &out.InKind, &out.Pending, &out.Papers, &out.paying.Nameless, &out.bringing.Nameless)
	if err != nil {
		return out, nil, fmt.Errorf("progress of campaign %d: %w", c.ID, err)
	}
	var flows []useFlow
	if err = sqlx.SelectContext(ctx, q, &flows, usesSQL, c.OrganisationID, c.FundID, c.ID, from, before); err != nil {
		return out, nil, fmt.Errorf("uses of campaign %d: %w", c.ID, err)
	}
	byUse := make(map[int64]useFlow, len(flows))
	for _, f := range flows {
		out.Waiting += f.Waiting
		if f.UseID == 0 { // named is what names a use; a use that is only planned has no id either
			out.unnamed, f.Named, f.Givers = f.Givers, 0, Givers{}
		}
		byUse[f.UseID] = f
	}
	out.Uses = fill(p.Uses, out.Carried+out.Received, byUse)
	out.NoUse = out.Spent
	planned := map[int64]bool{}
	for _, u := range out.Uses {
		out.NoUse -= u.Spent
		planned[u.UseID] = true
	}
	for _, f := range flows {
		if !planned[f.UseID] {
			out.unnamed = out.unnamed.And(f.Givers)
		}
	}
	return out, byUse, nil
}

// useFlow is what the book says of one use; use 0 is what names none.
type useFlow struct {
	UseID   int64      `db:"use_id"`
	Spent   ledger.Yen `db:"spent"`
	Waiting ledger.Yen `db:"waiting"`
	Named   ledger.Yen `db:"named"` // by givers, for this use
	Givers             // who named it
}

// fill spreads what came in over the uses: first what givers named, then what is spent already, then the rest by priority up to each
// promise; what is over stays with the last use. Spending comes before priority because it was paid from this money: a use counts as
// advanced (立替え) only when the fund itself had too little.
func fill(uses []PlanUse, in ledger.Yen, byUse map[int64]useFlow) []UseProgress {
	out := make([]UseProgress, len(uses))
	free := in
	for i, u := range uses {
		flow := byUse[u.UseID]
		out[i] = UseProgress{PlanUse: u, Spent: flow.Spent, Waiting: flow.Waiting, namers: flow.Givers}
		out[i].Named = max(0, min(flow.Named, free))
		out[i].Received = out[i].Named
		free -= out[i].Received
	}
	for _, upTo := range []func(UseProgress) ledger.Yen{
		func(u UseProgress) ledger.Yen { return u.Spent },
		func(u UseProgress) ledger.Yen { return u.Amount },
	} {
		for i := range out {
			more := max(0, min(free, upTo(out[i])-out[i].Received))
			out[i].Received += more
			free -= more
		}
	}
	if len(out) > 0 {
		out[len(out)-1].Received += free
	}
	for i := range out {
		out[i].Left = out[i].Received - out[i].Spent
	}
	return out
}
