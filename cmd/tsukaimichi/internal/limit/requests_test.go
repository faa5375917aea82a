package limit_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/limit"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// TestReplicasShareTheCountOfAnAddress builds the middleware twice, as two replicas do.
func TestReplicasShareTheCountOfAnAddress(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {})
	tooMuch := func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }
	failed := func(w http.ResponseWriter, r *http.Request, err error) { t.Error(err) }
	replicas := []http.Handler{
		limit.Requests(db, "sign_in", 4, 24*time.Hour, tooMuch, failed)(page),
		limit.Requests(db, "sign_in", 4, 24*time.Hour, tooMuch, failed)(page),
		limit.Requests(db, "give", 4, 24*time.Hour, tooMuch, failed)(page),
	}
	ask := func(replica int, address string) *httptest.ResponseRecorder {
		r, w := httptest.NewRequest("POST", "/sign-in", nil), httptest.NewRecorder()
		r.RemoteAddr = address
		r.Header.Set("X-Forwarded-For", "10.9.8.7") // anybody may write this
		replicas[replica].ServeHTTP(w, r)
		return w
	}
	for try := range 6 {
		w := ask(try%2, "203.0.113.5:40000")
		if want := map[bool]int{true: 200, false: 429}[try < 4]; w.Code != want {
			t.Errorf("request %d: status %d; want %d", try+1, w.Code, want)
		}
		if try >= 4 && w.Header().Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	if got := ask(0, "203.0.113.6:40000").Code; got != 200 {
		t.Errorf("another address: %d", got)
	}
	if got := ask(2, "203.0.113.5:40000").Code; got != 200 {
		t.Errorf("another route: %d", got)
	}
}

func TestFailingCountIsAnsweredByTheCallerAlone(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	db.Close()
	var told error
	handler := limit.Requests(db, "x", 4, time.Hour, nil, func(w http.ResponseWriter, r *http.Request, err error) {
		told = err
		w.WriteHeader(http.StatusInternalServerError)
	})(http.NotFoundHandler())
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("POST", "/", nil))
	if told == nil || w.Code != 500 || strings.Contains(w.Body.String(), "sql") {
		t.Errorf("told %v, status %d, body %q", told, w.Code, w.Body)
	}
}
