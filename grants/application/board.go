package application

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Place names an application among those of several organisations.
type Place struct{ OrganisationID, ID int64 }

// Place is the draft's own.
func (d Draft) Place() Place { return Place{d.OrganisationID, d.ID} }

// The functions below answer for any number of organisations with one query each: a coordinator's board asks as often for two hundred groups as for one. Forms and
// calls are of the installation.

// Running returns of each organisation the applications that can still be handed in or wait for their outcome: the former first, by the day they are due; then the
// newest.
func Running(ctx context.Context, q sqlx.QueryerContext, organisations []int64) (map[int64][]Draft, error) {
	all, err := list(ctx, q, selectDrafts+`
	 WHERE d.organisation_id = ANY($1) AND d.status IN ('draft', 'review', 'approved', 'submitted', 'accepted')
	 ORDER BY d.organisation_id, d.status NOT IN ('draft', 'review', 'approved'), CASE WHEN d.status IN ('draft', 'review', 'approved') THEN d.due_on END NULLS LAST, d.id DESC`,
		pq.Array(organisations))
	if err != nil {
		return nil, fmt.Errorf("running applications: %w", err)
	}
	running := make(map[int64][]Draft, len(organisations))
	for _, d := range all {
		running[d.OrganisationID] = append(running[d.OrganisationID], d)
	}
	return running, nil
}

// NextTasks returns of each application that can still be handed in the open task that is due first.
func NextTasks(ctx context.Context, q sqlx.QueryerContext, organisations ...int64) (map[Place]Note, error) {
	var all []struct {
		OrganisationID int64 `db:"organisation_id"`
		ApplicationID  int64 `db:"application_id"`
		Note
	}
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT DISTINCT ON (n.organisation_id, n.application_id)
		       n.organisation_id, n.application_id, n.id, n.field, n.text, n.task_due_on, n.at, a.name AS by, false AS done,
		       coalesce(n.assigned_to, 0) AS assigned_to, coalesce(h.name, '') AS assignee
		  FROM application_note n
		  JOIN actor a ON a.organisation_id = n.organisation_id AND a.id = n.written_by
		  JOIN application d ON d.organisation_id = n.organisation_id AND d.id = n.application_id
		  LEFT JOIN person h ON h.id = n.assigned_to
		 WHERE n.organisation_id = ANY($1) AND n.done_at IS NULL AND (n.task_due_on IS NOT NULL OR n.assigned_to IS NOT NULL) AND d.status IN ('draft', 'review', 'approved')
		 ORDER BY n.organisation_id, n.application_id, n.task_due_on NULLS LAST, n.id`, pq.Array(organisations))
	if err != nil {
		return nil, fmt.Errorf("next tasks: %w", err)
	}
	next := make(map[Place]Note, len(all))
	for _, one := range all {
		next[Place{one.OrganisationID, one.ApplicationID}] = one.Note
	}
	return next, nil
}

// SignaturesUnderReview returns the sign-offs and returns of the applications that are with their signers, the oldest first.
func SignaturesUnderReview(ctx context.Context, q sqlx.QueryerContext, organisations []int64) (map[Place][]Signature, error) {
	var all []struct {
		OrganisationID int64 `db:"organisation_id"`
		ApplicationID  int64 `db:"application_id"`
		Signature
	}
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT s.organisation_id, s.application_id, s.role, s.verdict = 'approved' AS approved, s.comment, s.at, a.name AS by, s.person_id, s.hash = d.hash AS current
		  FROM application_signature s
		  JOIN application d ON d.organisation_id = s.organisation_id AND d.id = s.application_id
		  JOIN actor a ON a.organisation_id = s.organisation_id AND a.id = s.signed_by
		 WHERE s.organisation_id = ANY($1) AND d.status = 'review'
		 ORDER BY s.at, s.id`, pq.Array(organisations))
	if err != nil {
		return nil, fmt.Errorf("signatures under review: %w", err)
	}
	signed := map[Place][]Signature{}
	for _, one := range all {
		at := Place{one.OrganisationID, one.ApplicationID}
		signed[at] = append(signed[at], one.Signature)
	}
	return signed, nil
}

// Crews returns who has which role in each organisation on a day: persons and roles, no names.
func Crews(ctx context.Context, q sqlx.QueryerContext, organisations []int64, on ledger.Date) (map[int64][]ledger.Membership, error) {
	var all []ledger.Membership
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT m.organisation_id, m.person_id, m.role, m.from_on, m.until_on
		  FROM membership m
		 WHERE m.organisation_id = ANY($1) AND m.from_on <= $2 AND (m.until_on IS NULL OR m.until_on >= $2)`, pq.Array(organisations), on)
	if err != nil {
		return nil, fmt.Errorf("roles: %w", err)
	}
	crews := make(map[int64][]ledger.Membership, len(organisations))
	for _, m := range all {
		crews[m.OrganisationID] = append(crews[m.OrganisationID], m)
	}
	return crews, nil
}

// FormName names a published form.
type FormName struct{ Key, Version string }

// FormName is the name of the form the draft hangs on.
func (d Draft) FormName() FormName { return FormName{d.FormKey, d.FormVersion} }

// FindForms returns published forms by name, retired or not; one that is not there is left out.
func FindForms(ctx context.Context, q sqlx.QueryerContext, names []FormName) (map[FormName]template.Version, error) {
	keys, versions := make([]string, len(names)), make([]string, len(names))
	for i, name := range names {
		keys[i], versions[i] = name.Key, name.Version
	}
	var all []struct {
		FormName
		Body []byte
	}
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT f.key, f.version, f.body
		  FROM form f
		  JOIN (SELECT DISTINCT key, version
		          FROM unnest($1::text[], $2::text[]) AS n (key, version)) AS n ON n.key = f.key AND n.version = f.version`, pq.Array(keys), pq.Array(versions))
	if err != nil {
		return nil, fmt.Errorf("forms: %w", err)
	}
	forms := make(map[FormName]template.Version, len(all))
	for _, one := range all {
		var v template.Version
		if err = json.Unmarshal(one.Body, &v); err != nil {
			return nil, fmt.Errorf("form %s %s: %w", one.Key, one.Version, err)
		}
		forms[one.FormName] = v
	}
	return forms, nil
}
