package reports

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Last is where the report before ended, as it was printed: the next one says what came and went since, next to the whole.
type Last struct {
	Number   string       `json:"number"` // its public name
	Turn     int          `json:"turn"`
	On       ledger.Date  `json:"on"`
	Records  int64        `json:"records"` // how long the log was
	In       ledger.Yen   `json:"in"`
	Received ledger.Yen   `json:"received"`
	Spent    ledger.Yen   `json:"spent"`
	Left     ledger.Yen   `json:"left"`
	Uses     []SpentOnUse `json:"uses"`
}

// SpentOnUse is what was spent on a use up to a report.
type SpentOnUse struct {
	UseID int64      `json:"use_id"`
	Spent ledger.Yen `json:"spent"`
}

// spent is what was spent on a use up to that report; 0 for a use that was not there.
func (l Last) spent(useID int64) ledger.Yen {
	for _, u := range l.Uses {
		if u.UseID == useID {
			return u.Spent
		}
	}
	return 0
}

// FiguresFor takes the figures of the report of a campaign with a turn: FindFigures, and where the report before it ended.
func FiguresFor(ctx context.Context, q sqlx.QueryerContext, c campaigns.Campaign, turn int, on ledger.Date) (Figures, error) {
	f, err := FindFigures(ctx, q, c, on)
	if err != nil || turn <= 1 {
		return f, err
	}
	var last Last
	var figures []byte
	err = q.QueryRowxContext(ctx, `
		SELECT p.number, r.turn, p.figures
		  FROM report_publication p
		  JOIN report r ON r.organisation_id = p.organisation_id AND r.id = p.report_id
		 WHERE p.organisation_id = $1 AND r.campaign_id = $2 AND r.turn < $3
		 ORDER BY r.turn DESC, p.version DESC
		 LIMIT 1`, c.OrganisationID, c.ID, turn).Scan(&last.Number, &last.Turn, &figures)
	if err != nil {
		return f, fmt.Errorf("report before the %dth of campaign %d: %w", turn, c.ID, err)
	}
	var before Figures
	if err = json.Unmarshal(figures, &before); err != nil {
		return f, fmt.Errorf("report %s: %w", last.Number, err)
	}
	p := before.Progress
	if before.Year != f.Year {
		return f, nil // of another year of a standing call
	}
	last.On, last.Records, last.In, last.Received, last.Spent, last.Left = before.On, before.Records, before.In(), p.Received, p.Spent, p.Left
	for _, u := range p.Uses {
		last.Uses = append(last.Uses, SpentOnUse{UseID: u.UseID, Spent: u.Spent})
	}
	f.Last = &last
	return f, nil
}

// ErrNothingOwed says that the campaign owes no further report: the last one showed that nothing is left.
var ErrNothingOwed = errors.New("reports: no further report is owed")

// Continue begins the next report of a campaign whose last one is out, or returns the next one being written. ErrNotFound while no report is out,
// ErrNothingOwed once the duty is over.
func Continue(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64) (int64, error) {
	if _, err := tx.ExecContext(ctx, `
		SELECT FROM campaign WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE`, organisationID, campaignID); err != nil {
		return 0, fmt.Errorf("report of campaign %d: %w", campaignID, err)
	}
	var id int64
	var turn int
	var published bool
	err := tx.QueryRowxContext(ctx, `
		SELECT r.id, r.turn, p.report_id IS NOT NULL
		  FROM report r
		  LEFT JOIN report_publication p ON p.organisation_id = r.organisation_id AND p.report_id = r.id
		 WHERE r.organisation_id = $1 AND r.campaign_id = $2 AND r.corrects IS NULL
		 ORDER BY r.turn DESC
		 LIMIT 1`, organisationID, campaignID).Scan(&id, &turn, &published)
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && !published && turn == 1:
		return 0, fmt.Errorf("report of campaign %d: %w", campaignID, ErrNotFound)
	case err != nil:
		return 0, fmt.Errorf("report of campaign %d: %w", campaignID, err)
	case !published:
		return id, nil
	}
	if _, err = campaigns.OpenDuty(ctx, tx, organisationID, campaignID); errors.Is(err, campaigns.ErrNotFound) {
		return 0, fmt.Errorf("campaign %d: %w", campaignID, ErrNothingOwed)
	} else if err != nil {
		return 0, err
	}
	err = tx.GetContext(ctx, &id, `
		INSERT INTO report (organisation_id, campaign_id, turn)
		VALUES ($1, $2, $3)
		RETURNING id`, organisationID, campaignID, turn+1)
	if err != nil {
		return 0, fmt.Errorf("report of campaign %d: %w", campaignID, ledger.Classify(err))
	}
	return id, nil
}
