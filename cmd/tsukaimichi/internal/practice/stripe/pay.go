package stripe

import (
	"context"
	"net/http"
	"slices"
)

// payPage is the payment page: what for, how much, and what may happen.
type payPage struct {
	Title, Amount, End      string
	Card, Konbini, Declined bool
}

func showPay(ctx context.Context, a *account, id, _ string) (shown, error) {
	o, err := load[session](ctx, a, "checkout.session", id)
	if err != nil {
		return shown{}, err
	}
	if o.paid() {
		return a.paidPage(ctx, o)
	}
	if result, over := o.over(a); over {
		return result, nil
	}
	page := payPage{
		Title: o.Practice.Title, Amount: o.AmountTotal.String(), End: until(o.ExpiresAt),
		Card: slices.Contains(o.PaymentMethodTypes, "card"), Konbini: slices.Contains(o.PaymentMethodTypes, "konbini"),
	}
	if o.PaymentIntent != "" {
		pi, err := load[intent](ctx, a, "payment_intent", string(o.PaymentIntent))
		if err != nil {
			return shown{}, err
		}
		page.Declined = pi.LastPaymentError != nil
	}
	return shown{template: payTemplate, page: page, status: http.StatusOK}, nil
}

// over says what to show of a session that no longer takes anything, though time may not have been let to close it yet.
func (o session) over(a *account) (shown, bool) {
	switch {
	case o.Status == "complete":
		return redirect(a.page("voucher", string(o.PaymentIntent))), true
	case o.Status == "expired", o.ExpiresAt <= a.now.Unix():
		return ended(http.StatusGone, "この画面は閉じました", "時間がたったので、支払いの画面を閉じました。お金は動いていません。もう一度、はじめから申し込んでください。", string(o.CancelURL)), true
	}
	return shown{}, false
}

func choosePay(ctx context.Context, a *account, id, choice string) (shown, error) {
	o, err := load[session](ctx, a, "checkout.session", id)
	if err != nil {
		return shown{}, err
	}
	if o.paid() {
		return a.afterPaid(ctx, o, choice)
	}
	if result, over := o.over(a); over { // the back button, a second tap
		return result, nil
	}
	takes := func(method string) bool { return slices.Contains(o.PaymentMethodTypes, method) }
	switch {
	case choice == "card" && takes("card"):
		return redirect(o.success()), a.payCard(ctx, o)
	case choice == "decline" && takes("card"):
		return redirect(a.page("pay", o.ID)), a.declineCard(ctx, o)
	case choice == "konbini" && takes("konbini"):
		pi, err := a.issueVoucher(ctx, o)
		return redirect(a.page("voucher", pi.ID)), err
	case choice == "cancel" && o.CancelURL != "":
		return redirect(string(o.CancelURL)), nil
	}
	return redirect(a.page("pay", o.ID)), nil
}

// voucherPage is a konbini voucher waiting to be paid.
type voucherPage struct {
	Title, Amount, End, Code, Confirmation, Back string
}

func showVoucher(ctx context.Context, a *account, id, _ string) (shown, error) {
	pi, err := load[intent](ctx, a, "payment_intent", id)
	if err != nil {
		return shown{}, err
	}
	o, err := load[session](ctx, a, "checkout.session", pi.Practice.Session)
	if err != nil {
		return shown{}, err
	}
	switch {
	case pi.Status == "succeeded":
		return ended(http.StatusOK, "コンビニで払いました", "団体に届くと、寄付のページが変わります。", o.success()), nil
	case pi.NextAction == nil, pi.NextAction.Konbini.ExpiresAt < a.now.Unix():
		return ended(http.StatusGone, "期限がすぎました", "この番号では、もう払えません。お金は動いていません。", o.success()), nil
	}
	details := pi.NextAction.Konbini
	page := voucherPage{
		Title: o.Practice.Title, Amount: pi.Amount.String(), End: until(details.ExpiresAt), Back: o.success(),
		Code: details.Stores["lawson"].PaymentCode, Confirmation: details.Stores["lawson"].ConfirmationNumber,
	}
	return shown{template: voucherTemplate, page: page, status: http.StatusOK}, nil
}

func chooseVoucher(ctx context.Context, a *account, id, choice string) (shown, error) {
	pi, err := load[intent](ctx, a, "payment_intent", id)
	if err != nil {
		return shown{}, err
	}
	if choice == "paid" && pi.Status == "requires_action" {
		if err := a.payVoucher(ctx, pi); err != nil {
			return shown{}, err
		}
	}
	return redirect(a.page("voucher", pi.ID)), nil
}
