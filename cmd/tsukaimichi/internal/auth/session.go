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

// ConfirmedLasts is how long after a second factor was shown the doors behind it stay open.
const ConfirmedLasts = 15 * time.Minute

// What a session holds; instants are seconds since 1970.
const (
	personKey    = "person_id"
	startedKey   = "started_at"
	browserKey   = "browser"
	confirmedKey = "confirmed_at"
)

// Sessions remembers who is signed in between requests.
type Sessions struct {
	db      *sqlx.DB
	manager *scs.SessionManager
	kept    *store
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
	return &Sessions{db, m, kept, secure}, nil
}

// Load is the middleware that reads the session before a route and keeps it afterwards. Pages for everybody do
// without it: it varies every answer by cookie.
func (s *Sessions) Load(next http.Handler) http.Handler { return s.manager.LoadAndSave(next) }

// Arrival is somebody who has just shown who he is.
type Arrival struct {
	PersonID  int64
	Browser   string    // in plain words, from BrowserOf
	At        time.Time // by the program's clock
	Confirmed bool      // a second factor was shown as well
}

// SignIn makes the request's session that of the person, under a new token, so a token known before opens nothing. The
// route is behind Load.
func (s *Sessions) SignIn(ctx context.Context, a Arrival) error {
	if err := s.manager.Clear(ctx); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	if err := s.manager.RenewToken(ctx); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	s.manager.Put(ctx, personKey, a.PersonID)
	s.manager.Put(ctx, startedKey, a.At.Unix())
	s.manager.Put(ctx, browserKey, a.Browser)
	if a.Confirmed {
		s.manager.Put(ctx, confirmedKey, a.At.Unix())
	}
	return nil
}

// arrivalOf reads what SignIn kept. Sessions of earlier programs lack the instant, and are nobody's.
func arrivalOf(values map[string]any) Arrival {
	started, known := values[startedKey].(int64)
	if !known {
		return Arrival{}
	}
	a := Arrival{At: time.Unix(started, 0)}
	a.PersonID, _ = values[personKey].(int64)
	a.Browser, _ = values[browserKey].(string)
	return a
}

// Confirm keeps that the person has just shown a second factor. The token becomes a new one, so that one stolen before
// opens no more than it did; the session ends when it would have ended. ErrNotSignedIn if it was ended meanwhile.
func (s *Sessions) Confirm(ctx context.Context, now time.Time) error {
	open, err := s.kept.end(ctx, tokenHash(s.manager.Token(ctx)))
	if err != nil {
		return err
	}
	if !open {
		return ErrNotSignedIn
	}
	until := s.manager.Deadline(ctx)
	if err := s.manager.RenewToken(ctx); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	s.manager.SetDeadline(ctx, until)
	s.manager.Put(ctx, confirmedKey, now.Unix())
	return nil
}

// Confirmed reports whether a second factor was shown in this session within ConfirmedLasts.
func (s *Sessions) Confirmed(ctx context.Context, now time.Time) bool {
	at := s.manager.GetInt64(ctx, confirmedKey)
	age := now.Sub(time.Unix(at, 0))
	return at > 0 && age > -time.Minute && age < ConfirmedLasts // two machines' clocks differ by seconds
}

// SignOut ends the session here and in the database.
func (s *Sessions) SignOut(ctx context.Context) error {
	if err := s.manager.Destroy(ctx); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return nil
}

// PersonID returns who is signed in, or 0.
func (s *Sessions) PersonID(ctx context.Context) int64 {
	if !s.manager.Exists(ctx, startedKey) {
		return 0
	}
	return s.manager.GetInt64(ctx, personKey)
}

// Note keeps a sentence for the next page: 「記帳しました。」. It holds no personal data.
func (s *Sessions) Note(ctx context.Context, text string) { s.manager.Put(ctx, "note", text) }

// TakeNote returns the sentence kept by Note and forgets it; "" if there is none.
func (s *Sessions) TakeNote(ctx context.Context) string { return s.manager.PopString(ctx, "note") }
