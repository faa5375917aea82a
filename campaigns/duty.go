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

// Duty is one promised report (報告の約束). Announcing promises the first; a report with money left over promises the next, until the fund is at zero.
type Duty struct {
	CampaignID int64       `db:"campaign_id"`
	Number     int         `db:"number"` // 1, and one more for each carry-over
	DueOn      ledger.Date `db:"due_on"`
	MetAt      time.Time   `db:"met_at"`    // when the report came out; zero while it is owed
	LeftOver   ledger.Yen  `db:"left_over"` // in the fund then
	Title      string      `db:"title"`     // of the campaign
	Slug       string      `db:"slug"`
	ClosedOn   ledger.Date `db:"closed_on"` // its last day of collecting
	YearFrom   ledger.Date `db:"year_from"` // of a standing call: the fiscal year it is on
}

// Met reports whether the report is out.
func (d Duty) Met() bool { return !d.MetAt.IsZero() }

// MetOn is the day it came out; the zero Date while it is owed.
func (d Duty) MetOn() ledger.Date {
	if !d.Met() {
		return ledger.Date{}
	}
	return ledger.DateOf(d.MetAt)
}

// Late is how many days the report was late, or is so on a day; 0 in time and before.
func (d Duty) Late(on ledger.Date) int {
	if d.Met() {
		on = d.MetOn()
	}
	return max(0, on.Sub(d.DueOn))
}

// Taken is how many days the first report came after the last day of collecting; 0 for later reports and those that are owed.
func (d Duty) Taken() int {
	if d.Number != 1 || !d.Met() || d.ClosedOn.IsZero() {
		return 0
	}
	return max(0, d.MetOn().Sub(d.ClosedOn))
}

const selectDuty = `
	SELECT d.campaign_id, d.number, d.due_on, coalesce(d.met_at, '0001-01-01 00:00:00Z') AS met_at, coalesce(d.left_over, 0) AS left_over, p.title, c.slug,
	       f.collects_until AS closed_on, d.year_from
	  FROM duty d
	  JOIN campaign c ON c.organisation_id = d.organisation_id AND c.id = d.campaign_id
	  JOIN plan p ON p.organisation_id = c.organisation_id AND p.campaign_id = c.id AND p.version = c.version
	  JOIN fund f ON f.organisation_id = c.organisation_id AND f.id = c.fund_id`

// Duties returns the promised reports of a campaign, or with 0 of the whole organisation, in the order of their days.
func Duties(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) ([]Duty, error) {
	var all []Duty
	err := sqlx.SelectContext(ctx, q, &all, selectDuty+`
		 WHERE d.organisation_id = $1 AND ($2::bigint = 0 OR d.campaign_id = $2)
		 ORDER BY d.due_on, d.campaign_id, d.number`, organisationID, campaignID)
	if err != nil {
		return nil, fmt.Errorf("duties: %w", err)
	}
	return all, nil
}

// Owed returns the reports an organisation owes, the first due first, whether their day has come or not.
func Owed(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]Duty, error) {
	var all []Duty
	err := sqlx.SelectContext(ctx, q, &all, selectDuty+`
		 WHERE d.organisation_id = $1 AND d.met_at IS NULL
		 ORDER BY d.due_on, d.campaign_id`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("reports owed: %w", err)
	}
	return all, nil
}

// OpenDuty returns the report a campaign owes, of a standing call that of the earliest year, or ErrNotFound when it owes none.
func OpenDuty(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) (Duty, error) {
	var d Duty
	err := sqlx.GetContext(ctx, q, &d, selectDuty+`
		 WHERE d.organisation_id = $1 AND d.campaign_id = $2 AND d.met_at IS NULL
		 ORDER BY d.number
		 LIMIT 1`, organisationID, campaignID)
	if errors.Is(err, sql.ErrNoRows) {
		return d, ErrNotFound
	}
	if err != nil {
		return d, fmt.Errorf("duty of campaign %d: %w", campaignID, err)
	}
	return d, nil
}

// ErrReportOverdue says that the initiative owes a report whose day has passed: nothing new is announced for it before.
var ErrReportOverdue = errors.New("campaigns: a report is overdue")

// Overdue returns the campaigns of an initiative, or with 0 of the whole organisation, whose report was due before a day and is not
// published (報告待ち), the longest overdue first.
func Overdue(ctx context.Context, q sqlx.QueryerContext, organisationID, initiativeID int64, on ledger.Date) ([]Campaign, error) {
	var all []Campaign
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT c.organisation_id, c.id, c.slug, c.initiative_id, coalesce(c.fund_id, 0) AS fund_id, c.status, c.version
		  FROM (SELECT organisation_id, campaign_id, min(due_on) AS due_on
		          FROM duty
		         WHERE organisation_id = $1 AND met_at IS NULL AND due_on < $3
		         GROUP BY 1, 2) AS d
		  JOIN campaign c ON c.organisation_id = d.organisation_id AND c.id = d.campaign_id
		 WHERE $2::bigint = 0 OR c.initiative_id = $2
		 ORDER BY d.due_on, c.id`, organisationID, initiativeID, on)
	if err != nil {
		return nil, fmt.Errorf("overdue reports: %w", err)
	}
	return all, nil
}
