package auth_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// elsewhere is the same person at another browser, on another replica: another server on the same database.
func (s *site) elsewhere(t *testing.T, personID, organisationID int64, db *pgtest.DB) *site {
	t.Helper()
	other := newSite(t, db.App, personID, organisationID)
	jar, _ := cookiejar.New(nil)
	other.browser = &http.Client{Jar: jar}
	return other
}

func TestSessionsAreListedAndEndedOnEveryReplica(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t)
	person, organisation := newPerson(t, db.App, "練習 花子", "hanako@example.jp"), newOrganisation(t, db.App)
	here := newSite(t, db.App, person, organisation)
	there := here.elsewhere(t, person, organisation, db)
	stranger := here.elsewhere(t, newPerson(t, db.App, "練習 太郎", "taro@example.jp"), organisation, db)
	for _, s := range []*site{here, there, stranger} {
		s.ask("POST", "/in")
		s.status("/signed-in", 200)
	}
	all, err := here.sessions.Opened(signedOut(t, here), person)
	if err != nil || len(all) != 2 || !all[0].StartedAt.Equal(noon) || all[0].Browser != "名前のわからないブラウザ" {
		t.Fatalf("Opened = %+v, %v; want two since noon", all, err)
	}
	if err = there.sessions.End(ctx, person+1, all[0].ID); err != nil {
		t.Fatal(err)
	}
	here.status("/signed-in", 200) // a session is ended by its own person alone
	there.status("/signed-in", 200)
	here.ask("POST", "/end-others")
	here.status("/signed-in", 200)
	there.status("/signed-in", 401)
	stranger.status("/signed-in", 200)
	for _, o := range all {
		if err = there.sessions.End(ctx, person, o.ID); err != nil {
			t.Fatal(err)
		}
	}
	here.status("/signed-in", 401)
}

// signedOut is the context of a request without a session.
func signedOut(t *testing.T, s *site) (ctx context.Context) {
	t.Helper()
	request, _ := http.NewRequest("GET", s.server.URL, nil)
	s.sessions.Load(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { ctx = r.Context() })).ServeHTTP(nothing{}, request)
	return ctx
}

// nothing is a writer whose answer nobody reads.
type nothing struct{}

func (nothing) Header() http.Header         { return http.Header{} }
func (nothing) Write(b []byte) (int, error) { return len(b), nil }
func (nothing) WriteHeader(int)             {}

// TestEndedSessionIsNotBroughtBackByARequestUnderWay: it writes when the session has ended meanwhile.
func TestEndedSessionIsNotBroughtBackByARequestUnderWay(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	person, organisation := newPerson(t, db.App, "練習 花子", "hanako@example.jp"), newOrganisation(t, db.App)
	s := newSite(t, db.App, person, organisation)
	for name, write := range map[string]func(ctx context.Context){
		"a note":  func(ctx context.Context) { s.sessions.Note(ctx, "記帳しました。") },
		"confirm": func(ctx context.Context) { s.sessions.Confirm(ctx, noon) },
	} {
		s.ask("POST", "/in")
		request, _ := http.NewRequest("POST", s.server.URL, nil)
		for _, c := range s.browser.Jar.Cookies(request.URL) {
			request.AddCookie(c)
		}
		s.sessions.Load(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			db.App.MustExec(`UPDATE session SET expires_at = now(), data = ''`)
			write(r.Context())
		})).ServeHTTP(nothing{}, request)
		var open int
		if err := db.App.Get(&open, `SELECT count(*) FROM session WHERE expires_at > now()`); err != nil || open != 0 {
			t.Errorf("%s brought %d sessions back, %v", name, open, err)
		}
		s.status("/signed-in", 401)
	}
}

// TestSessionOfTheProgramBeforeIsBegunAgain: nobody could see or end it.
func TestSessionOfTheProgramBeforeIsBegunAgain(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	person, organisation := newPerson(t, db.App, "練習 花子", "hanako@example.jp"), newOrganisation(t, db.App)
	s := newSite(t, db.App, person, organisation)
	s.ask("POST", "/old")
	s.status("/signed-in", 401)
	s.ask("POST", "/in")
	s.status("/signed-in", 200)
}

func TestConfirmingLastsAQuarterOfAnHourAndChangesTheToken(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	person, organisation := newPerson(t, db.App, "練習 花子", "hanako@example.jp"), newOrganisation(t, db.App)
	s := newSite(t, db.App, person, organisation)
	s.ask("POST", "/in")
	at := mustURL(t, s.server.URL)
	before := s.browser.Jar.Cookies(at)[0]
	var until, later time.Time
	if err := db.App.Get(&until, `SELECT expires_at FROM session WHERE expires_at > now()`); err != nil {
		t.Fatal(err)
	}
	s.confirmed("false")
	s.ask("POST", "/confirm")
	s.confirmed("true")
	if after := s.browser.Jar.Cookies(at)[0]; after.Value == before.Value {
		t.Error("the token stayed")
	}
	if err := db.App.Get(&later, `SELECT expires_at FROM session WHERE expires_at > now()`); err != nil || later.Sub(until).Abs() > time.Second {
		t.Errorf("the session ends %v later, %v", later.Sub(until), err)
	}
	s.now = noon.Add(auth.ConfirmedLasts - time.Second)
	s.confirmed("true")
	s.now = noon.Add(auth.ConfirmedLasts)
	s.confirmed("false")
	old, _ := http.NewRequest("GET", s.server.URL+"/signed-in", nil)
	old.AddCookie(before)
	response, err := http.DefaultClient.Do(old)
	if err != nil || response.StatusCode != 401 {
		t.Errorf("the token before: %v, %v; want 401", response.StatusCode, err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	response.Body.Close()
}

func (s *site) confirmed(want string) {
	s.t.Helper()
	if _, got, _ := s.ask("GET", "/confirmed"); got != want {
		s.t.Errorf("confirmed %s; want %s", got, want)
	}
}

func TestBrowserIsSaidInPlainWords(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":           "WindowsのEdge",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1": "iPhoneのSafari",
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36":                         "AndroidのChrome",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:130.0) Gecko/20100101 Firefox/130.0":                                                    "MacのFirefox",
		"curl/8.0": "名前のわからないブラウザ", "": "名前のわからないブラウザ", "<script>Linux": "Linuxのブラウザ",
	} {
		if got := auth.BrowserOf(agent); got != want {
			t.Errorf("BrowserOf(%q) = %q; want %q", agent, got, want)
		}
	}
}
