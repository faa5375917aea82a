package ledger

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// findPlaces returns those of the accounts in which yen lie, each with the fund it is bound to (別口座), or 0.
func findPlaces(ctx context.Context, q sqlx.QueryerContext, organisationID int64, codes ...int) (map[int]int64, error) {
	var found []struct {
		Code   int   `db:"code"`
		FundID int64 `db:"fund_id"`
	}
	err := sqlx.SelectContext(ctx, q, &found, `
		SELECT code, coalesce(fund_id, 0) AS fund_id
		  FROM account
		 WHERE organisation_id = $1 AND code = ANY ($2) AND place`, organisationID, pq.Array(codes))
	if err != nil {
		return nil, fmt.Errorf("places: %w", err)
	}
	places := make(map[int]int64, len(found))
	for _, p := range found {
		places[p.Code] = p.FundID
	}
	return places, nil
}

// anyPlace returns an open account in which yen lie, the bank before others. A transfer between funds needs one to
// pass through, and which does not matter: it leaves with one fund and comes back with the other.
func anyPlace(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (int, error) {
	var code int
	err := sqlx.GetContext(ctx, q, &code, `
		SELECT code
		  FROM account
		 WHERE organisation_id = $1 AND place AND closed_on IS NULL
		 ORDER BY code <> $2, code
		 LIMIT 1`, organisationID, Bank)
	if err != nil {
		return 0, fmt.Errorf("places: %w", err)
	}
	return code, nil
}
