package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

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
	tries := 0
	for tries < 40 && try(forged(tries)) != http.StatusTooManyRequests {
		tries++
	}
	if tries > 30 {
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
