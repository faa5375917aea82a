package application

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Author is who works on a form, with the name at that time. Forms are of the installation and know no organisation.
type Author struct {
	PersonID int64
	Name     string
}

// FormDraft is a form in the making.
type FormDraft struct {
	ID       int64
	Form     template.Version
	Revision int
	SavedAt  time.Time
	SavedBy  string
}

// ErrNoFormDraft says that there is no such form in the making: it was never begun, or it is published or put away.
var ErrNoFormDraft = errors.New("application: no such form in the making")

// BeginForm begins a form and returns the id of the draft. It needs a key, a version and a title; ledger.Invalid otherwise.
func BeginForm(ctx context.Context, tx *sqlx.Tx, v template.Version, by Author, at time.Time) (int64, error) {
	if err := fitsHead(v); err != nil {
		return 0, err
	}
	body, err := json.Marshal(v)
	if err != nil {
		return 0, err
	}
	var id int64
	err = tx.GetContext(ctx, &id, `
		INSERT INTO form_draft (body, begun_at, saved_at, person_id, person_name)
		VALUES ($1, $2, $2, $3, $4)
		RETURNING id`, string(body), at, by.PersonID, by.Name)
	if err != nil {
		return 0, fmt.Errorf("form draft: %w", ledger.Classify(err))
	}
	return id, nil
}

func fitsHead(v template.Version) error {
	bad := ledger.Invalid{}
	bad.Need(template.ValidKey(v.Key), "key", "template.key_form")
	bad.Need(v.Version != "" && len(v.Version) <= 20, "version", "template.version_form")
	bad.Need(v.Title != "" && len([]rune(v.Title)) <= 120, "title", "template.form_title")
	return bad.Err()
}

// FindFormDraft returns a form in the making; ErrNoFormDraft when there is none.
func FindFormDraft(ctx context.Context, q sqlx.QueryerContext, id int64) (FormDraft, error) {
	all, err := formDrafts(ctx, q, `
		SELECT id, body, revision, saved_at, person_name
		  FROM form_draft
		 WHERE id = $1 AND closed_at IS NULL`, id)
	if err == nil && len(all) == 0 {
		err = ErrNoFormDraft
	}
	if err != nil {
		return FormDraft{}, fmt.Errorf("form draft %d: %w", id, err)
	}
	return all[0], nil
}

// FormDrafts returns all forms in the making, the last saved first.
func FormDrafts(ctx context.Context, q sqlx.QueryerContext) ([]FormDraft, error) {
	all, err := formDrafts(ctx, q, `
		SELECT id, body, revision, saved_at, person_name
		  FROM form_draft
		 WHERE closed_at IS NULL
		 ORDER BY saved_at DESC, id DESC
		 LIMIT 200`)
	if err != nil {
		return nil, fmt.Errorf("form drafts: %w", err)
	}
	return all, nil
}

func formDrafts(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) ([]FormDraft, error) {
	rows, err := q.QueryxContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []FormDraft
	for rows.Next() {
		var d FormDraft
		var body []byte
		if err = rows.Scan(&d.ID, &body, &d.Revision, &d.SavedAt, &d.SavedBy); err == nil {
			err = json.Unmarshal(body, &d.Form)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, rows.Err()
}

// EditForm carries out an edit on the form as it stands then: two people in two fields do not undo each other. An error of the edit comes back, and nothing is
// kept. It returns the form afterwards.
func EditForm(ctx context.Context, tx *sqlx.Tx, id int64, edit func(*template.Version) error, by Author, at time.Time) (FormDraft, error) {
	d, err := lockFormDraft(ctx, tx, id)
	if err != nil {
		return d, err
	}
	if err = edit(&d.Form); err != nil {
		return d, err
	}
	if err = fitsHead(d.Form); err != nil {
		return d, err
	}
	body, err := json.Marshal(d.Form)
	if err != nil {
		return d, err
	}
	if len(body) > 300_000 {
		return d, ledger.Invalid{"": "draft.too_large"}
	}
	err = tx.GetContext(ctx, &d.Revision, `
		UPDATE form_draft
		   SET body = $2, revision = revision + 1, saved_at = $3, person_id = $4, person_name = $5
		 WHERE id = $1
		RETURNING revision`, id, string(body), at, by.PersonID, by.Name)
	if err != nil {
		return d, fmt.Errorf("form draft %d: %w", id, ledger.Classify(err))
	}
	d.SavedAt, d.SavedBy = at, by.Name
	return d, nil
}

func lockFormDraft(ctx context.Context, tx *sqlx.Tx, id int64) (FormDraft, error) {
	_, err := tx.ExecContext(ctx, `SELECT FROM form_draft WHERE id = $1 FOR UPDATE`, id)
	if err != nil {
		return FormDraft{}, fmt.Errorf("form draft %d: %w", id, err)
	}
	return FindFormDraft(ctx, tx, id)
}

// PublishFormDraft publishes a form in the making as it stands, for everybody and for good. ErrFaults when Lint finds any, or when it names one of the groups;
// ErrPublished when its version stands already with other words.
func PublishFormDraft(ctx context.Context, tx *sqlx.Tx, id int64, groups []string, by Author, at time.Time) (template.Version, error) {
	d, err := lockFormDraft(ctx, tx, id)
	if err != nil {
		return d.Form, err
	}
	if len(d.Form.Mentions(groups)) > 0 {
		return d.Form, fmt.Errorf("form draft %d: %w", id, ErrFaults)
	}
	if err = Publish(ctx, tx, d.Form, by.Name, at); err != nil {
		return d.Form, err
	}
	return d.Form, closeFormDraft(ctx, tx, id, at)
}

// DropFormDraft puts a form in the making away.
func DropFormDraft(ctx context.Context, tx *sqlx.Tx, id int64, at time.Time) error {
	if _, err := lockFormDraft(ctx, tx, id); err != nil {
		return err
	}
	return closeFormDraft(ctx, tx, id, at)
}

func closeFormDraft(ctx context.Context, tx *sqlx.Tx, id int64, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE form_draft
		   SET closed_at = $2
		 WHERE id = $1 AND closed_at IS NULL`, id, at)
	if err != nil {
		return fmt.Errorf("form draft %d: %w", id, ledger.Classify(err))
	}
	return nil
}
