package auth_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// site is a small web site behind the guard, and a browser with its cookies.
type site struct {
	t        *testing.T
	sessions *auth.Sessions
	day      ledger.Date
	now      time.Time
	server   *httptest.Server
	browser  *http.Client
}

func newSite(t *testing.T, db *sqlx.DB, personID, organisationID int64) *site {
	t.Helper()
	failed := func(w http.ResponseWriter, r *http.Request, err error) { t.Error(err) }
	sessions, err := auth.NewSessions(db, false, failed)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, sessions: sessions, day: today, now: noon}
	guard := &auth.Guard{
		DB: db, Sessions: sessions, Today: func() ledger.Date { return s.day },
		Organisation: func(r *http.Request) (int64, error) { return organisationID, nil },
		Refuse: func(w http.ResponseWriter, r *http.Request, err error) {
			status := map[error]int{auth.ErrNotSignedIn: 401, auth.ErrNotAllowed: 403}[err]
			if status == 0 {
				t.Error(err)
				status = 500
			}
			w.WriteHeader(status)
		},
	}
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, auth.PersonOf(r.Context()).Name+" "+strings.Trim(strings.Join(strings.Fields(roleNames(auth.MemberOf(r.Context()))), "+"), "+"))
	})
	routes := http.NewServeMux()
	routes.HandleFunc("POST /in", func(w http.ResponseWriter, r *http.Request) {
		sessions.SignIn(r.Context(), auth.Arrival{PersonID: personID, Browser: auth.BrowserOf(r.UserAgent()), At: s.now})
	})
	routes.HandleFunc("POST /confirm", func(w http.ResponseWriter, r *http.Request) {
		if err := sessions.Confirm(r.Context(), s.now); err != nil {
			w.WriteHeader(401)
		}
	})
	routes.HandleFunc("GET /confirmed", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, strconv.FormatBool(sessions.Confirmed(r.Context(), s.now)))
	})
	routes.HandleFunc("POST /old", func(w http.ResponseWriter, r *http.Request) {
		data, err := scs.GobCodec{}.Encode(time.Now().Add(time.Hour), map[string]any{"person_id": personID}) // a person and nothing else
		if err != nil {
			t.Error(err)
		}
		sum := sha256.Sum256([]byte("old"))
		_, err = db.Exec(`INSERT INTO session (token_hash, data, expires_at) VALUES ($1, $2, now() + interval '1 hour')`, base64.RawURLEncoding.EncodeToString(sum[:]), data)
		if err != nil {
			t.Error(err)
		}
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "old", Path: "/"})
	})
	routes.HandleFunc("POST /end-others", func(w http.ResponseWriter, r *http.Request) { sessions.EndOthers(r.Context(), personID) })
	routes.HandleFunc("POST /out", func(w http.ResponseWriter, r *http.Request) { sessions.SignOut(r.Context()) })
	routes.HandleFunc("POST /note", func(w http.ResponseWriter, r *http.Request) { sessions.Note(r.Context(), "記帳しました。") })
	routes.HandleFunc("GET /note", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, sessions.TakeNote(r.Context())) })
	routes.Handle("GET /signed-in", guard.SignedIn(hello))
	routes.Handle("GET /money", guard.Require(ledger.Treasurer, ledger.Representative)(hello))
	routes.Handle("GET /audit", guard.Require(ledger.Auditor)(hello))
	routes.Handle("GET /nobody", guard.Require()(hello))
	routes.Handle("GET /operator", guard.RequireOperator(hello))
	s.server = httptest.NewServer(sessions.Load(routes))
	t.Cleanup(s.server.Close)
	jar, _ := cookiejar.New(nil)
	s.browser = &http.Client{Jar: jar}
	return s
}

func mustURL(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func roleNames(m auth.Member) (names string) {
	for _, role := range m.Roles {
		names += string(role) + " "
	}
	return names
}

func (s *site) ask(method, path string) (int, string, http.Header) {
	s.t.Helper()
	request, _ := http.NewRequest(method, s.server.URL+path, nil)
	response, err := s.browser.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(body), response.Header
}

func (s *site) status(path string, want int) {
	s.t.Helper()
	if got, _, _ := s.ask("GET", path); got != want {
		s.t.Errorf("%s: status %d; want %d", path, got, want)
	}
}

func TestSessionNamesThePersonUntilSigningOut(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	s := newSite(t, db, newPerson(t, db, "練習 花子", "hanako@example.jp"), newOrganisation(t, db))
	s.status("/signed-in", 401)
	s.ask("POST", "/in")
	_, body, header := s.ask("GET", "/signed-in")
	if body != "練習 花子 " || header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("page %q, Cache-Control %q", body, header.Get("Cache-Control"))
	}
	s.ask("POST", "/out")
	s.status("/signed-in", 401)
	var left int
	if err := db.Get(&left, `SELECT count(*) FROM session WHERE expires_at > now()`); err != nil || left != 0 {
		t.Errorf("%d sessions left, %v", left, err)
	}
}

func TestSigningInChangesTheTokenAndTheOldOneOpensNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	s := newSite(t, db, newPerson(t, db, "練習 花子", "hanako@example.jp"), newOrganisation(t, db))
	s.ask("POST", "/note") // a session before signing in, perhaps planted by somebody
	request, _ := http.NewRequest("GET", s.server.URL+"/signed-in", nil)
	planted := s.browser.Jar.Cookies(request.URL)[0]
	s.ask("POST", "/in")
	if now := s.browser.Jar.Cookies(request.URL)[0]; now.Value == planted.Value {
		t.Error("the token stayed")
	}
	request.AddCookie(planted)
	response, err := http.DefaultClient.Do(request)
	if err != nil || response.StatusCode != 401 {
		t.Errorf("planted token: %v, %v; want 401", response.StatusCode, err)
	}
	var tokens string
	if err := db.Get(&tokens, `SELECT string_agg(token_hash, ' ') FROM session`); err != nil || strings.Contains(tokens, s.browser.Jar.Cookies(request.URL)[0].Value) {
		t.Errorf("the token itself is stored: %v", err)
	}
}

func TestReadingDoesNotWriteTheSession(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	s := newSite(t, db, newPerson(t, db, "練習 花子", "hanako@example.jp"), newOrganisation(t, db))
	s.ask("POST", "/in")
	version := func() (xmin string) {
		if err := db.Get(&xmin, `SELECT string_agg(xmin::text || expires_at::text, ' ') FROM session`); err != nil {
			t.Fatal(err)
		}
		return xmin
	}
	before := version()
	s.status("/signed-in", 200)
	if after := version(); after != before {
		t.Errorf("session row %q became %q", before, after)
	}
}

func TestSessionIsOverAfterItsTime(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t)
	s := newSite(t, db.App, newPerson(t, db.App, "練習 花子", "hanako@example.jp"), newOrganisation(t, db.App))
	s.ask("POST", "/in")
	var left time.Duration
	var until time.Time
	if err := db.App.Get(&until, `SELECT expires_at FROM session`); err != nil {
		t.Fatal(err)
	}
	if left = time.Until(until); left > 12*time.Hour || left < 11*time.Hour {
		t.Errorf("lasts %v; want 12 h", left)
	}
	db.App.MustExec(`UPDATE session SET expires_at = now() - interval '11 minutes'`)
	s.status("/signed-in", 401)
	if err := auth.Prune(ctx, db.App, noon); err != nil {
		t.Fatal(err)
	}
	var sessions int
	if err := db.App.Get(&sessions, `SELECT count(*) FROM session WHERE expires_at <= now()`); err != nil || sessions != 0 {
		t.Errorf("%d sessions over and kept, %v", sessions, err)
	}
}

func TestNoteIsReadOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	s := newSite(t, db, 1, 1)
	s.ask("POST", "/note")
	for _, want := range []string{"記帳しました。", ""} {
		if _, got, _ := s.ask("GET", "/note"); got != want {
			t.Errorf("note %q; want %q", got, want)
		}
	}
}

func TestCookiesOfProductionAreForTLSAndThisHostAlone(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t).App
	person := newPerson(t, db, "練習 花子", "hanako@example.jp")
	sessions, err := auth.NewSessions(db, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	sessions.Load(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sessions.SignIn(r.Context(), auth.Arrival{PersonID: person, At: noon})
		sessions.Await(w, "value")
	})).ServeHTTP(w, httptest.NewRequest("POST", "/", nil))
	cookies := w.Result().Cookies()
	if len(cookies) != 2 {
		t.Fatalf("%d cookies; want two", len(cookies))
	}
	r := httptest.NewRequest("GET", "/", nil)
	for _, c := range cookies {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie %s", c)
		}
		r.AddCookie(c)
	}
	if got := sessions.Awaited(r); got != "value" {
		t.Errorf("Awaited = %q", got)
	}
}
