package stripe

import (
	"encoding/json"
	"time"
)

// foreignVersion is a version of the API this program was not written for.
const foreignVersion = "2026-08-26.dahlia"

// foreign writes an event as an endpoint of another version would get it: members we know are gone.
func foreign(body string) string {
	var e map[string]any
	if json.Unmarshal([]byte(body), &e) != nil {
		return body
	}
	e["api_version"] = foreignVersion
	if data, is := e["data"].(map[string]any); is {
		if about, is := data["object"].(map[string]any); is {
			data["object"] = map[string]any{"id": about["id"], "object": about["object"], "new_shape": map[string]any{"amount": "3000.00"}}
		}
	}
	return marshalled(e, body)
}

// thin writes an event of Stripe's second API: it carries no object, and its instant is a text.
func thin(body string, at time.Time) string {
	var e event
	if json.Unmarshal([]byte(body), &e) != nil {
		return body
	}
	return marshalled(map[string]any{
		"id": "evt_test_thin_" + e.ID, "object": "v2.core.event", "type": "v1." + e.Type, "livemode": false, "created": at.UTC().Format(time.RFC3339),
	}, body)
}

func marshalled(e map[string]any, otherwise string) string {
	raw, err := json.Marshal(e)
	if err != nil {
		return otherwise
	}
	return string(raw)
}
