package campaigns_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// A share of 6,000 of 20,000 goes back by hand: receipt 1 is void and branch 2 is over 14,000, each with its record, all or nothing.
func TestReceiptIsOverWhatIsLeftOfAGift(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	d := g.Enter(g.Announce(), 20_000, func(x *campaigns.Gift) { x.Donor = campaigns.Donor{Name: "練習 花子"} })
	first := mustIssue(t, g, d)
	before := records(t, g.DB, g.ID)
	giveBack := func(amount ledger.Yen, after error) (next campaigns.Receipt, err error) {
		err = g.Try(func(tx *sqlx.Tx) error {
			if amount > 0 {
				if err := campaigns.RefundInHand(t.Context(), tx, g.ID, d.ID, amount, ledger.CashBox, g.Treasurer, g.At, g.Today(), "使いみちの変更"); err != nil {
					return err
				}
			}
			if next, err = campaigns.FitReceipt(t.Context(), tx, g.ID, d.ID, g.Treasurer, g.At); err != nil {
				return err
			}
			return after
		})
		return next, err
	}
	undone := errors.New("the power fails")
	if _, err := giveBack(6_000, undone); !errors.Is(err, undone) {
		t.Fatal(err)
	}
	if r, err := campaigns.FindReceipt(t.Context(), g.DB, g.ID, first.ID); err != nil || r.VoidedWhy != "" || g.Gift(d.ID).Refunded != 0 {
		t.Errorf("after the failure the receipt is %+v, %v", r, err)
	}
	next, err := giveBack(6_000, nil)
	if err != nil || next.Branch != 2 || next.Number != first.Number || next.Payload.Amount != 14_000 {
		t.Errorf("issued anew is %+v, %v", next, err)
	}
	if r, err := campaigns.FindReceipt(t.Context(), g.DB, g.ID, first.ID); err != nil || r.VoidedWhy == "" {
		t.Errorf("the first receipt is %+v, %v", r, err)
	}
	if got := records(t, g.DB, g.ID) - before; got != 3 { // the refund, the voiding, the receipt
		t.Errorf("%d records, want 3", got)
	}
	if again, err := giveBack(0, nil); err != nil || again.ID != 0 {
		t.Errorf("doing it again issued %+v, %v", again, err)
	}
	last, err := giveBack(14_000, nil)
	if err != nil || last.ID != 0 {
		t.Errorf("of a gift given back whole: %+v, %v", last, err)
	}
	if r, err := campaigns.FindReceipt(t.Context(), g.DB, g.ID, next.ID); err != nil || r.VoidedWhy == "" {
		t.Errorf("the second receipt is %+v, %v", r, err)
	}
}

func records(t *testing.T, db *sqlx.DB, organisationID int64) int64 {
	t.Helper()
	n, err := ledger.Records(t.Context(), db, organisationID)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
