package news

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// EraseFollowers forgets an address wherever it follows a campaign of the organisation. It is part of erasing its holder.
func EraseFollowers(ctx context.Context, tx *sqlx.Tx, organisationID int64, mail string, at time.Time) error {
	_, err := tx.ExecContext(ctx, endFollower+`
		 WHERE organisation_id = $1 AND mail = $3 AND status <> 'ended'`, organisationID, at, mail)
	if err != nil {
		return fmt.Errorf("followers: %w", ledger.Classify(err))
	}
	return nil
}

// EraseAsker empties a name under all questions of the organisation that carry it. What was asked and answered stays.
func EraseAsker(ctx context.Context, tx *sqlx.Tx, organisationID int64, name string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE question
		   SET name = ''
		 WHERE organisation_id = $1 AND name = $2 AND name <> ''`, organisationID, name)
	if err != nil {
		return fmt.Errorf("questions: %w", ledger.Classify(err))
	}
	return nil
}

// EraseName empties the name under one question.
func EraseName(ctx context.Context, tx *sqlx.Tx, organisationID, id int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE question
		   SET name = ''
		 WHERE organisation_id = $1 AND id = $2`, organisationID, id)
	if err != nil {
		return fmt.Errorf("question %d: %w", id, ledger.Classify(err))
	}
	return nil
}

// EraseDue erases what has passed its keeping time in an organisation: addresses that were not confirmed within a day; those of followers a year
// after their campaign was reported or stopped; names under questions a year after the answer; all of a question that is not shown, or that
// nobody decided on for a year, thirty days after that.
func EraseDue(ctx context.Context, tx *sqlx.Tx, organisationID int64, at time.Time) error {
	year := at.AddDate(-1, 0, 0)
	for _, due := range []struct {
		query string
		args  []any
	}{
		{endFollower + `
		 WHERE organisation_id = $1 AND status = 'pending' AND expires_at <= $2`, []any{at}},
		{endFollower + `
		 WHERE organisation_id = $1 AND status <> 'ended'
		   AND EXISTS (SELECT FROM campaign c
		                 JOIN history h ON h.organisation_id = c.organisation_id AND h.subject = 'campaign' AND h.subject_id = c.id AND h.step = c.status
		                WHERE c.organisation_id = $1 AND c.id = follower.campaign_id AND c.status IN ('reported', 'stopped') AND h.at <= $3)`, []any{at, year}},
		{`
		UPDATE question
		   SET name = ''
		 WHERE organisation_id = $1 AND status = 'answered' AND name <> '' AND decided_at <= $2`, []any{year}},
		{`
		UPDATE question
		   SET name = '', text = '', answer = '', erased_at = $2
		 WHERE organisation_id = $1 AND erased_at IS NULL
		   AND ((status = 'declined' AND decided_at <= $3) OR (status = 'waiting' AND asked_at <= $4))`, []any{at, at.AddDate(0, 0, -30), year}},
	} {
		if _, err := tx.ExecContext(ctx, due.query, append([]any{organisationID}, due.args...)...); err != nil {
			return fmt.Errorf("news past its time of organisation %d: %w", organisationID, ledger.Classify(err))
		}
	}
	return nil
}
