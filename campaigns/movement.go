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

// BookMovement books one line of the payment service's statement, under its own reference, and reports whether it did: a
// movement booked before changes nothing. A gift turns paid with its booking. What is not understood goes to 照合待ち, where a
// person decides.
func BookMovement(ctx context.Context, tx *sqlx.Tx, organisationID int64, m Movement, at time.Time) (bool, error) {
	t := ledger.Transaction{
		OrganisationID: organisationID, Source: "stripe:" + m.Ref, On: ledger.DateOf(m.At), By: ledger.BySystem("決済の記録"), At: at,
	}
	var err error
	switch m.Kind {
	case MovementCharge:
		err = chargeEntries(ctx, tx, &t, m)
	case MovementRefund, MovementRefundFailure:
		err = refundEntries(ctx, tx, &t, m, at)
	case MovementDispute, MovementDisputeReversal:
		err = disputeEntries(ctx, tx, &t, m)
	default:
		err = otherEntries(ctx, tx, &t, m)
	}
	if errors.Is(err, ledger.ErrPostedBefore) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("movement %s: %w", m.Ref, err)
	}
	_, err = ledger.Post(ctx, tx, t)
	if errors.Is(err, ledger.ErrPostedBefore) {
		return false, nil
	}
	return err == nil, err
}

func chargeEntries(ctx context.Context, tx *sqlx.Tx, t *ledger.Transaction, m Movement) error {
	d, err := FindDonation(ctx, tx, t.OrganisationID, m.DonationID)
	if errors.Is(err, ErrNotFound) {
		return otherEntries(ctx, tx, t, m)
	}
	if err != nil {
		return err
	}
	if d.Amount != m.Gross {
		return ErrAmountDiffers
	}
	if err = markPaid(ctx, tx, &d, t.On); errors.Is(err, ledger.ErrPostedBefore) {
		return secondCharge(ctx, tx, t, m)
	} else if err != nil {
		return err
	}
	t.Kind, t.DonationID = ledger.GiftReceived, d.ID
	t.Entries = []ledger.Entry{
		{Account: ledger.StripeBalance, FundID: d.FundID, Amount: m.Gross},
		{Account: ledger.Gifts, FundID: d.FundID, Amount: -m.Gross},
	}
	return addCost(ctx, tx, t, d, m.Cost)
}

// secondCharge is the same movement seen again, or a gift paid twice (a card and a voucher): then a person decides.
func secondCharge(ctx context.Context, tx *sqlx.Tx, t *ledger.Transaction, m Movement) error {
	var known bool
	err := tx.GetContext(ctx, &known, `
		SELECT EXISTS (SELECT FROM transaction WHERE organisation_id = $1 AND source = $2)`, t.OrganisationID, t.Source)
	if err != nil {
		return fmt.Errorf("donation %d: %w", m.DonationID, err)
	}
	if known {
		return ledger.ErrPostedBefore
	}
	return otherEntries(ctx, tx, t, m)
}

// addCost books the processing cost on whoever bears it: the use marked for it, or the general fund.
func addCost(ctx context.Context, tx *sqlx.Tx, t *ledger.Transaction, d Donation, cost ledger.Yen) error {
	if cost == 0 {
		return nil
	}
	line := ledger.Entry{Account: ledger.ProcessingCost, Segment: ledger.Administration, Amount: cost}
	var err error
	if line.FundID, line.UseID, line.InitiativeID, err = costBearer(ctx, tx, d); err != nil {
		return err
	}
	if line.UseID > 0 {
		line.Segment = ledger.Program
	}
	t.Entries = append(t.Entries, line, ledger.Entry{Account: ledger.StripeBalance, FundID: line.FundID, Amount: -cost})
	return nil
}

func costBearer(ctx context.Context, tx *sqlx.Tx, d Donation) (fund, use, initiative int64, err error) {
	err = tx.QueryRowxContext(ctx, `
		SELECT c.fund_id, u.use_id, c.initiative_id
		  FROM plan p
		  JOIN campaign c ON c.organisation_id = p.organisation_id AND c.id = p.campaign_id
		  JOIN plan_use u ON u.organisation_id = p.organisation_id AND u.campaign_id = p.campaign_id AND u.version = p.version
		 WHERE p.organisation_id = $1 AND p.campaign_id = $2 AND p.version = $3 AND p.costs_borne_by = 'use' AND u.bears_costs`,
		d.OrganisationID, d.CampaignID, d.PlanVersion).Scan(&fund, &use, &initiative)
	if errors.Is(err, sql.ErrNoRows) {
		general, err := ledger.FindGeneralFund(ctx, tx, d.OrganisationID)
		return general.ID, 0, 0, err
	}
	if err != nil {
		return 0, 0, 0, fmt.Errorf("donation %d: %w", d.ID, err)
	}
	return fund, use, initiative, nil
}

func refundEntries(ctx context.Context, tx *sqlx.Tx, t *ledger.Transaction, m Movement, at time.Time) error {
	d, err := FindDonation(ctx, tx, t.OrganisationID, m.DonationID)
	if errors.Is(err, ErrNotFound) {
		return otherEntries(ctx, tx, t, m)
	}
	if err != nil {
		return err
	}
	amount := m.Gross
	t.Kind = ledger.RefundFailed
	if amount < 0 {
		amount = -amount
		t.Kind = ledger.GiftRefunded
	}
	if t.RefundID, err = ensureRefund(ctx, tx, d, m.SourceRef, amount, at); err != nil {
		return err
	}
	t.DonationID = d.ID
	t.Entries = []ledger.Entry{
		{Account: ledger.GiftsReturned, FundID: d.FundID, Amount: -m.Gross},
		{Account: ledger.StripeBalance, FundID: d.FundID, Amount: m.Gross},
	}
	return addCost(ctx, tx, t, d, m.Cost)
}

func disputeEntries(ctx context.Context, tx *sqlx.Tx, t *ledger.Transaction, m Movement) error {
	d, err := FindDonation(ctx, tx, t.OrganisationID, m.DonationID)
	if errors.Is(err, ErrNotFound) {
		return otherEntries(ctx, tx, t, m)
	}
	if err != nil {
		return err
	}
	t.Kind, t.DonationID = ledger.Dispute, d.ID
	t.Entries = []ledger.Entry{
		{Account: ledger.InDispute, FundID: d.FundID, Amount: -m.Gross},
		{Account: ledger.StripeBalance, FundID: d.FundID, Amount: m.Gross},
	}
	if m.Cost != 0 {
		general, err := ledger.FindGeneralFund(ctx, tx, t.OrganisationID)
		if err != nil {
			return err
		}
		t.Entries = append(t.Entries,
			ledger.Entry{Account: ledger.DisputeCharge, FundID: general.ID, Segment: ledger.Administration, Amount: m.Cost},
			ledger.Entry{Account: ledger.StripeBalance, FundID: general.ID, Amount: -m.Cost})
	}
	return nil
}

// otherEntries books payouts, costs charged apart, and what nobody understands, in the general fund.
func otherEntries(ctx context.Context, tx *sqlx.Tx, t *ledger.Transaction, m Movement) error {
	general, err := ledger.FindGeneralFund(ctx, tx, t.OrganisationID)
	if err != nil {
		return err
	}
	other := ledger.Entry{Account: ledger.Unclear, FundID: general.ID, Amount: -m.Net}
	t.Kind = ledger.NotClear
	switch m.Kind {
	case MovementPayout, MovementPayoutReversal:
		t.Kind, other.Account = ledger.Payout, ledger.InTransit
	case MovementCost:
		t.Kind, other.Account, other.Segment = ledger.Cost, ledger.ProcessingCost, ledger.Administration
	}
	if m.Net == 0 {
		return ledger.ErrPostedBefore // no yen moved
	}
	t.Entries = []ledger.Entry{other, {Account: ledger.StripeBalance, FundID: general.ID, Amount: m.Net}}
	return nil
}
