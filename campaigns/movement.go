package campaigns

import (
	"context"
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
	kind, err := bookMovement(ctx, tx, organisationID, m, at)
	return kind != "", err
}

// SettleMovement does the same and says what it meant for the gift concerned, which is the zero Donation where none is.
func SettleMovement(ctx context.Context, tx *sqlx.Tx, organisationID int64, m Movement, at time.Time) (Settled, error) {
	kind, err := bookMovement(ctx, tx, organisationID, m, at)
	if err != nil {
		return Settled{}, err
	}
	out := Settled{NowPaid: kind == ledger.GiftReceived, NowUnclear: kind == ledger.NotClear}
	if m.DonationID == 0 {
		return out, nil
	}
	out.Donation, err = FindDonation(ctx, tx, organisationID, m.DonationID)
	if errors.Is(err, ErrNotFound) {
		return out, nil // a gift of another program on the same account: its yen are unclear to us
	}
	return out, err
}

// bookMovement returns what kind of transaction it posted, or nothing when there was nothing to post. It takes the gift's row
// first, so that whoever books the same movement at once is done before it looks.
func bookMovement(ctx context.Context, tx *sqlx.Tx, organisationID int64, m Movement, at time.Time) (ledger.TransactionKind, error) {
	d, err := lockDonation(ctx, tx, organisationID, m.DonationID)
	ours := err == nil
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", err
	}
	t := ledger.Transaction{
		OrganisationID: organisationID, Source: "stripe:" + m.Ref, On: ledger.DateOf(m.At), By: ledger.BySystem("決済の記録"), At: at,
	}
	known, err := booked(ctx, tx, organisationID, t.Source)
	if err != nil || known || (m.Gross == 0 && m.Cost == 0) {
		return "", err
	}
	switch {
	case ours && m.Kind == MovementCharge:
		err = chargeEntries(ctx, tx, &t, d, m)
	case ours && (m.Kind == MovementRefund || m.Kind == MovementRefundFailure):
		err = refundEntries(ctx, tx, &t, d, m)
	case ours && (m.Kind == MovementDispute || m.Kind == MovementDisputeReversal):
		err = disputeEntries(ctx, tx, &t, d, m)
	default:
		err = otherEntries(ctx, tx, &t, m)
	}
	if err != nil {
		return "", fmt.Errorf("movement %s: %w", m.Ref, err)
	}
	_, err = ledger.Post(ctx, tx, t)
	if errors.Is(err, ledger.ErrPostedBefore) && t.DonationID == 0 {
		return "", nil // booked by another since we looked
	}
	return t.Kind, err
}

func booked(ctx context.Context, q sqlx.QueryerContext, organisationID int64, source string) (bool, error) {
	var known bool
	err := sqlx.GetContext(ctx, q, &known, `
		SELECT EXISTS (SELECT FROM transaction WHERE organisation_id = $1 AND source = $2)`, organisationID, source)
	if err != nil {
		return false, fmt.Errorf("source %s: %w", source, err)
	}
	return known, nil
}

// chargeEntries books the first charge of a gift. A second one (a card and a voucher both paid) and one of another amount than
// agreed are unclear: a person gives them back or makes a gift of them.
func chargeEntries(ctx context.Context, tx *sqlx.Tx, t *ledger.Transaction, d Donation, m Movement) error {
	if d.Status == Paid || d.Amount != m.Gross {
		return otherEntries(ctx, tx, t, m)
	}
	if err := markPaid(ctx, tx, &d, t.On, m.SourceRef); err != nil {
		return err
	}
	t.Kind, t.DonationID = ledger.GiftReceived, d.ID
	t.Entries = []ledger.Entry{
		{Account: ledger.StripeBalance, FundID: d.FundID, Amount: m.Gross},
		{Account: ledger.Gifts, FundID: d.FundID, Amount: -m.Gross},
	}
	return addGiftCost(ctx, tx, t, d, m.Cost)
}

// concerns reports whether a refund or dispute is of the charge that paid the gift, and not of a second one.
func (m Movement) concerns(d Donation) bool {
	return d.Status == Paid && (m.ChargeRef == "" || d.ChargeRef == "" || m.ChargeRef == d.ChargeRef)
}

// otherEntries books payouts, costs charged apart, and what nobody understands, in the general fund.
func otherEntries(ctx context.Context, tx *sqlx.Tx, t *ledger.Transaction, m Movement) error {
	general, err := ledger.FindGeneralFund(ctx, tx, t.OrganisationID)
	if err != nil {
		return err
	}
	other := ledger.Entry{Account: ledger.Unclear, FundID: general.ID, Amount: -m.Gross}
	t.Kind = ledger.NotClear
	switch m.Kind {
	case MovementPayout, MovementPayoutReversal:
		t.Kind, other.Account = ledger.Payout, ledger.InTransit
	case MovementCost:
		t.Kind, other.Account, other.Segment = ledger.Cost, ledger.ProcessingCost, ledger.Administration
	}
	if m.Gross != 0 {
		t.Entries = []ledger.Entry{other, {Account: ledger.StripeBalance, FundID: general.ID, Amount: m.Gross}}
	}
	return addGeneralCost(ctx, tx, t, ledger.ProcessingCost, m.Cost)
}
