package campaigns

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// disputeEntries books what the payment service withholds while a payer's bank disputes the payment, and what it gives back
// when the group wins. The yen stay the fund's, in dispute; the charge for it is the general fund's.
func disputeEntries(ctx context.Context, tx *sqlx.Tx, t *ledger.Transaction, d Donation, m Movement) error {
	if !m.concerns(d) {
		return otherEntries(ctx, tx, t, m)
	}
	t.Kind, t.DonationID = ledger.Dispute, d.ID
	if m.Gross != 0 {
		t.Entries = []ledger.Entry{
			{Account: ledger.InDispute, FundID: d.FundID, Amount: -m.Gross},
			{Account: ledger.StripeBalance, FundID: d.FundID, Amount: m.Gross},
		}
	}
	return addGeneralCost(ctx, tx, t, ledger.DisputeCharge, m.Cost)
}

// LoseDispute books the end of a dispute the group lost: the yen in dispute are given back for good. The payment service writes no
// movement for it. ref is its name for the dispute; the same one twice gives ledger.ErrPostedBefore and changes nothing. Invalid when more is
// lost than is left of the gift.
func LoseDispute(ctx context.Context, tx *sqlx.Tx, organisationID, donationID int64, ref string, amount ledger.Yen, by ledger.Actor, at time.Time, on ledger.Date) error {
	d, err := lockDonation(ctx, tx, organisationID, donationID)
	if err != nil {
		return err
	}
	source := "stripe:" + ref + ":lost"
	known, err := booked(ctx, tx, organisationID, source)
	if err != nil {
		return err
	}
	if known {
		return fmt.Errorf("dispute %s: %w", ref, ledger.ErrPostedBefore)
	}
	if err = d.refundable(amount, ref).Err(); err != nil {
		return err
	}
	id, err := insertRefund(ctx, tx, d, RefundPaid, ref, amount, "異議が認められた", by, at)
	if err != nil {
		return err
	}
	_, err = ledger.Post(ctx, tx, ledger.Transaction{
		OrganisationID: organisationID, Kind: ledger.GiftRefunded, Source: source, On: on, By: by, At: at,
		DonationID: d.ID, RefundID: id, Entries: givenBack(d, ledger.InDispute, amount),
	})
	return err
}
