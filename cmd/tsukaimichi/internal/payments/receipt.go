package payments

import (
	"context"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// fitReceipt keeps the receipt of a gift to what was really given and asks for its paper; doing it again changes nothing.
func (t *Till) fitReceipt(ctx context.Context, tx *sqlx.Tx, organisationID, donationID int64) error {
	next, err := campaigns.FitReceipt(ctx, tx, organisationID, donationID, ledger.BySystem("受領証の発行"), t.Now())
	if err != nil || next.ID == 0 {
		return err
	}
	return t.Enqueue(ctx, tx, ReceiptJob, organisationID, next.ID)
}
