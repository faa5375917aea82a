package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// The kinds of period.
const (
	Month = "month"
	Year  = "year"
)

// ClosePeriod closes every day up to untilOn, the last day of a month or of the organisation's fiscal year, which must
// be over (Invalid otherwise). It waits for postings that have begun; those that begin later are booked on the first open
// day. ErrPeriodClosed when that month or year was closed before. What FindOpen finds, and what else the caller has found open, needs a
// written reason (Invalid otherwise).
func ClosePeriod(ctx context.Context, tx *sqlx.Tx, organisationID int64, kind string, untilOn Date, by Actor, at time.Time, reason string, also ...Finding) error {
	organisation, err := FindOrganisation(ctx, tx, organisationID)
	if err != nil {
		return err
	}
	at = at.UTC().Truncate(time.Microsecond) // as the row keeps it
	bad := Invalid{}
	next := untilOn.AddDays(1)
	bad.Need(kind == Month || kind == Year, "kind", "period.kind_unknown")
	bad.Need(!untilOn.IsZero() && next.Day() == 1, "until_on", "period.not_month_end")
	bad.Need(kind != Year || organisation.FiscalYear(next) == next, "until_on", "period.not_year_end")
	bad.Need(untilOn.Before(DateOf(at)), "until_on", "period.not_over")
	if err = bad.Err(); err != nil {
		return err
	}
	actor, err := ActorID(ctx, tx, organisationID, by)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO period (organisation_id, until_on, kind, actor_id, closed_at, reason)
		VALUES ($1, $2, $3, $4, $5, $6)`, organisationID, untilOn, kind, actor, at, reason)
	if err != nil {
		return fmt.Errorf("period %s: %w", untilOn, Classify(err))
	}
	if reason == "" { // asked now that nothing more can come into these days
		open, err := FindOpen(ctx, tx, organisationID, untilOn, at)
		if err != nil {
			return err
		}
		if len(open)+len(also) > 0 {
			return Invalid{"reason": "period.reason_missing"}
		}
	}
	return recordClosing(ctx, tx, organisationID, kind, untilOn, at)
}

// recordClosing leaves the log record of a closing: whoever takes its row away is found. The day and the kind are its subject, 202610311 the
// month and 202703312 the year that end there.
func recordClosing(ctx context.Context, tx *sqlx.Tx, organisationID int64, kind string, untilOn Date, at time.Time) error {
	subject := int64(untilOn.Year()*10_000+int(untilOn.Month())*100+untilOn.Day())*10 + 1
	if kind == Year {
		subject++
	}
	public := fmt.Sprintf(`{"until_on":%q,"kind":%q,"closed_at":%q}`, untilOn, kind, at.Format("2006-01-02T15:04:05.000000Z"))
	return Record(ctx, tx, organisationID, ClosingRecord, subject, public, at)
}

// ClosedUntil returns the last closed day, or the zero Date.
func ClosedUntil(ctx context.Context, q sqlx.QueryerContext, organisationID int64) (Date, error) {
	var until Date
	err := sqlx.GetContext(ctx, q, &until, `SELECT max(until_on) FROM period WHERE organisation_id = $1`, organisationID)
	if err != nil {
		return until, fmt.Errorf("periods: %w", err)
	}
	return until, nil
}
