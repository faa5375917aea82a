package application

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// rules finds the rule of each draft's call, and puts the one that holds into its budget.
func rules(ctx context.Context, q sqlx.QueryerContext, all []Draft) error {
	var calls []int64
	for i := range all {
		all[i].SavedRule = all[i].Budget.Rule
		if all[i].called() {
			calls = append(calls, all[i].OpportunityID)
		}
	}
	found, err := catalogue.Rules(ctx, q, calls)
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].called() {
			all[i].CallRule = found[all[i].OpportunityID]
		}
		all[i].stand()
	}
	return nil
}

// called reports whether what a call says can still become the draft's.
func (d *Draft) called() bool { return d.OpportunityID > 0 && d.Status.Open() }

// stand puts the rule that holds into the budget: what the call says now while the draft is written; once it was given to the signers, what its content holds.
func (d *Draft) stand() {
	if d.Budget.Rule = d.SavedRule; d.called() && d.Status == Drafting {
		d.Budget.Rule = d.CallRule
	}
}

// RuleChanged reports whether the call pays by another rule than the one that the budget of an open draft was last saved with.
func (d Draft) RuleChanged() bool { return d.called() && !d.CallRule.Same(d.SavedRule) }

// pin keeps the rule that holds in the content, so that it is signed with it.
func (d *Draft) pin(ctx context.Context, tx *sqlx.Tx) error {
	_, sheet, hash, err := d.encode()
	if err != nil || d.Same(hash) {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE application
		   SET budget = $3, hash = $4
		 WHERE organisation_id = $1 AND id = $2`, d.OrganisationID, d.ID, sheet, hash)
	if err != nil {
		return fmt.Errorf("rule of application %d: %w", d.ID, ledger.Classify(err))
	}
	d.Hash, d.SavedRule = hash, d.Budget.Rule
	return nil
}
