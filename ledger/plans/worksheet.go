package plans

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Worksheet is one plan as it stands.
type Worksheet struct {
	OrganisationID int64
	ID             int64
	InitiativeID   int64 // 0: not yet an initiative
	Title          string
	Revision       int // of the autosave
	Body           Body
	Notes          string // confidential
	SavedAt        time.Time
	SavedBy        string // the name at that time
	Closed         bool
}

// ErrNoWorksheet says that the organisation has no such sheet.
var ErrNoWorksheet = errors.New("plans: no such worksheet")

// ErrClosed says that the sheet was put away: it is read, and written on once it is taken out again.
var ErrClosed = errors.New("plans: the worksheet is put away")

// ErrConflict says that somebody else saved in between. The newer sheet comes with it; what was not saved is still in the caller's hands.
var ErrConflict = errors.New("plans: saved by somebody else meanwhile")

// Start opens a sheet and returns its id. It needs a title and a body that Check accepts; ledger.Invalid otherwise.
func Start(ctx context.Context, tx *sqlx.Tx, w Worksheet, by ledger.Actor, at time.Time) (int64, error) {
	body, err := w.encode()
	if err != nil {
		return 0, err
	}
	actor, err := ledger.ActorID(ctx, tx, w.OrganisationID, by)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO worksheet (organisation_id, initiative_id, title, body, notes, saved_at, saved_by)
		VALUES ($1, nullif($2::bigint, 0), $3, $4, $5, $6, $7)
		RETURNING id`, w.OrganisationID, w.InitiativeID, w.Title, body, w.Notes, at, actor)
	if err != nil {
		return 0, fmt.Errorf("worksheet: %w", ledger.Classify(err))
	}
	return id, nil
}

// Save keeps what was written, if the sheet is still at the revision it was written on, and returns the new revision. ErrConflict comes with the sheet as
// somebody else saved it, and so does ErrClosed.
func Save(ctx context.Context, tx *sqlx.Tx, w Worksheet, by ledger.Actor, at time.Time) (Worksheet, error) {
	body, err := w.encode()
	if err != nil {
		return w, err
	}
	actor, err := ledger.ActorID(ctx, tx, w.OrganisationID, by)
	if err != nil {
		return w, err
	}
	err = tx.GetContext(ctx, &w.Revision, `
		UPDATE worksheet
		   SET title = $3, body = $4, notes = $5, initiative_id = nullif($6::bigint, 0), revision = revision + 1, saved_at = $7, saved_by = $8
		 WHERE organisation_id = $1 AND id = $2 AND revision = $9 AND closed_at IS NULL
		RETURNING revision`, w.OrganisationID, w.ID, w.Title, body, w.Notes, w.InitiativeID, at, actor, w.Revision)
	if errors.Is(err, sql.ErrNoRows) {
		now, err := Find(ctx, tx, w.OrganisationID, w.ID)
		switch {
		case err == nil && now.Closed:
			err = ErrClosed
		case err == nil:
			err = ErrConflict
		}
		return now, fmt.Errorf("worksheet %d: %w", w.ID, err)
	}
	if err != nil {
		return w, fmt.Errorf("worksheet %d: %w", w.ID, ledger.Classify(err))
	}
	w.SavedAt, w.SavedBy = at, by.Name
	return w, nil
}

// Close puts a sheet away; it can be read for ever. One that is away stays so. ErrNoWorksheet when the organisation has none of that id.
func Close(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, at time.Time) error {
	return putAway(ctx, tx, organisationID, id, &at)
}

// Reopen takes a sheet out again, to be written on. One that lies open stays so. ErrNoWorksheet when the organisation has none of that id.
func Reopen(ctx context.Context, tx *sqlx.Tx, organisationID, id int64) error {
	return putAway(ctx, tx, organisationID, id, nil)
}

// putAway notes since when a sheet is away, the first instant of two; with none it lies open.
func putAway(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, at *time.Time) error {
	done, err := tx.ExecContext(ctx, `
		UPDATE worksheet
		   SET closed_at = CASE WHEN $3::timestamptz IS NULL THEN NULL ELSE coalesce(closed_at, $3) END
		 WHERE organisation_id = $1 AND id = $2`, organisationID, id, at)
	if err != nil {
		return fmt.Errorf("worksheet %d: %w", id, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return fmt.Errorf("worksheet %d: %w", id, errors.Join(ErrNoWorksheet, err))
	}
	return nil
}

func (w Worksheet) encode() (string, error) {
	bad := w.Body.Check()
	if w.Title = strings.TrimSpace(w.Title); w.Title == "" || len([]rune(w.Title)) > 80 {
		bad["title"] = "plan.title"
	}
	if len([]rune(w.Notes)) > longestText {
		bad["notes"] = "plan.text_too_long"
	}
	if len(bad) > 0 {
		return "", bad
	}
	body, err := json.Marshal(w.Body)
	return string(body), err
}

const selectWorksheet = `
	SELECT w.organisation_id, w.id, coalesce(w.initiative_id, 0) AS initiative_id, w.title, w.revision, w.body, w.notes, w.saved_at,
	       a.name AS saved_by, w.closed_at IS NOT NULL AS closed
	  FROM worksheet w
	  JOIN actor a ON a.organisation_id = w.organisation_id AND a.id = w.saved_by
	 WHERE w.organisation_id = $1`

// Find returns a sheet; ErrNoWorksheet when the organisation has none of that id.
func Find(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Worksheet, error) {
	all, err := list(ctx, q, selectWorksheet+` AND w.id = $2`, organisationID, id)
	if err == nil && len(all) == 0 {
		err = ErrNoWorksheet
	}
	if err != nil {
		return Worksheet{}, fmt.Errorf("worksheet %d: %w", id, err)
	}
	return all[0], nil
}

// List returns the organisation's sheets, the last saved first, closed ones after the others.
func List(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Worksheet, error) {
	all, err := list(ctx, q, selectWorksheet+` ORDER BY w.closed_at IS NOT NULL, w.saved_at DESC LIMIT 500`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("worksheets: %w", err)
	}
	return all, nil
}

func list(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) ([]Worksheet, error) {
	rows, err := q.QueryxContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []Worksheet
	for rows.Next() {
		var w Worksheet
		var body []byte
		if err = rows.Scan(&w.OrganisationID, &w.ID, &w.InitiativeID, &w.Title, &w.Revision, &body, &w.Notes, &w.SavedAt, &w.SavedBy, &w.Closed); err != nil {
			return nil, err
		}
		if err = json.Unmarshal(body, &w.Body); err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, rows.Err()
}
