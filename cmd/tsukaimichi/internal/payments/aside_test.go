package payments_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/stripe"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/seal"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
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

// aside is a gift that was paid and whose line the book refuses, until end is called.
func (w *world) aside(yen ledger.Yen) (gift campaigns.Donation, end func()) {
	gift, page := w.give(yen)
	end = w.refuse(gift)
	w.press(page, "card")
	w.hear()
	w.sweep()
	return gift, end
}

// TestLineAPersonHasSeenIsStillTriedUntilItIsBooked is for the treasurer who reads that a line will be booked by itself, and puts the note away.
func TestLineAPersonHasSeenIsStillTriedUntilItIsBooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gift, end := w.aside(3000)
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
	gift, end := w.aside(3000)
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

// TestUnclearYenAreDecidedByAPerson settles each row of 照合待ち that no payment is given back for.
func TestUnclearYenAreDecidedByAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.paid(3000)
	fee := w.line("other_adjustment", "adjustment", -50, 0, w.clock.Now())
	filled := w.line("topup", "topup", 700, 0, w.clock.Now())
	found := w.line("other_adjustment", "adjustment", 20, 0, w.clock.Now())
	w.sweep()
	decide := func(ref string, m payments.Meaning) error {
		return w.till.Decide(ctx, w.group.ID, ref, m, w.group.Treasurer)
	}
	var bad ledger.Invalid
	if err := decide(fee, payments.WasIncome); !errors.As(err, &bad) {
		t.Errorf("money out as income: %v, want Invalid", err)
	}
	if err := decide("txn_none", payments.WasCost); !errors.Is(err, campaigns.ErrNotFound) {
		t.Errorf("no such row: %v, want not found", err)
	}
	if err := w.till.Check(ctx, w.group.ID); err != nil {
		t.Fatal(err)
	}
	for ref, m := range map[string]payments.Meaning{fee: payments.WasCost, filled: payments.WasBank, found: payments.WasIncome} {
		for range 2 { // pressing twice is once
			if err := decide(ref, m); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.wantProblems() // the daily check's alarm is over too
	w.wantBook(ledger.Unclear, 0, ledger.ProcessingCost, 108+50, ledger.Bank, -700, 4520, -20, ledger.StripeBalance, 2892-50+700+20)
	w.sweep()
	w.wantSound()
}

// TestDecisionThatIsReversedIsMadeAnew is for the treasurer who found out later what the yen were.
func TestDecisionThatIsReversedIsMadeAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.paid(3000)
	ref := w.line("other_adjustment", "adjustment", -50, 0, w.clock.Now())
	w.sweep()
	for _, m := range []payments.Meaning{payments.WasCost, payments.WasLost, payments.WasBank} {
		w.wantProblems(payments.YenUnclear)
		if err := w.till.Decide(ctx, w.group.ID, ref, m, w.group.Treasurer); err != nil {
			t.Fatal(err)
		}
		w.wantProblems()
		if m == payments.WasBank {
			break
		}
		w.pass(time.Minute)
		w.group.In(func(tx *sqlx.Tx) error {
			var id int64
			if err := tx.Get(&id, `SELECT max(id) FROM transaction WHERE organisation_id = $1`, w.group.ID); err != nil {
				return err
			}
			if _, err := ledger.Reverse(ctx, tx, w.group.ID, id, w.group.Treasurer, w.clock.Now(), ledger.DateOf(w.clock.Now()), "まちがい"); err != nil {
				return err
			}
			return w.till.Undecided(ctx, tx, w.group.ID, id)
		})
		if p := w.problems()[0]; p.Detail != string(campaigns.MovementOther) || len(p.Meanings()) != 3 {
			t.Fatalf("after the reversal %+v, want it as it was", p)
		}
	}
	w.wantBook(ledger.Unclear, 0, ledger.ProcessingCost, 108, ledger.Bank, 50)
	w.sweep()
	w.wantProblems()
	w.wantSound()
}

func TestPaymentForAGiftIsNotDecidedAway(t *testing.T) {
	t.Parallel()
	p := payments.Problem{Kind: payments.YenUnclear, DonationID: 1, Amount: 3000, Detail: string(campaigns.MovementCharge)}
	if got := p.Meanings(); got != nil {
		t.Errorf("a second payment can be %v, want to be given back or entered as a gift", got)
	}
}

// TestAccountThatIsNotReachedIsAnAlarm: a check that never takes place must not look like one that found nothing.
func TestAccountThatIsNotReachedIsAnAlarm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.paid(3000)
	w.sweep()
	w.set(stripe.Busy, 100)
	if err := w.till.Check(ctx, w.group.ID); !errors.Is(err, campaigns.ErrPaymentUnavailable) {
		t.Fatalf("check: %v, want unavailable", err)
	}
	w.wantProblems() // Stripe may be away for an hour
	w.pass(3 * day)
	if err := w.till.Check(ctx, w.group.ID); err == nil {
		t.Fatal("checked without Stripe")
	}
	if all := w.problems(); len(all) != 1 || all[0].Ref != payments.CheckReached {
		t.Errorf("after three days put aside %+v, want that nothing was read", all)
	}
	w.set(stripe.Busy, 0)
	w.wantSound()
	kept := w.rekey("sk_test_revoked")
	if err := w.till.Check(ctx, w.group.ID); !errors.Is(err, stripepay.ErrKey) {
		t.Fatalf("check: %v, want the key refused", err)
	}
	if all := w.problems(); len(all) != 1 || all[0].Ref != payments.CheckKey {
		t.Errorf("with a revoked key put aside %+v, want the key", all)
	}
	w.db.Super.MustExec(`UPDATE stripe_account SET sealed_key = $1`, kept)
	w.wantSound()
}

// TestLiveKeyAfterATestKeyBeginsAnew: what the test account holds is not in the other, so it must not be missed there for ever.
func TestLiveKeyAfterATestKeyBeginsAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.paid(3000)
	w.wantSound()
	w.db.Super.MustExec(`UPDATE stripe_account SET livemode = true`) // the practice Stripe takes test keys alone: the one that comes is of the other mode
	w.db.Super.MustExec(`TRUNCATE practice.stripe_object CASCADE`)   // another account, in which nothing happened yet
	w.pass(time.Hour)
	if err := w.till.Connect(ctx, w.group.ID, w.key()); err != nil {
		t.Fatal(err)
	}
	w.wantSound()
	w.paid(1000)
	w.wantSound()
}

// rekey lets the account have another key, and returns the sealed one before.
func (w *world) rekey(key string) (before []byte) {
	w.t.Helper()
	if err := w.db.Super.Get(&before, `SELECT sealed_key FROM stripe_account`); err != nil {
		w.t.Fatal(err)
	}
	w.db.Super.MustExec(`UPDATE stripe_account SET sealed_key = $1`, []byte(w.till.Box.Seal(w.group.ID, "stripe key", seal.Secret(key))))
	return before
}
