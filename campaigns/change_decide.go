package campaigns

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Decide carries out what givers answered, once the last day is over: the new version is in force, shares meant for another use are so, those for
// the general fund go there by a pair on 3200, and those to be given back stand in the list of returns. Of a stopped campaign the rest goes
// where the group said. It reports whether it did anything; before the day, and again, it does nothing.
func Decide(ctx context.Context, tx *sqlx.Tx, organisationID, changeID int64, at time.Time) (bool, error) {
	change, err := getChange(ctx, tx, selectChange+` WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE`, organisationID, changeID)
	if err != nil || change.Status != Asking || change.Takes(at) {
		return false, err
	}
	c, err := lock(ctx, tx, organisationID, change.CampaignID)
	if err != nil {
		return false, err
	}
	if err = lockBook(ctx, tx, organisationID); err != nil {
		return false, err
	}
	by := ledger.BySystem("寄付した方の答え")
	if err = settle(ctx, tx, change, InForce, change.DecidesOn.AddDays(1)); err != nil {
		return false, err
	}
	if change.Kind == ChangeVersion {
		if err = enforce(ctx, tx, c, change); err != nil {
			return false, err
		}
	}
	if err = carryOut(ctx, tx, c, change, by, at); err != nil {
		return false, err
	}
	step := "changed"
	if change.Kind == ChangeStop {
		step = "stop_settled"
	}
	return true, ledger.Note(ctx, tx, organisationID, "campaign", c.ID, step, by, at, "")
}

// Withdraw takes a proposed version back while givers are asked: the version in force stays so, whatever was answered. ErrNotAsking once it was
// decided; Invalid without a reason. A stop is not taken back.
func Withdraw(ctx context.Context, tx *sqlx.Tx, organisationID, changeID int64, by ledger.Actor, at time.Time, reason string) error {
	if reason == "" {
		return ledger.Invalid{"reason": "reverse.reason_missing"}
	}
	change, err := getChange(ctx, tx, selectChange+` WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE`, organisationID, changeID)
	if err != nil {
		return err
	}
	if !change.Takes(at) || change.Kind != ChangeVersion {
		return fmt.Errorf("change %d: %w", changeID, ErrNotAsking)
	}
	return withdraw(ctx, tx, change, by, at, reason)
}

func withdraw(ctx context.Context, tx *sqlx.Tx, change Change, by ledger.Actor, at time.Time, reason string) error {
	if err := settle(ctx, tx, change, Withdrawn, ledger.Date{}); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		DELETE FROM use_hold
		 WHERE organisation_id = $1 AND change_id = $2 AND use_id IN (
		       SELECT use_id FROM plan_use WHERE organisation_id = $1 AND campaign_id = $3 AND version = $4)`,
		change.OrganisationID, change.ID, change.CampaignID, change.FromVersion)
	if err != nil {
		return fmt.Errorf("change %d: %w", change.ID, ledger.Classify(err))
	}
	return ledger.Note(ctx, tx, change.OrganisationID, "campaign", change.CampaignID, "change_withdrawn", by, at, reason)
}

// withdrawAsking takes back the version givers are asked about, if there is one: the campaign it was for is given up.
func withdrawAsking(ctx context.Context, tx *sqlx.Tx, c Campaign, by ledger.Actor, at time.Time, reason string) error {
	change, err := FindAsking(ctx, tx, c.OrganisationID, c.ID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return withdraw(ctx, tx, change, by, at, reason)
}

// settle ends a change.
func settle(ctx context.Context, tx *sqlx.Tx, change Change, to ChangeStatus, on ledger.Date) error {
	result, err := tx.ExecContext(ctx, `
		UPDATE plan_change
		   SET status = $3, in_force_on = $4
		 WHERE organisation_id = $1 AND id = $2 AND status = 'asking'`, change.OrganisationID, change.ID, to, on)
	if err != nil {
		return fmt.Errorf("change %d: %w", change.ID, ledger.Classify(err))
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("change %d: %w", change.ID, ErrNotAsking))
	}
	return nil
}

// carryOut does what the answers say. A gift that was given back or reversed since it was asked about has no more than is left of it.
func carryOut(ctx context.Context, tx *sqlx.Tx, c Campaign, change Change, by ledger.Actor, at time.Time) error {
	for _, query := range []string{`
		INSERT INTO change_return (organisation_id, change_id, donation_id, amount, way)
		SELECT $1, $2, d.id, least(sum(s.amount), d.amount - d.refunded - coalesce(max(o.amount), 0)),
		       CASE WHEN d.charge_ref <> '' THEN 'online' ELSE 'hand' END
		  FROM change_share s
		  JOIN change_ask a ON a.organisation_id = s.organisation_id AND a.id = s.ask_id
		  JOIN donation d ON d.organisation_id = s.organisation_id AND d.id = s.donation_id
		  LEFT JOIN (` + owedSQL + `) AS o ON o.donation_id = d.id
		 WHERE s.organisation_id = $1 AND s.change_id = $2 AND a.choice = 'return' AND d.reversed_at IS NULL
		   AND d.refunded + coalesce(o.amount, 0) < d.amount
		 GROUP BY d.organisation_id, d.id`, `
		INSERT INTO designation (organisation_id, change_id, donation_id, from_use, to_use_id, campaign_id, amount)
		SELECT $1, $2, s.donation_id, s.use_id, a.to_use_id, h.campaign_id, least(s.amount, d.amount - d.refunded)
		  FROM change_share s
		  JOIN plan_change h ON h.organisation_id = s.organisation_id AND h.id = s.change_id
		  JOIN change_ask a ON a.organisation_id = s.organisation_id AND a.id = s.ask_id
		  JOIN donation d ON d.organisation_id = s.organisation_id AND d.id = s.donation_id
		 WHERE s.organisation_id = $1 AND s.change_id = $2 AND a.choice = 'move' AND d.reversed_at IS NULL AND d.refunded < d.amount
		   AND (a.to_use_id IS NULL OR a.to_use_id <> s.use_id)`,
	} {
		if _, err := tx.ExecContext(ctx, query, change.OrganisationID, change.ID); err != nil {
			return fmt.Errorf("answers to change %d: %w", change.ID, ledger.Classify(err))
		}
	}
	if change.Kind == ChangeStop {
		return moveRest(ctx, tx, c, change, by, at)
	}
	return moveAway(ctx, tx, c, change, by, at)
}

// moveAway books what goes to the general fund, in one transfer: at most what is there beyond what goes back.
func moveAway(ctx context.Context, tx *sqlx.Tx, c Campaign, change Change, by ledger.Actor, at time.Time) error {
	var amount ledger.Yen
	err := tx.GetContext(ctx, &amount, `
		SELECT coalesce(sum(amount), 0)::bigint
		  FROM designation
		 WHERE organisation_id = $1 AND change_id = $2 AND to_use_id IS NULL`, change.OrganisationID, change.ID)
	if err != nil {
		return fmt.Errorf("change %d: %w", change.ID, err)
	}
	free, err := freeOf(ctx, tx, c, change)
	if err != nil {
		return err
	}
	general, err := ledger.FindGeneralFund(ctx, tx, change.OrganisationID)
	if err != nil {
		return err
	}
	return transferRest(ctx, tx, c, change, general.ID, min(amount, free), "change", "使いみちの変更で、一般のお金にまわす分", by, at)
}

// freeOf is what is left in the campaign's fund but for what is still to be given back because of this change or an earlier one.
func freeOf(ctx context.Context, tx *sqlx.Tx, c Campaign, change Change) (ledger.Yen, error) {
	left, err := ledger.FundBalance(ctx, tx, c.OrganisationID, c.FundID)
	if err != nil {
		return 0, err
	}
	var back ledger.Yen
	err = tx.GetContext(ctx, &back, `
		SELECT coalesce(sum(b.amount), 0)::bigint
		  FROM change_return b
		  JOIN plan_change h ON h.organisation_id = b.organisation_id AND h.id = b.change_id
		  LEFT JOIN refund r ON r.organisation_id = b.organisation_id AND r.id = b.refund_id
		 WHERE b.organisation_id = $1 AND h.campaign_id = $2 AND b.given_up = '' AND coalesce(r.status, 'pending') <> 'paid'`, change.OrganisationID, c.ID)
	if err != nil {
		return 0, fmt.Errorf("returns of campaign %d: %w", c.ID, err)
	}
	return left - back, nil
}

func transferRest(ctx context.Context, tx *sqlx.Tx, c Campaign, change Change, to int64, amount ledger.Yen, key, reason string, by ledger.Actor, at time.Time) error {
	if amount <= 0 {
		return nil
	}
	_, err := ledger.Transfer(ctx, tx, ledger.Transferred{
		OrganisationID: change.OrganisationID, On: ledger.DateOf(at), From: c.FundID, To: to, Amount: amount, Reason: reason, Key: fmt.Sprintf("%s:%d", key, change.ID),
	}, by, at)
	if errors.Is(err, ledger.ErrPostedBefore) {
		return nil
	}
	return err
}
