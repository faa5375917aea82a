package campaigns

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// CarryDays is how far ahead the next report may be promised. What takes longer is reported on the way and promised again.
const CarryDays = 731

// LateMoneyDays is when money that came after the last report is to be reported on.
const LateMoneyDays = 90

// Carry is what a report says of the money left (繰越).
type Carry struct {
	Left       ledger.Yen  // in the fund by its figures
	By         ledger.Date // until when the rest is used: the day of the next report
	Correction bool        // the report corrects one that is out
	Year       ledger.Date // of a standing call: the fiscal year the report is on
}

// Missing says what is wrong with the day a rest is carried over to, as seen on a day; empty when nothing is left. open is the duty that stands, if any: a
// correction does not put off a day that was promised.
func (c Carry) Missing(open Duty, on ledger.Date) ledger.Invalid {
	bad := ledger.Invalid{}
	if c.Left <= 0 {
		return bad
	}
	bad.Need(!c.By.IsZero(), "rest_by", "report.rest_by_missing")
	if c.Correction && open.Number > 1 {
		bad.Need(c.By.IsZero() || c.By == open.DueOn, "rest_by", "report.rest_by_moved")
		return bad
	}
	bad.Need(c.By.IsZero() || c.By.After(on), "rest_by", "report.rest_by_past")
	bad.Need(!c.By.After(on.AddDays(CarryDays)), "rest_by", "report.rest_by_far")
	return bad
}

// Collecting reports whether a campaign takes gifts on a day or will later: a report on it is one on the way.
func Collecting(ctx context.Context, q sqlx.QueryerContext, c Campaign, on ledger.Date) (bool, error) {
	if c.FundID == 0 {
		return false, fmt.Errorf("campaign %d: %w", c.ID, ErrClosed)
	}
	fund, err := ledger.FindFund(ctx, q, c.OrganisationID, c.FundID)
	if err != nil {
		return false, err
	}
	over := !fund.CollectsUntil.IsZero() && fund.CollectsUntil.Before(on)
	return (c.Status == Announced || c.Status == Open) && !over, nil
}

// MarkReported notes that the use of the money was reported. The report that was owed is met; what is left is carried over to the next, and with nothing
// left the duty is over. While the campaign still collects that is a report on the way: the campaign stays open and its report owed. Invalid where the day
// of the next report is missing or wrong, ErrClosed for a draft. A report on a year of a standing call meets that year's promise and leaves the call as it is.
func MarkReported(ctx context.Context, tx *sqlx.Tx, organisationID, campaignID int64, carry Carry, by ledger.Actor, at time.Time) error {
	c, err := lock(ctx, tx, organisationID, campaignID)
	if err != nil {
		return err
	}
	collecting, err := Collecting(ctx, tx, c, ledger.DateOf(at))
	if err != nil {
		return err
	}
	goesOn, err := goesOnAfter(ctx, tx, c, carry.Year, collecting)
	if err != nil {
		return err
	}
	if goesOn {
		return reportYear(ctx, tx, c, carry, by, at)
	}
	if collecting {
		return ledger.Note(ctx, tx, organisationID, "campaign", campaignID, "reported_on_the_way", by, at, "")
	}
	if err = step(ctx, tx, organisationID, campaignID, []Status{Announced, Open, Closed, Stopped, Reported}, Reported, by, at, ""); err != nil {
		return err
	}
	return carryOver(ctx, tx, c, carry, at)
}

// carryOver meets the duty that stands and begins the next if anything is left. A correction leaves a day that was promised with a carry-over as it is,
// unless it shows that nothing is left.
func carryOver(ctx context.Context, tx *sqlx.Tx, c Campaign, carry Carry, at time.Time) error {
	open, err := OpenDuty(ctx, tx, c.OrganisationID, c.ID)
	owed := err == nil
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err = carry.Missing(open, ledger.DateOf(at)).Err(); err != nil {
		return err
	}
	if owed && carry.Correction && open.Number > 1 && carry.Left > 0 {
		return nil
	}
	if owed {
		if err = meet(ctx, tx, open, c, carry.Left, at); err != nil {
			return err
		}
	}
	if carry.Left <= 0 {
		return nil
	}
	return promise(ctx, tx, c, carry.By)
}

func meet(ctx context.Context, tx *sqlx.Tx, d Duty, c Campaign, left ledger.Yen, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE duty
		   SET met_at = $4, left_over = $5
		 WHERE organisation_id = $1 AND campaign_id = $2 AND number = $3 AND met_at IS NULL`, c.OrganisationID, c.ID, d.Number, at, left)
	if err != nil {
		return fmt.Errorf("duty of campaign %d: %w", c.ID, ledger.Classify(err))
	}
	return nil
}

// promise begins the next duty of a campaign.
func promise(ctx context.Context, tx *sqlx.Tx, c Campaign, due ledger.Date) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO duty (organisation_id, campaign_id, number, due_on)
		SELECT $1, $2, coalesce(max(number), 0) + 1, $3::date
		  FROM duty
		 WHERE organisation_id = $1 AND campaign_id = $2`, c.OrganisationID, c.ID, due)
	if err != nil {
		return fmt.Errorf("duty of campaign %d: %w", c.ID, ledger.Classify(err))
	}
	return nil
}

// ResumeDuties finds reported campaigns that owe nothing although there is money in their fund, such as a transfer that came after the last report, and
// promises a report on it within LateMoneyDays. It says how many those were; calling it again changes nothing.
func ResumeDuties(ctx context.Context, tx *sqlx.Tx, organisationID int64, at time.Time) (int, error) {
	var found []Campaign
	err := tx.SelectContext(ctx, &found, selectCampaign+` AS c
		 WHERE organisation_id = $1 AND status = 'reported'
		   AND NOT EXISTS (SELECT FROM duty d WHERE d.organisation_id = c.organisation_id AND d.campaign_id = c.id AND d.met_at IS NULL)
		   AND (SELECT coalesce(sum(f.amount), 0)
		          FROM flow f
		         WHERE f.organisation_id = c.organisation_id AND f.fund_id = c.fund_id AND f.account < 3000) > 0
		 ORDER BY id
		   FOR NO KEY UPDATE`, organisationID)
	if err != nil {
		return 0, fmt.Errorf("duties to resume: %w", err)
	}
	for _, c := range found {
		due := ledger.DateOf(at).AddDays(LateMoneyDays)
		if err = promise(ctx, tx, c, due); err != nil {
			return 0, err
		}
		if err = ledger.Note(ctx, tx, organisationID, "campaign", c.ID, "duty_resumed", ledger.BySystem("報告の約束"), at, due.String()); err != nil {
			return 0, err
		}
	}
	return len(found), nil
}
