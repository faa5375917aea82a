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

// Erasure is how far a giver's erasing has come.
type Erasure struct {
	DonorID    int64       `db:"donor_id"`
	AskedAt    time.Time   `db:"asked_at"`    // by the giver himself; zero if he did not
	ErasedAt   time.Time   `db:"erased_at"`   // zero until then
	KeptUntil  ledger.Date `db:"kept_until"`  // receipts that have to be kept; zero for none
	FinishedAt time.Time   `db:"finished_at"` // nothing is left
}

// AskErasure notes that a giver wants his personal data erased, and reports whether that is new. ErrNotFound if there is no such donor.
func AskErasure(ctx context.Context, tx *sqlx.Tx, organisationID, donorID int64, at time.Time) (bool, error) {
	result, err := tx.ExecContext(ctx, `
		INSERT INTO erasure (organisation_id, donor_id, asked_at)
		VALUES ($1, $2, $3)
		    ON CONFLICT ON CONSTRAINT erasure_pkey DO NOTHING`, organisationID, donorID, at)
	if ledger.ConstraintName(err) == "erasure_donor_fkey" {
		return false, fmt.Errorf("donor %d: %w", donorID, ErrNotFound)
	}
	if err != nil {
		return false, fmt.Errorf("donor %d: %w", donorID, ledger.Classify(err))
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// FindErasure returns how far the erasing of a donor has come; the zero Erasure while nobody asked for it.
func FindErasure(ctx context.Context, q sqlx.QueryerContext, organisationID, donorID int64) (Erasure, error) {
	var e Erasure
	err := sqlx.GetContext(ctx, q, &e, `
		SELECT donor_id, coalesce(asked_at, '0001-01-01 00:00:00Z') AS asked_at, coalesce(erased_at, '0001-01-01 00:00:00Z') AS erased_at,
		       kept_until, coalesce(finished_at, '0001-01-01 00:00:00Z') AS finished_at
		  FROM erasure
		 WHERE organisation_id = $1 AND donor_id = $2`, organisationID, donorID)
	if errors.Is(err, sql.ErrNoRows) {
		return Erasure{}, nil
	}
	if err != nil {
		return e, fmt.Errorf("erasing of donor %d: %w", donorID, err)
	}
	return e, nil
}

// AskedErasure is a giver's wish that nobody has followed yet.
type AskedErasure struct {
	DonationID int64     `db:"donation_id"` // his latest gift
	AskedAt    time.Time `db:"asked_at"`
}

// AskedErasures returns the wishes that wait for somebody, the oldest first.
func AskedErasures(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]AskedErasure, error) {
	var all []AskedErasure
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT max(d.id) AS donation_id, e.asked_at
		  FROM erasure e
		  JOIN donation d ON d.organisation_id = e.organisation_id AND d.donor_id = e.donor_id
		 WHERE e.organisation_id = $1 AND e.finished_at IS NULL AND e.erased_at IS NULL
		 GROUP BY e.donor_id, e.asked_at
		 ORDER BY e.asked_at`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("erasures asked of organisation %d: %w", organisationID, err)
	}
	return all, nil
}

// KeptReceipts says what erasing a donor on a day would have to leave: how many receipts keep his name and address, and until when.
func KeptReceipts(ctx context.Context, q sqlx.QueryerContext, o ledger.Organisation, donorID int64, on ledger.Date) (n int, until ledger.Date, err error) {
	var days []ledger.Date
	err = sqlx.SelectContext(ctx, q, &days, `
		SELECT (r.payload ->> 'received_on')::date
		  FROM receipt r
		  JOIN donation d ON d.organisation_id = r.organisation_id AND d.id = r.donation_id
		  JOIN receipt_person p ON p.organisation_id = r.organisation_id AND p.receipt_id = r.id
		 WHERE r.organisation_id = $1 AND d.donor_id = $2 AND p.erased_at IS NULL AND coalesce(r.payload ->> 'certified_number', '') <> ''`, o.ID, donorID)
	if err != nil {
		return 0, until, fmt.Errorf("receipts of donor %d: %w", donorID, err)
	}
	for _, day := range days {
		if last := o.KeptUntil(day); !last.Before(on) {
			n++
			if last.After(until) {
				until = last
			}
		}
	}
	return n, until, nil
}
