package stripe_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestPayoutIsWhatItsMovementsAddUpTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	charge := w.paid().ChargeRef
	w.paid(donation(8), konbini, yen(5000))
	if _, err := w.account.Refund(ctx, refundOf(charge, 500, "refund-1")); err != nil {
		t.Fatal(err)
	}
	w.deliver()
	w.advance(4*day + time.Hour) // Friday: money became available at noon, the day's payout was before
	w.wantDelivered()
	w.advance(7 * day)
	w.wantDelivered()
	w.advance(3 * day)
	w.wantDelivered("payout.paid", "payout.reconciliation_completed")

	_, list := w.call("GET", "/v1/payouts?status=paid", "")
	ref := between(list, `"id":"`, `"`)
	const net = 2892 + 4820 - 500
	if got := between(list, `"amount":`, `,`); got != "7212" {
		t.Errorf("payout of ¥%s, want ¥%d", got, net)
	}
	_, lines := w.call("GET", "/v1/balance_transactions?payout="+ref, "")
	if got := strings.Count(lines, `"object":"balance_transaction"`); got != 4 {
		t.Errorf("payout of %d lines, want two charges, a refund and its own", got)
	}
	var left ledger.Yen
	for _, m := range w.movements() {
		left += m.Net
		if m.Kind == campaigns.MovementPayout && (m.SourceRef != ref || m.Net != -net || m.DonationID != 0) {
			t.Errorf("payout movement = %+v", m)
		}
	}
	if left != 0 {
		t.Errorf("¥%s left in the account, want 0", left)
	}
}

func TestNothingIsPaidOutOfAnEmptyAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.advance(30 * day)
	w.wantDelivered()
	if _, list := w.call("GET", "/v1/payouts", ""); !strings.Contains(list, `"data":[]`) {
		t.Errorf("payouts = %s", list)
	}
}
