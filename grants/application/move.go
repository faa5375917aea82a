package application

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Move is a draft's way to a newer version of its form, as it would be gone now.
type Move struct {
	From, To template.Version
	template.Carried
	Budget     budget.Sheet        // as it goes along
	OtherRule  bool                // the formula that was chosen is no more offered: the form's own holds
	Categories []template.Category // that the new version does not have and lines of the budget stand in
}

// NewerForm returns the version of a form that new drafts begin with, if it was published after the one given; false when there is none.
func NewerForm(ctx context.Context, q sqlx.QueryerContext, key, version string) (template.Version, bool, error) {
	var bodies [][]byte
	err := sqlx.SelectContext(ctx, q, &bodies, `
		SELECT n.body
		  FROM form n
		  JOIN form f ON f.key = n.key AND f.version = $2
		 WHERE n.key = $1 AND n.retired_at IS NULL AND (n.published_at, n.version) > (f.published_at, f.version)
		   AND NOT EXISTS (SELECT FROM form m
		                    WHERE m.key = n.key AND m.retired_at IS NULL AND (m.published_at, m.version) > (n.published_at, n.version))`, key, version)
	if err != nil || len(bodies) == 0 {
		return template.Version{}, false, wrapForm(key, version, err)
	}
	var v template.Version
	err = json.Unmarshal(bodies[0], &v)
	return v, err == nil, wrapForm(key, version, err)
}

func wrapForm(key, version string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("form after %s %s: %w", key, version, err)
}

// PlanMove says what would become of a draft under another version of its form. It changes nothing.
func PlanMove(d Draft, from, to template.Version) Move {
	m := Move{From: from, To: to, Carried: template.Carry(from, to, d.Answers), Budget: d.Budget}
	if from.Budget == nil {
		return m
	}
	var now template.Budget
	if to.Budget != nil {
		now = *to.Budget
	}
	if at := d.Budget.Option; at > 0 && at <= len(from.Budget.Options) {
		label := from.Budget.Options[at-1].Label
		m.Budget.Option = 1 + slices.IndexFunc(now.Options, func(o template.ClaimOption) bool { return o.Label == label })
		m.OtherRule = m.Budget.Option == 0
	}
	for _, c := range from.Budget.Categories {
		used := slices.ContainsFunc(d.Budget.Costs, func(line budget.Cost) bool { return line.Category == c.Key })
		if used && !slices.ContainsFunc(now.Categories, func(other template.Category) bool { return other.Key == c.Key }) {
			m.Categories = append(m.Categories, c)
		}
	}
	return m
}

// MoveForm takes a draft over to a newer version of its form. hash is of the content the person read with what would become of it; ErrChanged when it is another
// now, ErrHandedIn when the draft was handed in, ErrNoForm when there is no newer version of that number. What stood before is kept as a version, and so is what
// stands afterwards; the content is another, so that no signature holds any more.
func MoveForm(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, version string, hash []byte, by ledger.Actor, at time.Time) error {
	d, err := lock(ctx, tx, organisationID, id)
	if err != nil {
		return err
	}
	switch {
	case !d.Status.Open():
		return fmt.Errorf("application %d: %w", id, ErrHandedIn)
	case !d.Same(hash):
		return fmt.Errorf("application %d: %w", id, ErrChanged)
	}
	from, err := FindForm(ctx, tx, d.FormKey, d.FormVersion)
	if err != nil {
		return err
	}
	to, newer, err := NewerForm(ctx, tx, d.FormKey, d.FormVersion)
	if err != nil {
		return err
	}
	if !newer || to.Version != version {
		return fmt.Errorf("form %s %s: %w", d.FormKey, version, ErrNoForm)
	}
	if _, err = d.keep(ctx, tx, "様式を第"+to.Version+"版にする前", by, at); err != nil {
		return err
	}
	moved := PlanMove(d, from, to)
	d.Answers, d.Budget, d.FormVersion = moved.Answers, moved.Budget, to.Version
	d.Budget.Rule = d.SavedRule
	if err = d.rewrite(ctx, tx, by, at); err != nil {
		return err
	}
	_, err = d.keep(ctx, tx, "様式を第"+from.Version+"版から第"+to.Version+"版にした", by, at)
	return err
}

// rewrite keeps a draft under another version of its form; it was locked before. Whatever was signed is a draft again.
func (d *Draft) rewrite(ctx context.Context, tx *sqlx.Tx, by ledger.Actor, at time.Time) error {
	answers, sheet, hash, err := d.encode()
	if err != nil {
		return err
	}
	actor, err := ledger.ActorID(ctx, tx, d.OrganisationID, by)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE application
		   SET form_version = $3, answers = $4, budget = $5, hash = $6, revision = revision + 1, status = 'draft', saved_at = $7, saved_by = $8
		 WHERE organisation_id = $1 AND id = $2`, d.OrganisationID, d.ID, d.FormVersion, answers, sheet, hash, at, actor)
	if err != nil {
		return fmt.Errorf("application %d: %w", d.ID, ledger.Classify(err))
	}
	d.Hash, d.Status = hash, Drafting
	return nil
}

// Leftover is what found no place when the draft moved, to copy from.
type Leftover struct {
	From, To string // versions of the form
	At       time.Time
	By       string
	Left     []template.LeftAnswer
}

// Leftovers are what found no place at each move of a draft, the newest move first. They are read from the versions kept before the moves, and so are never lost.
func Leftovers(ctx context.Context, q sqlx.QueryerContext, key string, versions []Version) ([]Leftover, error) {
	var all []Leftover
	forms := map[string]template.Version{}
	for i, now := range versions[:max(len(versions)-1, 0)] {
		before := versions[i+1]
		if now.FormVersion == before.FormVersion {
			continue
		}
		for _, version := range []string{now.FormVersion, before.FormVersion} {
			if _, found := forms[version]; found {
				continue
			}
			form, err := FindForm(ctx, q, key, version)
			if err != nil {
				return nil, err
			}
			forms[version] = form
		}
		if left := template.Carry(forms[before.FormVersion], forms[now.FormVersion], before.Answers).Left; len(left) > 0 {
			all = append(all, Leftover{From: before.FormVersion, To: now.FormVersion, At: now.At, By: now.By, Left: left})
		}
	}
	return all, nil
}
