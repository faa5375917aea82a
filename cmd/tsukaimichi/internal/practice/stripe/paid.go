package stripe

import (
	"context"
	"net/http"
)

// choice is a button on a payer's page.
type choice struct{ Value, Text string }

// paid reports whether the session's money has moved.
func (o session) paid() bool { return o.Status == "complete" && o.PaymentStatus == "paid" }

// paidPage says that all is paid; in practice one may also be the payer's bank there, or answer the mail that asks for an account to refund to.
func (a *account) paidPage(ctx context.Context, o session) (shown, error) {
	page := endedPage{Heading: "支払いはすみました", What: "もう一度払う必要はありません。", Back: o.success()}
	paid, open, err := a.paidBy(ctx, o)
	if err != nil {
		return shown{}, err
	}
	switch {
	case open.ID != "":
		page.What = "カード会社が、この支払いを確かめています。団体のお金は、そのあいだ止まっています。"
		page.Acts = []choice{{"win", "団体の言い分をみとめる（お金がもどる）"}, {"lose", "払った人の言い分をみとめる（お金はもどらない）"}}
	case !paid.Disputed && !paid.Refunded && paid.PaymentMethodDetails.Type == "card":
		page.Acts = []choice{{"dispute", "「覚えがない」とカード会社に言う"}}
	case paid.AmountRefunded > 0 && paid.PaymentMethodDetails.Type == "konbini":
		_, waits, err := a.waitingRefund(ctx, paid.ID)
		if err != nil {
			return shown{}, err
		}
		if waits {
			page.What = "このお金は返されます。どの口座に返すか、Stripe からメールが届いています。"
			page.Acts = []choice{{"bank", "メールに答えて、口座を伝える（お金がもどる）"}}
		}
	}
	return shown{template: endedTemplate, page: page, status: http.StatusOK}, nil
}

// afterPaid lets the payer's bank act.
func (a *account) afterPaid(ctx context.Context, o session, wish string) (shown, error) {
	paid, open, err := a.paidBy(ctx, o)
	if err != nil {
		return shown{}, err
	}
	switch wish {
	case "dispute":
		err = a.openDispute(ctx, paid)
	case "win":
		err = a.winDispute(ctx, open)
	case "lose":
		err = a.loseDispute(ctx, open)
	case "bank":
		err = a.nameBank(ctx, paid)
	default: // the back button, a second tap
		return a.paidPage(ctx, o)
	}
	return redirect(a.page("pay", o.ID)), err
}

// paidBy is the charge that paid a session, and its open dispute, whose ID is empty when there is none.
func (a *account) paidBy(ctx context.Context, o session) (charge, dispute, error) {
	pi, err := load[intent](ctx, a, "payment_intent", string(o.PaymentIntent))
	if err != nil {
		return charge{}, dispute{}, err
	}
	paid, err := load[charge](ctx, a, "charge", string(pi.LatestCharge))
	if err != nil {
		return charge{}, dispute{}, err
	}
	open, _, err := a.disputeOf(ctx, paid.ID)
	return paid, open, err
}
