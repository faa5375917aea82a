package campaigns

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ChangeWaiting is what a change, or a stop, of a campaign waits for.
type ChangeWaiting struct {
	CampaignID int64       `db:"campaign_id"`
	Asking     bool        `db:"asking"`
	DecidesOn  ledger.Date `db:"decides_on"`
	Returns    int         `db:"returns"` // shares the treasurer has to give back
	ToReturn   ledger.Yen  `db:"to_return"`
	NeedsRest  bool        `db:"needs_rest"` // stopped, and nobody has said yet what becomes of the rest
}

// ChangesWaiting returns what changes and stops of an organisation wait for, the first to be decided first.
func ChangesWaiting(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]ChangeWaiting, error) {
	var all []ChangeWaiting
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT campaign_id, bool_or(asking) AS asking, max(decides_on) AS decides_on, sum(returns)::int AS returns,
		       sum(to_return)::bigint AS to_return, bool_or(needs_rest) AS needs_rest
		  FROM (SELECT campaign_id, true AS asking, decides_on, 0 AS returns, 0 AS to_return, false AS needs_rest
		          FROM plan_change
		         WHERE organisation_id = $1 AND status = 'asking'
		         UNION ALL
		        SELECT h.campaign_id, false, NULL, 1, b.amount, false
		          FROM change_return b
		          JOIN plan_change h ON h.organisation_id = b.organisation_id AND h.id = b.change_id
		          LEFT JOIN refund r ON r.organisation_id = b.organisation_id AND r.id = b.refund_id
		         WHERE b.organisation_id = $1 AND b.given_up = ''
		           AND ((b.way = 'hand' AND b.refund_id IS NULL) OR r.status = 'failed')
		         UNION ALL
		        SELECT c.id, false, NULL, 0, 0, true
		          FROM campaign c
		         WHERE c.organisation_id = $1 AND c.status = 'stopped'
		           AND NOT EXISTS (SELECT FROM plan_change h
		                            WHERE h.organisation_id = c.organisation_id AND h.campaign_id = c.id AND h.kind = 'stop')) AS one
		 GROUP BY campaign_id
		 ORDER BY max(decides_on), campaign_id`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("changes that wait: %w", err)
	}
	return all, nil
}
