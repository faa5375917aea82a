package payments_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/practice/stripe"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// The failures known of Stripe and the network are numbered; each has its test under its number.

func TestFailure01EventDeliveredManyTimesIsOneBooking(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set(stripe.Duplicate, 100)
	d, _ := w.paid(3000, receiptByMail)
	w.hear()
	if got := w.count(`SELECT count(*) FROM transaction WHERE donation_id = $1`, d.ID); got != 1 {
		t.Errorf("%d bookings", got)
	}
	if got := w.mails("donation-thanks"); got != 1 {
		t.Errorf("%d letters of thanks", got)
	}
	w.wantBook(ledger.Gifts, -3000, ledger.StripeBalance, 2892, ledger.ProcessingCost, 108)
	w.wantSound()
}

func TestFailure02EventsOutOfOrderEndTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set(stripe.Reverse, 100)
	a, page := w.give(3000, konbini)
	w.press(w.press(page, "konbini"), "paid") // async_payment_succeeded comes before completed
	b, page := w.give(2000)
	w.press(page, "decline")
	w.press(page, "card")
	w.hear()
	w.wantStatus(a, campaigns.Paid)
	w.wantStatus(b, campaigns.Paid)
	c, page := w.give(1500)
	w.press(page, "card")
	charge := w.chargeOf(c)
	if _, err := w.account().Refund(ctx, stripepay.RefundRequest{PaymentRef: charge, DonationID: c.ID, Amount: 1500, Key: "dashboard"}); err != nil {
		t.Fatal(err)
	}
	w.hear() // refund.created and charge.refunded come before completed
	if c = w.wantStatus(c, campaigns.Paid); c.Refunded != 1500 {
		t.Errorf("refunded %d", c.Refunded)
	}
	w.wantBook(ledger.Gifts, -6500, ledger.GiftsReturned, 1500)
	w.wantSound()
}

func TestFailure03EverythingLostForAWeekIsFoundByTheSweep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sweep()
	w.set(stripe.Lose, 100)
	paid, page := w.give(3000)
	w.press(page, "card")
	voucher, page := w.give(1000, konbini)
	w.press(w.press(page, "konbini"), "paid")
	unpaid, page := w.give(1200, konbini)
	w.press(page, "konbini")
	left, _ := w.give(900)
	w.deliver()
	for range 14 {
		w.pass(day)
		w.deliver()
	}
	if got := w.count(`SELECT count(*) FROM stripe_event`); got != 0 {
		t.Fatalf("%d events came", got)
	}
	w.sweep()
	w.wantStatus(paid, campaigns.Paid)
	w.wantStatus(voucher, campaigns.Paid)
	w.wantStatus(unpaid, campaigns.Failed)
	w.wantStatus(left, campaigns.Expired)
	w.wantBook(ledger.Gifts, -4000)
	if w.group.Holds(ledger.InTransit) == 0 {
		t.Error("the payout of that week is not booked")
	}
	w.wantSound()
}

// TestFailure03LineDatedBeforeTheLastSweepIsFound is for lines that are dated up to days before they appear.
func TestFailure03LineDatedBeforeTheLastSweepIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.pass(9 * day)
	w.sweep()
	w.line("fee", "stripe_fee", -330, 0, w.clock.Now().Add(-70*time.Hour))
	w.sweep()
	w.wantBook(ledger.ProcessingCost, 330, ledger.StripeBalance, -330)
}

func TestFailure04EventIsNotAcknowledgedBeforeItIsOnDisk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.down = true
	d, page := w.give(3000)
	w.press(page, "card")
	for range 5 {
		w.hear()
		w.pass(3 * time.Hour)
	}
	w.wantStatus(d, campaigns.Pending)
	w.down = false
	w.pass(10 * time.Hour)
	w.hear()
	w.wantStatus(d, campaigns.Paid)
	for i, answer := range w.answers {
		if stored := w.count(`SELECT count(*) FROM stripe_event`); answer == 200 && stored == 0 {
			t.Errorf("answer %d is 200 and nothing is stored", i)
		}
	}
	w.wantSound()
}

// TestFailure04StorageThatFailsIsNoAnswer breaks the table itself.
func TestFailure04StorageThatFailsIsNoAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.db.Super.MustExec(`ALTER TABLE stripe_event ADD CONSTRAINT broken CHECK (false) NOT VALID`)
	payload := w.payload("evt_1", false)
	if err := w.till.Receive(ctx, w.group.ID, payload, w.sign(payload, w.clock.Now())); err == nil {
		t.Error("acknowledged without being stored")
	}
}

func TestFailure05ForgedAlteredStaleOrUnsignedIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	payload, now := w.payload("evt_1", false), w.clock.Now()
	for name, c := range map[string]struct {
		payload []byte
		header  string
	}{
		"unsigned": {payload, ""},
		"forged":   {payload, sign(payload, now, "whsec_other")},
		"altered":  {w.payload("evt_2", false), w.sign(payload, now)},
		"stale":    {payload, w.sign(payload, now.Add(-6*time.Minute))},
		"no event": {[]byte("{}"), w.sign([]byte("{}"), now)},
	} {
		err := w.till.Receive(ctx, w.group.ID, c.payload, c.header)
		if !errors.Is(err, stripepay.ErrSignature) && !errors.Is(err, stripepay.ErrEvent) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := w.count(`SELECT count(*) FROM stripe_event`); got != 0 {
		t.Errorf("%d events kept", got)
	}
	if err := w.till.Receive(ctx, w.group.ID, payload, w.sign(payload, now)); err != nil {
		t.Errorf("the right one: %v", err)
	}
}

func TestFailure06EmptySecretVerifiesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	payload := w.payload("evt_1", false)
	for _, secrets := range [][]string{nil, {""}, {" "}, {w.secret(), ""}} {
		if _, err := stripepay.Verify(payload, sign(payload, w.clock.Now(), ""), secrets, w.clock.Now()); !errors.Is(err, stripepay.ErrNoSecret) {
			t.Errorf("%q: %v", secrets, err)
		}
	}
}

func TestFailure07InstantInTheFutureIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	payload := w.payload("evt_1", false)
	if err := w.till.Receive(ctx, w.group.ID, payload, w.sign(payload, w.clock.Now().Add(48*time.Hour))); !errors.Is(err, stripepay.ErrSignature) {
		t.Errorf("two days ahead: %v", err)
	}
}

func TestFailure08SecretIsReplacedWithoutLosingMoney(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.secret()
	d, page := w.give(3000)
	w.press(page, "card")
	if err := w.till.Connect(ctx, w.group.ID, w.key()); err != nil {
		t.Fatal(err)
	}
	payload := w.payload("evt_1", false)
	if _, err := stripepay.Verify(payload, sign(payload, w.clock.Now(), before), []string{w.secret(), before}, w.clock.Now()); err != nil {
		t.Errorf("two secrets in force: %v", err)
	}
	w.hear() // what was on its way to the old endpoint is gone
	w.sweep()
	w.wantStatus(d, campaigns.Paid)
	w.paid(1000) // signed with the new one
	w.wantSound()
}

func TestFailure09ForeignVersionIsReadInOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set(stripe.Version, 100)
	d, _ := w.paid(3000)
	refund(w, d, 1000)
	w.hear()
	w.wantBook(ledger.Gifts, -3000, ledger.GiftsReturned, 1000)
	if got := w.count(`SELECT count(*) FROM stripe_event WHERE api_version = '2023-10-16'`); got != 0 {
		t.Errorf("%d events in our own version", got)
	}
	w.wantSound()
}

func TestFailure10ThinEventHurtsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.set(stripe.Thin, 100)
	d, page := w.give(3000)
	w.press(page, "card")
	w.hear()
	if got := w.count(`SELECT count(*) FROM stripe_event WHERE object_id = '' AND processed_at IS NOT NULL`); got == 0 {
		t.Error("no thin event was kept and passed over")
	}
	w.sweep()
	w.wantStatus(d, campaigns.Paid)
	w.wantSound()
}

func TestFailure19LiveAndTestDoNotMix(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	payload := w.payload("evt_1", true)
	if err := w.till.Receive(ctx, w.group.ID, payload, w.sign(payload, w.clock.Now())); !errors.Is(err, stripepay.ErrEvent) {
		t.Errorf("a live event on a test account: %v", err)
	}
	if got := w.count(`SELECT count(*) FROM stripe_event`); got != 0 {
		t.Errorf("%d events kept", got)
	}
}

// TestEventThatFailsHoldsUpNoOther puts one aside that can never be followed, whose page nobody knows.
func TestEventThatFailsHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	payload := []byte(strings.Replace(string(w.payload("evt_bad", false)), "cs_1", "cs_test_nobody", 1))
	if err := w.till.Receive(ctx, w.group.ID, payload, w.sign(payload, w.clock.Now())); err != nil {
		t.Fatal(err)
	}
	w.paid(3000)
	w.wantProblems(payments.NotKnown)
	if got := w.count(`SELECT count(*) FROM stripe_event WHERE processed_at IS NULL`); got != 0 {
		t.Errorf("%d events wait", got)
	}
}

// TestBacklogIsFollowedAtOnce has more events than are read at a time.
func TestBacklogIsFollowedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.db.Super.MustExec(`
		INSERT INTO stripe_event (organisation_id, id, type, object_id, api_version, payload, received_at)
		SELECT $1, 'evt_' || n, 'customer.created', 'cus_' || n, '2023-10-16', '{}', $2
		  FROM generate_series(1, 501) AS n`, w.group.ID, w.clock.Now())
	w.hear()
	if got := w.count(`SELECT count(*) FROM stripe_event WHERE processed_at IS NULL`); got != 0 {
		t.Errorf("%d events wait", got)
	}
}

func TestFollowedEventsAreForgottenAndWaitingOnesKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.paid(3000)
	payload := w.payload("evt_waits", false)
	if err := w.till.Receive(ctx, w.group.ID, payload, w.sign(payload, w.clock.Now())); err != nil {
		t.Fatal(err)
	}
	all := w.count(`SELECT count(*) FROM stripe_event`)
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{89 * day, all}, {2 * day, 1}} {
		w.pass(c.after)
		if err := w.till.Prune(ctx, w.group.ID); err != nil {
			t.Fatal(err)
		}
		if got := w.count(`SELECT count(*) FROM stripe_event`); got != c.want {
			t.Errorf("%d events left, want %d", got, c.want)
		}
	}
}

// payload is an event about a payment page.
func (w *world) payload(id string, live bool) []byte {
	return fmt.Appendf(nil, `{"id":%q,"object":"event","type":"checkout.session.completed","api_version":"2023-10-16","created":%d,"livemode":%t,`+
		`"data":{"object":{"id":"cs_1","object":"checkout.session"}}}`, id, seconds(w.clock.Now()), live)
}

// secret is what our webhook endpoint is signed with now.
func (w *world) secret() string {
	w.t.Helper()
	var secret string
	if err := w.db.Super.Get(&secret, `
		SELECT secret
		  FROM practice.stripe_object
		 WHERE kind = 'webhook_endpoint'
		 ORDER BY position DESC
		 LIMIT 1`); err != nil {
		w.t.Fatal(err)
	}
	return secret
}

func (w *world) sign(payload []byte, at time.Time) string { return sign(payload, at, w.secret()) }

func sign(payload []byte, at time.Time, secret string) string {
	sum := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(sum, "%d.", at.Unix())
	sum.Write(payload)
	return fmt.Sprintf("t=%d,v1=%s", at.Unix(), hex.EncodeToString(sum.Sum(nil)))
}
