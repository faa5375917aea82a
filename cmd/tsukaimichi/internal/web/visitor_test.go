package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web"
)

// TestVisitorsAreToldApartByWhatOurProxyWrote: whoever writes addresses of his own before the proxy's, or into other headers, is still one visitor.
func TestVisitorsAreToldApartByWhatOurProxyWrote(t *testing.T) {
	t.Parallel()
	s := openSite(t, func(c *web.Config) { c.Proxy = true })
	try := func(header http.Header) int {
		r := httptest.NewRequest(http.MethodPost, "/sign-in/code", strings.NewReader(url.Values{"code": {"000000"}}.Encode()))
		r.Header = header
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return s.send(r).status
	}
	forged := func(i int) http.Header {
		own := "198.51.100." + strconv.Itoa(i)
		return http.Header{"X-Real-Ip": {own}, "Cf-Connecting-Ip": {own}, "X-Forwarded-For": {own, "203.0.113." + strconv.Itoa(i) + ", 192.0.2.77, 10.0.0.3"}}
	}
	tries, began := 0, time.Now()
	for tries < 40 && try(forged(tries)) != http.StatusTooManyRequests {
		tries++
	}
	if most := 31 + int(time.Since(began)/(2*time.Second)); tries > most { // where a minute begins meanwhile, every two seconds let one more through
		t.Errorf("%d tries under made-up addresses; want 30", tries)
	}
	for name, header := range map[string]http.Header{
		"another visitor": {"X-Forwarded-For": {"192.0.2.78"}}, "one of the house": {"X-Forwarded-For": {"192.168.1.4"}},
		"a proxy that sets X-Real-IP alone": {"X-Real-Ip": {"192.0.2.79"}}, "no proxy": {}, "no address": {"X-Forwarded-For": {"192.0.2.77, unknown"}},
	} {
		if status := try(header); status == http.StatusTooManyRequests {
			t.Errorf("%s is taken for the first", name)
		}
	}
}

// TestMetricsAreForThisMachineAlone: a proxy on the same machine comes from it too, and brings the whole world.
func TestMetricsAreForThisMachineAlone(t *testing.T) {
	t.Parallel()
	s := openSite(t, func(c *web.Config) { c.Metrics = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}) })
	for name, c := range map[string]struct {
		from   string
		header http.Header
		want   int
	}{
		"this machine": {"127.0.0.1:9", http.Header{}, http.StatusOK}, "another": {"192.0.2.1:9", http.Header{}, http.StatusNotFound},
		"through a proxy that was not announced": {"127.0.0.1:9", http.Header{"X-Forwarded-For": {"127.0.0.1"}}, http.StatusNotFound},
		"through one that says so by the book":   {"[::1]:9", http.Header{"Forwarded": {"for=192.0.2.1"}}, http.StatusNotFound},
	} {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.RemoteAddr, r.Header = c.from, c.header
		if got := s.send(r).status; got != c.want {
			t.Errorf("%s: %d; want %d", name, got, c.want)
		}
	}
}

// TestNobodyWritesIntoTheLogByItsTrace: the id of a proxy stays, words do not.
func TestNobodyWritesIntoTheLogByItsTrace(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	for sent, stays := range map[string]bool{"4bf92f3577b34da6-1.a_B": true, "hanako@example.jp": false, "練習 花子": false, strings.Repeat("a", 65): false, "": false} {
		r := httptest.NewRequest(http.MethodGet, "/nothing", nil)
		r.Header.Set("X-Request-ID", sent)
		if got := s.send(r).header.Get("X-Request-Id"); got == "" || (got == sent) != stays {
			t.Errorf("%q became %q", sent, got)
		}
	}
}

// TestWhoAsksForTheHeadAloneIsLedToTheDoorToo: HEAD is GET without its page.
func TestWhoAsksForTheHeadAloneIsLedToTheDoorToo(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	if got := s.send(httptest.NewRequest(http.MethodHead, "/desk", nil)); got.status != http.StatusSeeOther || got.header.Get("Location") != "/sign-in" {
		t.Errorf("%d to %q; want the door", got.status, got.header.Get("Location"))
	}
}
