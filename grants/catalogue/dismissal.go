package catalogue

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Dismiss says that a call is not for the group, and why. A later version of the call brings it back. Saying it again gives the newer reason.
func Dismiss(ctx context.Context, tx *sqlx.Tx, organisationID int64, o Opportunity, reason string, by ledger.Actor, at time.Time) error {
	if reason = strings.TrimSpace(reason); reason == "" || len([]rune(reason)) > 200 {
		return ledger.Invalid{"reason": "call.dismiss_reason"}
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO opportunity_dismissal (organisation_id, opportunity_id, version, reason, at, by)
		VALUES ($1, $2, $3, $4, $5, $6)
		    ON CONFLICT ON CONSTRAINT opportunity_dismissal_pkey DO UPDATE
		   SET version = excluded.version, reason = excluded.reason, at = excluded.at, by = excluded.by`,
		organisationID, o.ID, o.Version, reason, at, actor)
	if err != nil {
		return fmt.Errorf("opportunity %d: %w", o.ID, ledger.Classify(err))
	}
	return nil
}

// Dismissed returns the reasons of the calls an organisation does not want to see, by id, as long as no newer version was written.
func Dismissed(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (map[int64]string, error) {
	rows, err := q.QueryxContext(ctx, `
		SELECT d.opportunity_id, d.reason
		  FROM opportunity_dismissal d
		  JOIN opportunity o ON o.id = d.opportunity_id AND o.version = d.version
		 WHERE d.organisation_id = $1`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("dismissals: %w", err)
	}
	defer func() { _ = rows.Close() }()
	reasons := map[int64]string{}
	for rows.Next() {
		var id int64
		var reason string
		if err = rows.Scan(&id, &reason); err != nil {
			return nil, fmt.Errorf("dismissals: %w", err)
		}
		reasons[id] = reason
	}
	return reasons, rows.Err()
}

// Bring shows a dismissed call again.
func Bring(ctx context.Context, tx *sqlx.Tx, organisationID, id int64) error {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM opportunity_dismissal
		 WHERE organisation_id = $1 AND opportunity_id = $2`, organisationID, id)
	if err != nil {
		return fmt.Errorf("opportunity %d: %w", id, err)
	}
	return nil
}
