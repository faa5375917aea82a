package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Use is one purpose of one fund, with a planned amount: a stated use of a campaign or a budget line of an award.
type Use struct {
	OrganisationID int64  `db:"organisation_id"`
	ID             int64  `db:"id"`
	FundID         int64  `db:"fund_id"`
	Position       int    `db:"position"` // also the priority, 1 first
	Name           string `db:"name"`
	Planned        Yen    `db:"planned"`
	DueOn          Date   `db:"due_on"`
}

// StateUse adds a use to a fund and returns its id.
func StateUse(ctx context.Context, tx *sqlx.Tx, u Use) (int64, error) {
	var id int64
	err := tx.GetContext(ctx, &id, `
		INSERT INTO use (organisation_id, fund_id, position, name, planned, due_on)
		VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING id`, u.OrganisationID, u.FundID, u.Position, u.Name, u.Planned, u.DueOn)
	if err != nil {
		return 0, fmt.Errorf("use: %w", Classify(err))
	}
	return id, nil
}

// RestateUse gives a use the place, name, amount and day that a new version of its plan states. What was booked on it stays.
func RestateUse(ctx context.Context, tx *sqlx.Tx, u Use) error {
	result, err := tx.ExecContext(ctx, `
		UPDATE use
		   SET position = $4, name = $5, planned = $6, due_on = $7
		 WHERE organisation_id = $1 AND fund_id = $2 AND id = $3`, u.OrganisationID, u.FundID, u.ID, u.Position, u.Name, u.Planned, u.DueOn)
	if err != nil {
		return fmt.Errorf("use %d: %w", u.ID, Classify(err))
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("use %d: %w", u.ID, ErrNotFound))
	}
	return nil
}

// Uses returns the uses of a fund in their declared priority.
func Uses(ctx context.Context, q sqlx.QueryerContext, organisationID, fundID int64) ([]Use, error) {
	var uses []Use
	err := sqlx.SelectContext(ctx, q, &uses, `
		SELECT organisation_id, id, fund_id, position, name, planned, due_on
		  FROM use
		 WHERE organisation_id = $1 AND fund_id = $2
		 ORDER BY position`, organisationID, fundID)
	if err != nil {
		return nil, fmt.Errorf("uses of fund %d: %w", fundID, err)
	}
	return uses, nil
}
