package reports

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// ErrNotFound says that there is no such report.
var ErrNotFound = ledger.ErrNotFound

// ErrPublished says that the report is published: correct it by a new version.
var ErrPublished = errors.New("reports: published already")

// ErrMoved says that the book changed between printing and publishing: print again.
var ErrMoved = errors.New("reports: the figures have moved since printing")

// Report is 使途報告書, a draft or published.
type Report struct {
	OrganisationID int64
	ID             int64
	CampaignID     int64
	Turn           int    // which report of the campaign: 1, and one more after each carry-over
	Corrects       int64  // the report this one takes the place of, or 0
	CorrectedBy    int64  // the report that took its place, or 0
	Number         string // public name; empty until printed
	Content        Content
	Published      *Publication // nil while a draft
}

// Publication is the act of publishing and what was published.
type Publication struct {
	Version     int // 1, and one more for each correction
	Content     Content
	Figures     Figures
	Document    document.Document
	FileHash    []byte
	OnePageHash []byte // nil of reports from before every report had its one sheet
	EntriesHash []byte
	At          time.Time

	WithdrawnAt  time.Time // a consent was withdrawn: content, document and bytes are gone; zero while it stands
	WithdrawnWhy string
}

// Start begins the first report of a campaign, or returns the draft there is; a published one is corrected by Correct and followed by Continue.
func Start(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64) (int64, error) {
	if _, err := tx.ExecContext(ctx, `
		SELECT FROM campaign WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE`, organisationID, campaignID); err != nil {
		return 0, fmt.Errorf("report of campaign %d: %w", campaignID, err)
	}
	var id int64
	var published bool
	err := tx.QueryRowxContext(ctx, `
		SELECT r.id, p.report_id IS NOT NULL
		  FROM report r
		  LEFT JOIN report_publication p ON p.organisation_id = r.organisation_id AND p.report_id = r.id
		 WHERE r.organisation_id = $1 AND r.campaign_id = $2
		 ORDER BY p.report_id IS NOT NULL, r.corrects IS NULL, r.turn DESC, p.version DESC
		 LIMIT 1`, organisationID, campaignID).Scan(&id, &published)
	switch {
	case err == nil && published:
		return id, ErrPublished
	case err == nil:
		return id, nil
	case !errors.Is(err, sql.ErrNoRows):
		return 0, fmt.Errorf("report of campaign %d: %w", campaignID, err)
	}
	err = tx.GetContext(ctx, &id, `
		INSERT INTO report (organisation_id, campaign_id)
		VALUES ($1, $2)
		RETURNING id`, organisationID, campaignID)
	if err != nil {
		return 0, fmt.Errorf("report of campaign %d: %w", campaignID, ledger.Classify(err))
	}
	return id, nil
}

// Correct begins a 訂正版 of a published report with its content and what the group says it changes, or returns the one begun, whose
// content stays. ErrNotFound for a draft, ErrPublished when the correction itself is out: correct that one.
func Correct(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, changes string) (int64, error) {
	if err := lock(ctx, tx, organisationID, id); err != nil {
		return 0, err
	}
	old, err := Find(ctx, tx, organisationID, id)
	if err != nil {
		return 0, err
	}
	if old.Published == nil {
		return 0, fmt.Errorf("report %d: %w", id, ErrNotFound)
	}
	if old.CorrectedBy > 0 {
		return 0, fmt.Errorf("correction of report %d: %w", id, ErrPublished)
	}
	var next int64
	err = tx.GetContext(ctx, &next, `
		SELECT id
		  FROM report
		 WHERE organisation_id = $1 AND corrects = $2`, organisationID, id)
	if err == nil {
		return next, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("correction of report %d: %w", id, err)
	}
	content := old.Published.Content
	content.Changes = changes
	if err = content.fits(); err != nil {
		return 0, err
	}
	frozen, err := json.Marshal(content)
	if err != nil {
		return 0, fmt.Errorf("report %d: %w", id, err)
	}
	err = tx.GetContext(ctx, &next, `
		INSERT INTO report (organisation_id, campaign_id, turn, corrects, content)
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, organisationID, old.CampaignID, old.Turn, id, string(frozen))
	if err != nil {
		return 0, fmt.Errorf("correction of report %d: %w", id, ledger.Classify(err))
	}
	return next, nil
}

// lock makes whoever else writes or publishes the report wait for this transaction.
func lock(ctx context.Context, tx *sqlx.Tx, organisationID, id int64) error {
	_, err := tx.ExecContext(ctx, `
		SELECT
		  FROM report
		 WHERE organisation_id = $1 AND id = $2
		   FOR NO KEY UPDATE`, organisationID, id)
	if err != nil {
		return fmt.Errorf("report %d: %w", id, err)
	}
	return nil
}

// Save keeps what the group has written so far, complete or not. Invalid for what no report can hold, ErrPublished once it is published.
func Save(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, c Content) error {
	if err := c.fits(); err != nil {
		return err
	}
	frozen, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("report %d: %w", id, err)
	}
	result, err := tx.ExecContext(ctx, `
		UPDATE report
		   SET content = $3
		 WHERE organisation_id = $1 AND id = $2`, organisationID, id, string(frozen))
	if err = ledger.Classify(err); errors.Is(err, ledger.ErrFrozen) {
		return fmt.Errorf("report %d: %w", id, ErrPublished)
	}
	if err != nil {
		return fmt.Errorf("report %d: %w", id, err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, ErrNotFound)
	}
	return nil
}

// Find returns a report, or ErrNotFound.
func Find(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (Report, error) {
	r := Report{OrganisationID: organisationID, ID: id, Turn: 1}
	var content []byte
	err := q.QueryRowxContext(ctx, `
		SELECT r.campaign_id, r.turn, coalesce(r.corrects, 0), coalesce(r.number, ''), r.content,
		       coalesce((SELECT n.id
		                   FROM report n
		                   JOIN report_publication p ON p.organisation_id = n.organisation_id AND p.report_id = n.id
		                  WHERE n.organisation_id = r.organisation_id AND n.corrects = r.id), 0)
		  FROM report r
		 WHERE r.organisation_id = $1 AND r.id = $2`, organisationID, id).
		Scan(&r.CampaignID, &r.Turn, &r.Corrects, &r.Number, &content, &r.CorrectedBy)
	if errors.Is(err, sql.ErrNoRows) {
		return r, ErrNotFound
	}
	if err != nil {
		return r, fmt.Errorf("report %d: %w", id, err)
	}
	if err = json.Unmarshal(content, &r.Content); err != nil {
		return r, fmt.Errorf("report %d: %w", id, err)
	}
	r.Published, err = publication(ctx, q, organisationID, id)
	return r, err
}

func publication(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (*Publication, error) {
	var p Publication
	var content, figures, paper []byte
	err := q.QueryRowxContext(ctx, `
		SELECT version, content, figures, document, file_hash, one_page_hash, entries_hash, published_at,
		       coalesce(withdrawn_at, '0001-01-01 00:00:00Z'), withdrawn_why
		  FROM report_publication
		 WHERE organisation_id = $1 AND report_id = $2`, organisationID, id).
		Scan(&p.Version, &content, &figures, &paper, &p.FileHash, &p.OnePageHash, &p.EntriesHash, &p.At, &p.WithdrawnAt, &p.WithdrawnWhy)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("report %d: %w", id, err)
	}
	if err = errors.Join(json.Unmarshal(content, &p.Content), json.Unmarshal(figures, &p.Figures), json.Unmarshal(paper, &p.Document)); err != nil {
		return nil, fmt.Errorf("report %d: %w", id, err)
	}
	return &p, nil
}

// FindPublic returns a published report by its public name, or ErrNotFound.
func FindPublic(ctx context.Context, q sqlx.QueryerContext, number string) (Report, error) {
	organisationID, id, err := ledger.FindSlug(ctx, q, ledger.SlugReport, number)
	if err != nil {
		return Report{}, err
	}
	r, err := Find(ctx, q, organisationID, id)
	if err == nil && r.Published == nil {
		return Report{}, ErrNotFound
	}
	return r, err
}
