package ledger

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// FundBalance returns what is left of a fund: all its balance sheet accounts together. Below zero it owes.
func FundBalance(ctx context.Context, q sqlx.QueryerContext, organisationID, fundID int64) (Yen, error) {
	var left Yen
	err := sqlx.GetContext(ctx, q, &left, `
		SELECT coalesce(sum(amount), 0)::bigint
		  FROM flow
		 WHERE organisation_id = $1 AND fund_id = $2 AND account < 3000`, organisationID, fundID)
	if err != nil {
		return 0, fmt.Errorf("fund %d: %w", fundID, err)
	}
	return left, nil
}

// FundFlow is a fund over a time: what was there, what came in and went out, by account.
type FundFlow struct {
	Account     int    `db:"account"`
	Name        string `db:"name"`
	Plain       string `db:"plain"`
	Class       Class  `db:"class"`
	UseID       int64  `db:"use_id"` // 0 where no use is named
	Amount      Yen    `db:"amount"` // debit +
	Transaction int    `db:"transactions"`
}

// FundFlows returns the entries of a fund on net, income and expense accounts from one day to another, both included, summed by account and
// use. Their sum is minus the change of the fund's balance. It reads the fund's own entries, since it counts transactions.
func FundFlows(ctx context.Context, q sqlx.QueryerContext, organisationID, fundID int64, from, until Date) ([]FundFlow, error) {
	var flows []FundFlow
	err := sqlx.SelectContext(ctx, q, &flows, `
		SELECT f.account, a.name, a.plain, a.class, f.use_id, f.amount, f.transactions
		  FROM (SELECT e.account, coalesce(e.use_id, 0) AS use_id, sum(e.amount)::bigint AS amount,
		               count(DISTINCT e.transaction_id) AS transactions
		          FROM entry e
		         WHERE e.organisation_id = $1 AND e.fund_id = $2 AND e.account >= 3000
		           AND e.booked_on BETWEEN $3 AND $4
		         GROUP BY 1, 2) AS f
		  JOIN account a ON a.organisation_id = $1 AND a.code = f.account
		 ORDER BY f.account, f.use_id`, organisationID, fundID, from, until)
	if err != nil {
		return nil, fmt.Errorf("fund %d: %w", fundID, err)
	}
	return flows, nil
}

// UseSpent is what was spent on a use: expense entries and transfers out that carry it.
type UseSpent struct {
	UseID     int64 `db:"use_id"` // 0: spent from the fund without a use
	Spent     Yen   `db:"spent"`
	Unchecked Yen   `db:"unchecked"` // the part of Spent no other person has checked yet
}

// UsesSpent returns what was spent of a fund, by use.
func UsesSpent(ctx context.Context, q sqlx.QueryerContext, organisationID, fundID int64) ([]UseSpent, error) {
	var spent []UseSpent
	err := sqlx.SelectContext(ctx, q, &spent, `
		SELECT s.use_id, s.spent, coalesce(w.amount, 0) AS unchecked
		  FROM (SELECT e.use_id, sum(e.amount)::bigint AS spent
		          FROM flow e
		         WHERE e.organisation_id = $1 AND e.fund_id = $2
		           AND e.account >= 3200 AND (e.account >= 5000 OR (e.account = 3200 AND e.use_id > 0))
		         GROUP BY e.use_id) AS s
		  LEFT JOIN (SELECT coalesce(l.use_id, 0) AS use_id, sum(l.amount)::bigint AS amount
		          FROM expense_line l
		          JOIN expense x ON x.organisation_id = l.organisation_id AND x.id = l.expense_id
		         WHERE l.organisation_id = $1 AND l.fund_id = $2 AND x.status = 'unchecked' AND x.transaction_id IS NOT NULL
		         GROUP BY 1) AS w ON w.use_id = s.use_id
		 ORDER BY s.use_id`, organisationID, fundID)
	if err != nil {
		return nil, fmt.Errorf("uses of fund %d: %w", fundID, err)
	}
	return spent, nil
}
