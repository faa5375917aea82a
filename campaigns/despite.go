package campaigns

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrReasonNeeded says that the organisation owes a report on another initiative: asking for money again needs a public reason.
var ErrReasonNeeded = errors.New("campaigns: a public reason is needed")

// MaxDespite is the most characters of a reason for asking again.
const MaxDespite = 1000

// mayAsk refuses a call while the same initiative owes a report whose day has passed, and while another one does without a reason; it keeps the reason.
func mayAsk(ctx context.Context, tx *sqlx.Tx, c Campaign, reason string, by ledger.Actor, at time.Time) error {
	overdue, err := Overdue(ctx, tx, c.OrganisationID, 0, ledger.DateOf(at))
	if err != nil || len(overdue) == 0 {
		return err
	}
	for _, late := range overdue {
		if late.InitiativeID == c.InitiativeID {
			return fmt.Errorf("campaign %d: %w", late.ID, ErrReportOverdue)
		}
	}
	if reason == "" {
		return fmt.Errorf("campaign %d: %w", overdue[0].ID, ErrReasonNeeded)
	}
	if utf8.RuneCountInString(reason) > MaxDespite {
		return ledger.Invalid{"despite": "field.too_long"}
	}
	actor, err := ledger.ActorID(ctx, tx, c.OrganisationID, by)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO announced_despite (organisation_id, campaign_id, reason, said_by, said_at)
		VALUES ($1, $2, $3, $4, $5)`, c.OrganisationID, c.ID, reason, actor, at)
	if err != nil {
		return fmt.Errorf("campaign %d: %w", c.ID, ledger.Classify(err))
	}
	return nil
}

// Despite is the reason a campaign was announced with although another report was owed, or "" where none was.
func Despite(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) (string, error) {
	var reason string
	err := sqlx.GetContext(ctx, q, &reason, `
		SELECT reason
		  FROM announced_despite
		 WHERE organisation_id = $1 AND campaign_id = $2`, organisationID, campaignID)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("campaign %d: %w", campaignID, err)
	}
	return reason, nil
}
