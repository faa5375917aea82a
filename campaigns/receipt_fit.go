package campaigns

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// voidedBecause is why a receipt is voided here; one voided for another reason is a person's business.
const voidedBecause = "寄付の全部か一部を返したため"

// FitReceipt keeps the receipt of a gift to what was really given, in the database transaction that gave back: the one in force is voided, with its record in the log, and
// what is left gets the next branch. A refund that came back brings the whole amount back. It returns the receipt it issued, whose paper is to be made, with
// the id 0 for none. Where there was no receipt nothing is done; doing it again changes nothing.
func FitReceipt(ctx context.Context, tx *sqlx.Tx, organisationID, donationID int64, by ledger.Actor, at time.Time) (Receipt, error) {
	ids, err := ReceiptsOfGift(ctx, tx, organisationID, donationID)
	if err != nil || len(ids) == 0 {
		return Receipt{}, err
	}
	d, err := FindDonation(ctx, tx, organisationID, donationID)
	if err != nil {
		return Receipt{}, err
	}
	last, err := FindReceipt(ctx, tx, organisationID, ids[0])
	if err != nil {
		return Receipt{}, err
	}
	switch {
	case last.VoidedWhy == "" && d.Stands() && last.Payload.Amount == d.Amount-d.Refunded:
		return Receipt{}, nil
	case last.VoidedWhy == "":
		if err = Void(ctx, tx, organisationID, last.ID, by, at, voidedBecause); err != nil {
			return Receipt{}, err
		}
	case last.VoidedWhy != voidedBecause:
		return Receipt{}, nil
	}
	if !d.Stands() {
		return Receipt{}, nil
	}
	return Issue(ctx, tx, organisationID, donationID, by, at)
}
