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

// Refund is 返金: one giving back of a gift, in part or whole. It counts against the gift from the moment it is asked for.
type Refund struct {
	OrganisationID int64        `db:"organisation_id"`
	ID             int64        `db:"id"`
	DonationID     int64        `db:"donation_id"`
	Amount         ledger.Yen   `db:"amount"`
	Status         RefundStatus `db:"status"`
	Reason         string       `db:"reason"`
	Ref            string       `db:"ref"` // the payment service's name for it, empty before its answer and for money given back by hand
	AskedAt        time.Time    `db:"asked_at"`
}

// RefundStatus is how far a refund has come.
type RefundStatus string

// A refund is pending while the payment service works on it, then paid or failed; a paid one can still fail when the money
// comes back.
const (
	RefundPending RefundStatus = "pending"
	RefundPaid    RefundStatus = "paid"
	RefundFailed  RefundStatus = "failed"
)

const selectRefund = `
	SELECT organisation_id, id, donation_id, amount, status, reason, coalesce(ref, '') AS ref, asked_at
	  FROM refund`

// Refunds returns the refunds of a gift, the oldest first.
func Refunds(ctx context.Context, q sqlx.QueryerContext, organisationID, donationID int64) ([]Refund, error) {
	var all []Refund
	err := sqlx.SelectContext(ctx, q, &all, selectRefund+`
		 WHERE organisation_id = $1 AND donation_id = $2
		 ORDER BY asked_at, id`, organisationID, donationID)
	if err != nil {
		return nil, fmt.Errorf("refunds of donation %d: %w", donationID, err)
	}
	return all, nil
}

// RefundInHand gives a gift back, in part or whole, from a place of the group (cash, bank) and books it. The sum of refunds never exceeds
// the gift: Invalid says so, and ledger.ErrRefundTooMuch where another refund was faster. FitReceipt then keeps the receipt to what is left.
func RefundInHand(ctx context.Context, tx *sqlx.Tx, organisationID, donationID int64, amount ledger.Yen, place int, by ledger.Actor, at time.Time, on ledger.Date, reason string) error {
	d, err := lockDonation(ctx, tx, organisationID, donationID)
	if err != nil {
		return err
	}
	bad := d.refundable(amount, reason)
	bad.Need(!on.IsZero() && !on.After(ledger.DateOf(at)) && !on.Before(d.PaidOn), "on", "income.day_missing")
	if err = needPlace(ctx, tx, organisationID, place, bad); err != nil {
		return err
	}
	id, err := insertRefund(ctx, tx, d, RefundPaid, "", amount, reason, by, at)
	if err != nil {
		return err
	}
	_, err = ledger.Post(ctx, tx, ledger.Transaction{
		OrganisationID: organisationID, Kind: ledger.GiftRefunded, Source: fmt.Sprintf("refund:%d", id), On: on, By: by, At: at,
		DonationID: d.ID, RefundID: id, Entries: givenBack(d, place, amount),
	})
	return err
}

// AskRefund reserves a refund that the payment service is to make and returns it; commit before the service is asked, with the
// refund's id as the idempotency key. The book learns of the money from the service's movement. The gift's ChargeRef is what to
// refund; Invalid where there is none, or more is asked than is left.
func AskRefund(ctx context.Context, tx *sqlx.Tx, organisationID, donationID int64, amount ledger.Yen, by ledger.Actor, at time.Time, reason string) (Refund, error) {
	d, err := lockDonation(ctx, tx, organisationID, donationID)
	if err != nil {
		return Refund{}, err
	}
	bad := d.refundable(amount, reason)
	bad.Need(d.ChargeRef != "", "amount", "refund.not_online")
	if err = bad.Err(); err != nil {
		return Refund{}, err
	}
	id, err := insertRefund(ctx, tx, d, RefundPending, "", amount, reason, by, at)
	return Refund{
		OrganisationID: organisationID, ID: id, DonationID: d.ID, Amount: amount, Status: RefundPending, Reason: reason, AskedAt: at,
	}, err
}

// RefundAsked keeps the payment service's name for a refund.
func RefundAsked(ctx context.Context, tx *sqlx.Tx, r Refund, ref string) error {
	return moveRefund(ctx, tx, r, `
		UPDATE refund
		   SET ref = $3
		 WHERE organisation_id = $1 AND id = $2 AND (ref IS NULL OR ref = $3)`, ref)
}

// RefundRefused takes back the reservation of a refund the payment service said no to. ErrNotFound when it has answered before.
func RefundRefused(ctx context.Context, tx *sqlx.Tx, r Refund) error {
	return moveRefund(ctx, tx, r, `
		UPDATE refund
		   SET status = 'failed'
		 WHERE organisation_id = $1 AND id = $2 AND status = 'pending' AND ref IS NULL`)
}

func moveRefund(ctx context.Context, tx *sqlx.Tx, r Refund, query string, args ...any) error {
	result, err := tx.ExecContext(ctx, query, append([]any{r.OrganisationID, r.ID}, args...)...)
	if err != nil {
		return fmt.Errorf("refund %d: %w", r.ID, ledger.Classify(err))
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("refund %d: %w", r.ID, ErrNotFound))
	}
	return nil
}

// refundable says what is wrong with giving back an amount of the gift.
func (d Donation) refundable(amount ledger.Yen, reason string) ledger.Invalid {
	bad := ledger.Invalid{}
	bad.Need(d.Status == Paid && d.ReversedAt.IsZero(), "amount", "refund.not_paid")
	bad.Need(amount >= 1, "amount", "income.amount_missing")
	bad.Need(amount <= d.Amount-d.Refunded, "amount", "refund.too_much")
	bad.Need(reason != "", "reason", "reverse.reason_missing")
	return bad
}

func givenBack(d Donation, place int, amount ledger.Yen) []ledger.Entry {
	return []ledger.Entry{
		{Account: ledger.GiftsReturned, FundID: d.FundID, Amount: amount},
		{Account: place, FundID: d.FundID, Amount: -amount},
	}
}

// refundEntries books a refund of the payment service, or the return of one that failed. One that is not of the charge that paid
// the gift, or exceeds what is left of it, is unclear.
func refundEntries(ctx context.Context, tx *sqlx.Tx, t *ledger.Transaction, d Donation, m Movement) error {
	amount, to, kind := -m.Gross, RefundPaid, ledger.GiftRefunded
	if m.Kind == MovementRefundFailure {
		amount, to, kind = m.Gross, RefundFailed, ledger.RefundFailed
	}
	if amount <= 0 || !m.concerns(d) {
		return otherEntries(ctx, tx, t, m)
	}
	r, err := refundOf(ctx, tx, d, m.SourceRef, amount)
	if errors.Is(err, ErrNotFound) && to == RefundPaid && amount <= d.Amount-d.Refunded {
		r.ID, err = insertRefund(ctx, tx, d, RefundPaid, m.SourceRef, amount, "決済サービスでの返金", t.By, t.At)
	}
	if errors.Is(err, ErrNotFound) {
		return otherEntries(ctx, tx, t, m)
	}
	if err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `
		UPDATE refund
		   SET status = $3, ref = $4
		 WHERE organisation_id = $1 AND id = $2`, d.OrganisationID, r.ID, to, m.SourceRef); err != nil {
		return fmt.Errorf("refund %d: %w", r.ID, ledger.Classify(err))
	}
	t.Kind, t.DonationID, t.RefundID = kind, d.ID, r.ID
	t.Entries = givenBack(d, ledger.StripeBalance, -m.Gross)
	return addGiftCost(ctx, tx, t, d, m.Cost)
}

// refundOf finds the refund a movement belongs to: by the service's name for it, or one that was asked for and whose answer was
// lost. ErrNotFound also when its amount differs.
func refundOf(ctx context.Context, tx *sqlx.Tx, d Donation, ref string, amount ledger.Yen) (Refund, error) {
	var r Refund
	err := tx.GetContext(ctx, &r, selectRefund+`
		 WHERE organisation_id = $1 AND donation_id = $2 AND amount = $4 AND (ref = $3 OR (ref IS NULL AND status = 'pending'))
		   AND status <> 'failed'
		 ORDER BY ref IS NULL, id
		 LIMIT 1`, d.OrganisationID, d.ID, ref, amount)
	if errors.Is(err, sql.ErrNoRows) {
		return r, ErrNotFound
	}
	if err != nil {
		return r, fmt.Errorf("refund of donation %d: %w", d.ID, err)
	}
	return r, nil
}

func insertRefund(ctx context.Context, tx *sqlx.Tx, d Donation, status RefundStatus, ref string, amount ledger.Yen, reason string, by ledger.Actor, at time.Time) (int64, error) {
	actor, err := ledger.ActorID(ctx, tx, d.OrganisationID, by)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO refund (organisation_id, donation_id, amount, status, reason, ref, asked_by, asked_at)
		VALUES ($1, $2, $3, $4, $5, nullif($6, ''), $7, $8)
		RETURNING id`, d.OrganisationID, d.ID, amount, status, reason, ref, actor, at)
	if err != nil {
		return 0, fmt.Errorf("refund of donation %d: %w", d.ID, ledger.Classify(err))
	}
	return id, nil
}
