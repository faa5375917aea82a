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

// Edit is what one person changed, by field, and the answers the person saw before. Budget is nil when it was not touched.
type Edit struct {
	Revision     int // the person started from
	Before       template.Answers
	After        template.Answers
	BudgetBefore *budget.Sheet
	Budget       *budget.Sheet
}

// Conflict is a field that two people changed: what stands now and what this person wrote. Neither is lost; the person decides.
type Conflict struct {
	Field string // a key, or "budget"
	Now   template.Answer
	Yours template.Answer
	By    string // who wrote what stands
}

// Save keeps an edit. When nobody else saved in between, all of it; else the fields that nobody else changed, and a Conflict for each that somebody did. It
// returns the draft as it stands afterwards. ErrHandedIn when it was handed in. Signed content that changes goes back to being a draft. A budget is saved with the
// rule that its call has now.
func Save(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, e Edit, by ledger.Actor, at time.Time) (Draft, []Conflict, error) {
	d, err := lock(ctx, tx, organisationID, id)
	if err != nil {
		return d, nil, err
	}
	if !d.Status.Open() {
		return d, nil, fmt.Errorf("application %d: %w", id, ErrHandedIn)
	}
	conflicts := d.merge(e.bare())
	overtaken := slices.ContainsFunc(conflicts, func(c Conflict) bool { return c.Field == "budget" })
	if d.Budget.Rule = d.SavedRule; e.Budget != nil && !overtaken && d.RuleChanged() {
		d.Budget.Rule = d.CallRule
	}
	answers, sheet, hash, err := d.encode()
	if err != nil {
		return d, nil, err
	}
	if d.Same(hash) {
		d.stand()
		return d, conflicts, nil
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return d, nil, err
	}
	err = tx.GetContext(ctx, &d.Revision, `
		UPDATE application
		   SET answers = $3, budget = $4, hash = $5, revision = revision + 1, status = 'draft', saved_at = $6, saved_by = $7
		 WHERE organisation_id = $1 AND id = $2
		RETURNING revision`, organisationID, id, answers, sheet, hash, at, actor)
	if err != nil {
		return d, nil, fmt.Errorf("application %d: %w", id, ledger.Classify(err))
	}
	d.Hash, d.Status, d.SavedAt, d.SavedBy, d.SavedRule = hash, Drafting, at, by.Name, d.Budget.Rule
	d.stand()
	return d, conflicts, nil
}

// bare is the edit without rules: nobody types one.
func (e Edit) bare() Edit {
	for _, sheet := range []**budget.Sheet{&e.BudgetBefore, &e.Budget} {
		if *sheet != nil {
			typed := **sheet
			typed.Rule = nil
			*sheet = &typed
		}
	}
	return e
}

// merge takes over each field the person changed, unless it is no more what the person saw.
func (d *Draft) merge(e Edit) []Conflict {
	var conflicts []Conflict
	d.Budget.Rule = nil
	if d.Answers == nil {
		d.Answers = template.Answers{}
	}
	for field, yours := range e.After {
		before, now := e.Before[field], d.Answers[field]
		switch {
		case alike(yours, before), alike(yours, now): // untouched, or both wrote the same
		case e.Revision == d.Revision || alike(now, before):
			d.Answers[field] = yours
		default:
			conflicts = append(conflicts, Conflict{field, now, yours, d.SavedBy})
		}
	}
	if e.Budget == nil || alike(e.Budget, e.BudgetBefore) || alike(*e.Budget, d.Budget) {
		return conflicts
	}
	if e.Revision == d.Revision || e.BudgetBefore == nil || alike(*e.BudgetBefore, d.Budget) {
		d.Budget = *e.Budget
		return conflicts
	}
	return append(conflicts, Conflict{Field: "budget", By: d.SavedBy})
}

// alike compares what would be kept.
func alike(a, b any) bool {
	left, err := json.Marshal(a)
	if err != nil {
		return false
	}
	right, err := json.Marshal(b)
	return err == nil && string(left) == string(right)
}
