package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// RecordKind says what a log record is of.
type RecordKind string

// What is recorded besides transactions, which Post records itself.
const (
	PlanRecord        RecordKind = "plan"
	ReceiptRecord     RecordKind = "receipt"
	ReceiptVoidRecord RecordKind = "receipt_void"
	ReportRecord      RecordKind = "report"
	CorrectionRecord  RecordKind = "correction"
	ClosingRecord     RecordKind = "closing" // of a month or a year; closings of earlier releases have none

	DecisionRecord       RecordKind = "decision" // about gifts nobody asked for
	DecisionReportRecord RecordKind = "decision_report"
)

// Record adds to the log, in the same database transaction as what it records. content is the public part in its
// final form; nothing personal may stand in it.
func Record(ctx context.Context, tx *sqlx.Tx, organisationID int64, kind RecordKind, subjectID int64, content string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		WITH record AS (
			INSERT INTO log_record (organisation_id, kind, subject_id, content, recorded_at)
			VALUES ($1, $2, $3, $4, $5)
			RETURNING id)
		INSERT INTO unsealed (organisation_id, record_id)
		SELECT $1, id FROM record`, organisationID, kind, subjectID, content, at)
	if err != nil {
		return fmt.Errorf("log %s %d: %w", kind, subjectID, Classify(err))
	}
	return nil
}

// Records is how long the log of an organisation is: what is sealed and what waits to be. It costs the same however long that is.
func Records(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (int64, error) {
	var n int64
	err := sqlx.GetContext(ctx, q, &n, `
		SELECT h.sequence + (SELECT count(*) FROM unsealed u WHERE u.organisation_id = h.organisation_id)
		  FROM log_heads h
		 WHERE h.organisation_id = $1`, organisationID)
	if err != nil {
		return 0, fmt.Errorf("log: %w", err)
	}
	return n, nil
}
