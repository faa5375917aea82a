package granting

import (
	"context"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
)

// claim is what a call would pay for a plan.
type claim struct {
	call   catalogue.Call
	spec   template.Budget // the form's, with what the call says otherwise
	duties []template.Obligation
	sheet  budget.Sheet
	worked budget.Worked
	amount ledger.Yen
	rough  bool   // without a rule, or one that lacks a count: as much as the call's largest amount
	unsure []bool // lines of which nobody has said whether the call accepts them
}

// formsOf returns the newest published form of each call that names one, by key.
func (p *Pages) formsOf(ctx context.Context, calls ...catalogue.Opportunity) (map[string]template.Version, error) {
	known, err := application.Forms(ctx, p.DB)
	if err != nil {
		return nil, err
	}
	forms := map[string]template.Version{}
	for _, f := range known {
		if !slices.ContainsFunc(calls, func(o catalogue.Opportunity) bool { return o.Call.Template == f.Key }) {
			continue
		}
		if forms[f.Key], err = application.FindForm(ctx, p.DB, f.Key, f.Version); err != nil {
			return nil, err
		}
	}
	return forms, nil
}

// claimOf works out what a call would pay for the plan: by its own rule, else by that of its form, within its own amounts. counts are what the
// rule asks for beside the plan.
func claimOf(call catalogue.Call, form template.Version, body plans.Body, counts map[string]int64) (claim, error) {
	c := claim{call: call, duties: call.Duties}
	if form.Budget != nil {
		c.spec = *form.Budget
	}
	if len(c.duties) == 0 {
		c.duties = form.Obligations
	}
	rule := call.Rule()
	c.spec = budget.Sheet{Rule: rule}.Spec(c.spec)
	if len(c.spec.Categories) == 0 {
		c.spec.Categories = []template.Category{{Key: "cost", Label: "費用", Eligible: "yes"}}
	}
	c.sheet = budget.FromPlan(body, c.spec)
	c.sheet.Counts, c.sheet.Rule = counts, rule
	c.place()
	var err error
	if c.worked, err = budget.Work(c.sheet, c.spec); err != nil {
		return c, err
	}
	c.rough = len(c.worked.Claim.Steps) == 0
	c.amount = c.worked.Claim.Amount
	if c.rough { // no funder pays what comes in by itself
		c.amount = max(0, min(call.Most, c.worked.Eligible, c.worked.Total-c.income()))
	}
	return c, nil
}

// place puts the lines that point to no category under the last one that is accepted, which most rules treat like any other, and remembers them.
func (c *claim) place() {
	fallback := ""
	for _, category := range c.spec.Categories {
		if category.Eligible == "yes" {
			fallback = category.Key
		}
	}
	c.unsure = make([]bool, len(c.sheet.Costs))
	for i, cost := range c.sheet.Costs {
		at := slices.IndexFunc(c.spec.Categories, func(category template.Category) bool { return category.Key == cost.Category })
		c.unsure[i] = at < 0 || c.spec.Categories[at].Eligible == "ask"
		if at < 0 {
			c.sheet.Costs[i].Category = fallback
		}
	}
}

// candidate is the claim among others for the same plan.
func (c *claim) candidate() fit.Candidate {
	k := fit.Candidate{Amount: c.amount, Accepts: make([]ledger.Yen, len(c.worked.Lines)), Alone: c.call.Alone}
	for i, line := range c.worked.Lines {
		k.Accepts[i] = line.Eligible
	}
	if rule, depends := budget.Beside(c.sheet, c.spec); depends && !c.rough {
		k.Beside, k.Within, k.Unit = rule.Amount, rule.Within, rule.Unit()
	}
	return k
}

// share says who carries the cost when the call pays.
func (c *claim) share() formula.Share {
	income := c.income()
	return formula.Share{Grant: c.amount, Income: income, Own: max(0, c.worked.Total-c.amount-income), Surplus: max(0, c.amount+income-c.worked.Total)}
}

// income is what the plan expects beside grants and the group's own money.
func (c *claim) income() ledger.Yen {
	var sum ledger.Yen
	for _, in := range c.sheet.Income {
		sum += in.Amount // a plan holds no more lines than fit
	}
	return sum
}
