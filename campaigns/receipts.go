package campaigns

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// FindReceipt returns a receipt, or ErrNotFound. Who gave is empty once it was erased.
func FindReceipt(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Receipt, error) {
	r := Receipt{OrganisationID: organisationID, ID: id}
	var frozen []byte
	var name, postalCode, address string
	err := q.QueryRowxContext(ctx, `
		SELECT r.donation_id, r.year, r.number, r.branch, r.issued_on, r.payload, coalesce(v.reason, ''),
		       CASE WHEN p.erased_at IS NULL THEN f.file_hash END, p.erased_at IS NOT NULL, coalesce(f.missing, ''), f.sent_at IS NOT NULL, p.name, p.postal_code, p.address
		  FROM receipt r
		  JOIN receipt_person p ON p.organisation_id = r.organisation_id AND p.receipt_id = r.id
		  LEFT JOIN receipt_void v ON v.organisation_id = r.organisation_id AND v.receipt_id = r.id
		  LEFT JOIN receipt_file f ON f.organisation_id = r.organisation_id AND f.receipt_id = r.id
		 WHERE r.organisation_id = $1 AND r.id = $2`, organisationID, id).
		Scan(&r.DonationID, &r.Year, &r.Number, &r.Branch, &r.IssuedOn, &frozen, &r.VoidedWhy, &r.FileHash, &r.Erased, &r.Missing, &r.Sent,
			&name, &postalCode, &address)
	if errors.Is(err, sql.ErrNoRows) {
		return r, ErrNotFound
	}
	if err != nil {
		return r, fmt.Errorf("receipt %d: %w", id, err)
	}
	if err = json.Unmarshal(frozen, &r.Payload); err != nil {
		return r, fmt.Errorf("receipt %d: %w", id, err)
	}
	r.Payload.DonorName, r.Payload.DonorPostalCode, r.Payload.DonorAddress = name, postalCode, address
	return r, nil
}

// ReceiptsOfGift returns the ids of a gift's receipts, the latest first.
func ReceiptsOfGift(ctx context.Context, q sqlx.QueryerContext, organisationID, donationID int64) ([]int64, error) {
	var ids []int64
	err := sqlx.SelectContext(ctx, q, &ids, `
		SELECT id
		  FROM receipt
		 WHERE organisation_id = $1 AND donation_id = $2
		 ORDER BY branch DESC`, organisationID, donationID)
	if err != nil {
		return nil, fmt.Errorf("receipts of donation %d: %w", donationID, err)
	}
	return ids, nil
}

// PaperMade notes the file of a receipt and the characters it could not print. The first file stays.
func PaperMade(ctx context.Context, tx *sqlx.Tx, organisationID, receiptID int64, hash []byte, missing string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO receipt_file (organisation_id, receipt_id, file_hash, missing, made_at)
		VALUES ($1, $2, $3, $4, $5)
		    ON CONFLICT ON CONSTRAINT receipt_file_pkey DO NOTHING`, organisationID, receiptID, hash, missing, at)
	if err != nil {
		return fmt.Errorf("receipt %d: %w", receiptID, ledger.Classify(err))
	}
	return nil
}

// PaperSent notes that the receipt went to the giver, and reports whether this call noted it first.
func PaperSent(ctx context.Context, tx *sqlx.Tx, organisationID, receiptID int64, at time.Time) (bool, error) {
	result, err := tx.ExecContext(ctx, `
		UPDATE receipt_file
		   SET sent_at = $3
		 WHERE organisation_id = $1 AND receipt_id = $2 AND sent_at IS NULL`, organisationID, receiptID, at)
	if err != nil {
		return false, fmt.Errorf("receipt %d: %w", receiptID, ledger.Classify(err))
	}
	n, err := result.RowsAffected()
	return n == 1, err
}
