package application

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Note is a word beside a field, or a task when it has a day or somebody who is to do it.
type Note struct {
	ID    int64       `db:"id"`
	Field string      `db:"field"` // empty: the whole
	Text  string      `db:"text"`
	DueOn ledger.Date `db:"task_due_on"`
	At    time.Time   `db:"at"`
	By    string      `db:"by"`
	Done  bool        `db:"done"`
	ForID int64       `db:"assigned_to"` // the person who is to do it; 0: nobody in particular
	For   string      `db:"assignee"`
}

// AddNote writes a note. It needs a text; ledger.Invalid otherwise.
func AddNote(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, n Note, by ledger.Actor, at time.Time) error {
	if n.Text = strings.TrimSpace(n.Text); n.Text == "" || len([]rune(n.Text)) > 1_000 {
		return ledger.Invalid{"text": "draft.note"}
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO application_note (organisation_id, application_id, field, text, task_due_on, at, written_by, assigned_to)
		VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8::bigint, 0))`, organisationID, id, n.Field, n.Text, n.DueOn, at, actor, n.ForID)
	if err != nil {
		return fmt.Errorf("note on application %d: %w", id, ledger.Classify(err))
	}
	return nil
}

// Finish ticks a note off.
func Finish(ctx context.Context, tx *sqlx.Tx, organisationID, applicationID, noteID int64, at time.Time) error {
	done, err := tx.ExecContext(ctx, `
		UPDATE application_note
		   SET done_at = $4
		 WHERE organisation_id = $1 AND application_id = $2 AND id = $3 AND done_at IS NULL`, organisationID, applicationID, noteID, at)
	if err != nil {
		return fmt.Errorf("note %d: %w", noteID, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return fmt.Errorf("note %d: %w", noteID, errors.Join(ErrNoDraft, err))
	}
	return nil
}

// Notes returns what was written beside the draft: what is open first, the oldest first.
func Notes(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) ([]Note, error) {
	var all []Note
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT n.id, n.field, n.text, n.task_due_on, n.at, a.name AS by, n.done_at IS NOT NULL AS done, coalesce(n.assigned_to, 0) AS assigned_to, coalesce(h.name, '') AS assignee
		  FROM application_note n
		  JOIN actor a ON a.organisation_id = n.organisation_id AND a.id = n.written_by
		  LEFT JOIN person h ON h.id = n.assigned_to
		 WHERE n.organisation_id = $1 AND n.application_id = $2
		 ORDER BY n.done_at IS NOT NULL, n.task_due_on NULLS LAST, n.id
		 LIMIT 500`, organisationID, id)
	if err != nil {
		return nil, fmt.Errorf("notes of application %d: %w", id, err)
	}
	return all, nil
}
