package web

import (
	"net/http"
	"net/netip"
	"regexp"
	"strings"
)

var traceShape = regexp.MustCompile(`^[0-9A-Za-z._-]{1,64}$`)

// traced keeps the trace id of a proxy, and forgets what only looks like one: it goes into the log, where nobody outside writes what he likes.
func traced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !traceShape.MatchString(r.Header.Get("X-Request-ID")) {
			r.Header.Del("X-Request-ID")
		}
		next.ServeHTTP(w, r)
	})
}

// visitor puts the visitor's address, as the proxy before us saw it, into the request, without a port. Proxies add to X-Forwarded-For what they see, at
// its end: the last address that is not of an inner network is the one our own proxy wrote. What stands before it, and any other header that a proxy
// may pass on unread, was written by whoever asks; X-Real-IP counts where there is no X-Forwarded-For at all.
func visitor(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := r.Header.Values("X-Forwarded-For")
		if len(seen) == 0 {
			seen = r.Header.Values("X-Real-IP")
		}
		if at := lastOutside(strings.Split(strings.Join(seen, ","), ",")); at.IsValid() {
			r.RemoteAddr = at.String()
		}
		next.ServeHTTP(w, r)
	})
}

// lastOutside returns the last address that is not of an inner network; the last of all where all are; none where the last is no address.
func lastOutside(texts []string) (last netip.Addr) {
	for i := len(texts) - 1; i >= 0; i-- {
		at, err := netip.ParseAddr(strings.TrimSpace(texts[i]))
		if err != nil {
			break
		}
		at = at.Unmap()
		if !last.IsValid() {
			last = at
		}
		if !at.IsPrivate() && !at.IsLoopback() && !at.IsLinkLocalUnicast() {
			return at
		}
	}
	return last
}
