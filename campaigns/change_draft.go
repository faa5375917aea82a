package campaigns

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// FindProposal returns the draft of a campaign's next version; where none is begun, the version in force without a reason. ErrNotFound for
// a campaign that is still a draft.
func FindProposal(ctx context.Context, q sqlx.QueryerContext, c Campaign) (Plan, error) {
	if c.Version == 0 {
		return Plan{}, ErrNotFound
	}
	inForce, err := FindPlan(ctx, q, c.OrganisationID, c.ID, c.Version)
	if err != nil {
		return Plan{}, err
	}
	draft, err := FindPlan(ctx, q, c.OrganisationID, c.ID, 0)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Plan{}, err
	}
	if err == nil && draft.proposes() && (!inForce.Standing || draft.YearFrom == inForce.YearFrom) {
		return draft.asNextOf(inForce), nil
	}
	draft = inForce
	draft.Version, draft.PublishedAt, draft.Reason = 0, time.Time{}, ""
	return draft, nil
}

// proposes tells a draft of a later version from the one the campaign was announced with, which stays where it was.
func (p Plan) proposes() bool {
	for _, u := range p.Uses {
		if u.UseID > 0 {
			return true
		}
	}
	return p.Reason != ""
}

// asNextOf is the draft with what a later version cannot change: the name, who bears the costs, the width, the days of collecting and
// reporting, and what was said for the case of stopping.
func (p Plan) asNextOf(inForce Plan) Plan {
	p.Title, p.Margin, p.IfStopped = inForce.Title, inForce.Margin, inForce.IfStopped
	p.CollectsFrom, p.CollectsUntil, p.ReportDueOn = inForce.CollectsFrom, inForce.CollectsUntil, inForce.ReportDueOn
	p.CostsBorneBy = inForce.CostsBorneBy
	p.Standing, p.YearFrom, p.PaperOn = inForce.Standing, inForce.YearFrom, inForce.PaperOn
	old := map[int64]PlanUse{}
	for _, u := range inForce.Uses {
		old[u.UseID] = u
	}
	for i := range p.Uses {
		was := old[p.Uses[i].UseID]
		delete(old, was.UseID) // a second row with its id is another use
		p.Uses[i].BearsCosts = was.BearsCosts
		if was.UseID == 0 {
			p.Uses[i].UseID = 0
			continue
		}
		p.Uses[i].Name = was.Name // another name is another use
	}
	return p
}

// SaveProposal keeps the draft of the next version, complete or not. ErrClosed for a campaign whose plan cannot change any more.
func SaveProposal(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, p Plan) error {
	c, err := lock(ctx, tx, organisationID, campaignID)
	if err != nil {
		return err
	}
	if !c.Changeable() {
		return fmt.Errorf("campaign %d: %w", campaignID, ErrClosed)
	}
	inForce, err := FindPlan(ctx, tx, organisationID, campaignID, c.Version)
	if err != nil {
		return err
	}
	p = p.asNextOf(inForce)
	p.Version, p.PublishedAt = 0, time.Time{}
	bad := ledger.Invalid{}
	if err := p.fits(); err != nil && !errors.As(err, &bad) {
		return err
	}
	bad.Need(len([]rune(p.Reason)) <= 2000, "reason", "field.too_long")
	bad.Need(printable(lines.Replace(p.Reason)), "reason", "field.characters")
	if err = bad.Err(); err != nil {
		return err
	}
	if err = dropDraft(ctx, tx, c); err != nil {
		return err
	}
	return insertPlan(ctx, tx, organisationID, campaignID, p, 0)
}

// DropProposal gives the draft of the next version up: the next one begins again from the version in force. Without a draft it does nothing.
func DropProposal(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64) error {
	c, err := lock(ctx, tx, organisationID, campaignID)
	if err != nil {
		return err
	}
	if c.Version == 0 {
		return fmt.Errorf("campaign %d: %w", campaignID, ErrNotFound) // its draft is the campaign itself
	}
	return dropDraft(ctx, tx, c)
}

// Changeable reports whether the campaign's plan can get a new version.
func (c Campaign) Changeable() bool { return c.Version > 0 && c.Status != Stopped }

func dropDraft(ctx context.Context, tx *sqlx.Tx, c Campaign) error {
	for _, query := range []string{
		`DELETE FROM plan_goal WHERE organisation_id = $1 AND campaign_id = $2 AND version = 0`,
		`DELETE FROM plan_use WHERE organisation_id = $1 AND campaign_id = $2 AND version = 0`,
		`DELETE FROM plan WHERE organisation_id = $1 AND campaign_id = $2 AND version = 0`,
	} {
		if _, err := tx.ExecContext(ctx, query, c.OrganisationID, c.ID); err != nil {
			return fmt.Errorf("draft of campaign %d: %w", c.ID, ledger.Classify(err))
		}
	}
	return nil
}

// Considered is a proposal with all that publishing it would mean.
type Considered struct {
	Campaign Campaign
	InForce  Plan
	Next     Plan
	Diff     Diff
	Weight   Weight
	Asks     bool           // publishing opens the two weeks
	Unspent  ledger.Yen     // of the uses it touches
	Missing  ledger.Invalid // what keeps it from being published

	yearPlanned bool // the plan of the next year is out: this year's stays

	base     int
	progress Progress
	flows    map[int64]useFlow
}

// Consider says what publishing the proposal of a campaign would mean now. Nothing is written.
func Consider(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) (Considered, error) {
	var k Considered
	var err error
	if k.Campaign, err = Find(ctx, q, organisationID, campaignID); err != nil {
		return k, err
	}
	if k.Next, err = FindProposal(ctx, q, k.Campaign); err != nil {
		return k, err
	}
	if k.InForce, err = FindPlan(ctx, q, organisationID, campaignID, k.Campaign.Version); err != nil {
		return k, err
	}
	if k.base, err = baseVersion(ctx, q, k.Campaign); err != nil {
		return k, err
	}
	base, err := FindPlan(ctx, q, organisationID, campaignID, k.base)
	if err != nil {
		return k, err
	}
	if k.progress, k.flows, err = findProgress(ctx, q, k.Campaign, k.InForce); err != nil {
		return k, err
	}
	k.Diff = DiffPlans(k.InForce, k.Next)
	k.Weight = weigh(base, k.InForce, k.Next, k.progress.Carried+k.progress.Received, k.flows)
	for _, u := range k.progress.Uses {
		if k.Weight.Touched[u.UseID] {
			k.Unspent += max(0, u.Left)
		}
	}
	if k.yearPlanned, err = PlannedAhead(ctx, q, k.Campaign); err != nil {
		return k, err
	}
	given, err := anyGift(ctx, q, organisationID, campaignID)
	k.Asks = k.Weight.Beyond() && given
	k.Missing = k.missing()
	return k, err
}

// missing says what keeps a proposal from being published. What was spent stays spent: a use cannot be planned below it.
func (k Considered) missing() ledger.Invalid {
	bad := ledger.Invalid{}
	k.Next.missingUses(bad)
	delete(bad, "margin") // of the version in force, and of its total
	bad.Need(k.Next.Reason != "", "reason", "change.reason_missing")
	bad.Need(k.Next.OtherSources != "", "other_sources", "campaign.other_sources_missing")
	bad.Need(k.Next.Uncovered != "", "uncovered", "campaign.uncovered_missing")
	bad.Need(k.Next.Need != "", "need", "campaign.need_missing")
	bad.Need(k.Next.IfTooLittle != "", "if_too_little", "campaign.too_little_missing")
	bad.Need(k.Next.IfTooMuch != "", "if_too_much", "campaign.too_much_missing")
	bad.Need(k.Next.Responsible != "", "responsible", "campaign.responsible_missing")
	bad.Need(!k.Diff.Empty() || k.InForce.OnPaper(), "uses", "change.nothing_changed")
	bad.Need(!k.yearPlanned, "uses", "change.year_planned")
	for i, u := range k.Next.Uses {
		bad.Need(u.Amount >= k.flows[u.UseID].Spent || u.UseID == 0, fmt.Sprintf("use%d_amount", i+1), "change.use_spent")
		bad.Need(u.UseID > 0 || !k.nameTaken(u.Name, i), fmt.Sprintf("use%d_name", i+1), "change.use_name_taken")
	}
	for _, u := range k.Diff.Uses {
		bad.Need(u.Kind != UseRemoved || k.flows[u.Old.UseID].Spent == 0, "uses", "change.use_removed_spent")
		bad.Need(u.Kind != UseRemoved || !u.Old.BearsCosts, "uses", "change.use_removed_costs")
	}
	return bad
}

func (k Considered) nameTaken(name string, at int) bool {
	for i, u := range k.Next.Uses {
		if i != at && u.Name == name {
			return true
		}
	}
	return false
}

// baseVersion is the last version givers had a say in: the first, the one a year began with, or one that came by the two weeks.
func baseVersion(ctx context.Context, q sqlx.QueryerContext, c Campaign) (int, error) {
	var version int
	err := sqlx.GetContext(ctx, q, &version, `
		SELECT coalesce(max(version), 1)
		  FROM plan_change
		 WHERE organisation_id = $1 AND campaign_id = $2 AND status = 'in_force' AND version <= $3
		   AND (kind = 'year' OR (kind = 'version' AND decides_on IS NOT NULL))`, c.OrganisationID, c.ID, c.Version)
	if err != nil {
		return 0, fmt.Errorf("campaign %d: %w", c.ID, err)
	}
	return version, nil
}

func anyGift(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) (bool, error) {
	var any bool
	err := sqlx.GetContext(ctx, q, &any, `
		SELECT EXISTS (SELECT FROM donation
		                WHERE organisation_id = $1 AND campaign_id = $2 AND status = 'paid' AND reversed_at IS NULL AND refunded < amount)`,
		organisationID, campaignID)
	if err != nil {
		return false, fmt.Errorf("campaign %d: %w", campaignID, err)
	}
	return any, nil
}
