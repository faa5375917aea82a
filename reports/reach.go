package reports

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Reach is how far a published report reached. Nothing in it says whom.
type Reach struct {
	Mailed     int `db:"mailed"`     // letters that went
	Bounced    int `db:"bounced"`    // letters given up
	Waiting    int `db:"waiting"`    // letters under way
	Read       int `db:"read"`       // times its page was opened, by programs as well
	Printed    int `db:"printed"`    // copies on paper, as the group counted
	Circulated int `db:"circulated"` // households of a 回覧, as the group counted
}

// MostReach is the most copies or households that can be noted.
const MostReach = 9_999_999

// FindReach returns how far a published report with a public name reached.
func FindReach(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64, number string) (Reach, error) {
	var r Reach
	err := sqlx.GetContext(ctx, q, &r, `
		SELECT count(*) FILTER (WHERE m.sent_at IS NOT NULL)::int AS mailed,
		       count(*) FILTER (WHERE m.failed_at IS NOT NULL)::int AS bounced,
		       count(*) FILTER (WHERE m.sent_at IS NULL AND m.failed_at IS NULL)::int AS waiting,
		       (SELECT coalesce(sum(d.times), 0)::int FROM report_reading d WHERE d.organisation_id = $1 AND d.report_id = $2) AS read
		  FROM mail m
		 WHERE m.organisation_id = $1 AND m.kind = 'report' AND starts_with(m.key, 'report:' || $3 || ':')`, organisationID, id, number)
	if err != nil {
		return r, fmt.Errorf("reach of report %d: %w", id, err)
	}
	err = q.QueryRowxContext(ctx, `
		SELECT printed, circulated
		  FROM report_reach
		 WHERE organisation_id = $1 AND report_id = $2`, organisationID, id).Scan(&r.Printed, &r.Circulated)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return r, fmt.Errorf("reach of report %d: %w", id, err)
	}
	return r, nil
}

// NoteReach keeps how many copies of a published report were printed and how many households its 回覧 went to; a later count takes the place of an earlier
// one. Invalid for what nobody can count, ErrNotFound for a draft.
func NoteReach(ctx context.Context, tx *sqlx.Tx, organisationID, id int64, printed, circulated int, by ledger.Actor, at time.Time) error {
	bad := ledger.Invalid{}
	bad.Need(printed >= 0 && printed <= MostReach, "printed", "report.count_range")
	bad.Need(circulated >= 0 && circulated <= MostReach, "circulated", "report.count_range")
	if err := bad.Err(); err != nil {
		return err
	}
	actor, err := ledger.ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `
		INSERT INTO report_reach (organisation_id, report_id, printed, circulated, noted_by, noted_at)
		SELECT p.organisation_id, p.report_id, $3, $4, $5, $6
		  FROM report_publication p
		 WHERE p.organisation_id = $1 AND p.report_id = $2
		    ON CONFLICT ON CONSTRAINT report_reach_pkey DO UPDATE
		   SET printed = EXCLUDED.printed, circulated = EXCLUDED.circulated, noted_by = EXCLUDED.noted_by, noted_at = EXCLUDED.noted_at`,
		organisationID, id, printed, circulated, actor, at)
	if err != nil {
		return fmt.Errorf("reach of report %d: %w", id, ledger.Classify(err))
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("report %d: %w", id, ErrNotFound))
	}
	return ledger.Note(ctx, tx, organisationID, "report", id, "reach", by, at, fmt.Sprintf("%d %d", printed, circulated))
}

// CountReading counts one opening of a published report's page on a day. Who opened it is not known here and is not kept.
func CountReading(ctx context.Context, q sqlx.ExecerContext, organisationID, id int64, on ledger.Date) error {
	_, err := q.ExecContext(ctx, `
		INSERT INTO report_reading (organisation_id, report_id, read_on, times)
		VALUES ($1, $2, $3, 1)
		    ON CONFLICT ON CONSTRAINT report_reading_pkey DO UPDATE
		   SET times = report_reading.times + 1`, organisationID, id, on)
	if err != nil {
		return fmt.Errorf("reading of report %d: %w", id, ledger.Classify(err))
	}
	return nil
}
