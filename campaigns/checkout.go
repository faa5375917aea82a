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

// Attempt is one opened payment page of a gift. A refused card and a later voucher are two attempts.
type Attempt struct {
	OrganisationID int64          `db:"organisation_id"`
	DonationID     int64          `db:"donation_id"`
	Attempt        int            `db:"attempt"`
	Ref            string         `db:"ref"` // empty while the payment service's answer is awaited
	URL            string         `db:"url"`
	Status         CheckoutStatus `db:"status"`
	ExpiresAt      time.Time      `db:"expires_at"`
	VoucherURL     string         `db:"voucher_url"`
	VoucherUntil   time.Time      `db:"voucher_until"`
}

// ErrAmountDiffers says that the payment service asks for another amount than was agreed: a person has to look.
var ErrAmountDiffers = errors.New("campaigns: another amount was paid than agreed")

const selectAttempt = `
	SELECT organisation_id, donation_id, attempt, coalesce(ref, '') AS ref, url, status, expires_at, voucher_url,
	       coalesce(voucher_until, '0001-01-01 00:00:00Z') AS voucher_until
	  FROM checkout`

// BeginAttempt notes the intent to open a payment page before the payment service is asked, and returns it. While an earlier attempt is
// open or pending that one comes back, so asking twice is safe. ErrPaid when there is nothing left to pay,
// ErrClosed when its campaign was stopped, or ended early and its last day is over.
func BeginAttempt(ctx context.Context, tx *sqlx.Tx, d Donation, at, expires time.Time) (Attempt, error) {
	d, err := lockDonation(ctx, tx, d.OrganisationID, d.ID)
	if err != nil {
		return Attempt{}, err
	}
	if d.Status == Paid {
		return Attempt{}, fmt.Errorf("donation %d: %w", d.ID, ErrPaid)
	}
	last, err := LastAttempt(ctx, tx, d.OrganisationID, d.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return last, err
	}
	if err == nil && (last.Status == CheckoutOpen || last.Status == CheckoutPending) && last.ExpiresAt.After(at) {
		return last, nil
	}
	if err = mayOpenPage(ctx, tx, d, at); err != nil {
		return Attempt{}, err
	}
	next := Attempt{OrganisationID: d.OrganisationID, DonationID: d.ID, Attempt: last.Attempt + 1, Status: CheckoutOpen, ExpiresAt: expires}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO checkout (organisation_id, donation_id, attempt, begun_at, expires_at)
		VALUES ($1, $2, $3, $4, $5)`, next.OrganisationID, next.DonationID, next.Attempt, at, expires)
	if err != nil {
		return next, fmt.Errorf("checkout of donation %d: %w", d.ID, ledger.Classify(err))
	}
	return next, nil
}

// AttemptOpened keeps the payment service's answer.
func AttemptOpened(ctx context.Context, tx *sqlx.Tx, a Attempt, c Checkout) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE checkout
		   SET ref = $4, url = $5, expires_at = $6
		 WHERE organisation_id = $1 AND donation_id = $2 AND attempt = $3 AND ref IS NULL`,
		a.OrganisationID, a.DonationID, a.Attempt, c.Ref, c.URL, c.ExpiresAt)
	if err != nil {
		return fmt.Errorf("checkout of donation %d: %w", a.DonationID, ledger.Classify(err))
	}
	return nil
}

// LastAttempt returns the latest payment page of a gift, or ErrNotFound.
func LastAttempt(ctx context.Context, q sqlx.QueryerContext, organisationID, donationID int64) (Attempt, error) {
	var a Attempt
	err := sqlx.GetContext(ctx, q, &a, selectAttempt+`
		 WHERE organisation_id = $1 AND donation_id = $2
		 ORDER BY attempt DESC
		 LIMIT 1`, organisationID, donationID)
	if errors.Is(err, sql.ErrNoRows) {
		return a, ErrNotFound
	}
	if err != nil {
		return a, fmt.Errorf("checkout of donation %d: %w", donationID, err)
	}
	return a, nil
}

// WaitingAttempts returns the references of payment pages that are open or pending at the payment service, or paid there and not yet booked
// here, the oldest first.
func WaitingAttempts(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]string, error) {
	var refs []string
	err := sqlx.SelectContext(ctx, q, &refs, `
		SELECT c.ref
		  FROM checkout c
		  JOIN donation d ON d.organisation_id = c.organisation_id AND d.id = c.donation_id
		 WHERE c.organisation_id = $1 AND c.ref IS NOT NULL
		   AND (c.status IN ('open', 'pending') OR (c.status = 'paid' AND d.status <> 'paid'))
		 ORDER BY c.expires_at`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("checkouts: %w", err)
	}
	return refs, nil
}

// Settled is what a payment's new state changed.
type Settled struct {
	Donation   Donation
	NowPaid    bool // the gift turned paid by this call
	NowWaiting bool // a voucher waits, since this call
	NowFailed  bool // the gift failed or expired by this call
	NowUnclear bool // yen went to 照合待ち by this call: paid twice, or another amount than agreed; a person decides
}

// Settle brings a gift to the state its payment has at the payment service. The money is booked when the service has
// written its movement, and the gift turns paid in the same transaction; doing it again changes nothing. Yen of another amount than
// agreed are booked as unclear; a page that asks for another amount is ErrAmountDiffers and changes nothing.
func Settle(ctx context.Context, tx *sqlx.Tx, organisationID int64, s CheckoutState, at time.Time) (Settled, error) {
	d, err := FindDonation(ctx, tx, organisationID, s.DonationID)
	if err != nil {
		return Settled{}, err
	}
	if s.Amount != d.Amount && s.Status != CheckoutPaid {
		return Settled{}, fmt.Errorf("donation %d: %w", d.ID, ErrAmountDiffers)
	}
	before, err := moveAttempt(ctx, tx, organisationID, s)
	if err != nil {
		return Settled{}, err
	}
	out := Settled{Donation: d, NowWaiting: s.Status == CheckoutPending && before == CheckoutOpen}
	switch {
	case s.Status == CheckoutPaid && s.Movement != nil:
		return SettleMovement(ctx, tx, organisationID, *s.Movement, at)
	case s.Status == CheckoutFailed || s.Status == CheckoutExpired:
		if out.NowFailed, err = giveUp(ctx, tx, d, s.Status); err != nil {
			return Settled{}, err
		}
	}
	out.Donation, err = FindDonation(ctx, tx, organisationID, d.ID)
	return out, err
}

// moveAttempt writes the state of a payment page and returns the one before; a paid page stays paid whatever comes late.
func moveAttempt(ctx context.Context, tx *sqlx.Tx, organisationID int64, s CheckoutState) (CheckoutStatus, error) {
	var before CheckoutStatus
	err := tx.GetContext(ctx, &before, `
		SELECT status
		  FROM checkout
		 WHERE organisation_id = $1 AND ref = $2 AND donation_id = $3
		   FOR NO KEY UPDATE`, organisationID, s.Ref, s.DonationID)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("checkout: %w", ErrNotFound)
	}
	if err != nil {
		return "", fmt.Errorf("checkout: %w", err)
	}
	if before == CheckoutPaid {
		return before, nil
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE checkout
		   SET status = $3, voucher_url = CASE WHEN $4 <> '' THEN $4 ELSE voucher_url END, voucher_until = coalesce($5, voucher_until),
		       expires_at = coalesce($5, expires_at)
		 WHERE organisation_id = $1 AND ref = $2`, organisationID, s.Ref, s.Status, s.VoucherURL,
		sql.NullTime{Time: s.VoucherEnd, Valid: !s.VoucherEnd.IsZero()})
	if err != nil {
		return "", fmt.Errorf("checkout: %w", ledger.Classify(err))
	}
	return before, nil
}

// giveUp ends a gift whose payment page ran out, unless another page of it is still open.
func giveUp(ctx context.Context, tx *sqlx.Tx, d Donation, as CheckoutStatus) (bool, error) {
	result, err := tx.ExecContext(ctx, `
		UPDATE donation
		   SET status = $3
		 WHERE organisation_id = $1 AND id = $2 AND status = 'pending'
		   AND NOT EXISTS (SELECT FROM checkout c
		                    WHERE c.organisation_id = $1 AND c.donation_id = $2 AND c.status IN ('open', 'pending'))`,
		d.OrganisationID, d.ID, as)
	if err != nil {
		return false, fmt.Errorf("donation %d: %w", d.ID, ledger.Classify(err))
	}
	n, err := result.RowsAffected()
	return n == 1, err
}
