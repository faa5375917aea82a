package campaigns

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// LeftBehind returns the uses of the plan in force that a plan for the next year no longer names though money still lies on them, with what lies there as Left. Such a
// plan is not published: first the group spends it, keeps the use, or changes this year's plan, which asks the givers as any change does.
func LeftBehind(ctx context.Context, q sqlx.QueryerContext, c Campaign, next Plan) ([]UseProgress, error) {
	inForce, err := FindPlan(ctx, q, c.OrganisationID, c.ID, c.Version)
	if err != nil {
		return nil, err
	}
	return leftBehind(ctx, q, c, inForce, next)
}

// HeldBehind returns the same for a year that has begun: gifts that came after its plan was published lie on uses it does not name. Nothing is spent on these
// uses (use_hold) until a change of the plan takes them up again; after any later change there are none.
func HeldBehind(ctx context.Context, q sqlx.QueryerContext, c Campaign) ([]UseProgress, error) {
	var before int
	err := sqlx.GetContext(ctx, q, &before, `
		SELECT max(h.from_version)
		  FROM plan_change h
		 WHERE h.organisation_id = $1 AND h.campaign_id = $2 AND h.version = $3 AND h.kind = 'year' AND h.status = 'in_force'
		HAVING max(h.from_version) IS NOT NULL`, c.OrganisationID, c.ID, c.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("year of campaign %d: %w", c.ID, err)
	}
	old, err := FindPlan(ctx, q, c.OrganisationID, c.ID, before)
	if err != nil {
		return nil, err
	}
	next, err := FindPlan(ctx, q, c.OrganisationID, c.ID, c.Version)
	if err != nil {
		return nil, err
	}
	return leftBehind(ctx, q, c, old, next)
}

// leftBehind never says more than the fund holds: what was spent since, on whatever, is gone.
func leftBehind(ctx context.Context, q sqlx.QueryerContext, c Campaign, old, next Plan) ([]UseProgress, error) {
	progress, err := FindProgress(ctx, q, c, old)
	if err != nil {
		return nil, err
	}
	free, err := ledger.FundBalance(ctx, q, c.OrganisationID, c.FundID)
	if err != nil {
		return nil, err
	}
	var behind []UseProgress
	for _, u := range progress.Uses {
		if next.has(u.UseID) {
			continue
		}
		if u.Left = min(u.Left, free); u.Left > 0 {
			free -= u.Left
			behind = append(behind, u)
		}
	}
	return behind, nil
}

// heldUse is the use of a fund that a year's plan dropped and that is held for it, by its name; 0 if there is none. A plan that names it again means the same use.
func heldUse(ctx context.Context, tx *sqlx.Tx, c Campaign, name string) (int64, error) {
	var id int64
	err := tx.GetContext(ctx, &id, `
		SELECT coalesce(max(u.id), 0)
		  FROM use u
		  JOIN use_hold o ON o.organisation_id = u.organisation_id AND o.use_id = u.id
		  JOIN plan_change h ON h.organisation_id = o.organisation_id AND h.id = o.change_id AND h.kind = 'year'
		 WHERE u.organisation_id = $1 AND u.fund_id = $2 AND u.name = $3`, c.OrganisationID, c.FundID, name)
	if err != nil {
		return 0, fmt.Errorf("uses of campaign %d: %w", c.ID, err)
	}
	return id, nil
}
