package stripepay_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
)

// answering is an account whose Stripe gives one answer to everything and counts how often it is asked.
func answering(t *testing.T, status int, body string) (*stripepay.Account, *atomic.Int32) {
	t.Helper()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Request-Id", "req_1")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return stripepay.New(stripepay.Config{OrganisationID: 1, Key: "sk_test_x", BaseURL: server.URL}), &asked
}

func begin(account *stripepay.Account) error {
	_, err := account.Begin(context.Background(), campaigns.PaymentRequest{
		OrganisationID: 1, DonationID: 7, Channel: campaigns.Card, Amount: 3000, Mail: "renshu@example.org", ExpiresAt: now})
	return err
}

func TestAnswersBecomeErrorsTheCallerCanActOn(t *testing.T) {
	t.Parallel()
	const no = `{"error":{"type":"invalid_request_error","code":"email_invalid","param":"customer_email","message":"Invalid email address: renshu@example.org"}}`
	tests := map[string]struct {
		status int
		body   string
		want   error
	}{
		"server error":     {500, `{"error":{"type":"api_error","message":"renshu@example.org"}}`, campaigns.ErrPaymentUnavailable},
		"too many":         {429, `{"error":{"type":"invalid_request_error","code":"rate_limit"}}`, campaigns.ErrPaymentUnavailable},
		"unknown":          {404, `{"error":{"type":"invalid_request_error","code":"resource_missing"}}`, campaigns.ErrPaymentUnknown},
		"key expired":      {401, `{"error":{"type":"invalid_request_error","code":"api_key_expired"}}`, stripepay.ErrKey},
		"key not for this": {403, `{"error":{"type":"invalid_request_error"}}`, stripepay.ErrKey},
		"bad request":      {400, no, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account, _ := answering(t, test.status, test.body)
			err := begin(account)
			if test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("Begin = %v, want %v", err, test.want)
			}
			var refused *stripepay.Refused
			if !errors.As(err, &refused) || refused.Status != test.status || refused.RequestID != "req_1" {
				t.Errorf("Begin = %v, want a refusal with status %d and its request id", err, test.status)
			}
			if strings.Contains(err.Error(), "renshu") {
				t.Errorf("the error quotes the donor: %v", err)
			}
		})
	}
}

func TestServerErrorIsTriedOnceUnderASecondKey(t *testing.T) {
	t.Parallel()
	account, asked := answering(t, 500, `{"error":{"type":"api_error"}}`)
	if err := begin(account); !errors.Is(err, campaigns.ErrPaymentUnavailable) {
		t.Errorf("Begin = %v", err)
	}
	if got := asked.Load(); got != 2 {
		t.Errorf("asked %d times, want 2", got)
	}
}

func TestProxyPageIsUnavailableAndNotQuoted(t *testing.T) {
	t.Parallel()
	account, _ := answering(t, 502, "<html>renshu@example.org</html>")
	err := begin(account)
	if !errors.Is(err, campaigns.ErrPaymentUnavailable) || strings.Contains(err.Error(), "renshu") {
		t.Errorf("Begin = %v, want ErrPaymentUnavailable without the page", err)
	}
}

func TestNobodyThereIsUnavailable(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	account := stripepay.New(stripepay.Config{OrganisationID: 1, Key: "sk_test_x", BaseURL: server.URL})
	if err := account.Check(context.Background()); !errors.Is(err, campaigns.ErrPaymentUnavailable) {
		t.Errorf("Check = %v, want ErrPaymentUnavailable", err)
	}
}

func TestDeadlineIsUnavailable(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(func() { close(release); server.Close() })
	account := stripepay.New(stripepay.Config{OrganisationID: 1, Key: "sk_test_x", BaseURL: server.URL})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := account.Check(ctx); !errors.Is(err, campaigns.ErrPaymentUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Check = %v, want ErrPaymentUnavailable by the deadline", err)
	}
}

func TestLiveKeyIsKnown(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{"sk_live_1": true, "rk_live_1": true, "sk_test_1": false, "rk_test_1": false, "": false, "x_sk_live_1": false} {
		if got := stripepay.LiveKey(key); got != want {
			t.Errorf("LiveKey(%q) = %v, want %v", key, got, want)
		}
	}
}
