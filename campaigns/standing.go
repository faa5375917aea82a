package campaigns

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// YearReportDays is the most days that may pass between the end of a fiscal year and the day its report is promised for.
const YearReportDays = 184

// yearAfter is the first day of the fiscal year after the one that begins on a day.
func yearAfter(first ledger.Date) ledger.Date {
	return ledger.NewDate(first.Year()+1, first.Month(), 1)
}

// YearUntil is the last day of the fiscal year a plan is for; the zero Date unless the call is standing.
func (p Plan) YearUntil() ledger.Date {
	if p.YearFrom.IsZero() {
		return ledger.Date{}
	}
	return yearAfter(p.YearFrom).AddDays(-1)
}

// window is the year a plan's figures are of: from its first day until before a day. Both are zero where they are of all the campaign's time.
func (p Plan) window() (from, before ledger.Date) {
	if p.YearFrom.IsZero() {
		return from, before
	}
	return p.YearFrom, yearAfter(p.YearFrom)
}

// Takes reports whether the plan lets gifts be given on a day: within its days of collecting, and of a standing call in the year it is for. Whether the
// campaign was closed or stopped is asked of the campaign.
func (p Plan) Takes(on ledger.Date) bool {
	if p.CollectsFrom.IsZero() || on.Before(p.CollectsFrom) || (!p.CollectsUntil.IsZero() && on.After(p.CollectsUntil)) {
		return false
	}
	return p.YearFrom.IsZero() || (!on.Before(p.YearFrom) && !on.After(p.YearUntil()))
}

// missingYear says what a standing call lacks in its report's day: after the fiscal year, and not so late that nobody remembers it.
func (p Plan) missingYear(bad ledger.Invalid, o ledger.Organisation) {
	year := p.YearFrom
	if year.IsZero() && !p.CollectsFrom.IsZero() {
		year = o.FiscalYear(p.CollectsFrom)
	}
	if year.IsZero() || p.ReportDueOn.IsZero() {
		return
	}
	end := yearAfter(year).AddDays(-1)
	bad.Need(p.ReportDueOn.After(end), "report_due_on", "campaign.report_before_year_end")
	bad.Need(!p.ReportDueOn.After(end.AddDays(YearReportDays)), "report_due_on", "campaign.report_long_after_year")
}

// YearPlanned is the last plan of a standing call: of the year that runs, or already of the next.
type YearPlanned struct {
	Version  int         `db:"version"`
	YearFrom ledger.Date `db:"year_from"`
}

// lastPlanned returns the latest published version for the latest year.
func lastPlanned(ctx context.Context, q sqlx.QueryerContext, c Campaign) (YearPlanned, error) {
	var last YearPlanned
	err := sqlx.GetContext(ctx, q, &last, `
		SELECT p.version, p.year_from
		  FROM plan p
		  LEFT JOIN plan_change h ON h.organisation_id = p.organisation_id AND h.campaign_id = p.campaign_id AND h.version = p.version
		 WHERE p.organisation_id = $1 AND p.campaign_id = $2 AND p.version > 0 AND (h.id IS NULL OR h.status = 'in_force')
		 ORDER BY p.year_from DESC NULLS LAST, p.version DESC
		 LIMIT 1`, c.OrganisationID, c.ID)
	if err != nil {
		return last, fmt.Errorf("plans of campaign %d: %w", c.ID, err)
	}
	return last, nil
}

// PlannedAhead reports whether a standing call has a plan for a later year than the one in force is published.
func PlannedAhead(ctx context.Context, q sqlx.QueryerContext, c Campaign) (bool, error) {
	last, err := lastPlanned(ctx, q, c)
	return err == nil && last.Version > c.Version, err
}

// FindYearPlan returns the draft of a standing call's plan for its next year; where none is begun, the last plan with its days a year later. A next year
// that is planned and has not begun is planned anew. After a gap it is the year that runs. ErrNotFound unless the call is standing and goes on.
func FindYearPlan(ctx context.Context, q sqlx.QueryerContext, c Campaign, today ledger.Date) (Plan, error) {
	if c.Version == 0 || (c.Status != Open && c.Status != Announced) {
		return Plan{}, ErrNotFound
	}
	last, err := lastPlanned(ctx, q, c)
	if err != nil || last.YearFrom.IsZero() {
		return Plan{}, errors.Join(err, ErrNotFound)
	}
	year := last.YearFrom
	for !year.After(today) && (year == last.YearFrom || !yearAfter(year).After(today)) {
		year = yearAfter(year)
	}
	draft, err := FindPlan(ctx, q, c.OrganisationID, c.ID, 0)
	if err == nil && draft.Standing && draft.YearFrom == year {
		return draft, nil
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Plan{}, err
	}
	p, err := FindPlan(ctx, q, c.OrganisationID, c.ID, last.Version)
	if err != nil {
		return p, err
	}
	return p.ofYear(year), nil
}

// ofYear is the plan as a draft for another year.
func (p Plan) ofYear(year ledger.Date) Plan {
	years := year.Year() - p.YearFrom.Year()
	later := func(d ledger.Date) ledger.Date {
		if d.IsZero() {
			return d
		}
		return ledger.NewDate(d.Year()+years, d.Month(), d.Day())
	}
	p.Version, p.PublishedAt, p.Reason, p.Margin, p.YearFrom = 0, time.Time{}, "", nil, year
	p.ReportDueOn = later(p.ReportDueOn)
	for i := range p.Uses {
		p.Uses[i].DueOn = later(p.Uses[i].DueOn)
	}
	return p
}

// SaveYearPlan keeps the draft of the next year's plan, complete or not. The name of the call, its first day and what was said for the case of stopping
// stay; a use with a name that was there is the same use. ErrNotFound unless the call is standing and goes on.
func SaveYearPlan(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, p Plan, today ledger.Date) error {
	c, err := lock(ctx, tx, organisationID, campaignID)
	if err != nil {
		return err
	}
	was, err := FindYearPlan(ctx, tx, c, today)
	if err != nil {
		return err
	}
	inForce, err := FindPlan(ctx, tx, organisationID, campaignID, c.Version)
	if err != nil {
		return err
	}
	p = p.asYear(inForce, was.YearFrom)
	if err = p.fits(); err != nil {
		return err
	}
	if err = dropDraft(ctx, tx, c); err != nil {
		return err
	}
	return insertPlan(ctx, tx, organisationID, campaignID, p, 0)
}

func (p Plan) asYear(inForce Plan, year ledger.Date) Plan {
	p.Title, p.IfStopped, p.PaperOn = inForce.Title, inForce.IfStopped, inForce.PaperOn
	p.CollectsFrom, p.CollectsUntil = inForce.CollectsFrom, ledger.Date{}
	p.Standing, p.YearFrom, p.Version, p.PublishedAt = true, year, 0, time.Time{}
	p.Reason = fmt.Sprintf("%d年度の計画", year.Year())
	old := map[string]int64{}
	for _, u := range inForce.Uses {
		old[u.Name] = u.UseID
	}
	for i := range p.Uses {
		p.Uses[i].UseID = old[p.Uses[i].Name]
		delete(old, p.Uses[i].Name) // a second row with the name is another use
	}
	return p
}

// MissingForYear says what a plan for a year lacks to be published.
func (p Plan) MissingForYear(o ledger.Organisation) ledger.Invalid {
	bad := p.Missing(o, p.CollectsFrom)
	names := map[string]bool{}
	for i, u := range p.Uses {
		bad.Need(u.Name == "" || !names[u.Name], fmt.Sprintf("use%d_name", i+1), "change.use_name_taken")
		names[u.Name] = true
	}
	return bad
}

// PublishYear publishes the plan of a standing call for its next year, in the log, before that year collects: it is in force from the first day of the
// year, or at once where that has begun without a plan. What is left of the years before goes on into it. Nobody is asked: what was promised for a
// year is reported on for that year. Invalid says what is missing, also where money still lies on a use it drops (LeftBehind); ErrAsking while givers are asked about this year's; ErrNotFound unless the
// call is standing and goes on.
func PublishYear(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, by ledger.Actor, at time.Time) (Plan, error) {
	c, err := lock(ctx, tx, organisationID, campaignID)
	if err != nil {
		return Plan{}, err
	}
	today := ledger.DateOf(at)
	next, err := FindYearPlan(ctx, tx, c, today)
	if err != nil {
		return Plan{}, err
	}
	o, err := ledger.FindOrganisation(ctx, tx, organisationID)
	if err != nil {
		return Plan{}, err
	}
	inForce, err := FindPlan(ctx, tx, organisationID, campaignID, c.Version)
	if err != nil {
		return Plan{}, err
	}
	next = next.asYear(inForce, next.YearFrom)
	if err = next.MissingForYear(o).Err(); err != nil {
		return next, err
	}
	if err = lockBook(ctx, tx, organisationID); err != nil {
		return next, err
	}
	behind, err := leftBehind(ctx, tx, c, inForce, next)
	if err != nil {
		return next, err
	}
	if len(behind) > 0 {
		return next, ledger.Invalid{"uses": "campaign.use_left_behind"}
	}
	if _, err = FindAsking(ctx, tx, organisationID, campaignID); !errors.Is(err, ErrNotFound) {
		return next, errors.Join(err, fmt.Errorf("campaign %d: %w", campaignID, ErrAsking))
	}
	width := next.Width()
	next.Margin = &width
	k := Considered{Campaign: c, InForce: inForce, Next: next}
	change := Change{
		OrganisationID: organisationID, CampaignID: campaignID, Kind: ChangeYear, FromVersion: c.Version, BaseVersion: c.Version,
		Status: InForce, OpenedOn: today, InForceOn: next.YearFrom, Reason: next.Reason,
	}
	if today.After(change.InForceOn) {
		change.InForceOn = today
	}
	if err = k.state(ctx, tx, &change, by, at); err != nil {
		return next, err
	}
	if err = ledger.Note(ctx, tx, organisationID, "campaign", campaignID, "year_planned", by, at, change.Reason); err != nil {
		return k.Next, err
	}
	_, err = turnYears(ctx, tx, organisationID, at)
	return k.Next, err
}

// turnYears brings the plans into force whose year has begun, and promises each its report. It says how many; calling it again changes nothing. A call whose
// year has no plan takes no gifts until it has one.
func turnYears(ctx context.Context, tx *sqlx.Tx, organisationID int64, at time.Time) (int, error) {
	today := ledger.DateOf(at)
	var due []Change
	err := tx.SelectContext(ctx, &due, `
		SELECT DISTINCT ON (h.campaign_id) h.organisation_id, h.id, h.campaign_id, h.kind, c.version AS from_version, h.version, h.base_version, h.status,
		       h.moved, h.width, h.unspent, h.log_length, h.opened_on, h.in_force_on, h.reason
		  FROM plan_change h
		  JOIN campaign c ON c.organisation_id = h.organisation_id AND c.id = h.campaign_id
		 WHERE h.organisation_id = $1 AND h.kind = 'year' AND h.status = 'in_force' AND h.in_force_on <= $2 AND h.version > c.version
		   AND c.status IN ('announced', 'open')
		 ORDER BY h.campaign_id, h.version DESC`, organisationID, today)
	if err != nil {
		return 0, fmt.Errorf("years of organisation %d: %w", organisationID, err)
	}
	if len(due) == 0 {
		return 0, nil
	}
	if err = lockBook(ctx, tx, organisationID); err != nil {
		return 0, err
	}
	for _, change := range due {
		c, err := lock(ctx, tx, organisationID, change.CampaignID)
		if err != nil {
			return 0, err
		}
		if err = enforce(ctx, tx, c, change); err != nil {
			return 0, err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO duty (organisation_id, campaign_id, number, due_on, year_from)
			SELECT $1, $2, (SELECT coalesce(max(d.number), 0) + 1 FROM duty d WHERE d.organisation_id = $1 AND d.campaign_id = $2), p.report_due_on, p.year_from
			  FROM plan p
			 WHERE p.organisation_id = $1 AND p.campaign_id = $2 AND p.version = $3
			    ON CONFLICT (organisation_id, campaign_id, year_from) WHERE year_from IS NOT NULL DO NOTHING`, organisationID, c.ID, change.Version)
		if err != nil {
			return 0, fmt.Errorf("duty of campaign %d: %w", c.ID, ledger.Classify(err))
		}
		if err = ledger.Note(ctx, tx, organisationID, "campaign", c.ID, "year_begun", ledger.BySystem("日付の切りかわり"), at, change.Reason); err != nil {
			return 0, err
		}
	}
	return len(due), nil
}

// goesOnAfter reports whether a campaign goes on after a report on a year: it collects, or a later year's report is still owed.
func goesOnAfter(ctx context.Context, q sqlx.QueryerContext, c Campaign, year ledger.Date, collecting bool) (bool, error) {
	if year.IsZero() || collecting {
		return !year.IsZero(), nil
	}
	var later bool
	err := sqlx.GetContext(ctx, q, &later, `
		SELECT EXISTS (SELECT FROM duty
		                WHERE organisation_id = $1 AND campaign_id = $2 AND met_at IS NULL AND year_from > $3)`, c.OrganisationID, c.ID, year)
	if err != nil {
		return false, fmt.Errorf("duties of campaign %d: %w", c.ID, err)
	}
	return later, nil
}

// reportYear meets the promise of a report on a year that is over; before its end the report is one on the way. What is left goes on into the next year.
func reportYear(ctx context.Context, tx *sqlx.Tx, c Campaign, carry Carry, by ledger.Actor, at time.Time) error {
	if ledger.DateOf(at).Before(yearAfter(carry.Year)) {
		return ledger.Note(ctx, tx, c.OrganisationID, "campaign", c.ID, "reported_on_the_way", by, at, "")
	}
	all, err := Duties(ctx, tx, c.OrganisationID, c.ID)
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.YearFrom == carry.Year && !d.Met() {
			if err = meet(ctx, tx, d, c, carry.Left, at); err != nil {
				return err
			}
		}
	}
	return ledger.Note(ctx, tx, c.OrganisationID, "campaign", c.ID, "year_reported", by, at, fmt.Sprintf("%d年度", carry.Year.Year()))
}

// ReportVersion is the version of the plan a report being written is on: the one in force, and of a standing call the last one for the earliest year
// whose report is owed, or of the year a corrected report was on.
func ReportVersion(ctx context.Context, q sqlx.QueryerContext, c Campaign, year ledger.Date) (int, error) {
	if year.IsZero() {
		open, err := OpenDuty(ctx, q, c.OrganisationID, c.ID)
		if errors.Is(err, ErrNotFound) {
			return c.Version, nil
		}
		if err != nil || open.YearFrom.IsZero() {
			return c.Version, err
		}
		year = open.YearFrom
	}
	var version int
	err := sqlx.GetContext(ctx, q, &version, `
		SELECT coalesce(max(version), $4::int)
		  FROM plan
		 WHERE organisation_id = $1 AND campaign_id = $2 AND year_from = $3 AND version <= $4`, c.OrganisationID, c.ID, year, c.Version)
	if err != nil {
		return 0, fmt.Errorf("plans of campaign %d: %w", c.ID, err)
	}
	return version, nil
}
