package auth

import (
	"net/http"
	"time"
)

// knownLasts is how long a browser is remembered after it was last used to sign in.
const knownLasts = 400 * 24 * time.Hour

// Names of the cookies beside the session's.
const (
	signInCookie   = "sign_in" // while digits are awaited
	ceremonyCookie = "passkey" // while a passkey is asked for
	browserCookie  = "browser" // by which a browser is known again
)

// Await keeps the value from Begin in the browser until the digits arrive.
func (s *Sessions) Await(w http.ResponseWriter, browser string) {
	s.keep(w, signInCookie, browser, CodeLasts)
}

// Awaited returns the value that Await kept, or "".
func (s *Sessions) Awaited(r *http.Request) string { return s.cookie(r, signInCookie) }

// Arrived forgets what Await kept.
func (s *Sessions) Arrived(w http.ResponseWriter) { s.keep(w, signInCookie, "", -time.Second) }

// AwaitPasskey keeps the value of a Ceremony in the browser until its device has answered.
func (s *Sessions) AwaitPasskey(w http.ResponseWriter, browser string) {
	s.keep(w, ceremonyCookie, browser, ceremonyLasts)
}

// AwaitedPasskey returns the value that AwaitPasskey kept, or "".
func (s *Sessions) AwaitedPasskey(r *http.Request) string { return s.cookie(r, ceremonyCookie) }

func (s *Sessions) cookie(r *http.Request, name string) string {
	cookie, err := r.Cookie(cookieName(name, s.secure))
	if err != nil {
		return ""
	}
	return cookie.Value
}

func (s *Sessions) keep(w http.ResponseWriter, name, value string, lasts time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName(name, s.secure), Value: value, MaxAge: int(lasts.Seconds()), Path: "/",
		Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// cookieName adds the prefix by which browsers refuse a cookie from another host or without TLS (RFC 6265bis).
func cookieName(name string, secure bool) string {
	if secure {
		return "__Host-" + name
	}
	return name
}
