package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Reverse posts the mirror of a transaction (取消仕訳), on the day given, and returns its id. ErrReversed if that was done
// before, ErrNotFound if there is no such transaction. A reversal itself cannot be reversed: post anew instead.
func Reverse(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, by Actor, at time.Time, on Date, reason string) (int64, error) {
	if reason == "" {
		return 0, Invalid{"reason": "reverse.reason_missing"}
	}
	t, err := load(ctx, tx, organisationID, id)
	if err != nil {
		return 0, err
	}
	if t.Kind == Reversal {
		return 0, fmt.Errorf("transaction %d: %w", id, ErrReversed)
	}
	for i := range t.Entries {
		t.Entries[i].Amount = -t.Entries[i].Amount
	}
	if on.Before(t.On) {
		on = t.On // nothing is undone before it happened
	}
	mirror := Transaction{
		OrganisationID: organisationID, Kind: Reversal, Source: fmt.Sprintf("reverse:%d", id), On: on, By: by, At: at,
		Reverses: id, Reason: reason, DonationID: t.DonationID, RefundID: t.RefundID, Entries: t.Entries,
	}
	posted, err := Post(ctx, tx, mirror)
	if errors.Is(err, ErrPostedBefore) {
		return 0, fmt.Errorf("transaction %d: %w", id, ErrReversed)
	}
	return posted, err
}

// reversed reports whether a transaction was taken back.
func reversed(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (bool, error) {
	var gone bool
	err := sqlx.GetContext(ctx, q, &gone, `
		SELECT EXISTS (SELECT FROM transaction WHERE organisation_id = $1 AND reverses = $2)`, organisationID, id)
	if err != nil {
		return false, fmt.Errorf("transaction %d: %w", id, err)
	}
	return gone, nil
}

func load(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Transaction, error) {
	t := Transaction{OrganisationID: organisationID}
	err := q.QueryRowxContext(ctx, `
		SELECT kind, source, booked_on, coalesce(donation_id, 0), coalesce(refund_id, 0)
		  FROM transaction
		 WHERE organisation_id = $1 AND id = $2`, organisationID, id).
		Scan(&t.Kind, &t.Source, &t.On, &t.DonationID, &t.RefundID)
	if errors.Is(err, sql.ErrNoRows) {
		return t, ErrNotFound
	}
	if err != nil {
		return t, fmt.Errorf("transaction %d: %w", id, err)
	}
	rows, err := q.QueryxContext(ctx, `
		SELECT account, fund_id, coalesce(segment, ''), coalesce(initiative_id, 0), coalesce(use_id, 0),
		       coalesce(counterparty_id, 0), amount
		  FROM entry
		 WHERE organisation_id = $1 AND transaction_id = $2
		 ORDER BY number`, organisationID, id)
	if err != nil {
		return t, fmt.Errorf("transaction %d: %w", id, err)
	}
	defer rows.Close()
	for rows.Next() {
		var e Entry
		if err = rows.Scan(&e.Account, &e.FundID, &e.Segment, &e.InitiativeID, &e.UseID, &e.CounterpartyID, &e.Amount); err != nil {
			return t, fmt.Errorf("transaction %d: %w", id, err)
		}
		t.Entries = append(t.Entries, e)
	}
	return t, rows.Err()
}
