package erasing

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/news"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Eraser erases for all organisations. It is safe for concurrent use.
type Eraser struct {
	DB    *sqlx.DB
	Files *files.Store
	Now   func() time.Time
}

// Donor erases what is kept of a giver, in one database transaction, and returns until when the law keeps his receipts: the zero Date where
// nothing is left. Done again it erases what came since. campaigns.ErrNotFound if there is no such donor.
func (e *Eraser) Donor(ctx context.Context, organisationID, donorID int64, by ledger.Actor) (kept ledger.Date, err error) {
	err = ledger.InTx(ctx, e.DB, func(tx *sqlx.Tx) error {
		now := e.Now()
		donor, err := campaigns.FindDonor(ctx, tx, organisationID, donorID)
		if err != nil {
			return err
		}
		refs, err := campaigns.Refs(ctx, tx, organisationID, donorID)
		if err != nil {
			return err
		}
		if err = payments.EraseEvents(ctx, tx, organisationID, append(refs, donor.Mail, donor.Name)...); err != nil {
			return err
		}
		if err = e.letters(ctx, tx, organisationID, donor, now); err != nil {
			return err
		}
		if err = news.EraseAsker(ctx, tx, organisationID, donor.Name); err != nil {
			return err
		}
		kept, err = campaigns.EraseDonor(ctx, tx, organisationID, donorID, by, now)
		return err
	})
	return kept, err
}

// letters erases the letters to a giver; where somebody else has the same address, those about him alone.
func (e *Eraser) letters(ctx context.Context, tx *sqlx.Tx, organisationID int64, donor campaigns.Donor, now time.Time) error {
	if donor.Mail == "" {
		return nil
	}
	var shared bool
	err := tx.GetContext(ctx, &shared, `
		SELECT EXISTS (SELECT FROM donor WHERE organisation_id = $1 AND mail = $2 AND id <> $3)`, organisationID, donor.Mail, donor.ID)
	if err != nil {
		return fmt.Errorf("donor %d: %w", donor.ID, err)
	}
	if !shared {
		if err = news.EraseFollowers(ctx, tx, organisationID, donor.Mail, now); err != nil {
			return err
		}
		return mail.EraseRecipient(ctx, tx, organisationID, donor.Mail, now)
	}
	var keys []string // of letters, by who writes them
	err = tx.SelectContext(ctx, &keys, `
		SELECT unnest(ARRAY['report:%:' || $2::bigint, 'news:%:g' || $2::bigint])
		 UNION ALL
		SELECT unnest(ARRAY['change:' || a.change_id || ':' || a.id, 'change:' || a.change_id || ':' || a.id || ':%'])
		  FROM change_ask a
		 WHERE a.organisation_id = $1 AND a.donor_id = $2`, organisationID, donor.ID)
	if err != nil {
		return fmt.Errorf("donor %d: %w", donor.ID, err)
	}
	gifts, err := campaigns.DonationsOf(ctx, tx, organisationID, donor.ID)
	if err != nil {
		return err
	}
	for _, gift := range gifts {
		keys = append(keys, fmt.Sprintf("donation:%d:%%", gift))
		receipts, err := campaigns.ReceiptsOfGift(ctx, tx, organisationID, gift)
		if err != nil {
			return err
		}
		for _, receipt := range receipts {
			keys = append(keys, fmt.Sprintf("receipt:%d", receipt))
		}
	}
	return mail.EraseLetters(ctx, tx, organisationID, donor.Mail, keys, now)
}
