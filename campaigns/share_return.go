package campaigns

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Return is a share on its way back to its giver.
type Return struct {
	OrganisationID int64        `db:"organisation_id"`
	ChangeID       int64        `db:"change_id"`
	DonationID     int64        `db:"donation_id"`
	Amount         ledger.Yen   `db:"amount"`
	Way            ReturnWay    `db:"way"`
	RefundID       int64        `db:"refund_id"`     // 0 until it was asked for or paid
	Status         RefundStatus `db:"refund_status"` // of that refund; empty without one
	GivenUp        GivenUp      `db:"given_up"`
	DonorName      string       `db:"donor_name"`
	Channel        Channel      `db:"channel"`
	GivenOn        ledger.Date  `db:"given_on"`
	Refunded       ledger.Yen   `db:"refunded"` // of the gift, so far
}

// ReturnWay is how a share goes back.
type ReturnWay string

// A share goes back through the payment service, or by the treasurer: a transfer, or cash.
const (
	ReturnOnline ReturnWay = "online"
	ReturnByHand ReturnWay = "hand"
)

// GivenUp is why a share could not be given back.
type GivenUp string

// The giver was not to be found, or did not want it.
const (
	Unreachable GivenUp = "unreachable"
	Declined    GivenUp = "declined"
)

// Done reports whether nothing is left to do.
func (r Return) Done() bool { return r.Status == RefundPaid || r.GivenUp != "" }

// Waits reports whether the payment service has it.
func (r Return) Waits() bool { return r.Status == RefundPending }

// Reason is what the refund says; by it a refund whose answer was lost is found again.
func (r Return) Reason() string { return fmt.Sprintf("使いみちの変更（%d）", r.ChangeID) }

// Returns lists what goes back because of a change, what is still to do first.
func Returns(ctx context.Context, q sqlx.QueryerContext, organisationID, changeID int64) ([]Return, error) {
	var all []Return
	err := sqlx.SelectContext(ctx, q, &all, selectReturn+`
		 WHERE b.organisation_id = $1 AND b.change_id = $2
		 ORDER BY coalesce(r.status, '') = 'paid', b.way, d.given_on, d.entered_at`, organisationID, changeID)
	if err != nil {
		return nil, fmt.Errorf("returns of change %d: %w", changeID, err)
	}
	return all, nil
}

// ReturnsOf lists what goes back because of all changes of a campaign, the latest change first.
func ReturnsOf(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) ([]Return, error) {
	changes, err := Changes(ctx, q, organisationID, campaignID)
	if err != nil {
		return nil, err
	}
	var all []Return
	for _, c := range changes {
		of, err := Returns(ctx, q, organisationID, c.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, of...)
	}
	return all, nil
}

// A refund that failed does not count: the share is to be given back another way.
const selectReturn = `
	SELECT b.organisation_id, b.change_id, b.donation_id, b.amount, CASE WHEN r.status = 'failed' THEN 'hand' ELSE b.way END AS way,
	       CASE WHEN r.status = 'failed' THEN 0 ELSE coalesce(b.refund_id, 0) END AS refund_id,
	       CASE WHEN r.status = 'failed' THEN '' ELSE coalesce(r.status, '') END AS refund_status, b.given_up,
	       coalesce(g.name, '') AS donor_name, d.channel, d.given_on, d.refunded
	  FROM change_return b
	  JOIN donation d ON d.organisation_id = b.organisation_id AND d.id = b.donation_id
	  LEFT JOIN donor g ON g.organisation_id = d.organisation_id AND g.id = d.donor_id
	  LEFT JOIN refund r ON r.organisation_id = b.organisation_id AND r.id = b.refund_id`

// OnlineReturns lists what is to go back through the payment service and was not asked for yet, for one organisation.
func OnlineReturns(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Return, error) {
	var all []Return
	err := sqlx.SelectContext(ctx, q, &all, selectReturn+`
		 WHERE b.organisation_id = $1 AND b.way = 'online' AND b.refund_id IS NULL AND b.given_up = ''
		 ORDER BY b.change_id, d.given_on, d.entered_at`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("online returns: %w", err)
	}
	return all, nil
}

// FindReturn returns what goes back of a gift, or ErrNotFound.
func FindReturn(ctx context.Context, q sqlx.QueryerContext, organisationID, changeID, donationID int64) (Return, error) {
	all, err := Returns(ctx, q, organisationID, changeID)
	if err != nil {
		return Return{}, err
	}
	for _, r := range all {
		if r.DonationID == donationID {
			return r, nil
		}
	}
	return Return{}, ErrNotFound
}

// ReturnAsked keeps the refund by which a share goes back: the one of its reason that did not fail. ErrNotFound when there is none.
func ReturnAsked(ctx context.Context, tx *sqlx.Tx, r Return) error {
	result, err := tx.ExecContext(ctx, `
		UPDATE change_return
		   SET refund_id = (SELECT max(f.id) FROM refund f
		                     WHERE f.organisation_id = $1 AND f.donation_id = $3 AND f.reason = $4 AND f.status <> 'failed')
		 WHERE organisation_id = $1 AND change_id = $2 AND donation_id = $3 AND given_up = ''
		   AND EXISTS (SELECT FROM refund f
		                WHERE f.organisation_id = $1 AND f.donation_id = $3 AND f.reason = $4 AND f.status <> 'failed')`,
		r.OrganisationID, r.ChangeID, r.DonationID, r.Reason())
	if err != nil {
		return fmt.Errorf("return of gift %d: %w", r.DonationID, ledger.Classify(err))
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, ErrNotFound)
	}
	return nil
}

// ReturnByList hands a share that the payment service does not give back over to the treasurer's list.
func ReturnByList(ctx context.Context, tx *sqlx.Tx, r Return) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE change_return
		   SET way = 'hand', refund_id = NULL
		 WHERE organisation_id = $1 AND change_id = $2 AND donation_id = $3`, r.OrganisationID, r.ChangeID, r.DonationID)
	if err != nil {
		return fmt.Errorf("return of gift %d: %w", r.DonationID, ledger.Classify(err))
	}
	return nil
}

// ReturnInHand books that the treasurer has given a share back, by transfer or in cash, on a day; FitReceipt then keeps the receipt to what is left. Doing it again changes nothing. Invalid for a
// place or day that cannot be.
func ReturnInHand(ctx context.Context, tx *sqlx.Tx, organisationID, changeID, donationID int64, place int, by ledger.Actor, at time.Time, on ledger.Date) error {
	r, err := lockReturn(ctx, tx, organisationID, changeID, donationID)
	if err != nil || r.Done() {
		return err
	}
	if r.Waits() {
		return ledger.Invalid{"place": "refund.under_way"}
	}
	if err = ReturnByList(ctx, tx, r); err != nil {
		return err
	}
	if err = RefundInHand(ctx, tx, organisationID, donationID, r.Amount, place, by, at, on, r.Reason()); err != nil {
		return err
	}
	return ReturnAsked(ctx, tx, r)
}

// GiveUpReturn notes why a share cannot be given back. It stays with the group: of a stopped campaign it goes where the rest goes.
func GiveUpReturn(ctx context.Context, tx *sqlx.Tx, organisationID, changeID, donationID int64, why GivenUp, by ledger.Actor, at time.Time) error {
	r, err := lockReturn(ctx, tx, organisationID, changeID, donationID)
	if err != nil || r.Done() {
		return err
	}
	if why != Unreachable && why != Declined {
		return ledger.Invalid{"given_up": "field.unknown"}
	}
	if r.Waits() {
		return ledger.Invalid{"given_up": "refund.under_way"}
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE change_return
		   SET given_up = $4, refund_id = NULL
		 WHERE organisation_id = $1 AND change_id = $2 AND donation_id = $3`, organisationID, changeID, donationID, why)
	if err != nil {
		return fmt.Errorf("return of gift %d: %w", donationID, ledger.Classify(err))
	}
	change, err := FindChange(ctx, tx, organisationID, changeID)
	if err != nil {
		return err
	}
	if change.Kind == ChangeStop {
		c, err := lock(ctx, tx, organisationID, change.CampaignID)
		if err != nil {
			return err
		}
		key := fmt.Sprintf("stop-kept:%d", donationID)
		if err = transferRest(ctx, tx, c, change, change.RestFundID, r.Amount, key, "返せなかった分", by, at); err != nil {
			return err
		}
	}
	return ledger.Note(ctx, tx, organisationID, "donation", donationID, "return_given_up", by, at, "")
}

func lockReturn(ctx context.Context, tx *sqlx.Tx, organisationID, changeID, donationID int64) (Return, error) {
	if _, err := tx.ExecContext(ctx, `
		SELECT FROM change_return
		 WHERE organisation_id = $1 AND change_id = $2 AND donation_id = $3
		   FOR NO KEY UPDATE`, organisationID, changeID, donationID); err != nil {
		return Return{}, fmt.Errorf("return of gift %d: %w", donationID, err)
	}
	return FindReturn(ctx, tx, organisationID, changeID, donationID)
}
