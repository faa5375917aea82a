package stripepay_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/stripepay"
)

var now = time.Date(2026, 11, 24, 9, 12, 0, 0, time.UTC)

const paid = `{"id":"evt_1","object":"event","api_version":"2023-10-16","created":1795511520,"livemode":false,` +
	`"type":"checkout.session.completed","data":{"object":{"id":"cs_test_1","object":"checkout.session"}}}`

// sign is Stripe's scheme, written from its description.
func sign(payload, secret string, at time.Time) string {
	sum := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(sum, "%d.%s", at.Unix(), payload)
	return fmt.Sprintf("t=%d,v1=%s", at.Unix(), hex.EncodeToString(sum.Sum(nil)))
}

func TestVerifyTakesOnlyWhatASecretSignedJustNow(t *testing.T) {
	t.Parallel()
	good := sign(paid, "whsec_a", now)
	tests := map[string]struct {
		payload, header string
		secrets         []string
		want            error
	}{
		"signed":             {paid, good, []string{"whsec_a"}, nil},
		"while rolling":      {paid, good, []string{"whsec_b", "whsec_a"}, nil},
		"five minutes old":   {paid, sign(paid, "whsec_a", now.Add(-300*time.Second)), []string{"whsec_a"}, nil},
		"stale":              {paid, sign(paid, "whsec_a", now.Add(-301*time.Second)), []string{"whsec_a"}, stripepay.ErrSignature},
		"of the future":      {paid, sign(paid, "whsec_a", now.Add(301*time.Second)), []string{"whsec_a"}, stripepay.ErrSignature},
		"other secret":       {paid, good, []string{"whsec_b"}, stripepay.ErrSignature},
		"one byte more":      {paid + " ", good, []string{"whsec_a"}, stripepay.ErrSignature},
		"no header":          {paid, "", []string{"whsec_a"}, stripepay.ErrSignature},
		"no instant":         {paid, good[len("t=1795511520,"):], []string{"whsec_a"}, stripepay.ErrSignature},
		"fresh before stale": {paid, fmt.Sprintf("t=%d,", now.Unix()) + sign(paid, "whsec_a", now.Add(-time.Hour)), []string{"whsec_a"}, stripepay.ErrSignature},
		"stale before fresh": {paid, sign(paid, "whsec_a", now.Add(-time.Hour)) + fmt.Sprintf(",t=%d", now.Unix()), []string{"whsec_a"}, stripepay.ErrSignature},
		"rubbish":            {paid, "t=abc,v1=zz", []string{"whsec_a"}, stripepay.ErrSignature},
		"test scheme v0":     {paid, "t=" + fmt.Sprint(now.Unix()) + ",v0=" + good[len("t=1795511520,v1="):], []string{"whsec_a"}, stripepay.ErrSignature},
		"no secrets":         {paid, sign(paid, "", now), nil, stripepay.ErrNoSecret},
		"empty secret":       {paid, sign(paid, "", now), []string{""}, stripepay.ErrNoSecret},
		"one of them empty":  {paid, good, []string{"whsec_a", ""}, stripepay.ErrNoSecret},
		"blank secret":       {paid, sign(paid, " ", now), []string{" "}, stripepay.ErrNoSecret},
		"no JSON":            {"hello", sign("hello", "whsec_a", now), []string{"whsec_a"}, stripepay.ErrEvent},
		"no event":           {"{}", sign("{}", "whsec_a", now), []string{"whsec_a"}, stripepay.ErrEvent},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			event, err := stripepay.Verify([]byte(test.payload), test.header, test.secrets, now)
			if !errors.Is(err, test.want) {
				t.Fatalf("Verify = %v, want %v", err, test.want)
			}
			if err != nil && event != (stripepay.Event{}) {
				t.Errorf("a refused webhook still gives %+v", event)
			}
		})
	}
}

func TestVerifyReadsEventsOfEveryShape(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		payload string
		want    stripepay.Event
	}{
		"session": {paid, stripepay.Event{ID: "evt_1", Type: "checkout.session.completed", ObjectID: "cs_test_1", SessionID: "cs_test_1", APIVersion: "2023-10-16"}},
		"live refund of another version": {
			`{"id":"evt_2","api_version":"2026-08-26.dahlia","livemode":true,"type":"refund.created","data":{"object":{"id":"re_1","object":"refund","charge":null}}}`,
			stripepay.Event{ID: "evt_2", Type: "refund.created", ObjectID: "re_1", APIVersion: "2026-08-26.dahlia", Livemode: true},
		},
		"thin": {
			`{"id":"evt_3","object":"v2.core.event","created":"2026-11-24T09:12:00.000Z","type":"v2.core.account.updated","related_object":{"id":"acct_1"}}`,
			stripepay.Event{ID: "evt_3", Type: "v2.core.account.updated"},
		},
		"thin with data of its own": {
			`{"id":"evt_4","object":"v2.core.event","created":"2026-11-24T09:12:00.000Z","type":"v1.billing.meter.error_report_triggered","data":{"reason":"x"}}`,
			stripepay.Event{ID: "evt_4", Type: "v1.billing.meter.error_report_triggered"},
		},
		"no data": {`{"id":"evt_5","type":"ping","data":null}`, stripepay.Event{ID: "evt_5", Type: "ping"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := stripepay.Verify([]byte(test.payload), sign(test.payload, "whsec_a", now), []string{"whsec_a"}, now)
			if err != nil || got != test.want {
				t.Errorf("Verify = %+v, %v, want %+v", got, err, test.want)
			}
		})
	}
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte(paid), sign(paid, "whsec_a", now))
	f.Add([]byte(`{"data":{"object":[]}}`), "t=1,v1=,v1=zz,t=")
	f.Fuzz(func(t *testing.T, payload []byte, header string) {
		_, err := stripepay.Verify(payload, header, []string{"whsec_secret"}, now)
		if err == nil && header != sign(string(payload), "whsec_secret", now) {
			t.Errorf("took %q signed %q", payload, header)
		}
		_, _ = stripepay.Verify(payload, sign(string(payload), "whsec_secret", now), []string{"whsec_secret"}, now)
	})
}
