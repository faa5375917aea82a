package console_test

import (
	"context"
	"fmt"
	"html"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/erasing"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// office is an organisation with its people and the pages they work with.
type office struct {
	t     *testing.T
	db    *sqlx.DB
	owner *sqlx.DB // of the tables
	pages *console.Pages
	mux   *http.ServeMux
	org   ledger.Organisation
	now   time.Time
	// the people, by role
	head, treasurer, auditor, member, coordinator ledger.Person
	mutex                                         sync.Mutex
	asked                                         []string // jobs: "receipt 3"
}

func practiceOrganisation(slug string) ledger.Organisation {
	return ledger.Organisation{Name: "みどり町ふれあい食堂（練習）", Kind: "volunteer", Representative: "練習 みつ子", PostalCode: "000-0000", Address: "練習県みどり町1-1",
		AddressDisclosed: true, Phone: "0000-00-0000", Mail: "midori@example.jp", BankAccount: "練習銀行 みどり支店 普通 0000000", FiscalMonth: 4, Practice: true, Slug: slug}
}

func openOffice(t *testing.T) *office {
	t.Helper()
	database := pgtest.New(t)
	o := &office{t: t, db: database.App, owner: database.Owner, now: time.Date(2026, 11, 24, 9, 30, 0, 0, ledger.Tokyo)}
	renderer, err := page.NewRenderer(page.Site{Practice: true}, console.Room)
	if err != nil {
		t.Fatal(err)
	}
	store, err := files.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	o.pages = &console.Pages{DB: o.db, Renderer: renderer, Files: store,
		Till: &payments.Till{DB: o.db, Now: func() time.Time { return o.now }, Log: slog.New(slog.DiscardHandler)},
		Enqueue: func(_ context.Context, _ *sqlx.Tx, kind string, _, id int64) error {
			o.mutex.Lock()
			defer o.mutex.Unlock()
			o.asked = append(o.asked, fmt.Sprintf("%s %d", kind, id))
			return nil
		},
		SendReceipt: func(_ context.Context, _ *sqlx.Tx, _, id int64) error {
			o.mutex.Lock()
			defer o.mutex.Unlock()
			o.asked = append(o.asked, fmt.Sprintf("send %d", id))
			return nil
		},
		EraseDonor: (&erasing.Eraser{DB: o.db, Files: store, Now: func() time.Time { return o.now }}).Donor,
		Preview: func(w http.ResponseWriter, _ *http.Request, id int64) error {
			_, err := fmt.Fprintf(w, "preview of %d", id)
			return err
		},
		Leaflet: func(w http.ResponseWriter, _ *http.Request, id int64) error {
			_, err := fmt.Fprintf(w, "leaflet of %d", id)
			return err
		},
	}
	o.org = o.found(practiceOrganisation("midori"))
	people := map[ledger.Role]*ledger.Person{ledger.Representative: &o.head, ledger.Treasurer: &o.treasurer, ledger.Auditor: &o.auditor,
		ledger.Member: &o.member, ledger.Coordinator: &o.coordinator}
	for i, role := range []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Auditor, ledger.Member, ledger.Coordinator} {
		*people[role] = o.join(o.org.ID, fmt.Sprintf("練習 %s", []string{"みつ子", "実", "朝子", "太郎", "友子"}[i]), role)
	}
	o.mux = o.routes()
	return o
}

func (o *office) found(organisation ledger.Organisation) ledger.Organisation {
	o.t.Helper()
	organisation.CreatedAt = o.now
	o.inTx(func(tx *sqlx.Tx) error {
		var err error
		if organisation.ID, err = ledger.FoundOrganisation(o.t.Context(), tx, organisation); err != nil {
			return err
		}
		return ledgertest.Vet(o.t.Context(), tx, organisation.ID)
	})
	return organisation
}

func (o *office) join(organisationID int64, name string, role ledger.Role) ledger.Person {
	o.t.Helper()
	person := ledger.Person{Name: name, Mail: fmt.Sprintf("%s-%d@example.jp", role, organisationID), CreatedAt: o.now}
	o.inTx(func(tx *sqlx.Tx) error {
		var err error
		if person.ID, err = ledger.AddPerson(o.t.Context(), tx, person); err != nil {
			return err
		}
		m := ledger.Membership{OrganisationID: organisationID, PersonID: person.ID, Role: role, FromOn: ledger.NewDate(2026, 4, 1)}
		if role == ledger.Coordinator {
			m.UntilOn = ledger.NewDate(2027, 3, 31)
		}
		return ledger.AddMember(o.t.Context(), tx, m)
	})
	return person
}

func (o *office) inTx(change func(tx *sqlx.Tx) error) {
	o.t.Helper()
	if err := ledger.InTx(o.t.Context(), o.db, change); err != nil {
		o.t.Fatal(err)
	}
}

// errorHeader carries what a handler returned, as the web room's table of errors would get it.
const errorHeader = "X-Error"

func (o *office) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, route := range o.pages.Routes() {
		mux.HandleFunc(route.Pattern(), func(w http.ResponseWriter, r *http.Request) {
			if err := route.Handler(w, r); err != nil {
				w.Header().Set(errorHeader, err.Error())
				w.WriteHeader(http.StatusTeapot)
			}
		})
	}
	return mux
}

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

// send asks as a person with roles in an organisation.
func (o *office) send(who ledger.Person, roles []ledger.Role, r *http.Request) answer {
	o.t.Helper()
	d := console.Desk{Organisation: o.org, Person: who, Roles: roles, Now: o.now}
	w := httptest.NewRecorder()
	o.mux.ServeHTTP(w, r.WithContext(console.WithDesk(r.Context(), d)))
	body, _ := io.ReadAll(w.Result().Body)
	a := answer{o.t, w.Code, w.Header(), string(body)}
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && w.Code != http.StatusSeeOther {
		for _, fault := range pagetest.Faults(a.body) {
			o.t.Errorf("%s %s: %s", r.Method, r.URL, fault)
		}
	}
	return a
}

func (o *office) rolesOf(who ledger.Person) []ledger.Role {
	switch who.ID {
	case o.head.ID:
		return []ledger.Role{ledger.Representative}
	case o.treasurer.ID:
		return []ledger.Role{ledger.Treasurer}
	case o.auditor.ID:
		return []ledger.Role{ledger.Auditor}
	case o.coordinator.ID:
		return []ledger.Role{ledger.Coordinator}
	}
	return []ledger.Role{ledger.Member}
}

func (o *office) get(who ledger.Person, path string) answer {
	o.t.Helper()
	return o.send(who, o.rolesOf(who), httptest.NewRequest(http.MethodGet, "/desk/midori"+path, nil))
}

func (o *office) post(who ledger.Person, path string, values url.Values) answer {
	o.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/desk/midori"+path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return o.send(who, o.rolesOf(who), r)
}

// upload posts a form with files under the name papers.
func (o *office) upload(who ledger.Person, path string, values url.Values, papers ...[]byte) answer {
	o.t.Helper()
	var b strings.Builder
	form := multipart.NewWriter(&b)
	for name, all := range values {
		for _, value := range all {
			_ = form.WriteField(name, value)
		}
	}
	for i, paper := range papers {
		part, err := form.CreateFormFile("papers", fmt.Sprintf("photo%d", i))
		if err != nil {
			o.t.Fatal(err)
		}
		_, _ = part.Write(paper)
	}
	_ = form.Close()
	r := httptest.NewRequest(http.MethodPost, "/desk/midori"+path, strings.NewReader(b.String()))
	r.Header.Set("Content-Type", form.FormDataContentType())
	return o.send(who, o.rolesOf(who), r)
}

// sent is the address a POST led to; anything else than 303 fails the test.
func (a answer) sent() string {
	a.t.Helper()
	if a.status != http.StatusSeeOther {
		a.t.Fatalf("got status %d %s, want 303:\n%s", a.status, a.header.Get(errorHeader), problemsIn(a.body))
	}
	return strings.TrimPrefix(a.header.Get("Location"), "/desk/midori")
}

// says fails the test unless the page has the status and every text.
func (a answer) says(status int, texts ...string) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("got status %d %s, want %d:\n%s", a.status, a.header.Get(errorHeader), status, problemsIn(a.body))
	}
	for _, text := range texts {
		if !strings.Contains(html.UnescapeString(a.body), text) {
			a.t.Errorf("the page does not say %q", text)
		}
	}
	return a
}

// fails fails the test unless the handler returned an error with that text.
func (a answer) fails(text string) {
	a.t.Helper()
	if a.status != http.StatusTeapot || !strings.Contains(a.header.Get(errorHeader), text) {
		a.t.Errorf("got status %d, error %q, want error %q", a.status, a.header.Get(errorHeader), text)
	}
}

func problemsIn(body string) string {
	at := strings.Index(body, `role="alert"`)
	if at < 0 {
		return body[:min(len(body), 400)]
	}
	return body[at:min(len(body), at+1500)]
}

var hiddenKey = regexp.MustCompile(`name="key" value="([0-9a-f]+)"`)

// key is the key of the form on the page.
func (a answer) key() string {
	a.t.Helper()
	found := hiddenKey.FindStringSubmatch(a.body)
	if found == nil {
		a.t.Fatal("the form has no key")
	}
	return found[1]
}

// keepShot writes a page for looking at in a browser, if TSUKAIMICHI_SHOTS names a folder.
func (a answer) keepShot(name string) {
	dir := os.Getenv("TSUKAIMICHI_SHOTS")
	if dir == "" {
		return
	}
	write := func(path string, content []byte) {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			a.t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			a.t.Fatal(err)
		}
	}
	write("console/"+name+".html", []byte(a.body))
	for file, content := range page.StaticFiles() {
		write("static/"+file, content)
	}
}

func idIn(t *testing.T, path string) int64 {
	t.Helper()
	var id int64
	if _, err := fmt.Sscan(regexp.MustCompile(`\d+`).FindString(path), &id); err != nil {
		t.Fatalf("no id in %s", path)
	}
	return id
}

// optionValue is the value of the first option whose words hold the text.
func optionValue(t *testing.T, body, text string) string {
	t.Helper()
	for _, option := range regexp.MustCompile(`<option value="([^"]*)"[^>]*>([^<]*)<`).FindAllStringSubmatch(body, -1) {
		if strings.Contains(html.UnescapeString(option[2]), text) {
			return option[1]
		}
	}
	t.Fatalf("no option says %q", text)
	return ""
}
