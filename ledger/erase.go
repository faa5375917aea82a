package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// keptYears is how long the books and what proves them are kept, from the day the accounts of their year are due: seven years, as 法人税法施行規則
// 第59条・第67条 ask of whoever files, and longer than the five of 特定非営利活動促進法第54条 for the list of givers.
const keptYears = 7

// KeptUntil is the last day on which a paper of the books of a day has to be kept: seven years from two months after the end of its fiscal year.
func (o Organisation) KeptUntil(on Date) Date {
	begin := o.FiscalYear(on)
	return NewDate(begin.Year()+1+keptYears, begin.Month()+2, 1).AddDays(-1)
}

// keptSince is the latest day whose papers need not be kept any more: all of its fiscal year are free on that day.
func (o Organisation) keptSince(on Date) Date {
	for year := on.Year() - keptYears; ; year-- {
		last := NewDate(year, time.Month(o.FiscalMonth), 1).AddDays(-1)
		if o.KeptUntil(last).Before(on) {
			return last
		}
	}
}

// DroppedFile is a file of the store that no row needs any more.
type DroppedFile struct {
	Kind string `db:"kind"` // of the store
	Hash []byte `db:"file_hash"`
}

// DropFile says, in the same database transaction as the last row that needed it goes, that a file of the store can go. Who else names the same
// bytes is looked at when it goes.
func DropFile(ctx context.Context, tx *sqlx.Tx, organisationID int64, kind string, hash []byte, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO dropped_file (organisation_id, kind, file_hash, dropped_at)
		VALUES ($1, $2, $3, $4)
		    ON CONFLICT ON CONSTRAINT dropped_file_pkey DO UPDATE SET dropped_at = excluded.dropped_at, gone_at = NULL`, organisationID, kind, hash, at)
	if err != nil {
		return fmt.Errorf("file %x: %w", hash, Classify(err))
	}
	return nil
}

// DroppedFiles returns the files that wait to go, a hundred at most.
func DroppedFiles(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]DroppedFile, error) {
	var all []DroppedFile
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT kind, file_hash
		  FROM dropped_file
		 WHERE organisation_id = $1 AND gone_at IS NULL
		 ORDER BY dropped_at
		 LIMIT 100`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("dropped files of organisation %d: %w", organisationID, err)
	}
	return all, nil
}

// FileGone notes that the bytes of a dropped file are gone.
func FileGone(ctx context.Context, db sqlx.ExecerContext, organisationID int64, f DroppedFile, at time.Time) error {
	_, err := db.ExecContext(ctx, `
		UPDATE dropped_file
		   SET gone_at = $4
		 WHERE organisation_id = $1 AND kind = $2 AND file_hash = $3`, organisationID, f.Kind, f.Hash, at)
	if err != nil {
		return fmt.Errorf("file %x: %w", f.Hash, Classify(err))
	}
	return nil
}

// ErasedName stands for a counterparty whose name was erased.
const ErasedName = "（消しました）"

// EraseCounterparty takes away the name of whoever was paid or paid. What names him in the log has to be closed in the same database transaction:
// chain.ForgetCounterparty. ErrNotFound if there is none of that id, or it was erased before.
func EraseCounterparty(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, by Actor, at time.Time) error {
	result, err := tx.ExecContext(ctx, `
		UPDATE counterparty
		   SET name = $3, erased_at = $4
		 WHERE organisation_id = $1 AND id = $2 AND erased_at IS NULL`, organisationID, id, ErasedName, at)
	if err != nil {
		return fmt.Errorf("counterparty %d: %w", id, Classify(err))
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("counterparty %d: %w", id, ErrNotFound))
	}
	return Note(ctx, tx, organisationID, "counterparty", id, "erased", by, at, "")
}

// EraseMemo empties what was written beside transactions. What held it in the log has to be closed in the same database transaction: chain.Forget.
func EraseMemo(ctx context.Context, tx *sqlx.Tx, organisationID int64, at time.Time, transactionIDs []int64) error {
	for _, id := range transactionIDs {
		_, err := tx.ExecContext(ctx, `
			UPDATE memo
			   SET text = '', erased_at = $3
			 WHERE organisation_id = $1 AND transaction_id = $2 AND erased_at IS NULL`, organisationID, id, at)
		if err != nil {
			return fmt.Errorf("memo of transaction %d: %w", id, Classify(err))
		}
	}
	return nil
}

// EraseEvidence lets the bytes of a paper go; its row and hash stay, so that the log still holds that it was there.
func EraseEvidence(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, at time.Time) error {
	v, err := FindEvidence(ctx, tx, organisationID, id)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE evidence
		   SET erased_at = $3
		 WHERE organisation_id = $1 AND id = $2`, organisationID, id, at)
	if err != nil {
		return fmt.Errorf("evidence %d: %w", id, Classify(err))
	}
	return DropFile(ctx, tx, organisationID, "evidence", v.FileHash, at)
}
