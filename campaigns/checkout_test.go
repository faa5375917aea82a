package campaigns_test

import (
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func begin(t *testing.T, g *campaigntest.Group, d campaigns.Donation) (campaigns.Attempt, error) {
	t.Helper()
	var a campaigns.Attempt
	err := g.Try(func(tx *sqlx.Tx) (err error) {
		a, err = campaigns.BeginAttempt(t.Context(), tx, d, g.At, g.At.Add(time.Hour))
		return err
	})
	return a, err
}

func state(d campaigns.Donation, ref string, status campaigns.CheckoutStatus) campaigns.CheckoutState {
	return campaigns.CheckoutState{Ref: ref, DonationID: d.ID, Status: status, Amount: d.Amount}
}

func TestAskingTwiceOpensOnePaymentPage(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	d := g.Give(g.Announce(), 3_000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if a, err := begin(t, g, d); err != nil || a.Attempt != 1 || a.Ref != "" {
				t.Errorf("attempt %+v, %v", a, err)
			}
		}()
	}
	wg.Wait()
	ref := g.OpenPage(d)
	a, err := begin(t, g, d)
	if err != nil || a.Ref != ref || a.URL != "https://pay.example/"+ref {
		t.Errorf("while open: %+v, %v", a, err)
	}
	g.At = g.At.Add(61 * time.Minute)
	if a, err = begin(t, g, d); err != nil || a.Attempt != 2 || a.URL != "" {
		t.Errorf("after it ran out: %+v, %v", a, err)
	}
}

func TestAPaidGiftNeedsNoPaymentPage(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	d, _ := g.Pay(g.Announce(), 3_000, 108)
	_, err := begin(t, g, d)
	mustBe(t, "paid", err, campaigns.ErrPaid)
}

func TestTheAnswerOfThePaymentServiceIsKeptOnce(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	d := g.Give(g.Announce(), 3_000)
	ref := g.OpenPage(d)
	g.In(func(tx *sqlx.Tx) error {
		a, err := campaigns.LastAttempt(t.Context(), tx, g.ID, d.ID)
		if err != nil {
			return err
		}
		return campaigns.AttemptOpened(t.Context(), tx, a, campaigns.Checkout{Ref: "cs_other", URL: "https://other.example", ExpiresAt: g.At})
	})
	a, err := campaigns.LastAttempt(t.Context(), g.DB, g.ID, d.ID)
	if err != nil || a.Ref != ref {
		t.Errorf("attempt %+v, %v, want the first answer %s", a, err, ref)
	}
	_, err = campaigns.LastAttempt(t.Context(), g.DB, g.ID, 999)
	mustBe(t, "no page", err, campaigns.ErrNotFound)
}

func TestPaidWithItsMovementIsBookedAtOnce(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d := g.Give(c, 3_000)
	paid := campaigntest.PaidState(d, g.OpenPage(d), g.Charge(d, 108))
	if out := g.Settle(paid); !out.NowPaid || out.Donation.Status != campaigns.Paid || out.Donation.ChargeRef != paid.ChargeRef {
		t.Errorf("settled %+v", out)
	}
	if out := g.Settle(paid); out.NowPaid || out.NowUnclear || out.Donation.Status != campaigns.Paid {
		t.Errorf("settled again %+v", out)
	}
	if p := g.Progress(c); p.Received != 3_000 || p.Pending != 0 {
		t.Errorf("progress %+v", p)
	}
}

func TestAPaymentPageHasAnotherGiftOrNone(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d, other := g.Give(c, 3_000), g.Give(c, 3_000)
	ref := g.OpenPage(d)
	for name, s := range map[string]campaigns.CheckoutState{
		"unknown page": state(d, "cs_unknown", campaigns.CheckoutPaid), "page of another": state(other, ref, campaigns.CheckoutPaid),
		"no gift": {Ref: ref, DonationID: 999, Status: campaigns.CheckoutPaid, Amount: 3_000},
	} {
		err := g.Try(func(tx *sqlx.Tx) error {
			_, err := campaigns.Settle(t.Context(), tx, g.ID, s, g.At)
			return err
		})
		mustBe(t, name, err, campaigns.ErrNotFound)
	}
}

func TestPaidWithoutItsMovementIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	d := g.Give(g.Announce(), 3_000)
	ref := g.OpenPage(d)
	if out := g.Settle(state(d, ref, campaigns.CheckoutPaid)); out.NowPaid || out.Donation.Status != campaigns.Pending {
		t.Errorf("settled %+v", out)
	}
	waiting := func() []string {
		refs, err := campaigns.WaitingAttempts(t.Context(), g.DB, g.ID)
		if err != nil {
			t.Fatal(err)
		}
		return refs
	}
	if refs := waiting(); len(refs) != 1 || refs[0] != ref {
		t.Errorf("waiting %v, want %s", refs, ref)
	}
	if !g.Book(g.Charge(d, 108)) || g.Gift(d.ID).Status != campaigns.Paid {
		t.Error("the statement's line did not pay the gift")
	}
	if refs := waiting(); len(refs) != 0 {
		t.Errorf("still waiting %v", refs)
	}
}

func TestAVoucherWaitsThenIsPaid(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	d := g.Give(g.Announce(), 3_000, konbini)
	ref := g.OpenPage(d)
	voucher := state(d, ref, campaigns.CheckoutPending)
	voucher.VoucherURL, voucher.VoucherEnd = "https://pay.example/voucher", g.At.AddDate(0, 0, 7)
	if out := g.Settle(voucher); !out.NowWaiting || out.Donation.Status != campaigns.Pending {
		t.Errorf("settled %+v", out)
	}
	if out := g.Settle(voucher); out.NowWaiting {
		t.Errorf("told twice %+v", out)
	}
	g.Pass(3)
	a, err := begin(t, g, d)
	if err != nil || a.Attempt != 1 || a.VoucherURL != "https://pay.example/voucher" || !a.VoucherUntil.Equal(voucher.VoucherEnd) {
		t.Errorf("while the voucher can be paid: %+v, %v", a, err)
	}
	if out := g.Settle(campaigntest.PaidState(d, ref, g.Charge(d, 120))); !out.NowPaid || out.Donation.PaidOn != g.Today() || out.Donation.GivenOn == g.Today() {
		t.Errorf("settled %+v", out)
	}
	if out := g.Settle(voucher); out.NowWaiting || out.Donation.Status != campaigns.Paid {
		t.Errorf("an old answer afterwards %+v", out)
	}
}

func TestAnEndedGiftStillTurnsPaid(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	for _, ended := range []campaigns.CheckoutStatus{campaigns.CheckoutFailed, campaigns.CheckoutExpired} {
		d := g.Give(c, 3_000, konbini)
		ref := g.OpenPage(d)
		if out := g.Settle(state(d, ref, ended)); !out.NowFailed || string(out.Donation.Status) != string(ended) {
			t.Errorf("%s: settled %+v", ended, out)
		}
		if out := g.Settle(state(d, ref, ended)); out.NowFailed {
			t.Errorf("%s: told twice %+v", ended, out)
		}
		if p := g.Progress(c); p.Pending != 0 {
			t.Errorf("%s: still pending %s", ended, p.Pending)
		}
		if out := g.Settle(campaigntest.PaidState(d, ref, g.Charge(d, 120))); !out.NowPaid || out.Donation.Status != campaigns.Paid {
			t.Errorf("%s: paid at the till close to midnight: %+v", ended, out)
		}
	}
}

func TestAGiftEndsWithItsLastOpenPage(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	d := g.Give(g.Announce(), 3_000)
	first := g.OpenPage(d)
	g.At = g.At.Add(61 * time.Minute)
	second := g.OpenPage(d)
	if out := g.Settle(state(d, first, campaigns.CheckoutExpired)); out.NowFailed || out.Donation.Status != campaigns.Pending {
		t.Errorf("the first page: %+v", out)
	}
	if out := g.Settle(state(d, second, campaigns.CheckoutExpired)); !out.NowFailed || out.Donation.Status != campaigns.Expired {
		t.Errorf("the second page: %+v", out)
	}
}

func TestAPageOfAnotherAmountIsRefused(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	d := g.Give(g.Announce(), 3_000)
	wrong := state(d, g.OpenPage(d), campaigns.CheckoutExpired)
	wrong.Amount = 300_000
	err := g.Try(func(tx *sqlx.Tx) error {
		_, err := campaigns.Settle(t.Context(), tx, g.ID, wrong, g.At)
		return err
	})
	mustBe(t, "×100", err, campaigns.ErrAmountDiffers)
	if got := g.Gift(d.ID).Status; got != campaigns.Pending {
		t.Errorf("the gift is %s, want pending", got)
	}
}

func TestYenOfAnotherAmountAreUnclear(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d := g.Give(c, 3_000)
	m := g.Charge(d, 108)
	m.Gross, m.Net = 2_000, 1_892
	out := g.Settle(campaigntest.PaidState(d, g.OpenPage(d), m))
	if out.NowPaid || !out.NowUnclear || out.Donation.Status != campaigns.Pending {
		t.Errorf("settled %+v", out)
	}
	if got, want := g.Entries("stripe:"+m.Ref, c.FundID), "G 1145 -2000 · G 1143 1892 · G 5421 108"; got != want {
		t.Errorf("booked %q, want %q", got, want)
	}
}

func TestASecondChargeIsUnclearAndGoesBackWithoutTouchingTheGift(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d, first := g.Pay(c, 3_000, 108)
	second := g.Charge(d, 108)
	if !g.Book(second) || g.Book(second) {
		t.Error("the second charge is booked once")
	}
	if got, want := g.Entries("stripe:"+second.Ref, c.FundID), "G 1145 -3000 · G 1143 2892 · G 5421 108"; got != want {
		t.Errorf("booked %q, want %q", got, want)
	}
	back := campaigns.Movement{
		Ref: campaigntest.Unique("txn"), Kind: campaigns.MovementRefund, SourceRef: "re_1", ChargeRef: second.SourceRef, DonationID: d.ID,
		Gross: -3_000, Net: -3_000, At: g.At,
	}
	g.Book(back)
	if got, want := g.Entries("stripe:"+back.Ref, c.FundID), "G 1145 3000 · G 1143 -3000"; got != want {
		t.Errorf("booked %q, want %q", got, want)
	}
	if got := g.Gift(d.ID); got.Refunded != 0 || got.ChargeRef != first.SourceRef {
		t.Errorf("the gift was touched: %+v", got)
	}
	if unclear, left := g.Holds(ledger.Unclear), g.Left(c.FundID); unclear != 0 || left != 3_000 {
		t.Errorf("unclear %s, left %s; want 0 and 3,000", unclear, left)
	}
}

func TestSixteenAtOnceBookOneGift(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	d := g.Give(c, 3_000)
	m := g.Charge(d, 108)
	paid := campaigntest.PaidState(d, g.OpenPage(d), m)
	var wg sync.WaitGroup
	told := make([]bool, 16)
	for i := range told {
		wg.Add(1)
		go func() {
			defer wg.Done()
			err := g.Try(func(tx *sqlx.Tx) error {
				var out campaigns.Settled
				var err error
				if i%2 == 0 {
					out, err = campaigns.Settle(t.Context(), tx, g.ID, paid, g.At)
				} else {
					out, err = campaigns.SettleMovement(t.Context(), tx, g.ID, m, g.At)
				}
				told[i] = out.NowPaid
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	n := 0
	for _, now := range told {
		if now {
			n++
		}
	}
	if held := g.Holds(ledger.StripeBalance); n != 1 || held != 2_892 {
		t.Errorf("%d said it turned paid, %s at the service; want 1 and 2,892", n, held)
	}
	g.MustBalance()
}

func TestGiftsSettleWhileTheirMonthIsClosed(t *testing.T) {
	t.Parallel()
	g := newGroup(t)
	c := g.Announce()
	type paying struct {
		d campaigns.Donation
		s campaigns.CheckoutState
	}
	var all []paying
	for range 8 {
		d := g.Give(c, 1_000)
		all = append(all, paying{d, campaigntest.PaidState(d, g.OpenPage(d), g.Charge(d, 36))})
	}
	g.Pass(31) // 1 November
	var wg sync.WaitGroup
	for i, p := range all {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if i == 4 {
				if err := g.Try(func(tx *sqlx.Tx) error {
					return ledger.ClosePeriod(t.Context(), tx, g.ID, ledger.Month, ledger.NewDate(2026, 10, 31), g.Treasurer, g.At, "締めをためす")
				}); err != nil {
					t.Error(err)
				}
			}
			if err := g.Try(func(tx *sqlx.Tx) error {
				_, err := campaigns.Settle(t.Context(), tx, g.ID, p.s, g.At)
				return err
			}); err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	if p := g.Progress(c); p.Received != 8_000 {
		t.Errorf("received %s, want 8,000", p.Received)
	}
	for _, p := range all {
		if got := g.Gift(p.d.ID); got.PaidOn != ledger.NewDate(2026, 10, 1) {
			t.Errorf("paid on %s, want the true day", got.PaidOn)
		}
	}
	var late int
	err := g.DB.GetContext(t.Context(), &late, `
		SELECT count(*) FROM transaction WHERE organisation_id = $1 AND kind = 'donation' AND booked_on NOT IN (belongs_on, '2026-11-01')`, g.ID)
	if err != nil || late != 0 {
		t.Errorf("%d booked on a day that is neither theirs nor the first open one, %v", late, err)
	}
	g.MustBalance()
}
