package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Step is what was done to something: who, when, why.
type Step struct {
	Step   string    `db:"step"`
	Name   string    `db:"name"`
	At     time.Time `db:"at"`
	Reason string    `db:"reason"`
}

// Note keeps a step in the history of a subject such as "campaign" or "expense".
func Note(ctx context.Context, tx *sqlx.Tx, organisationID int64, subject string, subjectID int64, step string, by Actor, at time.Time, reason string) error {
	actor, err := ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO history (organisation_id, subject, subject_id, step, actor_id, at, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, organisationID, subject, subjectID, step, actor, at, reason)
	if err != nil {
		return fmt.Errorf("history of %s %d: %w", subject, subjectID, Classify(err))
	}
	return nil
}

// History returns the steps of a subject, the oldest first.
func History(ctx context.Context, q sqlx.QueryerContext, organisationID int64, subject string, subjectID int64) ([]Step, error) {
	var steps []Step
	err := sqlx.SelectContext(ctx, q, &steps, `
		SELECT h.step, a.name, h.at, h.reason
		  FROM history h
		  JOIN actor a ON a.organisation_id = h.organisation_id AND a.id = h.actor_id
		 WHERE h.organisation_id = $1 AND h.subject = $2 AND h.subject_id = $3
		 ORDER BY h.at, h.id`, organisationID, subject, subjectID)
	if err != nil {
		return nil, fmt.Errorf("history of %s %d: %w", subject, subjectID, err)
	}
	return steps, nil
}
