package campaigns

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Secret makes the secret of a private link from a name that is the same whenever the link is made, so that the database keeps neither.
type Secret func(name string) string

// PublishChange publishes the proposal of a campaign as its next version, with its reason, in the log. Within the width it is in force at once.
// Beyond it, or with a use removed, givers are asked for two weeks first: the version is public, nothing is spent on the uses it touches,
// everything else goes on. Invalid says what is missing; ErrAsking while another change is asked about; ErrClosed once the campaign was stopped.
func PublishChange(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, secret Secret, by ledger.Actor, at time.Time) (Change, error) {
	c, err := lock(ctx, tx, organisationID, campaignID)
	if err != nil {
		return Change{}, err
	}
	if !c.Changeable() {
		return Change{}, fmt.Errorf("campaign %d: %w", campaignID, ErrClosed)
	}
	if _, err = FindAsking(ctx, tx, organisationID, campaignID); !errors.Is(err, ErrNotFound) {
		return Change{}, errors.Join(err, fmt.Errorf("campaign %d: %w", campaignID, ErrAsking))
	}
	if err = lockBook(ctx, tx, organisationID); err != nil {
		return Change{}, err
	}
	k, err := Consider(ctx, tx, organisationID, campaignID)
	if err != nil {
		return Change{}, err
	}
	if err = k.Missing.Err(); err != nil {
		return Change{}, err
	}
	change := Change{
		OrganisationID: organisationID, CampaignID: campaignID, Kind: ChangeVersion, FromVersion: c.Version, BaseVersion: k.base,
		Status: InForce, Moved: k.Weight.Moved, Width: k.Weight.Width, Unspent: k.Unspent, OpenedOn: ledger.DateOf(at), InForceOn: ledger.DateOf(at), Reason: k.Next.Reason,
	}
	if k.Asks {
		change.Status, change.InForceOn, change.DecidesOn = Asking, ledger.Date{}, change.OpenedOn.AddDays(AskingDays)
	}
	if err = k.state(ctx, tx, &change, by, at); err != nil {
		return change, err
	}
	if k.Asks {
		err = k.ask(ctx, tx, change, secret)
	} else {
		err = enforce(ctx, tx, k.Campaign, change)
	}
	if err != nil {
		return change, err
	}
	step := "changed"
	if k.Asks {
		step = "change_proposed"
	}
	return change, ledger.Note(ctx, tx, organisationID, "campaign", campaignID, step, by, at, change.Reason)
}

// lockBook lets no posting be under way until the database transaction ends, so that what is unspent stands still.
func lockBook(ctx context.Context, tx *sqlx.Tx, organisationID int64) error {
	if _, err := tx.ExecContext(ctx, `SELECT lock_book($1, true)`, organisationID); err != nil {
		return fmt.Errorf("book of organisation %d: %w", organisationID, ledger.Classify(err))
	}
	return nil
}

// state writes the version with its change: its new uses get their place in the fund, and the draft is gone.
func (k *Considered) state(ctx context.Context, tx *sqlx.Tx, change *Change, by ledger.Actor, at time.Time) error {
	p := &k.Next
	if err := tx.GetContext(ctx, &p.Version, `
		SELECT max(version) + 1
		  FROM plan
		 WHERE organisation_id = $1 AND campaign_id = $2`, change.OrganisationID, change.CampaignID); err != nil {
		return fmt.Errorf("campaign %d: %w", change.CampaignID, err)
	}
	for i := range p.Uses {
		u := &p.Uses[i]
		if u.UseID > 0 {
			continue
		}
		var err error
		if u.UseID, err = heldUse(ctx, tx, k.Campaign, u.Name); err != nil {
			return err
		}
		if u.UseID > 0 {
			continue
		}
		u.UseID, err = ledger.StateUse(ctx, tx, ledger.Use{
			OrganisationID: change.OrganisationID, FundID: k.Campaign.FundID, Position: i + 1, Name: u.Name, Planned: u.Amount, DueOn: u.DueOn,
		})
		if err != nil {
			return err
		}
	}
	p.PublishedAt = at
	actor, err := ledger.ActorID(ctx, tx, change.OrganisationID, by)
	if err != nil {
		return err
	}
	if err = dropDraft(ctx, tx, k.Campaign); err != nil {
		return err
	}
	if err = insertPlan(ctx, tx, change.OrganisationID, change.CampaignID, *p, actor); err != nil {
		return err
	}
	change.Version = p.Version
	if err = change.insert(ctx, tx, by, at); err != nil {
		return err
	}
	content, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("campaign %d: %w", change.CampaignID, err)
	}
	return ledger.Record(ctx, tx, change.OrganisationID, ledger.PlanRecord, change.CampaignID*1000+int64(p.Version), string(content), at)
}

// enforce brings a version into force: its uses stand in the fund as it says, those it no longer has are held for good.
func enforce(ctx context.Context, tx *sqlx.Tx, c Campaign, change Change) error {
	result, err := tx.ExecContext(ctx, `
		UPDATE campaign
		   SET version = $3
		 WHERE organisation_id = $1 AND id = $2 AND version = $4`, c.OrganisationID, c.ID, change.Version, change.FromVersion)
	if err != nil {
		return fmt.Errorf("campaign %d: %w", c.ID, ledger.Classify(err))
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return fmt.Errorf("campaign %d is not at version %d: %w", c.ID, change.FromVersion, ErrNotAsking)
	}
	if err = restate(ctx, tx, c, change); err != nil {
		return err
	}
	for _, query := range []string{`
		DELETE FROM use_hold
		 WHERE organisation_id = $1 AND use_id IN (
		       SELECT use_id FROM plan_use WHERE organisation_id = $1 AND campaign_id = $2 AND version = $3)`, `
		INSERT INTO use_hold (organisation_id, use_id, change_id)
		SELECT $1, o.use_id, h.id
		  FROM plan_change h
		  JOIN plan_use o ON o.organisation_id = h.organisation_id AND o.campaign_id = h.campaign_id AND o.version = h.from_version
		 WHERE h.organisation_id = $1 AND h.campaign_id = $2 AND h.version = $3 AND h.kind IN ('version', 'year')
		   AND NOT EXISTS (SELECT FROM plan_use n
		                    WHERE n.organisation_id = $1 AND n.campaign_id = $2 AND n.version = $3 AND n.use_id = o.use_id)
		    ON CONFLICT ON CONSTRAINT use_hold_pkey DO NOTHING`,
	} {
		if _, err = tx.ExecContext(ctx, query, c.OrganisationID, c.ID, change.Version); err != nil {
			return fmt.Errorf("uses of campaign %d: %w", c.ID, ledger.Classify(err))
		}
	}
	return nil
}

// restate gives the uses of the fund what the new version plans for them. For those that are gone nothing is planned, and they stand last.
func restate(ctx context.Context, tx *sqlx.Tx, c Campaign, change Change) error {
	old, err := FindPlan(ctx, tx, c.OrganisationID, c.ID, change.FromVersion)
	if err != nil {
		return err
	}
	next, err := FindPlan(ctx, tx, c.OrganisationID, c.ID, change.Version)
	if err != nil {
		return err
	}
	uses := next.Uses
	for _, u := range old.Uses {
		if !next.has(u.UseID) {
			u.Amount = 0
			uses = append(uses, u)
		}
	}
	for i, u := range uses {
		err = ledger.RestateUse(ctx, tx, ledger.Use{
			OrganisationID: c.OrganisationID, ID: u.UseID, FundID: c.FundID, Position: i + 1, Name: u.Name, Planned: u.Amount, DueOn: u.DueOn,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
