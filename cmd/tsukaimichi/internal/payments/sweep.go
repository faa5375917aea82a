package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// lookBack is how far behind the last sweep the statement is read again: lines are dated up to days before they appear.
const lookBack = 72 * time.Hour

// Sweep looks at every payment page that waits and reads the account's statement since the last sweep, so that nothing depends on a webhook
// having come. It may run at any time and any number of times.
func (t *Till) Sweep(ctx context.Context, organisationID int64) error {
	a, err := t.account(ctx, organisationID)
	if errors.Is(err, ErrNoAccount) {
		return nil
	}
	if err != nil {
		return err
	}
	began := t.Now()
	refs, err := campaigns.WaitingAttempts(ctx, t.DB, organisationID)
	if err != nil {
		return err
	}
	var first error
	for _, ref := range refs {
		state, err := a.Look(ctx, ref)
		if err == nil {
			err = t.settle(ctx, organisationID, state)
		}
		if err != nil && first == nil {
			first = err
		}
	}
	since := began.Add(-30 * 24 * time.Hour)
	if a.swept.Valid {
		since = a.swept.Time.Add(-lookBack)
	}
	if err = t.bookSince(ctx, organisationID, a, since); err != nil {
		return errors.Join(first, err)
	}
	if first != nil {
		return first
	}
	_, err = t.DB.ExecContext(ctx, `
		UPDATE stripe_account
		   SET swept_until = greatest(swept_until, $2)
		 WHERE organisation_id = $1`, organisationID, began)
	if err != nil {
		return fmt.Errorf("sweep of organisation %d: %w", organisationID, err)
	}
	return nil
}

// bookSince books every line of the statement since an instant, each in a transaction of its own. A line booked before changes nothing.
func (t *Till) bookSince(ctx context.Context, organisationID int64, a account, since time.Time) error {
	return a.Movements(ctx, since, func(m campaigns.Movement) error {
		return ledger.InTx(ctx, t.DB, func(tx *sqlx.Tx) error {
			booked, err := campaigns.BookMovement(ctx, tx, organisationID, m, t.Now())
			if err != nil || !booked || m.Kind != campaigns.MovementCharge || m.DonationID == 0 {
				return err
			}
			d, err := campaigns.FindDonation(ctx, tx, organisationID, m.DonationID)
			if errors.Is(err, campaigns.ErrNotFound) {
				return nil // a person decides about it in 照合待ち
			}
			if err != nil {
				return err
			}
			return t.tell(ctx, tx, campaigns.Settled{Donation: d, NowPaid: d.Status == campaigns.Paid}, campaigns.CheckoutState{})
		})
	})
}
