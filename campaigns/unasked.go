package campaigns

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Unasked are 頼まれていない寄付: gifts nobody asked for, into the general fund. The group decides what they are for (Decision).
type Unasked struct {
	Months  []UnaskedMonths // the earliest first
	Gifts   int             // each envelope of a list by itself
	Wishes  int             // of them with a wish of their giver
	Amount  ledger.Yen      // less what was returned
	Decided ledger.Yen
	givers  Givers
}

// Open is what nothing is decided about yet.
func (u Unasked) Open() ledger.Yen { return max(0, u.Amount-u.Decided) }

// Few reports whether the givers are too few for their yen to be told.
func (u Unasked) Few() bool { return u.givers.Few() }

// UnaskedMonths are the unasked gifts of a month, or of several months with too few givers to be told apart.
type UnaskedMonths struct {
	From   ledger.Date `db:"month"` // first days of months
	Until  ledger.Date `db:"-"`
	Gifts  int         `db:"gifts"`
	Wishes int         `db:"wishes"`
	Amount ledger.Yen  `db:"amount"`
	Givers
}

// FindUnasked returns the unasked gifts of an organisation. Months with too few givers stand together with the next, the last ones with those before.
func FindUnasked(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (Unasked, error) {
	var u Unasked
	var months []UnaskedMonths
	err := sqlx.SelectContext(ctx, q, &months, `
		SELECT date_trunc('month', given_on)::date AS month,
		       sum(CASE WHEN donor_id IS NULL THEN counted ELSE 1 END)::int AS gifts,
		       count(*) FILTER (WHERE wish <> '')::int AS wishes,
		       sum(amount - refunded)::bigint AS amount,
		       coalesce((array_agg(DISTINCT donor_id) FILTER (WHERE donor_id IS NOT NULL))[1:20], '{}') AS donors,
		       coalesce(sum(counted) FILTER (WHERE donor_id IS NULL), 0)::int AS nameless
		  FROM donation
		 WHERE organisation_id = $1 AND campaign_id IS NULL AND status = 'paid' AND reversed_at IS NULL AND refunded < amount
		 GROUP BY 1
		 ORDER BY 1`, organisationID)
	if err != nil {
		return u, fmt.Errorf("unasked gifts: %w", err)
	}
	for i := range months {
		m := &months[i]
		m.Until = m.From
		u.Gifts, u.Amount, u.Wishes, u.givers = u.Gifts+m.Gifts, u.Amount+m.Amount, u.Wishes+m.Wishes, u.givers.And(m.Givers)
	}
	u.Months = togetherMonths(months)
	if err = sqlx.GetContext(ctx, q, &u.Decided, `
		SELECT coalesce(sum(amount), 0)::bigint FROM gift_decision WHERE organisation_id = $1`, organisationID); err != nil {
		return u, fmt.Errorf("decisions: %w", err)
	}
	return u, nil
}

// togetherMonths joins months of few givers with the next one, and the last with the one before.
func togetherMonths(months []UnaskedMonths) []UnaskedMonths {
	var out []UnaskedMonths
	for i, m := range months {
		last := len(out) - 1
		if last >= 0 && (out[last].Few() || (m.Few() && i == len(months)-1)) {
			o := &out[last]
			o.Until, o.Gifts, o.Wishes, o.Amount, o.Givers = m.Until, o.Gifts+m.Gifts, o.Wishes+m.Wishes, o.Amount+m.Amount, o.And(m.Givers)
			continue
		}
		out = append(out, m)
	}
	return out
}
