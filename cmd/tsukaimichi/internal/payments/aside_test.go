package payments_test

import (
	"fmt"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// refuse lets the book refuse whatever concerns a gift, until the returned function is called.
func (w *world) refuse(d campaigns.Donation) (end func()) {
	w.db.Super.MustExec(fmt.Sprintf(`
		CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
		  IF NEW.donation_id = %d THEN RAISE EXCEPTION 'refused' USING ERRCODE = '23514', CONSTRAINT = 'test_refuses'; END IF;
		  RETURN NEW;
		END $$;
		CREATE TRIGGER broken BEFORE INSERT ON transaction FOR EACH ROW EXECUTE FUNCTION broken()`, d.ID))
	return func() { w.db.Super.MustExec(`DROP TRIGGER broken ON transaction`) }
}

// TestLineAPersonHasSeenIsStillTriedUntilItIsBooked is for the treasurer who reads that a line will be booked by itself, and puts the note away.
func TestLineAPersonHasSeenIsStillTriedUntilItIsBooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gift, page := w.give(3000)
	end := w.refuse(gift)
	w.press(page, "card")
	w.hear()
	w.sweep()
	for _, p := range w.problems() {
		if err := w.till.Solve(ctx, w.group.ID, p.Kind, p.Ref); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		w.pass(6 * day) // out of the sweep's own sight
		w.sweep()
	}
	w.wantProblems()
	w.db.Super.MustExec(`UPDATE checkout SET status = 'expired'`) // no page leads to the line any more
	end()
	w.sweep()
	w.wantStatus(gift, campaigns.Paid)
	w.wantBook(ledger.Gifts, -3000)
	w.wantSound()
}

// TestRefundWaitsForTheLineOfItsGiftThatWasPutAside keeps a refund out of 照合待ち, from where it would never find back to its gift.
func TestRefundWaitsForTheLineOfItsGiftThatWasPutAside(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gift, page := w.give(3000)
	end := w.refuse(gift)
	w.press(page, "card")
	w.hear()
	w.sweep()
	w.wantStatus(gift, campaigns.Pending)
	if status, said := w.post("/v1/refunds", "charge="+w.chargeOf(gift)+"&amount=1000"); status != 200 {
		t.Fatal(status, said)
	}
	w.hear()
	w.sweep()
	w.wantBook(ledger.Unclear, 0)
	end()
	w.sweep()
	if d := w.wantStatus(gift, campaigns.Paid); d.Refunded != 1000 {
		t.Errorf("refunded %s, want 1,000", d.Refunded)
	}
	w.wantBook(ledger.Gifts, -3000, ledger.GiftsReturned, 1000, ledger.Unclear, 0)
	w.wantSound()
	w.wantProblems()
}
