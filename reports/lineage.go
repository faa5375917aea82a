package reports

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Edition is one published version of a campaign's report, as the later ones and the lists name it.
type Edition struct {
	ReportID int64     `db:"report_id"`
	Number   string    `db:"number"`
	Turn     int       `db:"turn"` // which report of the campaign
	Version  int       `db:"version"`
	Changes  string    `db:"changes"` // what it corrected; empty for the first
	At       time.Time `db:"published_at"`
}

// Name says which version of which report it is: 第2版, 第2回 第1版.
func (e Edition) Name() string { return EditionName(e.Turn, e.Version) }

// EditionName says which version of which report of a campaign: 第2版, 第2回 第1版.
func EditionName(turn, version int) string {
	if turn > 1 {
		return fmt.Sprintf("第%d回 第%d版", turn, version)
	}
	return fmt.Sprintf("第%d版", version)
}

func dateOf(e Edition) ledger.Date { return ledger.DateOf(e.At) }

// Editions returns the published versions of a campaign's reports, the latest report first, of each the latest version first.
func Editions(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) ([]Edition, error) {
	var all []Edition
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT p.report_id, p.number, r.turn, p.version,
		       CASE WHEN p.withdrawn_at IS NULL THEN coalesce(p.content ->> 'changes', '') ELSE p.withdrawn_why END AS changes, p.published_at
		  FROM report_publication p
		  JOIN report r ON r.organisation_id = p.organisation_id AND r.id = p.report_id
		 WHERE p.organisation_id = $1 AND r.campaign_id = $2
		 ORDER BY r.turn DESC, p.version DESC, p.published_at DESC`, organisationID, campaignID)
	if err != nil {
		return nil, fmt.Errorf("reports of campaign %d: %w", campaignID, err)
	}
	return all, nil
}

// OfCampaign returns the public names of a campaign's published reports, the latest version first.
func OfCampaign(ctx context.Context, q sqlx.QueryerContext, c campaigns.Campaign) ([]string, error) {
	editions, err := Editions(ctx, q, c.OrganisationID, c.ID)
	numbers := make([]string, len(editions))
	for i, e := range editions {
		numbers[i] = e.Number
	}
	return numbers, err
}

// DraftOf returns the report of a campaign that is being written, a correction before the next report, or ErrNotFound.
func DraftOf(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) (Report, error) {
	var ids []int64
	err := sqlx.SelectContext(ctx, q, &ids, `
		SELECT r.id
		  FROM report r
		 WHERE r.organisation_id = $1 AND r.campaign_id = $2
		   AND NOT EXISTS (SELECT FROM report_publication p WHERE p.organisation_id = r.organisation_id AND p.report_id = r.id)
		 ORDER BY r.corrects IS NULL, r.turn`, organisationID, campaignID)
	if err != nil {
		return Report{}, fmt.Errorf("report of campaign %d: %w", campaignID, err)
	}
	if len(ids) == 0 {
		return Report{}, ErrNotFound
	}
	return Find(ctx, q, organisationID, ids[0])
}

// Standing is how far the report of a campaign has come.
type Standing struct {
	CampaignID int64  `db:"campaign_id"`
	Drafted    bool   `db:"drafted"` // one is being written
	Next       bool   `db:"next"`    // the one being written is no correction, but the report after the last
	Number     string `db:"number"`  // of the latest published version; empty while there is none
	Turn       int    `db:"turn"`    // which report that is
	Version    int    `db:"version"`
}

// Standings returns how far the reports of an organisation have come, by campaign. A campaign nobody has begun to report on
// is not in it.
func Standings(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (map[int64]Standing, error) {
	var rows []Standing
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT r.campaign_id, bool_or(p.report_id IS NULL) AS drafted,
		       bool_or(p.report_id IS NULL AND r.corrects IS NULL AND r.turn > 1) AND NOT bool_or(p.report_id IS NULL AND r.corrects IS NOT NULL) AS next,
		       coalesce((array_agg(p.version ORDER BY p.report_id IS NULL, r.turn DESC, p.version DESC))[1], 0) AS version,
		       coalesce((array_agg(r.turn ORDER BY p.report_id IS NULL, r.turn DESC, p.version DESC))[1], 0) AS turn,
		       coalesce((array_agg(p.number ORDER BY p.report_id IS NULL, r.turn DESC, p.version DESC))[1], '') AS number
		  FROM report r
		  LEFT JOIN report_publication p ON p.organisation_id = r.organisation_id AND p.report_id = r.id
		 WHERE r.organisation_id = $1
		 GROUP BY r.campaign_id`, organisationID)
	if err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	all := make(map[int64]Standing, len(rows))
	for _, row := range rows {
		all[row.CampaignID] = row
	}
	return all, nil
}

// PhotoNamed reports whether a report of the organisation, published or not, names a photo by its hash in hex.
func PhotoNamed(ctx context.Context, q sqlx.QueryerContext, organisationID int64, hash string) (bool, error) {
	var named bool
	err := sqlx.GetContext(ctx, q, &named, `
		SELECT EXISTS (SELECT FROM report
		                WHERE organisation_id = $1 AND content -> 'photos' @> jsonb_build_array(jsonb_build_object('hash', $2::text)))
		    OR EXISTS (SELECT FROM report_publication
		                WHERE organisation_id = $1 AND content -> 'photos' @> jsonb_build_array(jsonb_build_object('hash', $2::text)))`,
		organisationID, hash)
	if err != nil {
		return false, fmt.Errorf("photo of a report: %w", err)
	}
	return named, nil
}

// numberOf is the public name of the n-th report of an organisation in a year. A long name of an organisation is cut, so
// that the number stays one line on paper.
func numberOf(o ledger.Organisation, year, n int) string {
	name := o.Slug
	if len(name) > 28 {
		name = fmt.Sprintf("%s-%d", name[:16], o.ID)
	}
	return fmt.Sprintf("%s-%d-%02d", name, year, n)
}
