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

// PaperCall is 紙で公表: a call that was handed out on paper before it is here. Its uses, as the paper states them, are version 0 of its plan; the scan shows
// that. Cash that came for it is entered on it; online it takes gifts only for a version that is announced here.
type PaperCall struct {
	CampaignID  int64       `db:"campaign_id"`
	HandedOutOn ledger.Date `db:"handed_out_on"`
	Way         string      `db:"way"`       // one of PaperWays
	ScanHash    []byte      `db:"scan_hash"` // SHA-256 of the cleaned bytes; nil while it is being typed
	ScanType    string      `db:"scan_type"` // image/jpeg or application/pdf
}

// PaperWays are how a call is handed out on paper.
var PaperWays = []string{"circular", "leaflet", "board", "meeting", "other"}

// OnPaper reports whether the plan is the one a call began with on paper: version 0, 「紙で公表」. Nothing is given online for it.
func (p Plan) OnPaper() bool { return !p.PaperOn.IsZero() && p.Version == 1 }

// EditionName is what a version of a plan is called: a call that began on paper counts from version 0.
func (p Plan) EditionName() string { return EditionName(p.Version, !p.PaperOn.IsZero()) }

// EditionName is Plan.EditionName for a version whose plan is not at hand.
func EditionName(version int, paper bool) string {
	switch {
	case paper && version == 1:
		return "第0版（紙で公表）"
	case paper:
		version--
	}
	return fmt.Sprintf("第%d版", version)
}

// announcedOn is the day a plan is announced on when it is announced here on a day: a paper call was announced by its paper.
func (p Plan) announcedOn(on ledger.Date) ledger.Date {
	if p.PaperOn.IsZero() {
		return on
	}
	return p.PaperOn
}

// SavePaper says of a draft that it was handed out on paper, when and how, with its scan; without a scan the one it has stays. Invalid says what is
// missing; ErrNotDraft once it is announced.
func SavePaper(ctx context.Context, tx *sqlx.Tx, organisationID int64, p PaperCall, by ledger.Actor, at time.Time) error {
	c, err := lock(ctx, tx, organisationID, p.CampaignID)
	if err != nil {
		return err
	}
	if c.Status != Draft {
		return fmt.Errorf("campaign %d: %w", c.ID, ErrNotDraft)
	}
	bad := ledger.Invalid{}
	bad.Need(!p.HandedOutOn.IsZero(), "handed_out_on", "paper.day_missing")
	bad.Need(!p.HandedOutOn.After(ledger.DateOf(at)), "handed_out_on", "paper.day_in_future")
	known := false
	for _, way := range PaperWays {
		known = known || way == p.Way
	}
	bad.Need(known, "way", "paper.way_missing")
	if err = bad.Err(); err != nil {
		return err
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO paper_call AS w (organisation_id, campaign_id, handed_out_on, way, scan_hash, scan_type, typed_by, typed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		    ON CONFLICT ON CONSTRAINT paper_call_pkey DO UPDATE
		   SET handed_out_on = excluded.handed_out_on, way = excluded.way, typed_by = excluded.typed_by, typed_at = excluded.typed_at,
		       scan_hash = coalesce(excluded.scan_hash, w.scan_hash),
		       scan_type = CASE WHEN excluded.scan_hash IS NULL THEN w.scan_type ELSE excluded.scan_type END`,
		organisationID, c.ID, p.HandedOutOn, p.Way, p.ScanHash, p.ScanType, actor, at)
	if err != nil {
		return fmt.Errorf("paper of campaign %d: %w", c.ID, ledger.Classify(err))
	}
	return nil
}

// DropPaper makes a draft an ordinary one again. ErrNotDraft once it is announced.
func DropPaper(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64) error {
	c, err := lock(ctx, tx, organisationID, campaignID)
	if err != nil {
		return err
	}
	if c.Status != Draft {
		return fmt.Errorf("campaign %d: %w", c.ID, ErrNotDraft)
	}
	if _, err = tx.ExecContext(ctx, `DELETE FROM paper_call WHERE organisation_id = $1 AND campaign_id = $2`, organisationID, campaignID); err != nil {
		return fmt.Errorf("paper of campaign %d: %w", campaignID, ledger.Classify(err))
	}
	return nil
}

// FindPaper returns the paper a call began with, or ErrNotFound.
func FindPaper(ctx context.Context, q sqlx.QueryerContext, organisationID, campaignID int64) (PaperCall, error) {
	var p PaperCall
	err := sqlx.GetContext(ctx, q, &p, `
		SELECT campaign_id, handed_out_on, way, scan_hash, scan_type
		  FROM paper_call
		 WHERE organisation_id = $1 AND campaign_id = $2`, organisationID, campaignID)
	if errors.Is(err, sql.ErrNoRows) {
		return p, ErrNotFound
	}
	if err != nil {
		return p, fmt.Errorf("paper of campaign %d: %w", campaignID, err)
	}
	return p, nil
}

// PublishedOn is the day a version was published: of a call that began on paper the day that was handed out. Zero for a draft.
func (p Plan) PublishedOn() ledger.Date {
	switch {
	case p.OnPaper():
		return p.PaperOn
	case p.PublishedAt.IsZero():
		return ledger.Date{}
	}
	return ledger.DateOf(p.PublishedAt)
}
