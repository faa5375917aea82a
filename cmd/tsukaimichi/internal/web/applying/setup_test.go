package applying_test

import (
	"bytes"
	"context"
	"html"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/applying"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// room is the pages of applications of one group, with a draft on the form of the 共同募金.
type room struct {
	t      *testing.T
	db     *sqlx.DB
	files  *files.Store
	mux    *http.ServeMux
	desk   console.Desk
	member ledger.Person // of the group, beside the coordinator who sits at the desk
	draft  int64
	papers []document.Document
	seen   map[string]string // pages by name, for a browser
}

func open(t *testing.T) *room {
	t.Helper()
	db := pgtest.New(t).App
	book := ledgertest.NewBook(t, db)
	r := &room{t: t, db: db, mux: http.NewServeMux(), seen: map[string]string{}, member: ledgertest.NewPerson(t, db)}
	coordinator := ledgertest.NewPerson(t, db)
	for person, role := range map[int64]ledger.Role{r.member.ID: ledger.Member, coordinator.ID: ledger.Coordinator} {
		ledgertest.Must(t, db, func(tx *sqlx.Tx) error {
			return ledger.AddMember(t.Context(), tx, ledger.Membership{OrganisationID: book.ID, PersonID: person, Role: role, FromOn: ledgertest.Today, UntilOn: ledgertest.Today.AddDays(100)})
		})
	}
	organisation, err := ledger.FindOrganisation(t.Context(), db, book.ID)
	if err != nil {
		t.Fatal(err)
	}
	r.desk = console.Desk{Organisation: organisation, Person: coordinator, Roles: []ledger.Role{ledger.Coordinator}, Now: ledgertest.At}
	if r.files, err = files.OpenDirectory(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.files.Close() })
	renderer, err := page.NewRenderer(page.Site{Practice: true}, applying.Room)
	if err != nil {
		t.Fatal(err)
	}
	pages := &applying.Pages{DB: db, Renderer: renderer, Files: r.files, Print: func(_ context.Context, d document.Document) ([]byte, error) {
		r.papers = append(r.papers, d)
		return []byte("%PDF " + d.Meta.Title), d.Check()
	}}
	for _, route := range pages.Routes() {
		r.mux.HandleFunc(route.Pattern(), func(w http.ResponseWriter, req *http.Request) {
			if err := route.Handler(w, req); err != nil {
				http.Error(w, err.Error(), http.StatusTeapot)
			}
		})
	}
	r.begin()
	return r
}

// begin publishes the forms and begins the draft.
func (r *room) begin() {
	r.t.Helper()
	forms, err := template.Builtin()
	if err != nil {
		r.t.Fatal(err)
	}
	for _, form := range forms {
		ledgertest.Must(r.t, r.db, func(tx *sqlx.Tx) error {
			return application.Publish(r.t.Context(), tx, form, "使い道", ledgertest.At)
		})
	}
	ledgertest.Must(r.t, r.db, func(tx *sqlx.Tx) error {
		r.draft, err = application.Start(r.t.Context(), tx, application.Draft{OrganisationID: r.desk.Organisation.ID, Title: "居場所の申請", FormKey: "t3_community_chest", FormVersion: "1.0", DueOn: ledgertest.Today.AddDays(20),
			Answers: template.Answers{"name": {Text: "みんなのお茶の間"}, "issue": {Text: strings.Repeat("ひとりで食べる人がいる。", 8)}},
			Budget:  budget.Sheet{Costs: []budget.Cost{{Category: "lecturer", Item: "講師謝金", Quantity: 4, Unit: "回", Price: 10_000}, {Category: "goods", Item: "備品", Quantity: 1, Price: 170_000}, {Category: "food", Item: "茶菓", Quantity: 1, Price: 20_000}}},
		}, r.desk.By(), ledgertest.At)
		return err
	})
}

func (r *room) path(parts ...string) string {
	return strings.Join(append([]string{r.desk.Path()}, parts...), "/")
}

// at is an address of the draft.
func (r *room) at(parts ...string) string {
	return r.desk.Path("applications", r.draft) + strings.Join(append([]string{""}, parts...), "/")
}

func (r *room) send(request *http.Request) (status int, body, location string) {
	r.t.Helper()
	w := httptest.NewRecorder()
	r.mux.ServeHTTP(w, request.WithContext(console.WithDesk(request.Context(), r.desk)))
	body = w.Body.String()
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && w.Code != http.StatusSeeOther {
		for _, fault := range pagetest.Faults(body) {
			r.t.Errorf("%s %s: %s", request.Method, request.URL, fault)
		}
	}
	return w.Code, body, w.Header().Get("Location")
}

// see returns a page that has to be there and has to say the texts. With a name it is kept for a browser.
func (r *room) see(name, path string, wants ...string) string {
	r.t.Helper()
	status, raw, _ := r.send(httptest.NewRequest(http.MethodGet, path, nil))
	if status != http.StatusOK {
		r.t.Fatalf("GET %s: %d %.300s", path, status, raw)
	}
	body := html.UnescapeString(raw)
	for _, want := range wants {
		if !strings.Contains(body, want) {
			r.t.Errorf("%s does not say %q", path, want)
		}
	}
	if name != "" {
		r.seen[name] = raw
	}
	return body
}

func (r *room) post(path string, pairs ...string) (status int, body, location string) {
	r.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r.send(request)
}

// done sends a form that has to be taken and returns where it leads.
func (r *room) done(path string, pairs ...string) string {
	r.t.Helper()
	status, body, location := r.post(path, pairs...)
	if status != http.StatusSeeOther {
		r.t.Fatalf("POST %s: %d\n%.1200s", path, status, body[max(0, strings.Index(body, `role="alert"`)):])
	}
	location, _, _ = strings.Cut(location, "#")
	return location
}

// refused sends a form that has to come back with words.
func (r *room) refused(path, want string, pairs ...string) {
	r.t.Helper()
	status, body, _ := r.post(path, pairs...)
	if status != http.StatusUnprocessableEntity || !strings.Contains(html.UnescapeString(body), want) {
		r.t.Errorf("POST %s: %d, want 422 with %q", path, status, want)
	}
}

func (r *room) upload(path, name string, content []byte, pairs ...string) string {
	r.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		_ = w.WriteField(pairs[i], pairs[i+1])
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	_ = w.Close()
	request := httptest.NewRequest(http.MethodPost, path, &body)
	request.Header.Set("Content-Type", w.FormDataContentType())
	status, said, location := r.send(request)
	if status != http.StatusSeeOther {
		r.t.Fatalf("POST %s: %d\n%.1200s", path, status, said[max(0, strings.Index(said, `role="alert"`)):])
	}
	return location
}

var hidden = regexp.MustCompile(`<input type="hidden" name="(seen|revision)" value="([^"]*)">`)

// hidden are the marks of what a page showed, as pairs.
func (r *room) hidden(path string) []string {
	r.t.Helper()
	_, body, _ := r.send(httptest.NewRequest(http.MethodGet, path, nil))
	var pairs []string
	for _, found := range hidden.FindAllStringSubmatch(body, -1) {
		pairs = append(pairs, found[1], html.UnescapeString(found[2]))
	}
	return pairs
}

// TestApplications goes through what is done to one draft, each in a group of its own, and looks at the pages on a small screen.
func TestApplications(t *testing.T) {
	t.Parallel()
	var mutex sync.Mutex
	kept := map[string]string{}
	t.Run("acts", func(t *testing.T) {
		for name, act := range map[string]func(*room){
			"AnswersArePlacedByPressingTheForm":                 answersArePlacedByPressingTheForm,
			"ATextIsKeptProposedWhereItFitsAndCounted":          aTextIsKeptProposedWhereItFitsAndCounted,
			"WordsStandBesideTheirQuestionAndTasksHaveSomebody": wordsStandBesideTheirQuestionAndTasksHaveSomebody,
			"ACellThatIsTooLongSaysSoAndLosesNothing":           aCellThatIsTooLongSaysSoAndLosesNothing,
			"TheApplicationIsTakenAwayAsWord":                   theApplicationIsTakenAwayAsWord,
			"TheGridSaysWhoPaysEachLine":                        theGridSaysWhoPaysEachLine,
			"QuotesLieAtTheirLineAndGoAlong":                    quotesLieAtTheirLineAndGoAlong,
			"TheBudgetSaysWhoseRuleItFollows":                   theBudgetSaysWhoseRuleItFollows,
			"ADraftMovesToTheNewVersionOfItsForm":               aDraftMovesToTheNewVersionOfItsFormWhenSomebodyHasSeenWhatChanges,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r := open(t)
				act(r)
				mutex.Lock()
				defer mutex.Unlock()
				maps.Copy(kept, r.seen)
			})
		}
	})
	if dir := os.Getenv("TSUKAIMICHI_SHOTS"); dir != "" { // to be looked at
		for name, content := range page.StaticFiles() {
			_ = os.WriteFile(filepath.Join(dir, name), content, 0o644)
		}
		for name, body := range kept {
			_ = os.WriteFile(filepath.Join(dir, "applying-"+name+".html"), []byte(body), 0o644)
		}
	}
	pagetest.Browse(t, kept)
}

func id(n int64) string { return strconv.FormatInt(n, 10) }
