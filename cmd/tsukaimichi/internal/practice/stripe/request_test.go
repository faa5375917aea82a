package stripe_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestSameAttemptGivesTheSameCheckout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.request()
	first, err := w.account.Begin(ctx, request)
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.account.Begin(ctx, request)
	if err != nil || again != first {
		t.Errorf("Begin again = %+v, %v, want %+v", again, err, first)
	}
	request.Attempt++
	next, err := w.account.Begin(ctx, request)
	if err != nil || next.Ref == first.Ref {
		t.Errorf("the next attempt = %+v, %v, want another checkout", next, err)
	}
}

func TestSameAttemptWithOtherParametersIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := w.request()
	if _, err := w.account.Begin(ctx, request); err != nil {
		t.Fatal(err)
	}
	request.Amount = 5000
	_, err := w.account.Begin(ctx, request)
	if no := refused(t, err); no.Type != "idempotency_error" || no.Status != 400 {
		t.Errorf("other parameters: %v, want idempotency_error", no)
	}
}

func TestKeyIsForgottenAfterADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.begin()
	w.advance(25 * time.Hour)
	if again := w.begin(); again.Ref == first.Ref {
		t.Error("a day later the same attempt still gives the old checkout")
	}
}

// A refused parameter leaves the key free; an error inside sticks to it, and Begin gets past it with its second key.
func TestInsideErrorSticksToItsKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.db.Owner.MustExec(`ALTER TABLE practice.stripe_object ADD CONSTRAINT broken CHECK (kind <> 'checkout.session')`)
	request := w.request()
	if _, err := w.account.Begin(ctx, request); !errors.Is(err, campaigns.ErrPaymentUnavailable) {
		t.Fatalf("Begin while broken = %v, want ErrPaymentUnavailable", err)
	}
	w.db.Owner.MustExec(`ALTER TABLE practice.stripe_object DROP CONSTRAINT broken`)
	if _, err := w.account.Begin(ctx, request); !errors.Is(err, campaigns.ErrPaymentUnavailable) {
		t.Errorf("Begin with both keys spent = %v, want ErrPaymentUnavailable", err)
	}
	w.db.App.MustExec(`DELETE FROM practice.stripe_request WHERE organisation_id = 1 AND key LIKE '%-again'`)
	first, err := w.account.Begin(ctx, request)
	if err != nil {
		t.Fatalf("Begin with the second key free = %v", err)
	}
	again, err := w.account.Begin(ctx, request)
	if err != nil || again != first {
		t.Errorf("Begin again = %+v, %v, want %+v", again, err, first)
	}
}

func TestKeyThatCouldMoveMoneyIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, key := range []string{"sk_live_51abc", "rk_live_51abc", "sk_test_51abc", "sk_test_practice_0", "sk_test_practice_01", "x", ""} {
		if err := w.as(key).Check(ctx); !errors.Is(err, stripepay.ErrKey) {
			t.Errorf("Check with %q = %v, want ErrKey", key, err)
		}
	}
	if err := w.account.Check(ctx); err != nil {
		t.Errorf("Check with the practice key = %v", err)
	}
	if status, body := w.call("GET", "/v1/balance", "", "Authorization", "Bearer sk_live_51abc"); status != 401 || !strings.Contains(body, "本番の鍵") || strings.Contains(body, "51abc") {
		t.Errorf("a live key is answered %d %s", status, body)
	}
}

func TestUnknownCheckoutIsUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.account.Look(ctx, "cs_test_none"); !errors.Is(err, campaigns.ErrPaymentUnknown) {
		t.Errorf("Look = %v, want ErrPaymentUnknown", err)
	}
	if status, html := w.open(w.url + "/pay/cs_test_none"); status != 404 || !strings.Contains(html, "見つかりません") {
		t.Errorf("the page of no checkout answers %d", status)
	}
}

func TestCheckoutRefusesWhatStripeRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	valid := url.Values{
		"mode":                                   {"payment"},
		"success_url":                            {"https://example.org/thanks"},
		"line_items[0][price_data][currency]":    {"jpy"},
		"line_items[0][price_data][unit_amount]": {"3000"},
		"line_items[0][price_data][product_data][name]": {"練習"},
		"line_items[0][quantity]":                       {"1"},
		"payment_method_types[]":                        {"card"},
	}
	const amount = "line_items[0][price_data][unit_amount]"
	tests := map[string]struct {
		name, value string // "" takes the parameter away
		param, code string // of the refusal
	}{
		"unknown parameter":   {"colour", "red", "colour", "parameter_unknown"},
		"unknown below known": {"line_items[0][colour]", "red", "line_items[0][colour]", "parameter_unknown"},
		"no mode":             {"mode", "", "mode", "parameter_missing"},
		"monthly":             {"mode", "subscription", "mode", ""},
		"no success page":     {"success_url", "", "success_url", "parameter_missing"},
		"no URL":              {"success_url", "thanks", "success_url", "url_invalid"},
		"script for a URL":    {"cancel_url", "javascript:alert(1)", "cancel_url", "url_invalid"},
		"no price":            {amount, "", amount, "parameter_missing"},
		"49 yen":              {amount, "49", "line_items", "amount_too_small"},
		"100 million yen":     {amount, "100000000", amount, "parameter_invalid_integer"},
		"minus":               {amount, "-5", amount, "parameter_invalid_integer"},
		"fraction":            {amount, "30.5", amount, "parameter_invalid_integer"},
		"dollars":             {"line_items[0][price_data][currency]", "usd", "line_items[0][price_data][currency]", ""},
		"no title":            {"line_items[0][price_data][product_data][name]", "", "line_items[0][price_data][product_data][name]", "parameter_missing"},
		"none of it":          {"line_items[0][quantity]", "0", "line_items[0][quantity]", "parameter_invalid_integer"},
		"unknown way to pay":  {"payment_method_types[1]", "cheque", "payment_method_types[1]", ""},
		"locale of no place":  {"locale", "jp", "locale", ""},
		"3-D Secure always":   {"payment_method_options[card][request_three_d_secure]", "always", "payment_method_options[card][request_three_d_secure]", ""},
		"voucher of 61 days":  {"payment_method_options[konbini][expires_after_days]", "61", "payment_method_options[konbini][expires_after_days]", "parameter_invalid_integer"},
		"voucher of no days":  {"payment_method_options[konbini][expires_after_days]", "0", "payment_method_options[konbini][expires_after_days]", "parameter_invalid_integer"},
		"open for a minute":   {"expires_at", "1", "expires_at", ""},
		"long metadata":       {"metadata[note]", strings.Repeat("あ", 501), "metadata[note]", ""},
		"long metadata key":   {"metadata[" + strings.Repeat("k", 41) + "]", "1", "metadata[" + strings.Repeat("k", 41) + "]", ""},
		"bad mail":            {"customer_email", "renshu", "customer_email", "email_invalid"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			body := url.Values{}
			for k, v := range valid {
				body[k] = v
			}
			body.Set(test.name, test.value)
			if test.value == "" {
				body.Del(test.name)
			}
			status, answer := w.call("POST", "/v1/checkout/sessions", body.Encode())
			if status != 400 || !strings.Contains(answer, `"type":"invalid_request_error"`) ||
				between(answer, `"param":"`, `"`) != test.param || between(answer, `"code":"`, `"`) != test.code {
				t.Errorf("%s=%s is answered %d %s, want param %q code %q", test.name, test.value, status, answer, test.param, test.code)
			}
		})
	}
	if status, answer := w.call("POST", "/v1/checkout/sessions", valid.Encode()); status != 200 || !strings.Contains(answer, `"amount_total":3000`) {
		t.Errorf("the valid request is answered %d %s", status, answer)
	}
}

func TestKonbiniTakes120To300000Yen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := int64(100)
	for amount, code := range map[ledger.Yen]string{119: "amount_too_small", 120: "", 300_000: "", 300_001: "amount_too_large"} {
		id++
		_, err := w.account.Begin(ctx, w.request(konbini, donation(id), yen(amount)))
		if code == "" && err != nil {
			t.Errorf("¥%d: %v", amount, err)
		}
		if code != "" {
			if no := refused(t, err); no.Code != code {
				t.Errorf("¥%d: %v, want %s", amount, no, code)
			}
		}
	}
}

func TestWhatStripeDoesNotHaveIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	session := w.begin().Ref
	tests := map[string]struct {
		method, path, body string
		headers            []string
		status             int
	}{
		"unknown URL":       {"GET", "/v1/accounts", "", nil, 404},
		"unknown method":    {"DELETE", "/v1/refunds", "", nil, 404},
		"unknown object":    {"GET", "/v1/charges/ch_none", "", nil, 404},
		"other kind":        {"GET", "/v1/charges/" + session, "", nil, 404},
		"unknown expansion": {"GET", "/v1/checkout/sessions/" + session + "?expand[]=colour", "", nil, 400},
		"deep expansion":    {"GET", "/v1/checkout/sessions/" + session + "?expand[]=a.b.c.d.e", "", nil, 400},
		"unknown filter":    {"GET", "/v1/charges?colour=red", "", nil, 400},
		"limit of 101":      {"GET", "/v1/charges?limit=101", "", nil, 400},
		"cursor of nothing": {"GET", "/v1/charges?starting_after=ch_none", "", nil, 400},
		"JSON":              {"POST", "/v1/refunds", "{}", []string{"Content-Type", "application/json"}, 400},
		"other version":     {"GET", "/v1/balance", "", []string{"Stripe-Version", "2024-04-10"}, 400},
		"webhook elsewhere": {"POST", "/v1/webhook_endpoints", "url=https://example.org/hook&enabled_events[]=*", nil, 400},
		"unknown event":     {"POST", "/v1/webhook_endpoints", "url=http://localhost/hook&enabled_events[]=tea", nil, 400},
		"refund of nothing": {"POST", "/v1/refunds", "amount=5", nil, 400},
		"refund of both":    {"POST", "/v1/refunds", "charge=ch_1&payment_intent=pi_1", nil, 400},
		"expire nothing":    {"POST", "/v1/checkout/sessions/cs_none/expire", "", nil, 404},
		"long key":          {"POST", "/v1/refunds", "charge=ch_1", []string{"Idempotency-Key", strings.Repeat("k", 256)}, 400},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			status, answer := w.call(test.method, test.path, test.body, test.headers...)
			if status != test.status || !strings.Contains(answer, `{"error":{"type":"invalid_request_error"`) {
				t.Errorf("%s %s is answered %d %s, want %d", test.method, test.path, status, answer, test.status)
			}
		})
	}
}

func TestListsPageBothWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var refs []string
	for id := int64(1); id <= 5; id++ {
		refs = append(refs, w.begin(donation(id)).Ref)
	}
	tests := map[string]struct {
		query string
		want  []int // indices of refs
		more  string
	}{
		"newest first":   {"limit=2", []int{4, 3}, "true"},
		"starting after": {"limit=2&starting_after=" + refs[3], []int{2, 1}, "true"},
		"to the end":     {"limit=2&starting_after=" + refs[1], []int{0}, "false"},
		"ending before":  {"limit=2&ending_before=" + refs[1], []int{3, 2}, "true"},
		"none":           {"created[lt]=5", nil, "false"},
		"all":            {"created[gte]=5", []int{4, 3, 2, 1, 0}, "false"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, answer := w.call("GET", "/v1/checkout/sessions?"+test.query, "")
			var want, got []string
			for _, i := range test.want {
				want = append(want, refs[i])
			}
			for _, part := range strings.Split(answer, `"id":"`)[1:] {
				got = append(got, part[:strings.Index(part, `"`)])
			}
			if strings.Join(got, " ") != strings.Join(want, " ") || between(answer, `"has_more":`, `,`) != test.more {
				t.Errorf("%s gives %v, want %v, more %s", test.query, got, want, test.more)
			}
		})
	}
}
