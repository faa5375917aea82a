package stripe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// largestBody is how much of a request is read.
const largestBody = 1 << 20

// request is a call of the API, its parameters read.
type request struct {
	id   string // of the object in the URL, if any
	form form
}

// operation is what one endpoint does inside an account; what it returns is marshalled as the answer. A *refusal undoes
// everything.
type operation func(ctx context.Context, a *account, r request) (any, error)

// reply is a whole answer.
type reply struct {
	status   int
	body     []byte
	replayed bool // the answer of an earlier request with the same idempotency key
}

// api wraps an operation in what all of Stripe's endpoints do: key, version, parameters, idempotency, errors.
func (s *Server) api(run operation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		answer, err := s.call(r, run)
		var no *refusal
		switch {
		case errors.As(err, &no):
			answer = no.answer()
		case errors.Is(err, errFault):
			answer = errInside.answer()
		case err != nil:
			s.log.ErrorContext(r.Context(), "practice stripe", "method", r.Method, "path", r.URL.Path, "error", err)
			answer = errInside.answer()
		}
		answer.write(w)
	}
}

func (s *Server) unknown(w http.ResponseWriter, r *http.Request) {
	no := &refusal{http.StatusNotFound, "invalid_request_error", "", "",
		fmt.Sprintf("Unrecognized request URL (%s: %s). The practice Stripe does not have it.", r.Method, r.URL.Path)}
	no.answer().write(w)
}

func (s *Server) call(r *http.Request, run operation) (reply, error) {
	organisation, err := s.organisation(r)
	if err != nil {
		return reply{}, err
	}
	if version := r.Header.Get("Stripe-Version"); version != "" && version != APIVersion {
		return reply{}, invalid("", "", "The practice Stripe speaks %s, the request says %s", APIVersion, version)
	}
	parameters, err := readForm(r)
	if err != nil {
		return reply{}, err
	}
	wrong, err := s.mishap(r.Context())
	if err != nil {
		return reply{}, err
	}
	work := func(ctx context.Context, a *account) (reply, error) {
		body, err := run(ctx, a, request{id: r.PathValue("id"), form: parameters})
		if err != nil {
			return reply{}, err
		}
		return a.render(ctx, body, parameters.list("expand"))
	}
	work = wrong.spoil(work)
	var answer reply
	if r.Method == http.MethodPost || r.Method == http.MethodDelete {
		answer, err = s.once(r, organisation, parameters, work)
	} else {
		answer, err = s.read(r.Context(), organisation, work)
	}
	if wrong.silent {
		panic(http.ErrAbortHandler) // the connection ends without an answer
	}
	return answer, err
}

// keyPrefix is how a practice key begins; the organisation's number follows.
const keyPrefix = "sk_test_practice_"

// organisation reads whose key it is. A key that could move real money is refused before anything is looked at.
func (s *Server) organisation(r *http.Request) (int64, error) {
	key, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer {
		key, _, _ = r.BasicAuth()
	}
	switch {
	case key == "":
		return 0, unauthorised("You did not provide an API key.")
	case strings.Contains(key, "_live_"):
		s.log.ErrorContext(r.Context(), "practice stripe: a live key was sent here; replace it at Stripe")
		return 0, unauthorised("本番の鍵が練習用の Stripe に送られました。何もしていません。この鍵は Stripe の管理画面で取り替えてください。" +
			" A live key was sent to the practice Stripe. Nothing was done. Roll this key.")
	}
	digits, ours := strings.CutPrefix(key, keyPrefix)
	organisation, err := strconv.ParseInt(digits, 10, 64)
	if !ours || err != nil || organisation <= 0 || strconv.FormatInt(organisation, 10) != digits {
		return 0, unauthorised("Invalid API Key provided. The practice Stripe takes " + keyPrefix + "N, N being the organisation.")
	}
	return organisation, nil
}

// readForm takes parameters from the query of a GET and DELETE, from the body of a POST.
func readForm(r *http.Request) (form, error) {
	values := r.URL.Query()
	if r.Method == http.MethodPost {
		body, err := io.ReadAll(io.LimitReader(r.Body, largestBody+1))
		if err != nil || len(body) > largestBody {
			return nil, invalid("", "", "Request body too large or cut off")
		}
		if kind := r.Header.Get("Content-Type"); len(body) > 0 && !strings.HasPrefix(kind, "application/x-www-form-urlencoded") {
			return nil, invalid("", "", "Invalid Content-Type: %q. Use application/x-www-form-urlencoded.", kind)
		}
		if values, err = url.ParseQuery(string(body)); err != nil {
			return nil, invalid("", "", "Invalid request body")
		}
	}
	return flatten(values), nil
}

// render marshals an answer and fills in what the request wants expanded.
func (a *account) render(ctx context.Context, body any, paths []string) (reply, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return reply{}, err
	}
	if len(paths) > 0 {
		if raw, err = a.expand(ctx, raw, paths); err != nil {
			return reply{}, err
		}
	}
	return reply{status: http.StatusOK, body: raw}, nil
}

func (r reply) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Request-Id", "req_"+random(14))
	if r.replayed {
		w.Header().Set("Idempotent-Replayed", "true")
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // the caller has gone; there is nobody to tell
}
