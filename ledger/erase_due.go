package ledger

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// PastKeeping is what an organisation's books hold of people and need not keep any longer, some of it at a time.
type PastKeeping struct {
	Counterparties []int64
	Memos          []int64 // by transaction
	Evidence       []int64
}

// Empty reports whether there is nothing.
func (p PastKeeping) Empty() bool { return len(p.Counterparties)+len(p.Memos)+len(p.Evidence) == 0 }

// FindPastKeeping returns names, memos and papers whose keeping time was over on a day, at most a hundred of each: counterparties of
// whom nothing younger is booked or waits, memos, and papers of expenses and other transactions.
func FindPastKeeping(ctx context.Context, q sqlx.QueryerContext, o Organisation, on Date) (PastKeeping, error) {
	var p PastKeeping
	until := o.keptSince(on)
	var old bool // most books are younger than that: then the question costs nothing
	err := sqlx.GetContext(ctx, q, &old, `
		SELECT EXISTS (SELECT FROM transaction WHERE organisation_id = $1 AND booked_on <= $2)`, o.ID, until)
	if err != nil || !old {
		return p, err
	}
	for _, part := range []struct {
		into  *[]int64
		query string
	}{
		{&p.Memos, `
			SELECT m.transaction_id
			  FROM memo m
			  JOIN transaction t ON t.organisation_id = m.organisation_id AND t.id = m.transaction_id
			 WHERE m.organisation_id = $1 AND m.erased_at IS NULL AND t.booked_on <= $2
			 ORDER BY m.transaction_id
			 LIMIT 100`},
		{&p.Evidence, `
			SELECT v.id
			  FROM evidence v
			  LEFT JOIN expense x ON x.organisation_id = v.organisation_id AND x.id = v.expense_id
			  LEFT JOIN transaction t ON t.organisation_id = v.organisation_id AND t.id = coalesce(v.transaction_id, x.transaction_id)
			 WHERE v.organisation_id = $1 AND v.erased_at IS NULL AND coalesce(t.booked_on, x.paid_on) <= $2
			 ORDER BY v.id
			 LIMIT 100`},
		{&p.Counterparties, `
			SELECT c.id
			  FROM (SELECT e.counterparty_id AS id
			          FROM entry e
			         WHERE e.organisation_id = $1 AND e.counterparty_id IS NOT NULL
			         GROUP BY e.counterparty_id
			        HAVING max(e.booked_on) <= $2) AS old
			  JOIN counterparty c ON c.organisation_id = $1 AND c.id = old.id
			 WHERE c.erased_at IS NULL
			   AND NOT EXISTS (SELECT FROM expense x WHERE x.organisation_id = $1 AND x.counterparty_id = c.id AND x.paid_on > $2)
			 ORDER BY c.id
			 LIMIT 100`},
	} {
		if err := sqlx.SelectContext(ctx, q, part.into, part.query, o.ID, until); err != nil {
			return p, fmt.Errorf("past keeping of organisation %d: %w", o.ID, err)
		}
	}
	return p, nil
}
