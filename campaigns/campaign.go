package campaigns

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Campaign is 募金: one call for gifts of one initiative.
type Campaign struct {
	OrganisationID int64  `db:"organisation_id"`
	ID             int64  `db:"id"`
	Slug           string `db:"slug"`
	InitiativeID   int64  `db:"initiative_id"`
	FundID         int64  `db:"fund_id"` // 0 while a draft
	Status         Status `db:"status"`
	Version        int    `db:"version"` // of the plan in force; 0 while a draft
}

// Status is how far a campaign has come.
type Status string

// The states of a campaign, in order; a stopped one ends early.
const (
	Draft     Status = "draft"
	Announced Status = "announced" // published, collecting begins later
	Open      Status = "open"
	Closed    Status = "closed" // collecting is over, the report is due
	Reported  Status = "reported"
	Stopped   Status = "stopped"
)

// Public reports whether anyone may see the campaign.
func (c Campaign) Public() bool { return c.Status != Draft }

// ErrNotFound says that there is no such campaign, gift or receipt in this organisation.
var ErrNotFound = ledger.ErrNotFound

// ErrNotDraft says that the campaign is announced: what was promised stands.
var ErrNotDraft = errors.New("campaigns: not a draft")

// ErrClosed says that the campaign does not take gifts on that day.
var ErrClosed = errors.New("campaigns: takes no gifts")

// StartDraft begins a campaign for an initiative and returns its id. The slug is its public name from announcing on.
func StartDraft(ctx context.Context, tx *sqlx.Tx, organisationID, initiativeID int64, slug string, p Plan, by ledger.Actor, at time.Time) (int64, error) {
	if err := slugFree(ctx, tx, slug); err != nil {
		return 0, err
	}
	if err := p.fits(); err != nil {
		return 0, err
	}
	var id int64
	err := tx.GetContext(ctx, &id, `
		INSERT INTO campaign (organisation_id, slug, initiative_id)
		VALUES ($1, $2, $3)
		    ON CONFLICT ON CONSTRAINT campaign_slug_key DO NOTHING
		RETURNING id`, organisationID, slug, initiativeID)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ledger.Invalid{"slug": "campaign.slug_taken"}
	}
	if err != nil {
		return 0, fmt.Errorf("campaign: %w", ledger.Classify(err))
	}
	if err = insertPlan(ctx, tx, organisationID, id, p.asDraft(), 0); err != nil {
		return 0, err
	}
	return id, ledger.Note(ctx, tx, organisationID, "campaign", id, "drafted", by, at, "")
}

// Copy begins a draft from the plan of an earlier campaign with all days left empty, and returns its id. ErrNotFound if there
// is no such campaign; Invalid for the slug as in StartDraft.
func Copy(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, slug string, by ledger.Actor, at time.Time) (int64, error) {
	c, err := Find(ctx, tx, organisationID, id)
	if err != nil {
		return 0, err
	}
	p, err := FindPlan(ctx, tx, organisationID, id, c.Version)
	if err != nil {
		return 0, err
	}
	p.CollectsFrom, p.CollectsUntil, p.ReportDueOn = ledger.Date{}, ledger.Date{}, ledger.Date{}
	for i := range p.Uses {
		p.Uses[i].DueOn = ledger.Date{}
	}
	newID, err := StartDraft(ctx, tx, organisationID, c.InitiativeID, slug, p, by, at)
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE campaign
		   SET copied_from = $3
		 WHERE organisation_id = $1 AND id = $2`, organisationID, newID, id)
	if err != nil {
		return 0, fmt.Errorf("campaign %d: %w", newID, ledger.Classify(err))
	}
	return newID, nil
}

// slugFree says what is wrong with a public name: its shape, or that another announced campaign has it.
func slugFree(ctx context.Context, q sqlx.QueryerContext, slug string) error {
	if !ledger.SlugFits(slug) {
		return ledger.Invalid{"slug": "campaign.slug_shape"}
	}
	_, _, err := ledger.FindSlug(ctx, q, ledger.SlugCampaign, slug)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return ledger.Invalid{"slug": "campaign.slug_taken"}
}

const selectCampaign = `
	SELECT organisation_id, id, slug, initiative_id, coalesce(fund_id, 0) AS fund_id, status, version
	  FROM campaign`

// Find returns a campaign, or ErrNotFound.
func Find(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Campaign, error) {
	return getCampaign(ctx, q, selectCampaign+` WHERE organisation_id = $1 AND id = $2`, organisationID, id)
}

// lock is Find that waits for whoever is changing the campaign.
func lock(ctx context.Context, tx *sqlx.Tx, organisationID, id int64) (Campaign, error) {
	return getCampaign(ctx, tx, selectCampaign+` WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE`, organisationID, id)
}

func getCampaign(ctx context.Context, q sqlx.QueryerContext, query string, organisationID, id int64) (Campaign, error) {
	var c Campaign
	err := sqlx.GetContext(ctx, q, &c, query, organisationID, id)
	if errors.Is(err, sql.ErrNoRows) {
		return c, ErrNotFound
	}
	if err != nil {
		return c, fmt.Errorf("campaign %d: %w", id, err)
	}
	return c, nil
}

// FindPublic returns an announced campaign by its public name, or ErrNotFound.
func FindPublic(ctx context.Context, q sqlx.QueryerContext, slug string) (Campaign, error) {
	organisationID, id, err := ledger.FindSlug(ctx, q, ledger.SlugCampaign, slug)
	if err != nil {
		return Campaign{}, err
	}
	return Find(ctx, q, organisationID, id)
}

// List returns an organisation's campaigns, the newest first by the end of collecting, drafts before all.
func List(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Campaign, error) {
	var all []Campaign
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT c.organisation_id, c.id, c.slug, c.initiative_id, coalesce(c.fund_id, 0) AS fund_id, c.status, c.version
		  FROM campaign c
		  JOIN plan p ON p.organisation_id = c.organisation_id AND p.campaign_id = c.id AND p.version = c.version
		 WHERE c.organisation_id = $1
		 ORDER BY c.status <> 'draft', p.collects_from DESC NULLS FIRST, c.id DESC`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("campaigns: %w", err)
	}
	return all, nil
}

// step moves a campaign from one of the given states to another; ErrClosed if it is in none of them.
func step(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, from []Status, to Status, by ledger.Actor, at time.Time, reason string) error {
	allowed := make([]string, len(from))
	for i, s := range from {
		allowed[i] = string(s)
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE campaign
		   SET status = $3
		 WHERE organisation_id = $1 AND id = $2 AND status = ANY (string_to_array($4, ','))`,
		organisationID, id, to, strings.Join(allowed, ","))
	if err != nil {
		return fmt.Errorf("campaign %d: %w", id, ledger.Classify(err))
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("campaign %d to %s: %w", id, to, ErrClosed))
	}
	return ledger.Note(ctx, tx, organisationID, "campaign", id, string(to), by, at, reason)
}
