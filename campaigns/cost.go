package campaigns

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// addGiftCost adds the processing cost of a gift to its booking, on whoever bears it by the plan it was given for: the use
// marked so, or the general fund.
func addGiftCost(ctx context.Context, tx *sqlx.Tx, t *ledger.Transaction, d Donation, cost ledger.Yen) error {
	var use, initiative int64
	err := tx.QueryRowxContext(ctx, `
		SELECT u.use_id, c.initiative_id
		  FROM plan p
		  JOIN campaign c ON c.organisation_id = p.organisation_id AND c.id = p.campaign_id
		  JOIN plan_use u ON u.organisation_id = p.organisation_id AND u.campaign_id = p.campaign_id AND u.version = p.version
		 WHERE p.organisation_id = $1 AND p.campaign_id = $2 AND p.version = $3 AND p.costs_borne_by = 'use' AND u.bears_costs`,
		d.OrganisationID, d.CampaignID, d.PlanVersion).Scan(&use, &initiative)
	if errors.Is(err, sql.ErrNoRows) {
		return addGeneralCost(ctx, tx, t, ledger.ProcessingCost, cost)
	}
	if err != nil {
		return fmt.Errorf("costs of donation %d: %w", d.ID, err)
	}
	addCost(t, ledger.Entry{
		Account: ledger.ProcessingCost, FundID: d.FundID, Segment: ledger.Program, InitiativeID: initiative, UseID: use, Amount: cost,
	})
	return nil
}

// addGeneralCost adds a cost that the general fund bears.
func addGeneralCost(ctx context.Context, tx *sqlx.Tx, t *ledger.Transaction, account int, cost ledger.Yen) error {
	if cost == 0 {
		return nil
	}
	general, err := ledger.FindGeneralFund(ctx, tx, t.OrganisationID)
	if err != nil {
		return err
	}
	addCost(t, ledger.Entry{Account: account, FundID: general.ID, Segment: ledger.Administration, Amount: cost})
	return nil
}

// addCost adds the line and takes its yen from the payment service's balance in the same fund, so that each fund has one line
// there: what it really got.
func addCost(t *ledger.Transaction, line ledger.Entry) {
	if line.Amount == 0 {
		return
	}
	entries := append([]ledger.Entry{}, t.Entries...)
	t.Entries = append(entries, line)
	for i, e := range entries {
		if e.Account == ledger.StripeBalance && e.FundID == line.FundID {
			t.Entries[i].Amount -= line.Amount
			if t.Entries[i].Amount == 0 { // the cost was all there was
				t.Entries = append(t.Entries[:i], t.Entries[i+1:]...)
			}
			return
		}
	}
	t.Entries = append(t.Entries, ledger.Entry{Account: ledger.StripeBalance, FundID: line.FundID, Amount: -line.Amount})
}
