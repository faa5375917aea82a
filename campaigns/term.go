package campaigns

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// TurnDue opens campaigns whose first day has come, closes those whose last day is over and brings the plans of a new year into force, for one
// organisation, and says how many turned. Calling it again changes nothing.
func TurnDue(ctx context.Context, tx *sqlx.Tx, organisationID int64, at time.Time) (int, error) {
	by := ledger.BySystem("日付の切りかわり")
	today := ledger.DateOf(at)
	turned := 0
	for _, turn := range []struct {
		from, to Status
		when     string
	}{
		{Announced, Open, `coalesce(f.collects_from, p.collects_from) <= $3`},
		{Open, Closed, `coalesce(f.collects_until, CASE WHEN f.collects_from IS NULL THEN p.collects_until END) < $3`}, // without yen the plan's days hold
	} {
		var ids []int64
		err := tx.SelectContext(ctx, &ids, `
			SELECT c.id
			  FROM campaign c
			  JOIN fund f ON f.organisation_id = c.organisation_id AND f.id = c.fund_id
			  JOIN plan p ON p.organisation_id = c.organisation_id AND p.campaign_id = c.id AND p.version = c.version
			 WHERE c.organisation_id = $1 AND c.status = $2 AND `+turn.when+`
			 ORDER BY c.id
			   FOR UPDATE OF c`, organisationID, turn.from, today)
		if err != nil {
			return turned, fmt.Errorf("campaigns due: %w", err)
		}
		for _, id := range ids {
			if err = step(ctx, tx, organisationID, id, []Status{turn.from}, turn.to, by, at, ""); err != nil {
				return turned, err
			}
			turned++
		}
	}
	years, err := turnYears(ctx, tx, organisationID, at)
	return turned + years, err
}

// Close ends collecting early: from the next day on no gift is given. Envelopes of earlier days can still be entered. ErrClosed before the
// first day of collecting (stop it instead) and once it is over.
func Close(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, by ledger.Actor, at time.Time, reason string) error {
	return end(ctx, tx, organisationID, campaignID, Closed, by, at, reason)
}

// Stop gives a campaign up, before or while it collects. No further gift is taken online; what the plan says for that case becomes of
// what was given, and the report is still due. ErrClosed once it is over.
func Stop(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, by ledger.Actor, at time.Time, reason string) error {
	return end(ctx, tx, organisationID, campaignID, Stopped, by, at, reason)
}

func end(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, to Status, by ledger.Actor, at time.Time, reason string) error {
	if reason == "" {
		return ledger.Invalid{"reason": "reverse.reason_missing"}
	}
	c, err := Find(ctx, tx, organisationID, campaignID)
	if err != nil {
		return err
	}
	if c.FundID == 0 {
		return fmt.Errorf("campaign %d: %w", campaignID, ErrClosed)
	}
	fund, err := ledger.FindFund(ctx, tx, organisationID, c.FundID)
	if err != nil {
		return err
	}
	today := ledger.DateOf(at)
	begun := !today.Before(fund.CollectsFrom)
	if to == Closed && !begun {
		return fmt.Errorf("campaign %d: %w", campaignID, ErrClosed)
	}
	if err = step(ctx, tx, organisationID, campaignID, []Status{Announced, Open}, to, by, at, reason); err != nil {
		return err
	}
	if to == Stopped {
		if err = withdrawAsking(ctx, tx, c, by, at, reason); err != nil {
			return err
		}
	}
	if fund.CollectsFrom.IsZero() { // it asks for no yen
		return nil
	}
	if !begun {
		return ledger.SetCollecting(ctx, tx, organisationID, c.FundID, ledger.Date{}, ledger.Date{})
	}
	if fund.CollectsUntil.IsZero() || fund.CollectsUntil.After(today) {
		return ledger.SetCollecting(ctx, tx, organisationID, c.FundID, fund.CollectsFrom, today)
	}
	return nil
}
