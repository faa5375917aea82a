package application

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Steps are what somebody can do alone who needs no coordinator any more, in the order of the work; each is a text key handover.step_….
var Steps = []string{"find", "sheet", "write", "texts", "budget", "sign", "send", "days", "ask"}

// Handover is a coordinator's giving what he has in hand to somebody of the group.
type Handover struct {
	ID       int64          `db:"id"`
	FromID   int64          `db:"from_person"`
	ToID     int64          `db:"to_person"`
	From     string         `db:"from_name"`
	To       string         `db:"to_name"`
	Words    string         `db:"words"`
	Drafts   int            `db:"drafts"` // how many passed
	Tasks    int            `db:"tasks"`
	EndsOn   ledger.Date    `db:"ends_on"` // the coordinator's last day; zero: his role goes on
	GivenAt  time.Time      `db:"given_at"`
	Learnt   pq.StringArray `db:"learnt"` // of Steps
	TakenAt  time.Time      `db:"taken_at"`
	TakenYet bool           `db:"taken"`
}

// ErrNoHandover says that the organisation has no such hand-over, or that it was given to somebody else.
var ErrNoHandover = errors.New("application: no such hand-over")

// HandOver passes every draft that can still be handed in and every open task from one person to another: those he has in hand, and drafts that nobody has. What was
// passed is counted. ledger.Invalid when both are one person, or the words are too long.
func HandOver(ctx context.Context, tx *sqlx.Tx, organisationID int64, h Handover, by ledger.Actor, at time.Time) (Handover, error) {
	bad := ledger.Invalid{}
	bad.Need(h.ToID > 0 && h.ToID != h.FromID, "to", "handover.to")
	bad.Need(len([]rune(h.Words)) <= 2_000, "words", "handover.words")
	bad.Need(h.EndsOn.IsZero() || !h.EndsOn.Before(ledger.DateOf(at)), "ends_on", "handover.ends_on")
	if len(bad) > 0 {
		return h, bad
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return h, err
	}
	h.Drafts, err = count(tx.ExecContext(ctx, `
		UPDATE application
		   SET held_by = $3
		 WHERE organisation_id = $1 AND (held_by = $2 OR held_by IS NULL) AND status IN ('draft', 'review', 'approved')`, organisationID, h.FromID, h.ToID))
	if err != nil {
		return h, fmt.Errorf("hand-over: %w", err)
	}
	h.Tasks, err = count(tx.ExecContext(ctx, `
		UPDATE application_note
		   SET assigned_to = $3
		 WHERE organisation_id = $1 AND assigned_to = $2 AND done_at IS NULL`, organisationID, h.FromID, h.ToID))
	if err != nil {
		return h, fmt.Errorf("hand-over: %w", err)
	}
	err = tx.GetContext(ctx, &h.ID, `
		INSERT INTO handover (organisation_id, from_person, to_person, words, drafts, tasks, ends_on, given_at, given_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		RETURNING id`, organisationID, h.FromID, h.ToID, strings.TrimSpace(h.Words), h.Drafts, h.Tasks, h.EndsOn, at, actor)
	if err != nil {
		return h, fmt.Errorf("hand-over: %w", ledger.Classify(err))
	}
	return h, nil
}

// Learn keeps what the person who takes over can do alone, and that he took it. ErrNoHandover when it was not given to him.
func Learn(ctx context.Context, tx *sqlx.Tx, organisationID, id, personID int64, learnt []string, at time.Time) error {
	known := []string{}
	for _, step := range Steps {
		if slices.Contains(learnt, step) {
			known = append(known, step)
		}
	}
	n, err := count(tx.ExecContext(ctx, `
		UPDATE handover
		   SET learnt = $4, taken_at = coalesce(taken_at, $5)
		 WHERE organisation_id = $1 AND id = $2 AND to_person = $3`, organisationID, id, personID, pq.Array(known), at))
	if err == nil && n == 0 {
		err = ErrNoHandover
	}
	if err != nil {
		return fmt.Errorf("hand-over %d: %w", id, err)
	}
	return nil
}

// Handovers returns what was handed over in an organisation, the newest first.
func Handovers(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Handover, error) {
	var all []Handover
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT h.id, h.from_person, h.to_person, f.name AS from_name, t.name AS to_name, h.words, h.drafts, h.tasks, h.ends_on, h.given_at, h.learnt,
		       coalesce(h.taken_at, h.given_at) AS taken_at, h.taken_at IS NOT NULL AS taken
		  FROM handover h
		  JOIN person f ON f.id = h.from_person
		  JOIN person t ON t.id = h.to_person
		 WHERE h.organisation_id = $1
		 ORDER BY h.given_at DESC, h.id DESC
		 LIMIT 50`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("hand-overs: %w", err)
	}
	return all, nil
}

// count is how many rows a statement changed.
func count(done interface{ RowsAffected() (int64, error) }, err error) (int, error) {
	if err != nil {
		return 0, ledger.Classify(err)
	}
	n, err := done.RowsAffected()
	return int(n), err
}
