package payments

import (
	"context"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// voidedBecause is why a receipt is voided here; one voided for another reason is a person's business.
const voidedBecause = "寄付の全部か一部を返したため"

// fitReceipt keeps the receipt of a gift to what was really given: after a refund the one in force is voided, and what is left gets the next branch. A refund
// that came back brings the whole amount back. Where there was no receipt, nothing is done; doing it again changes nothing.
func (t *Till) fitReceipt(ctx context.Context, tx *sqlx.Tx, organisationID, donationID int64) error {
	ids, err := campaigns.ReceiptsOfGift(ctx, tx, organisationID, donationID)
	if err != nil || len(ids) == 0 {
		return err
	}
	d, err := campaigns.FindDonation(ctx, tx, organisationID, donationID)
	if err != nil {
		return err
	}
	last, err := campaigns.FindReceipt(ctx, tx, organisationID, ids[0])
	if err != nil {
		return err
	}
	by := ledger.BySystem("受領証の発行")
	switch {
	case last.VoidedWhy == "" && d.Stands() && last.Payload.Amount == d.Amount-d.Refunded:
		return nil
	case last.VoidedWhy == "":
		if err = campaigns.Void(ctx, tx, organisationID, last.ID, by, t.Now(), voidedBecause); err != nil {
			return err
		}
	case last.VoidedWhy != voidedBecause:
		return nil
	}
	if !d.Stands() {
		return nil
	}
	next, err := campaigns.Issue(ctx, tx, organisationID, donationID, by, t.Now())
	if err != nil {
		return err
	}
	return t.Enqueue(ctx, tx, ReceiptJob, organisationID, next.ID)
}
