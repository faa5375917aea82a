package stripepay_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
)

// statement is an account whose Stripe lists one balance transaction of a category and source; ch_7 is the charge of donation 7.
func statement(t *testing.T, category, source string) *stripepay.Account {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/balance_transactions", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("expand[0]") != "data.source" {
			t.Errorf("asked for %s", r.URL.RawQuery)
		}
		fmt.Fprintf(w, `{"object":"list","has_more":false,"data":[{"id":"txn_1","object":"balance_transaction","amount":-3000,"fee":1500,`+
			`"net":-4500,"currency":"jpy","created":1795511520,"reporting_category":%q,"type":"adjustment","source":%s}]}`, category, source)
	})
	mux.HandleFunc("GET /v1/charges/ch_7", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"id":"ch_7","object":"charge","metadata":{"organisation":"1","donation":"7","attempt":"1"}}`)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return stripepay.New(stripepay.Config{OrganisationID: 1, Key: "sk_test_x", BaseURL: server.URL})
}

func TestMovementsAreSortedByReportingCategory(t *testing.T) {
	t.Parallel()
	const (
		charge  = `{"id":"ch_7","object":"charge","metadata":{"organisation":"1","donation":"7"}}`
		refund  = `{"id":"re_1","object":"refund","charge":"ch_7","metadata":{"donation":"8"}}`
		dispute = `{"id":"dp_1","object":"dispute","charge":"ch_7"}`
		payout  = `{"id":"po_1","object":"payout"}`
	)
	tests := []struct {
		category, source string
		kind             campaigns.MovementKind
		sourceRef        string
		donation         int64
		chargeRef        string // of what takes a charge back
	}{
		{"charge", charge, campaigns.MovementCharge, "ch_7", 7, ""},
		{"charge", `{"id":"ch_9","object":"charge","metadata":{}}`, campaigns.MovementCharge, "ch_9", 0, ""},
		{"charge", strings.Replace(charge, `"7"}`, `"seven"}`, 1), campaigns.MovementCharge, "ch_7", 0, ""},
		{"refund", refund, campaigns.MovementRefund, "re_1", 7, "ch_7"},
		{"refund_failure", refund, campaigns.MovementRefundFailure, "re_1", 7, "ch_7"},
		{"dispute", dispute, campaigns.MovementDispute, "dp_1", 7, "ch_7"},
		{"dispute_reversal", dispute, campaigns.MovementDisputeReversal, "dp_1", 7, "ch_7"},
		{"payout", payout, campaigns.MovementPayout, "po_1", 0, ""},
		{"payout_reversal", payout, campaigns.MovementPayoutReversal, "po_1", 0, ""},
		{"fee", "null", campaigns.MovementCost, "", 0, ""},
		{"other_adjustment", "null", campaigns.MovementOther, "", 0, ""},
		{"topup", `{"id":"tu_1","object":"topup"}`, campaigns.MovementOther, "tu_1", 0, ""},
		{"something new", `{"id":"xx_1","object":"something.new"}`, campaigns.MovementOther, "xx_1", 0, ""},
	}
	for _, test := range tests {
		t.Run(test.category+" "+test.sourceRef, func(t *testing.T) {
			want := campaigns.Movement{Ref: "txn_1", Kind: test.kind, SourceRef: test.sourceRef, DonationID: test.donation, ChargeRef: test.chargeRef,
				Gross: -3000, Cost: 1500, Net: -4500, At: time.Unix(1795511520, 0)}
			got := 0
			err := statement(t, test.category, test.source).Movements(context.Background(), time.Time{}, func(m campaigns.Movement) error {
				got++
				if m != want {
					t.Errorf("movement = %+v, want %+v", m, want)
				}
				return nil
			})
			if err != nil || got != 1 {
				t.Errorf("Movements = %v after %d lines, want 1", err, got)
			}
		})
	}
}
