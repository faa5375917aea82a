package payments_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// page opens a second payment page of a gift, as a program that forgot the first one would.
func (w *world) page(d campaigns.Donation, attempt int, amount ledger.Yen) string {
	w.t.Helper()
	checkout, err := w.account().Begin(ctx, w.request(d, attempt, amount))
	if err != nil {
		w.t.Fatal(err)
	}
	return checkout.URL
}

func (w *world) request(d campaigns.Donation, attempt int, amount ledger.Yen) campaigns.PaymentRequest {
	return campaigns.PaymentRequest{
		OrganisationID: w.group.ID, DonationID: d.ID, Attempt: attempt, Channel: campaigns.Card, Amount: amount, Title: "見守り配食",
		SuccessURL: w.at + "/thanks", CancelURL: w.at + "/c", ExpiresAt: w.clock.Now().Add(time.Hour), Mail: "renshu@example.org",
	}
}

// line writes a line into the account's statement at Stripe, dated as said.
func (w *world) line(category, kind string, amount, fee int, at time.Time, change ...func(map[string]any)) string {
	w.t.Helper()
	id := fmt.Sprintf("txn_%s_%d", category, w.count(`SELECT count(*) FROM practice.stripe_object`))
	body := map[string]any{
		"id": id, "object": "balance_transaction", "created": at.Unix(), "amount": amount, "fee": fee, "net": amount - fee, "available_on": at.Unix(),
		"currency": "jpy", "fee_details": []any{}, "reporting_category": category, "type": kind, "source": nil, "status": "available", "practice_payout": nil,
	}
	for _, f := range change {
		f(body)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	w.db.Super.MustExec(`
		INSERT INTO practice.stripe_object (organisation_id, id, kind, body, created_at)
		VALUES ($1, $2, 'balance_transaction', $3, $4)`, w.group.ID, id, string(raw), at)
	return id
}

func (w *world) chargeOf(d campaigns.Donation) string {
	w.t.Helper()
	var id string
	err := w.db.Super.Get(&id, `
		SELECT id
		  FROM practice.stripe_object
		 WHERE kind = 'charge' AND body->>'status' = 'succeeded' AND body->'metadata'->>'donation' = $1::text
		 ORDER BY position DESC
		 LIMIT 1`, d.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func TestFailure15AnotherAmountIsPutAsideAndTheRestGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wrong := w.group.Give(w.call, 3000)
	page := w.page(wrong, 1, 2000)
	w.press(page, "card")
	w.paid(1000)
	w.sweep()
	w.wantStatus(wrong, campaigns.Pending)
	w.wantBook(ledger.Gifts, -1000, ledger.Unclear, -2000)
	w.wantProblems(payments.YenUnclear)
	w.wantSound(payments.YenUnclear, payments.CheckFailed) // 照合待ち is not empty
}

func TestFailure15LineNotInYenIsPutAsideAndTheRestGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.line("charge", "charge", 3000, 100, w.clock.Now(), func(b map[string]any) { b["currency"] = "usd" })
	d, page := w.give(3000)
	w.press(page, "card")
	w.sweep()
	w.sweep()
	w.wantStatus(d, campaigns.Paid)
	w.wantBook(ledger.Gifts, -3000)
	w.wantProblems(payments.NotYen)
}

// TestFailure15LineTheBookRefusesIsPutAsideUntilItCanBeBooked closes the campaign's fund to gifts of that day.
func TestFailure15LineTheBookRefusesIsPutAsideUntilItCanBeBooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bad, page := w.give(3000)
	w.press(page, "card")
	good, page := w.give(1000)
	w.press(page, "card")
	w.db.Super.MustExec(fmt.Sprintf(`
		CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
		  IF NEW.donation_id = %d THEN RAISE EXCEPTION 'refused' USING ERRCODE = '23514', CONSTRAINT = 'test_refuses'; END IF;
		  RETURN NEW;
		END $$;
		CREATE TRIGGER broken BEFORE INSERT ON transaction FOR EACH ROW EXECUTE FUNCTION broken()`, bad.ID))
	w.hear()
	w.sweep()
	w.wantStatus(bad, campaigns.Pending)
	w.wantStatus(good, campaigns.Paid)
	if all := w.problems(); len(all) == 0 || all[0].Detail != "test_refuses" {
		t.Errorf("put aside: %+v", all)
	}
	w.pass(6 * day) // out of the sweep's own sight
	w.sweep()
	w.db.Super.MustExec(`DROP TRIGGER broken ON transaction`)
	w.pass(6 * day)
	w.sweep()
	w.wantStatus(bad, campaigns.Paid)
	w.wantBook(ledger.Gifts, -4000)
}

// TestFailure15LineOfNoPageIsTriedUntilItIsBooked is for a line that no payment page leads to.
func TestFailure15LineOfNoPageIsTriedUntilItIsBooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.db.Super.MustExec(`
		CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
		  IF NEW.kind = 'cost' THEN RAISE EXCEPTION 'refused' USING ERRCODE = '23514', CONSTRAINT = 'test_refuses'; END IF;
		  RETURN NEW;
		END $$;
		CREATE TRIGGER broken BEFORE INSERT ON transaction FOR EACH ROW EXECUTE FUNCTION broken()`)
	w.line("fee", "stripe_fee", -330, 0, w.clock.Now())
	for range 5 {
		w.sweep()
		w.pass(6 * day) // out of the sweep's own sight
	}
	w.wantProblems(payments.NotBooked)
	w.db.Super.MustExec(`DROP TRIGGER broken ON transaction`)
	w.sweep()
	w.wantBook(ledger.ProcessingCost, 330)
	w.wantSound()
}

// TestLineThatFailsForNoKnownReasonHoldsUpNoOther breaks something nobody thought of.
func TestLineThatFailsForNoKnownReasonHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sweep()
	w.db.Super.MustExec(`
		CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
		  IF NEW.kind = 'cost' THEN RAISE division_by_zero; END IF;
		  RETURN NEW;
		END $$;
		CREATE TRIGGER broken BEFORE INSERT ON transaction FOR EACH ROW EXECUTE FUNCTION broken()`)
	w.line("fee", "stripe_fee", -330, 0, w.clock.Now())
	d, page := w.give(3000)
	w.press(page, "card")
	e, page := w.paid(1000)
	w.press(page, "dispute")
	w.pass(20 * day)
	if err := w.till.Sweep(ctx, w.group.ID); err == nil {
		t.Error("the sweep says nothing of it")
	}
	w.wantStatus(d, campaigns.Paid)
	w.wantStatus(e, campaigns.Paid)
	w.wantBook(ledger.GiftsReturned, 1000) // the dispute nobody answered
	w.db.Super.MustExec(`DROP TRIGGER broken ON transaction`)
	w.sweep() // looks as far back again
	w.wantBook(ledger.ProcessingCost, 108+36+330)
	w.wantSound()
}

func TestFailure16PageThatIsOpenComesBackAndSecondPaymentIsFlagged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, first := w.give(3000)
	if again := w.open(d); again != first { // the back button
		t.Errorf("a second page %s beside %s", again, first)
	}
	second := w.page(d, 2, 3000)
	w.press(first, "card")
	w.press(second, "card")
	w.hear()
	w.sweep()
	w.wantStatus(d, campaigns.Paid)
	w.wantBook(ledger.Gifts, -3000, ledger.Unclear, -3000)
	w.wantProblems(payments.YenUnclear)
	p := w.problems()[0]
	if p.DonationID != d.ID || p.Amount != 3000 {
		t.Errorf("flagged as %+v", p)
	}
	if err := w.till.GiveUnclearBack(ctx, w.group.ID, p.Ref); err != nil {
		t.Fatal(err)
	}
	if err := w.till.GiveUnclearBack(ctx, w.group.ID, p.Ref); err != nil { // pressed twice
		t.Fatal(err)
	}
	w.hear()
	w.wantBook(ledger.Gifts, -3000, ledger.Unclear, 0, ledger.GiftsReturned, 0)
	if got := w.objects("refund"); got != 1 {
		t.Errorf("%d refunds", got)
	}
	w.wantSound()
}

func TestFailure17PayoutThatDoesNotAddUpIsAnAlarm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.paid(3000)
	w.pass(12 * day)
	w.hear()
	w.wantSound()
	before := w.count(`SELECT count(*) FROM transaction`)
	w.db.Super.MustExec(`
		UPDATE practice.stripe_object
		   SET body = jsonb_set(body, '{amount}', '2891')
		 WHERE kind = 'payout'`)
	w.wantSound(payments.CheckFailed)
	if p := w.problems(); len(p) != 1 || p[0].Ref != payments.CheckTransit || p[0].Amount != 1 {
		t.Errorf("alarm: %+v", p)
	}
	if got := w.count(`SELECT count(*) FROM transaction`); got != before {
		t.Errorf("%d bookings made", got-before)
	}
	w.db.Super.MustExec(`UPDATE practice.stripe_object SET body = jsonb_set(body, '{amount}', '2892') WHERE kind = 'payout'`)
	w.wantSound() // the alarm ends by itself
}

func TestFailure18LineNotWrittenYetIsWaitedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, page := w.give(3000)
	w.press(page, "card")
	charge := w.chargeOf(d)
	var line string
	if err := w.db.Super.Get(&line, `SELECT body->>'balance_transaction' FROM practice.stripe_object WHERE id = $1`, charge); err != nil {
		t.Fatal(err)
	}
	w.db.Super.MustExec(`UPDATE practice.stripe_object SET body = jsonb_set(body, '{balance_transaction}', 'null') WHERE id = $1`, charge)
	w.db.Super.MustExec(`UPDATE practice.stripe_object SET created_at = created_at + interval '90 days' WHERE id = $1`, line)
	w.deliver()
	if err := w.till.Process(ctx, w.group.ID); !errors.Is(err, campaigns.ErrPaymentUnavailable) {
		t.Errorf("without the line: %v", err)
	}
	w.wantStatus(d, campaigns.Pending)
	w.db.Super.MustExec(`UPDATE practice.stripe_object SET body = jsonb_set(body, '{balance_transaction}', to_jsonb($2::text)) WHERE id = $1`, charge, line)
	w.db.Super.MustExec(`UPDATE practice.stripe_object SET created_at = created_at - interval '90 days' WHERE id = $1`, line)
	w.sweep()
	w.wantStatus(d, campaigns.Paid)
	w.wantSound()
}

func TestFailure21CrashBetweenLetterAndCommitIsOneLetter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, page := w.give(3000, receiptByMail)
	w.press(page, "card")
	w.deliver()
	ordinary, crash := w.till.Enqueue, errors.New("the machine stops here")
	w.till.Enqueue = func(ctx context.Context, tx *sqlx.Tx, kind string, organisationID, id int64) error {
		if kind == payments.ReceiptJob {
			return crash
		}
		return ordinary(ctx, tx, kind, organisationID, id)
	}
	if err := w.till.Process(ctx, w.group.ID); !errors.Is(err, crash) {
		t.Fatalf("process: %v", err)
	}
	w.wantStatus(d, campaigns.Pending)
	if w.mails("donation-thanks") != 0 || w.count(`SELECT count(*) FROM receipt`) != 0 {
		t.Error("a letter or receipt of a gift that is not booked")
	}
	w.till.Enqueue = ordinary
	w.pass(time.Minute)
	w.hear()
	w.sweep()
	w.wantStatus(d, campaigns.Paid)
	if got := w.mails("donation-thanks"); got != 1 || len(w.papers) != 1 {
		t.Errorf("%d letters, %d receipts", got, len(w.papers))
	}
	w.wantSound()
}

func TestFailure22DayIsThatOfTokyo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	night := ledger.DateOf(w.clock.Now())
	for night.AddDays(1).Month() == night.Month() {
		night = night.AddDays(1)
	}
	first := night.AddDays(1) // half past midnight in Tokyo is still the month before in UTC
	w.pass(first.Midnight().Add(30 * time.Minute).Sub(w.clock.Now()))
	d, _ := w.paid(3000)
	if d.PaidOn != first {
		t.Errorf("paid on %v, want %v", d.PaidOn, first)
	}
	var on ledger.Date
	if err := w.db.Super.Get(&on, `SELECT booked_on FROM transaction WHERE donation_id = $1`, d.ID); err != nil || on != first {
		t.Errorf("booked on %v, %v; want %v", on, err, first)
	}
	w.wantSound()
}
