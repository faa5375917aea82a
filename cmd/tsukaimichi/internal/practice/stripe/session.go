package stripe

import (
	"context"
	"strconv"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// session is a Checkout page.
type session struct {
	head
	AmountSubtotal     ledger.Yen        `json:"amount_subtotal"`
	AmountTotal        ledger.Yen        `json:"amount_total"`
	CancelURL          text              `json:"cancel_url"`
	ClientReferenceID  text              `json:"client_reference_id"`
	Currency           string            `json:"currency"`
	Customer           text              `json:"customer"`
	CustomerDetails    customerDetails   `json:"customer_details"`
	CustomerEmail      text              `json:"customer_email"`
	ExpiresAt          int64             `json:"expires_at"`
	Invoice            text              `json:"invoice"`
	Locale             text              `json:"locale"`
	Metadata           map[string]string `json:"metadata"`
	Mode               string            `json:"mode"`
	PaymentIntent      text              `json:"payment_intent"`
	PaymentMethodTypes []string          `json:"payment_method_types"`
	PaymentStatus      string            `json:"payment_status"` // unpaid, paid
	Status             string            `json:"status"`         // open, complete, expired
	SubmitType         text              `json:"submit_type"`
	Subscription       text              `json:"subscription"`
	SuccessURL         string            `json:"success_url"`
	UIMode             string            `json:"ui_mode"`
	URL                text              `json:"url"`
	Practice           sessionNotes      `json:"practice"`
}

type customerDetails struct {
	Email text `json:"email"`
}

// sessionNotes is what the practice Stripe keeps for itself; Stripe's own document has no such member.
type sessionNotes struct {
	Title          string            `json:"title"`
	VoucherDays    int64             `json:"voucher_days"`
	ThreeDSecure   string            `json:"three_d_secure"`
	IntentMetadata map[string]string `json:"intent_metadata"`
}

const (
	shortestPage = 30 * time.Minute
	longestPage  = 24 * time.Hour
)

// sessionRules are the parameters of a one-off payment by card or konbini.
var sessionRules = rules{
	"mode":                                  oneOf("payment"),
	"submit_type":                           oneOf("auto", "book", "donate", "pay"),
	"locale":                                oneOf("auto", "ja", "en", "ko", "zh", "vi", "th", "id"),
	"success_url":                           address,
	"cancel_url":                            address,
	"client_reference_id":                   upTo(200),
	"customer_email":                        mail,
	"expires_at":                            integer(0, 1<<40),
	"metadata[*]":                           anything,
	"payment_method_types[]":                oneOf("card", "konbini"),
	"line_items[][quantity]":                integer(1, 999_999),
	"payment_intent_data[metadata][*]":      anything,
	"line_items[][price_data][currency]":    oneOf("jpy"),
	"line_items[][price_data][unit_amount]": integer(0, 99_999_999),
	"line_items[][price_data][product_data][name]":         upTo(250),
	"payment_method_options[card][request_three_d_secure]": oneOf("automatic", "any", "challenge"),
	"payment_method_options[konbini][expires_after_days]":  integer(1, 60),
	"payment_method_options[konbini][setup_future_usage]":  oneOf("none"),
}

func createSession(ctx context.Context, a *account, r request) (any, error) {
	f := r.form
	if err := f.check(sessionRules); err != nil {
		return nil, err
	}
	for _, name := range []string{"mode", "success_url"} {
		if !f.has(name) {
			return nil, invalid(name, "parameter_missing", "Missing required param: %s.", name)
		}
	}
	o := session{
		head:     head{ID: "cs_test_" + random(58), Object: "checkout.session", Created: a.now.Unix()},
		Currency: "jpy", Mode: "payment", PaymentStatus: "unpaid", Status: "open", UIMode: "hosted",
		CancelURL: text(f["cancel_url"]), SuccessURL: f["success_url"], SubmitType: text(f["submit_type"]), Locale: text(f["locale"]),
		ClientReferenceID: text(f["client_reference_id"]),
		CustomerEmail:     text(f["customer_email"]), CustomerDetails: customerDetails{text(f["customer_email"])},
		PaymentMethodTypes: f.list("payment_method_types"),
	}
	o.URL = text(a.page("pay", o.ID))
	for _, fill := range []func(*session, form) error{a.priced, a.described, a.timed} {
		if err := fill(&o, f); err != nil {
			return nil, err
		}
	}
	return o, a.add(ctx, o, time.Unix(o.ExpiresAt, 0))
}

// priced adds up the lines and holds the total against what the ways of payment take.
func (a *account) priced(o *session, f form) error {
	total, lines := ledger.Yen(0), 0
	for ; f.has("line_items[" + strconv.Itoa(lines) + "]"); lines++ {
		line := "line_items[" + strconv.Itoa(lines) + "]"
		for _, name := range []string{"[price_data][currency]", "[price_data][unit_amount]", "[price_data][product_data][name]", "[quantity]"} {
			if !f.has(line + name) {
				return invalid(line+name, "parameter_missing", "Missing required param: %s.", line+name)
			}
		}
		price, err := ledger.Yen(f.number(line+"[price_data][unit_amount]", 0)).Mul(f.number(line+"[quantity]", 1), 1, ledger.Down)
		if err != nil {
			return invalid(line, "amount_too_large", "Amount out of range")
		}
		if total, err = total.Add(price); err != nil {
			return invalid(line, "amount_too_large", "Amount out of range")
		}
	}
	if lines == 0 {
		return invalid("line_items", "parameter_missing", "You must pass `line_items` in `payment` mode.")
	}
	o.Practice.Title = f["line_items[0][price_data][product_data][name]"]
	o.AmountTotal, o.AmountSubtotal = total, total
	if len(o.PaymentMethodTypes) == 0 {
		o.PaymentMethodTypes = []string{"card"}
	}
	for _, method := range o.PaymentMethodTypes {
		if err := within(method, total); err != nil {
			return err
		}
	}
	return nil
}

// within holds an amount against what Stripe takes by a way of payment in Japan.
func within(method string, amount ledger.Yen) error {
	least, most := ledger.Yen(50), ledger.Yen(99_999_999)
	if method == "konbini" {
		least, most = 120, 300_000
	}
	switch {
	case amount < least:
		return invalid("line_items", "amount_too_small", "The total amount due must add up to at least ¥%s for %s", least, method)
	case amount > most:
		return invalid("line_items", "amount_too_large", "The total amount due must be no more than ¥%s for %s", most, method)
	}
	return nil
}

func (a *account) described(o *session, f form) (err error) {
	if o.Metadata, err = f.metadata("metadata"); err != nil {
		return err
	}
	if o.Practice.IntentMetadata, err = f.metadata("payment_intent_data[metadata]"); err != nil {
		return err
	}
	o.Practice.ThreeDSecure = f["payment_method_options[card][request_three_d_secure]"]
	o.Practice.VoucherDays = f.number("payment_method_options[konbini][expires_after_days]", 3)
	return nil
}

func (a *account) timed(o *session, f form) error {
	end := a.now.Add(longestPage)
	if f.has("expires_at") {
		end = time.Unix(f.number("expires_at", 0), 0)
	}
	// Requests take a moment: Stripe measures from the creation of the session, the caller from before it.
	if end.Before(a.now.Add(shortestPage-time.Minute)) || end.After(a.now.Add(longestPage+time.Minute)) {
		return invalid("expires_at", "", "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.")
	}
	o.ExpiresAt = end.Unix()
	return nil
}

func expireSession(ctx context.Context, a *account, r request) (any, error) {
	if err := r.form.check(nil); err != nil {
		return nil, err
	}
	o, err := load[session](ctx, a, "checkout.session", r.id)
	if err != nil {
		return nil, err
	}
	if o.Status != "open" {
		return nil, invalid("", "", `Only Checkout Sessions with a status in ["open"] can be expired. This one has a status of %s.`, o.Status)
	}
	return a.expireOpen(ctx, o)
}

func (a *account) expireOpen(ctx context.Context, o session) (session, error) {
	o.Status, o.URL = "expired", ""
	if err := a.save(ctx, o, never); err != nil {
		return o, err
	}
	return o, a.emit(ctx, "checkout.session.expired", o)
}

// complete ends the page: paid, or unpaid while a voucher waits.
func (a *account) complete(ctx context.Context, o session, paymentStatus string) error {
	o.Status, o.PaymentStatus, o.URL = "complete", paymentStatus, ""
	if err := a.save(ctx, o, never); err != nil {
		return err
	}
	return a.emit(ctx, "checkout.session.completed", o)
}
