package ledger

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// InTx runs fn in one database transaction: committed when fn returns nil, rolled back on an error or a panic.
// A serialization failure, a deadlock or a period closing meanwhile runs fn again, five times at most, so fn
// must do nothing that a rollback does not undo.
func InTx(ctx context.Context, db *sqlx.DB, fn func(tx *sqlx.Tx) error) error {
	var err error
	for range 5 {
		if err = once(ctx, db, fn); !retryable(err) {
			return err
		}
	}
	return err
}

func once(ctx context.Context, db *sqlx.DB, fn func(tx *sqlx.Tx) error) (err error) {
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	done := false
	defer func() {
		if !done {
			_ = tx.Rollback() // the error or panic that led here is the one to report
		}
	}()
	if err = fn(tx); err != nil {
		return err
	}
	done = true
	if err = tx.Commit(); err != nil {
		return Classify(fmt.Errorf("commit: %w", err))
	}
	return nil
}
