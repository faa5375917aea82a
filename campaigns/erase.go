package campaigns

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// EraseDonor removes what is personal of a giver, whose own row and gifts are emptied at once: name, reading, addresses, telephone, what the public saw, what he
// wrote, who told it, the pages of the payment service, reasons of refunds and memos. The private parts of his transactions in the log are
// closed. Yen, days and counts stay, and the numbers of receipts: they are the book's.
//
// A receipt that a 認定NPO法人 issued for tax relief keeps name and address, and its paper, as long as books have to be kept; the last such
// day is returned, the zero Date where nothing is kept. Done again it erases what came since. ErrNotFound if there is no such donor.
// Files go after the commit (ledger.DroppedFiles); mail and events of the payment service are erased by those who keep them, in the same
// database transaction.
func EraseDonor(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, by ledger.Actor, at time.Time) (ledger.Date, error) {
	wrapped := func(err error) (ledger.Date, error) {
		return ledger.Date{}, fmt.Errorf("donor %d: %w", id, ledger.Classify(err))
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE donor
		   SET name = '', kana = '', mail = '', postal_code = '', address = '', phone = '', erased_at = $3
		 WHERE organisation_id = $1 AND id = $2`, organisationID, id, at)
	if err != nil {
		return wrapped(err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return wrapped(errors.Join(err, ErrNotFound))
	}
	if err = emptyGifts(ctx, tx, organisationID, id, at); err != nil {
		return wrapped(err)
	}
	if err = closeTransactions(ctx, tx, organisationID, id, at); err != nil {
		return wrapped(err)
	}
	kept, err := eraseReceipts(ctx, tx, organisationID, id, at)
	if err != nil {
		return wrapped(err)
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return kept, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO erasure (organisation_id, donor_id, erased_at, erased_by, kept_until, finished_at)
		VALUES ($1, $2, $3, $4, $5::date, CASE WHEN $5::date IS NULL THEN $3::timestamptz END)
		    ON CONFLICT ON CONSTRAINT erasure_pkey DO UPDATE
		   SET erased_at = excluded.erased_at, erased_by = excluded.erased_by, kept_until = excluded.kept_until, finished_at = excluded.finished_at`,
		organisationID, id, at, actor, kept)
	if err != nil {
		return wrapped(err)
	}
	return kept, ledger.Note(ctx, tx, organisationID, "donor", id, "erased", by, at, "")
}

// emptyGifts takes away what stands on gifts, payment pages and refunds.
func emptyGifts(ctx context.Context, tx *sqlx.Tx, organisationID, donorID int64, at time.Time) error {
	if _, err := tx.ExecContext(ctx, `
		UPDATE donation
		   SET display = 'anonymous', display_name = '', message = '', wish = '', told_by = '', receipt_wanted = 'none', erased_at = $3
		 WHERE organisation_id = $1 AND donor_id = $2`, organisationID, donorID, at); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		UPDATE checkout c
		   SET url = CASE WHEN c.status = 'open' THEN c.url ELSE '' END, -- an open page can still be paid; its address names nobody
		       voucher_url = ''
		  FROM donation d
		 WHERE c.organisation_id = $1 AND d.organisation_id = c.organisation_id AND d.id = c.donation_id AND d.donor_id = $2`,
		organisationID, donorID); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE refund r
		   SET reason = $3
		  FROM donation d
		 WHERE r.organisation_id = $1 AND d.organisation_id = r.organisation_id AND d.id = r.donation_id AND d.donor_id = $2`,
		organisationID, donorID, ledger.ErasedName)
	return err
}

// closeTransactions empties the memos of the giver's transactions and closes their private parts in the log.
func closeTransactions(ctx context.Context, tx *sqlx.Tx, organisationID, donorID int64, at time.Time) error {
	var transactions []int64
	err := tx.SelectContext(ctx, &transactions, `
		SELECT t.id
		  FROM donation d
		  JOIN transaction t ON t.organisation_id = d.organisation_id AND t.donation_id = d.id
		 WHERE d.organisation_id = $1 AND d.donor_id = $2`, organisationID, donorID)
	if err != nil || len(transactions) == 0 {
		return err
	}
	if err = ledger.EraseMemo(ctx, tx, organisationID, at, transactions); err != nil {
		return err
	}
	_, err = chain.Forget(ctx, tx, organisationID, at, transactions...)
	return err
}

// receiptPaper is a receipt as erasing looks at it.
type receiptPaper struct {
	ID         int64       `db:"id"`
	Certified  bool        `db:"certified"`
	ReceivedOn ledger.Date `db:"received_on"`
	FileHash   []byte      `db:"file_hash"`
}

// eraseReceipts takes who gave off the receipts that need not be kept on the day, drops their papers, and returns the last day of those
// that do.
func eraseReceipts(ctx context.Context, tx *sqlx.Tx, organisationID, donorID int64, at time.Time) (ledger.Date, error) {
	var kept ledger.Date
	o, err := ledger.FindOrganisation(ctx, tx, organisationID)
	if err != nil {
		return kept, err
	}
	var papers []receiptPaper
	err = tx.SelectContext(ctx, &papers, `
		SELECT r.id, coalesce(r.payload ->> 'certified_number', '') <> '' AS certified, (r.payload ->> 'received_on')::date AS received_on, f.file_hash
		  FROM receipt r
		  JOIN donation d ON d.organisation_id = r.organisation_id AND d.id = r.donation_id
		  JOIN receipt_person p ON p.organisation_id = r.organisation_id AND p.receipt_id = r.id
		  LEFT JOIN receipt_file f ON f.organisation_id = r.organisation_id AND f.receipt_id = r.id AND f.erased_at IS NULL
		 WHERE r.organisation_id = $1 AND d.donor_id = $2 AND p.erased_at IS NULL`, organisationID, donorID)
	if err != nil {
		return kept, err
	}
	var free []int64
	for _, paper := range papers {
		until := o.KeptUntil(paper.ReceivedOn)
		if paper.Certified && !until.Before(ledger.DateOf(at)) {
			if until.After(kept) {
				kept = until
			}
			continue
		}
		free = append(free, paper.ID)
		if paper.FileHash != nil {
			if err = ledger.DropFile(ctx, tx, organisationID, "receipt", paper.FileHash, at); err != nil {
				return kept, err
			}
		}
	}
	return kept, emptyReceipts(ctx, tx, organisationID, free, at)
}

func emptyReceipts(ctx context.Context, tx *sqlx.Tx, organisationID int64, ids []int64, at time.Time) error {
	if _, err := tx.ExecContext(ctx, `
		UPDATE receipt_person
		   SET name = '', postal_code = '', address = '', erased_at = $3
		 WHERE organisation_id = $1 AND receipt_id = ANY ($2)`, organisationID, pq.Array(ids), at); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE receipt_file
		   SET erased_at = $3
		 WHERE organisation_id = $1 AND receipt_id = ANY ($2)`, organisationID, pq.Array(ids), at)
	return err
}
