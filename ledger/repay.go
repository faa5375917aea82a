package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// RepayExpense pays what a checked expense left unpaid (立替払の精算, an invoice) from a place of the group and returns
// the transaction's id. ErrDecided unless the expense is checked and was entered unpaid; ErrReversed when its booking was
// taken back; ErrPostedBefore when it is paid already. A payment taken back can be made again.
func RepayExpense(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, place int, on Date, by Actor, at time.Time) (int64, error) {
	bad := Invalid{}
	bad.Need(!on.IsZero(), "on", "expense.day_missing")
	bad.Need(!on.After(DateOf(at)), "on", "expense.day_in_future")
	places, err := findPlaces(ctx, tx, organisationID, place)
	if err != nil {
		return 0, err
	}
	_, ok := places[place]
	bad.Need(ok, "place", "expense.place_missing")
	if err = bad.Err(); err != nil {
		return 0, err
	}
	e, err := lockExpense(ctx, tx, organisationID, id, Checked)
	if err != nil {
		return 0, err
	}
	if e.Paid() {
		return 0, fmt.Errorf("expense %d: %w", id, ErrDecided)
	}
	if gone, err := reversed(ctx, tx, organisationID, e.TransactionID); err != nil || gone {
		if gone {
			err = fmt.Errorf("expense %d: %w", id, ErrReversed)
		}
		return 0, err
	}
	source, err := freeSource(ctx, tx, organisationID, fmt.Sprintf("repayment:%d", id))
	if err != nil {
		return 0, err
	}
	t, err := load(ctx, tx, organisationID, e.TransactionID)
	if err != nil {
		return 0, err
	}
	payment := Transaction{
		OrganisationID: organisationID, Kind: Repayment, Source: source, On: on, By: by, At: at, Memo: e.What,
	}
	for _, owed := range t.Entries {
		if owed.Account != Payable {
			continue
		}
		payment.Entries = append(payment.Entries,
			Entry{Account: Payable, FundID: owed.FundID, CounterpartyID: owed.CounterpartyID, Amount: -owed.Amount},
			Entry{Account: place, FundID: owed.FundID, CounterpartyID: owed.CounterpartyID, Amount: owed.Amount})
	}
	paid, err := Post(ctx, tx, payment)
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO repayment (organisation_id, transaction_id, expense_id)
		VALUES ($1, $2, $3)`, organisationID, paid, id)
	if err != nil {
		return 0, fmt.Errorf("expense %d: %w", id, Classify(err))
	}
	return paid, nil
}

// UnpaidExpenses returns the checked expenses that are still to be paid, the oldest first, 200 at most.
func UnpaidExpenses(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Expense, error) {
	var list []Expense
	err := sqlx.SelectContext(ctx, q, &list, selectExpense+`
		 WHERE e.organisation_id = $1 AND e.status = 'checked' AND e.account = 2110 -- Payable, written out as in the index
		   AND NOT EXISTS (
		         SELECT FROM transaction r
		          WHERE r.organisation_id = e.organisation_id AND r.reverses = e.transaction_id)
		   AND NOT EXISTS (
		         SELECT FROM repayment p
		          WHERE p.organisation_id = e.organisation_id AND p.expense_id = e.id
		            AND NOT EXISTS (
		                  SELECT FROM transaction r
		                   WHERE r.organisation_id = p.organisation_id AND r.reverses = p.transaction_id))
		 ORDER BY e.paid_on, e.id
		 LIMIT 200`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("expenses: %w", err)
	}
	return list, nil
}
