package auth

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jmoiron/sqlx"
)

// SessionLasts is how long somebody stays signed in, whatever he does.
const SessionLasts = 12 * time.Hour

const personKey = "person_id"

// Sessions remembers who is signed in between requests.
type Sessions struct {
	manager *scs.SessionManager
	secure  bool
}

// NewSessions returns Sessions kept in the database. secure is false only in practice mode, which has no TLS.
// failed answers a request whose session could not be read or kept.
func NewSessions(db *sqlx.DB, secure bool, failed func(http.ResponseWriter, *http.Request, error)) (*Sessions, error) {
	kept, err := newStore(db)
	if err != nil {
		return nil, err
	}
	m := scs.New()
	m.Store = kept
	m.HashTokenInStore = true
	m.Lifetime = SessionLasts
	m.ErrorFunc = failed
	m.Cookie.Name = cookieName("session", secure)
	m.Cookie.Secure = secure
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Path = "/"
	return &Sessions{m, secure}, nil
}

// Load is the middleware that reads the session before a route and keeps it afterwards. Pages for everybody do
// without it: it varies every answer by cookie.
func (s *Sessions) Load(next http.Handler) http.Handler { return s.manager.LoadAndSave(next) }

// SignIn makes the request's session that of the person, under a new token, so a token known before opens nothing. The
// route is behind Load.
func (s *Sessions) SignIn(ctx context.Context, personID int64) error {
	if err := s.manager.Clear(ctx); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	if err := s.manager.RenewToken(ctx); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	s.manager.Put(ctx, personKey, personID)
	return nil
}

// SignOut ends the session here and in the database.
func (s *Sessions) SignOut(ctx context.Context) error {
	if err := s.manager.Destroy(ctx); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return nil
}

// PersonID returns who is signed in, or 0.
func (s *Sessions) PersonID(ctx context.Context) int64 { return s.manager.GetInt64(ctx, personKey) }

// Note keeps a sentence for the next page: 「記帳しました。」. It holds no personal data.
func (s *Sessions) Note(ctx context.Context, text string) { s.manager.Put(ctx, "note", text) }

// TakeNote returns the sentence kept by Note and forgets it; "" if there is none.
func (s *Sessions) TakeNote(ctx context.Context) string { return s.manager.PopString(ctx, "note") }

// Await keeps the value from Begin in the browser until the digits arrive.
func (s *Sessions) Await(w http.ResponseWriter, browser string) {
	http.SetCookie(w, s.waiting(browser, int(CodeLasts.Seconds())))
}

// Awaited returns the value that Await kept, or "".
func (s *Sessions) Awaited(r *http.Request) string {
	cookie, err := r.Cookie(cookieName("sign_in", s.secure))
	if err != nil {
		return ""
	}
	return cookie.Value
}

// Arrived forgets what Await kept.
func (s *Sessions) Arrived(w http.ResponseWriter) { http.SetCookie(w, s.waiting("", -1)) }

func (s *Sessions) waiting(value string, seconds int) *http.Cookie {
	return &http.Cookie{
		Name: cookieName("sign_in", s.secure), Value: value, MaxAge: seconds, Path: "/",
		Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// cookieName adds the prefix by which browsers refuse a cookie from another host or without TLS (RFC 6265bis).
func cookieName(name string, secure bool) string {
	if secure {
		return "__Host-" + name
	}
	return name
}
