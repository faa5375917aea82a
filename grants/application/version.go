package application

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Version is what a draft said when it was kept.
type Version struct {
	Version     int
	FormVersion string // the version of the form it was written under
	Answers     template.Answers
	Budget      budget.Sheet
	Hash        []byte
	Reason      string
	At          time.Time
	By          string
}

// Keep keeps the draft as it stands and returns the version's number. The same content is kept once: its number comes back.
func Keep(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, reason string, by ledger.Actor, at time.Time) (int, error) {
	d, err := lock(ctx, tx, organisationID, id)
	if err != nil {
		return 0, err
	}
	return d.keep(ctx, tx, reason, by, at)
}

func (d Draft) keep(ctx context.Context, tx *sqlx.Tx, reason string, by ledger.Actor, at time.Time) (int, error) {
	if reason == "" || len([]rune(reason)) > 200 {
		return 0, ledger.Invalid{"reason": "draft.reason"}
	}
	actor, err := ledger.ActorID(ctx, tx, d.OrganisationID, by)
	if err != nil {
		return 0, err
	}
	var last struct {
		Version int    `db:"version"`
		Hash    []byte `db:"hash"`
	}
	err = tx.GetContext(ctx, &last, `
		SELECT coalesce(max(v.version), 0) AS version,
		       coalesce((array_agg(v.hash ORDER BY v.version DESC))[1], '') AS hash
		  FROM application_version v
		 WHERE v.organisation_id = $1 AND v.application_id = $2`, d.OrganisationID, d.ID)
	if err != nil {
		return 0, fmt.Errorf("versions of application %d: %w", d.ID, err)
	}
	if d.Same(last.Hash) {
		return last.Version, nil
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO application_version (organisation_id, application_id, version, form_version, answers, budget, hash, reason, at, kept_by)
		SELECT d.organisation_id, d.id, $3, d.form_version, d.answers, d.budget, d.hash, $4, $5, $6
		  FROM application d
		 WHERE d.organisation_id = $1 AND d.id = $2`, d.OrganisationID, d.ID, last.Version+1, reason, at, actor)
	if err != nil {
		return 0, fmt.Errorf("version of application %d: %w", d.ID, ledger.Classify(err))
	}
	return last.Version + 1, nil
}

// Versions returns what was kept of a draft, the newest first.
func Versions(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) ([]Version, error) {
	rows, err := q.QueryxContext(ctx, `
		SELECT v.version, coalesce(v.form_version, d.form_version), v.answers, v.budget, v.hash, v.reason, v.at, a.name
		  FROM application_version v
		  JOIN application d ON d.organisation_id = v.organisation_id AND d.id = v.application_id
		  JOIN actor a ON a.organisation_id = v.organisation_id AND a.id = v.kept_by
		 WHERE v.organisation_id = $1 AND v.application_id = $2
		 ORDER BY v.version DESC
		 LIMIT 200`, organisationID, id)
	if err != nil {
		return nil, fmt.Errorf("versions of application %d: %w", id, err)
	}
	defer func() { _ = rows.Close() }()
	var all []Version
	for rows.Next() {
		var v Version
		var answers, sheet []byte
		err = rows.Scan(&v.Version, &v.FormVersion, &answers, &sheet, &v.Hash, &v.Reason, &v.At, &v.By)
		if err == nil {
			err = errors.Join(json.Unmarshal(answers, &v.Answers), json.Unmarshal(sheet, &v.Budget))
		}
		if err != nil {
			return nil, fmt.Errorf("versions of application %d: %w", id, err)
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// Change is one field that differs between two contents.
type Change struct {
	Field  string // a key, or "budget"
	Before template.Answer
	After  template.Answer
}

// Diff lists the fields that differ, in the order of the form; the budget last.
func Diff(form template.Version, before, after template.Answers, sheetBefore, sheetAfter budget.Sheet) []Change {
	var changes []Change
	for _, f := range form.Fields() {
		if !alike(before[f.Key], after[f.Key]) {
			changes = append(changes, Change{f.Key, before[f.Key], after[f.Key]})
		}
	}
	if !alike(sheetBefore, sheetAfter) {
		changes = append(changes, Change{Field: "budget"})
	}
	return slices.Clip(changes)
}
