package campaigns

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// RefundInHand gives a gift back, in part or whole, from a place of the group (cash, bank) and books it. The sum of refunds never exceeds
// the gift: ErrRefundTooMuch. The receipt, if any, must be voided apart.
func RefundInHand(ctx context.Context, tx *sqlx.Tx, organisationID, donationID int64, amount ledger.Yen, place int, by ledger.Actor, at time.Time, on ledger.Date, reason string) error {
	d, err := FindDonation(ctx, tx, organisationID, donationID)
	if err != nil {
		return err
	}
	bad := ledger.Invalid{}
	bad.Need(d.Status == Paid, "amount", "refund.not_paid")
	bad.Need(amount >= 1, "amount", "income.amount_missing")
	bad.Need(amount <= d.Amount-d.Refunded, "amount", "refund.too_much")
	bad.Need(reason != "", "reason", "reverse.reason_missing")
	bad.Need(!on.IsZero() && !on.After(ledger.DateOf(at)), "on", "income.day_missing")
	bad.Need(place >= 1000 && place <= 1999, "place", "income.place_missing")
	if err = bad.Err(); err != nil {
		return err
	}
	id, err := insertRefund(ctx, tx, d, "", amount, reason, by, at)
	if err != nil {
		return err
	}
	_, err = ledger.Post(ctx, tx, ledger.Transaction{
		OrganisationID: organisationID, Kind: ledger.GiftRefunded, Source: fmt.Sprintf("refund:%d", id), On: on, By: by, At: at,
		DonationID: d.ID, RefundID: id,
		Entries: []ledger.Entry{
			{Account: ledger.GiftsReturned, FundID: d.FundID, Amount: amount},
			{Account: place, FundID: d.FundID, Amount: -amount},
		},
	})
	return err
}

// ensureRefund finds the refund a movement belongs to, or enters one that was made at the payment service itself.
func ensureRefund(ctx context.Context, tx *sqlx.Tx, d Donation, ref string, amount ledger.Yen, at time.Time) (int64, error) {
	var id int64
	err := tx.GetContext(ctx, &id, `
		SELECT id
		  FROM refund
		 WHERE organisation_id = $1 AND ref = $2`, d.OrganisationID, ref)
	if err == nil {
		return id, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("refund: %w", err)
	}
	return insertRefund(ctx, tx, d, ref, amount, "決済サービスでの返金", ledger.BySystem("決済の記録"), at)
}

func insertRefund(ctx context.Context, tx *sqlx.Tx, d Donation, ref string, amount ledger.Yen, reason string, by ledger.Actor, at time.Time) (int64, error) {
	actor, err := ledger.ActorID(ctx, tx, d.OrganisationID, by)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO refund (organisation_id, donation_id, amount, status, reason, ref, asked_by, asked_at)
		VALUES ($1, $2, $3, 'paid', $4, nullif($5, ''), $6, $7)
		RETURNING id`, d.OrganisationID, d.ID, amount, reason, ref, actor, at)
	if err != nil {
		return 0, fmt.Errorf("refund of donation %d: %w", d.ID, ledger.Classify(err))
	}
	return id, nil
}
