package campaigns

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Change is 使いみちの変更: a version that takes the place of another, or the stopping of the campaign. Within the width (流用の幅) it is in
// force at once; beyond it givers are asked first.
type Change struct {
	OrganisationID int64        `db:"organisation_id"`
	ID             int64        `db:"id"`
	CampaignID     int64        `db:"campaign_id"`
	Kind           ChangeKind   `db:"kind"`
	FromVersion    int          `db:"from_version"` // in force when it was proposed
	Version        int          `db:"version"`      // the one proposed; of a stop the one in force
	BaseVersion    int          `db:"base_version"` // the last one givers had a say in: the width is counted from it, so that small steps do not add up to a large one
	Status         ChangeStatus `db:"status"`
	Moved          ledger.Yen   `db:"moved"`      // between uses
	Width          ledger.Yen   `db:"width"`      // what Moved was compared with
	Unspent        ledger.Yen   `db:"unspent"`    // of the uses it touches, when it was proposed
	LogLength      int64        `db:"log_length"` // of the organisation's log then
	OpenedOn       ledger.Date  `db:"opened_on"`
	DecidesOn      ledger.Date  `db:"decides_on"` // the last day of answering; zero where nobody was asked
	InForceOn      ledger.Date  `db:"in_force_on"`
	Rest           Rest         `db:"rest"`         // of a stop
	RestFundID     int64        `db:"rest_fund_id"` // of a stop
	Reason         string       `db:"reason"`
}

// ChangeKind says what changes.
type ChangeKind string

// The kinds of change.
const (
	ChangeVersion ChangeKind = "version"
	ChangeStop    ChangeKind = "stop"
	ChangeYear    ChangeKind = "year" // of a standing call: the plan of a year, in force from its first day
)

// ChangeStatus is how far a change has come.
type ChangeStatus string

// A change is asked about until its day, then in force; the group can withdraw it before.
const (
	Asking    ChangeStatus = "asking"
	InForce   ChangeStatus = "in_force"
	Withdrawn ChangeStatus = "withdrawn"
)

// AskingDays is how long givers have: the fourteenth day after the one it was published is the last to answer.
const AskingDays = 14

// ErrAsking says that givers are being asked about a change of the campaign: another one has to wait.
var ErrAsking = errors.New("campaigns: givers are being asked")

// ErrNotAsking says that the change is decided, or its last day of answering over.
var ErrNotAsking = errors.New("campaigns: givers are not asked any more")

const selectChange = `
	SELECT organisation_id, id, campaign_id, kind, from_version, version, base_version, status, moved, width, unspent, log_length,
	       opened_on, decides_on, in_force_on, coalesce(rest, '') AS rest, coalesce(rest_fund_id, 0) AS rest_fund_id, reason
	  FROM plan_change`

// Changes returns the changes of a campaign, the latest first.
func Changes(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) ([]Change, error) {
	var all []Change
	err := sqlx.SelectContext(ctx, q, &all, selectChange+`
		 WHERE organisation_id = $1 AND campaign_id = $2
		 ORDER BY proposed_at DESC, id DESC`, organisationID, campaignID)
	if err != nil {
		return nil, fmt.Errorf("changes of campaign %d: %w", campaignID, err)
	}
	return all, nil
}

// FindChange returns a change, or ErrNotFound.
func FindChange(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Change, error) {
	return getChange(ctx, q, selectChange+` WHERE organisation_id = $1 AND id = $2`, organisationID, id)
}

// FindAsking returns the change of a campaign that givers are asked about now, or ErrNotFound.
func FindAsking(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) (Change, error) {
	return getChange(ctx, q, selectChange+` WHERE organisation_id = $1 AND campaign_id = $2 AND status = 'asking'`, organisationID, campaignID)
}

// OpenChanges returns the changes of an organisation that givers are asked about, the first to be decided first.
func OpenChanges(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Change, error) {
	var all []Change
	err := sqlx.SelectContext(ctx, q, &all, selectChange+`
		 WHERE organisation_id = $1 AND status = 'asking'
		 ORDER BY decides_on`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("open changes: %w", err)
	}
	return all, nil
}

func getChange(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) (Change, error) {
	var c Change
	err := sqlx.GetContext(ctx, q, &c, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return c, ErrNotFound
	}
	if err != nil {
		return c, fmt.Errorf("change: %w", err)
	}
	return c, nil
}

// insertChange writes a change and gives it its id.
func (c *Change) insert(ctx context.Context, tx *sqlx.Tx, by ledger.Actor, at time.Time) error {
	actor, err := ledger.ActorID(ctx, tx, c.OrganisationID, by)
	if err != nil {
		return err
	}
	if c.LogLength, err = ledger.Records(ctx, tx, c.OrganisationID); err != nil {
		return err
	}
	err = tx.GetContext(ctx, &c.ID, `
		INSERT INTO plan_change (organisation_id, campaign_id, kind, from_version, version, base_version, status, moved, width, unspent,
		       log_length, opened_on, decides_on, in_force_on, rest, rest_fund_id, reason, proposed_by, proposed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, nullif($15, ''), nullif($16::bigint, 0), $17, $18, $19)
		RETURNING id`, c.OrganisationID, c.CampaignID, c.Kind, c.FromVersion, c.Version, c.BaseVersion, c.Status, c.Moved, c.Width, c.Unspent,
		c.LogLength, c.OpenedOn, c.DecidesOn, c.InForceOn, string(c.Rest), c.RestFundID, c.Reason, actor, at)
	if name := ledger.ConstraintName(err); name == "plan_change_one_asking" || name == "plan_change_one_stop" {
		return fmt.Errorf("campaign %d: %w", c.CampaignID, ErrAsking)
	}
	if err != nil {
		return fmt.Errorf("change of campaign %d: %w", c.CampaignID, ledger.Classify(err))
	}
	return nil
}
