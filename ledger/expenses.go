package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

const selectExpense = `
	SELECT e.organisation_id, e.id, e.status, e.paid_on, c.name AS payee, e.amount, e.account, e.what,
	       a.name AS entered_by, e.entered_person_id, e.entered_at, coalesce(d.name, '') AS decided_by, e.decided_at, e.reason, e.no_paper_reason,
	       coalesce(e.transaction_id, 0) AS transaction_id, e.key,
	       (SELECT count(*) FROM evidence v
	         WHERE v.organisation_id = e.organisation_id AND v.expense_id = e.id AND v.erased_at IS NULL) AS papers
	  FROM expense e
	  JOIN counterparty c ON c.organisation_id = e.organisation_id AND c.id = e.counterparty_id
	  JOIN actor a ON a.organisation_id = e.organisation_id AND a.id = e.entered_by
	  LEFT JOIN actor d ON d.organisation_id = e.organisation_id AND d.id = e.decided_by`

// FindExpense returns an expense with its lines, or ErrNotFound.
func FindExpense(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Expense, error) {
	var e Expense
	err := sqlx.GetContext(ctx, q, &e, selectExpense+` WHERE e.organisation_id = $1 AND e.id = $2`, organisationID, id)
	if errors.Is(err, sql.ErrNoRows) {
		return e, ErrNotFound
	}
	if err != nil {
		return e, fmt.Errorf("expense %d: %w", id, err)
	}
	err = sqlx.SelectContext(ctx, q, &e.Lines, `
		SELECT account, fund_id, segment, coalesce(initiative_id, 0) AS initiative_id, coalesce(use_id, 0) AS use_id, amount
		  FROM expense_line
		 WHERE organisation_id = $1 AND expense_id = $2
		 ORDER BY number`, organisationID, id)
	if err != nil {
		return e, fmt.Errorf("expense %d: %w", id, err)
	}
	return e, nil
}

// ExpensesToCheck returns what waits for another person's check, the oldest first, 200 at most.
func ExpensesToCheck(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Expense, error) {
	var list []Expense
	err := sqlx.SelectContext(ctx, q, &list, selectExpense+`
		 WHERE e.organisation_id = $1 AND e.status = 'unchecked'
		 ORDER BY e.paid_on, e.id
		 LIMIT 200`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("expenses: %w", err)
	}
	return list, nil
}

// UncheckedOfFund returns how many expenses of a fund wait for a check and what they come to in that fund.
func UncheckedOfFund(ctx context.Context, q sqlx.QueryerContext, organisationID, fundID int64) (count int, amount Yen, err error) {
	err = q.QueryRowxContext(ctx, `
		SELECT count(DISTINCT e.id), coalesce(sum(l.amount), 0)
		  FROM expense_line l
		  JOIN expense e ON e.organisation_id = l.organisation_id AND e.id = l.expense_id
		 WHERE l.organisation_id = $1 AND l.fund_id = $2 AND e.status = 'unchecked'`, organisationID, fundID).Scan(&count, &amount)
	if err != nil {
		return 0, 0, fmt.Errorf("fund %d: %w", fundID, err)
	}
	return count, amount, nil
}
