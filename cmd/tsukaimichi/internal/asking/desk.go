package asking

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Job is the kind of the job that does what a change waits for; its id is the change that was just published or withdrawn.
const Job = "changes"

// Desk asks for all organisations. It is safe for concurrent use. All fields are needed.
type Desk struct {
	DB   *sqlx.DB
	Till *payments.Till
	Now  func() time.Time
	Site string // where our own pages are, without a slash at the end
	Key  []byte // of private links
}

// Secret makes the secrets of an organisation's links.
func Secret(key []byte, organisationID int64) campaigns.Secret {
	return func(name string) string {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte("choice " + strconv.FormatInt(organisationID, 10) + " " + name))
		return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
}

// Path is where a giver answers a question.
func Path(secret campaigns.Secret, a campaigns.Ask) string {
	return fmt.Sprintf("/choice/%d/%s", a.OrganisationID, secret(a.Secret()))
}

// Turn does for an organisation what is due now: letters, decisions, refunds. A change that is named and was withdrawn is told as well. Doing it again
// changes nothing.
func (d *Desk) Turn(ctx context.Context, organisationID, changeID int64) error {
	if changeID > 0 {
		err := ledger.InTx(ctx, d.DB, func(tx *sqlx.Tx) error { return d.tellEnd(ctx, tx, changeID, organisationID) })
		if err != nil {
			return err
		}
	}
	changes, err := campaigns.OpenChanges(ctx, d.DB, organisationID)
	if err != nil {
		return err
	}
	for _, change := range changes {
		if err = d.tell(ctx, change); err != nil {
			return err
		}
		if change.Takes(d.Now()) {
			continue
		}
		err = ledger.InTx(ctx, d.DB, func(tx *sqlx.Tx) error {
			if _, err := campaigns.Decide(ctx, tx, organisationID, change.ID, d.Now()); err != nil {
				return err
			}
			return d.tellEnd(ctx, tx, change.ID, organisationID)
		})
		if err != nil {
			return err
		}
	}
	return d.giveBack(ctx, organisationID)
}

// giveBack has the payment service give back what goes back that way.
func (d *Desk) giveBack(ctx context.Context, organisationID int64) error {
	returns, err := campaigns.OnlineReturns(ctx, d.DB, organisationID)
	if err != nil {
		return err
	}
	var first error
	for _, r := range returns {
		if err := d.giveBackOne(ctx, r); err != nil && first == nil {
			first = fmt.Errorf("return of gift %d: %w", r.DonationID, err)
		}
	}
	return first
}

func (d *Desk) giveBackOne(ctx context.Context, r campaigns.Return) error {
	if asked, err := d.noteRefund(ctx, r); err != nil || asked {
		return err // asked before, and the answer was lost
	}
	gift, err := campaigns.FindDonation(ctx, d.DB, r.OrganisationID, r.DonationID)
	if err != nil {
		return err
	}
	err = d.Till.Refund(ctx, payments.RefundWish{
		OrganisationID: r.OrganisationID, DonationID: r.DonationID, Amount: r.Amount, Before: gift.Refunded, Reason: r.Reason(), By: ledger.BySystem("寄付した方の答え"),
	})
	var invalid ledger.Invalid
	switch {
	case err == nil:
		_, err = d.noteRefund(ctx, r)
		return err
	case errors.Is(err, payments.ErrAskedBefore), errors.As(err, &invalid) && invalid["amount"] == "refund.under_way":
		return nil // another refund of the gift is under way: the next turn comes back
	case errors.Is(err, payments.ErrNoAccount), errors.As(err, &invalid):
		return ledger.InTx(ctx, d.DB, func(tx *sqlx.Tx) error { return campaigns.ReturnByList(ctx, tx, r) })
	}
	return err
}

// noteRefund keeps the refund by which a share goes back, if there is one.
func (d *Desk) noteRefund(ctx context.Context, r campaigns.Return) (bool, error) {
	err := ledger.InTx(ctx, d.DB, func(tx *sqlx.Tx) error { return campaigns.ReturnAsked(ctx, tx, r) })
	if errors.Is(err, campaigns.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
