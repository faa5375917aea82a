package stripe

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// refusal is an error as Stripe answers it.
type refusal struct {
	Status  int    `json:"-"`
	Type    string `json:"type"`
	Code    string `json:"code,omitempty"`
	Param   string `json:"param,omitempty"`
	Message string `json:"message"`
}

func (r *refusal) Error() string { return r.Message }

func (r *refusal) answer() reply {
	body, err := json.Marshal(map[string]*refusal{"error": r})
	if err != nil { // three strings always marshal
		panic(err)
	}
	return reply{status: r.Status, body: body}
}

func invalid(param, code, format string, args ...any) *refusal {
	return &refusal{http.StatusBadRequest, "invalid_request_error", code, param, fmt.Sprintf(format, args...)}
}

func missing(kind, id string) *refusal {
	return &refusal{http.StatusNotFound, "invalid_request_error", "resource_missing", "id", fmt.Sprintf("No such %s: '%s'", kind, id)}
}

func unauthorised(message string) *refusal {
	return &refusal{http.StatusUnauthorized, "invalid_request_error", "", "", message}
}

var errBusy = &refusal{http.StatusTooManyRequests, "invalid_request_error", "rate_limit", "", "Request rate limit exceeded."}

var errInside = &refusal{http.StatusInternalServerError, "api_error", "", "", "練習用の Stripe の中で問題が起きました。An error inside the practice Stripe."}
