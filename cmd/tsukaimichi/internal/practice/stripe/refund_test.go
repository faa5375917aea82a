package stripe_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// paid pays a donation and returns its charge.
func (w *world) paid(changes ...func(*campaigns.PaymentRequest)) campaigns.CheckoutState {
	w.t.Helper()
	checkout := w.begin(changes...)
	if w.choose(checkout.URL, "card") == checkout.URL {
		w.choose(w.choose(checkout.URL, "konbini"), "paid")
	}
	return w.wantStatus(checkout.Ref, campaigns.CheckoutPaid)
}

func refundOf(ref string, amount ledger.Yen, key string) stripepay.RefundRequest {
	return stripepay.RefundRequest{PaymentRef: ref, DonationID: 7, Amount: amount, Key: key}
}

func TestRefundInPartsNeverExceedsTheCharge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	charge := w.paid().ChargeRef
	w.deliver()

	first, err := w.account.Refund(ctx, refundOf(charge, 1000, "refund-1"))
	if err != nil || first.Status != "succeeded" {
		t.Fatalf("Refund = %+v, %v", first, err)
	}
	again, err := w.account.Refund(ctx, refundOf(charge, 1000, "refund-1"))
	if err != nil || again != first {
		t.Errorf("the same key refunded again: %+v, %v, want %+v", again, err, first)
	}
	_, err = w.account.Refund(ctx, refundOf(charge, 2001, "refund-2"))
	if no := refused(t, err); no.Status != 400 || no.Param != "amount" {
		t.Errorf("more than is left: %v", no)
	}
	if _, err := w.account.Refund(ctx, refundOf(charge, 2000, "refund-3")); err != nil {
		t.Fatal(err)
	}
	_, err = w.account.Refund(ctx, refundOf(charge, 1, "refund-4"))
	if no := refused(t, err); no.Code != "charge_already_refunded" {
		t.Errorf("after all is refunded: %v", no)
	}
	w.wantDelivered("charge.refunded", "refund.created", "charge.refunded", "refund.created")

	var gross, net ledger.Yen
	for _, m := range w.movements() {
		gross, net = gross+m.Gross, net+m.Net
		if m.DonationID != 7 {
			t.Errorf("movement %s (%s) is of donation %d, want 7", m.Ref, m.Kind, m.DonationID)
		}
	}
	if gross != 0 || net != -108 {
		t.Errorf("after a full refund gross is %v and net %v, want 0 and -108: the cost is kept", gross, net)
	}
}

func TestRefundByPaymentIntentIsTheSameRefund(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.paid()
	_, list := w.call("GET", "/v1/payment_intents", "")
	intent := between(list, `"id":"`, `"`)
	if _, err := w.account.Refund(ctx, refundOf(intent, 500, "refund-1")); err != nil {
		t.Fatal(err)
	}
	kinds := map[campaigns.MovementKind]ledger.Yen{}
	for _, m := range w.movements() {
		kinds[m.Kind] += m.Gross
	}
	if kinds[campaigns.MovementRefund] != -500 {
		t.Errorf("movements by kind = %v, want a refund of −500", kinds)
	}
}

func TestKonbiniRefundNobodyAnswersComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	charge := w.paid(konbini, func(r *campaigns.PaymentRequest) { r.Mail = "" }).ChargeRef
	_, err := w.account.Refund(ctx, refundOf(charge, 3000, "refund-1"))
	if no := refused(t, err); no.Param != "instructions_email" {
		t.Errorf("without an address: %v", no)
	}
	request := refundOf(charge, 3000, "refund-2")
	request.Mail = "renshu@example.org"
	refund, err := w.account.Refund(ctx, request)
	if err != nil || refund.Status != "requires_action" {
		t.Fatalf("Refund = %+v, %v, want one that waits for a bank account", refund, err)
	}
	w.deliver()
	w.advance(46 * day)
	w.wantDelivered("charge.refund.updated", "refund.updated")
	kinds := map[campaigns.MovementKind]ledger.Yen{}
	for _, m := range w.movements() {
		kinds[m.Kind] += m.Gross
		if m.DonationID != 7 {
			t.Errorf("movement %s (%s) is of donation %d, want 7", m.Ref, m.Kind, m.DonationID)
		}
	}
	if kinds[campaigns.MovementRefund] != -3000 || kinds[campaigns.MovementRefundFailure] != 3000 {
		t.Errorf("movements by kind = %v, want the refund and its failure", kinds)
	}
	request.Key = "refund-3"
	if _, err := w.account.Refund(ctx, request); err != nil {
		t.Errorf("the whole cannot be refunded anew: %v", err)
	}
}

func TestKonbiniRefundGoesToTheBankAccountThatIsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	checkout := w.begin(konbini)
	w.choose(w.choose(checkout.URL, "konbini"), "paid")
	charge := w.wantStatus(checkout.Ref, campaigns.CheckoutPaid).ChargeRef
	if _, html := w.open(checkout.URL); strings.Contains(html, `value="bank"`) {
		t.Error("a bank account is asked for before anything is refunded")
	}
	request := refundOf(charge, 3000, "refund-1")
	request.Mail = "renshu@example.org"
	refund, err := w.account.Refund(ctx, request)
	if err != nil {
		t.Fatal(err)
	}
	w.deliver()
	if _, html := w.open(checkout.URL); !strings.Contains(html, `value="bank"`) {
		t.Error("no bank account can be named")
	}
	w.choose(checkout.URL, "bank")
	w.wantDelivered("refund.updated")
	w.advance(46 * day)
	w.wantDelivered("refund.updated")
	if _, answer := w.call("GET", "/v1/refunds/"+refund.Ref, ""); !strings.Contains(answer, `"succeeded"`) {
		t.Errorf("the refund ended as %s", answer)
	}
	for _, m := range w.movements() {
		if m.Kind == campaigns.MovementRefundFailure {
			t.Error("it came back all the same")
		}
	}
}

func TestRefundOfNothingIsUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.account.Refund(ctx, refundOf("ch_none", 100, "refund-1")); !errors.Is(err, campaigns.ErrPaymentUnknown) {
		t.Errorf("Refund = %v, want ErrPaymentUnknown", err)
	}
	if _, err := w.account.Refund(ctx, refundOf("ch_none", 100, "")); !errors.Is(err, stripepay.ErrRequest) {
		t.Errorf("Refund without a key = %v, want ErrRequest", err)
	}
}
