package granting_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/granting"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// desk is the room's pages before a database of its own, at which one person sits.
type desk struct {
	*testing.T
	db           *sqlx.DB
	pages        *granting.Pages
	handler      http.Handler
	organisation ledger.Organisation
	person       ledger.Actor
	role         ledger.Role
	now          time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, db: pgtest.New(t).App, role: ledger.Coordinator, now: time.Date(2026, 11, 25, 10, 0, 0, 0, ledger.Tokyo)}
	d.organisation = ledgertest.NewOrganisation(t, d.db)
	d.person = ledgertest.NewMember(t, d.db, d.organisation.ID, ledger.Member)
	renderer, err := page.NewRenderer(page.Site{}, granting.Room)
	if err != nil {
		t.Fatal(err)
	}
	d.pages = &granting.Pages{DB: d.db, Renderer: renderer, Links: telling.Links{Site: "https://example.jp", Key: []byte("練習の鍵")}, Now: func() time.Time { return d.now }}
	mux := http.NewServeMux()
	serve := func(pattern string, handler func(http.ResponseWriter, *http.Request) error) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			at := console.Desk{Organisation: d.organisation, Person: ledger.Person{ID: d.person.SubjectID, Name: d.person.Name}, Roles: []ledger.Role{d.role}, Now: d.now}
			if err := handler(w, r.WithContext(console.WithDesk(r.Context(), at))); err != nil {
				http.Error(w, err.Error(), http.StatusNotFound)
			}
		})
	}
	for _, route := range d.pages.Routes() {
		serve(route.Pattern(), route.Handler)
	}
	serve("GET /calendar/{org}/{token}", d.pages.Calendar)
	serve("GET /calendar/person/{person}/{token}", d.pages.PersonCalendar)
	serve("GET /grant-letters/{person}/{token}", d.pages.StopLetters)
	serve("POST /grant-letters/{person}/{token}", d.pages.ChooseLetters)
	d.handler = mux
	forms, err := template.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	ledgertest.Must(t, d.db, func(tx *sqlx.Tx) error {
		for _, form := range forms {
			if err := application.Publish(t.Context(), tx, form, "使い道", d.now); err != nil {
				return err
			}
		}
		return nil
	})
	return d
}

// plan writes a worksheet of 200,000 yen and returns its id.
func (d *desk) plan() (id int64) {
	d.Helper()
	ledgertest.Must(d, d.db, func(tx *sqlx.Tx) (err error) {
		id, err = plans.Start(d.Context(), tx, plans.Worksheet{OrganisationID: d.organisation.ID, Title: "お茶の間", Body: plans.Body{
			Assessed: "高齢者の居場所がない", Name: "居場所", Content: "サロンを開く",
			Costs:   []plans.Cost{{What: "会場", Quantity: 24, Price: 5_000}, {What: "備品", Price: 60_000}, {What: "飲食費", Price: 20_000}},
			Funding: []plans.Funding{{Source: plans.Fees, Amount: 20_000}},
		}}, d.person, d.now)
		return err
	})
	return id
}

// call enters a call as the form does.
func (d *desk) call(fields ...string) string {
	d.Helper()
	form := url.Values{"funder": {"練習財団"}, "programme": {"居場所"}, "fiscal_year": {"2026"}, "title": {"居場所の助成"}, "status": {"open"}, "purposes": {"居場所"}, "areas": {"全国"}, "summary": {"高齢者のサロンに"},
		"most": {"300,000"}, "payment": {"after"}, "closes_on": {"2027年1月29日"}, "manner": {"必着"}, "template": {"t3_community_chest"}}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	at := d.post("/grants/new", form).to
	return strings.TrimSuffix(strings.TrimPrefix(at, "/desk/"+d.organisation.Slug), "?done=entered")
}

// answer is what came back.
type answer struct {
	desk   *desk
	status int
	to     string
	header http.Header
	body   string
}

func (d *desk) do(method, path string, form url.Values) answer {
	d.Helper()
	if strings.HasPrefix(path, "/grants") {
		path = "/desk/" + d.organisation.Slug + path
	}
	r := httptest.NewRequestWithContext(d.Context(), method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	body, _ := io.ReadAll(w.Result().Body)
	a := answer{d, w.Code, w.Header().Get("Location"), w.Header(), string(body)}
	if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		pagetest.Check(d, a.body)
	}
	return a
}

func (d *desk) get(path string) answer { d.Helper(); return d.do(http.MethodGet, path, nil) }

func (d *desk) post(path string, form url.Values) answer {
	d.Helper()
	return d.do(http.MethodPost, path, form)
}

var tags = regexp.MustCompile(`(?s)<style.*?</style>|<[^>]*>`)

func (a answer) text() string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(a.body, " ")), " ")
}

func (a answer) says(status int, wants ...string) answer {
	a.desk.Helper()
	if a.status != status {
		a.desk.Errorf("answered %d; want %d: %s", a.status, status, a.text())
	}
	for _, want := range wants {
		if !strings.Contains(a.text(), want) {
			a.desk.Errorf("does not say %q: %s", want, a.text())
		}
	}
	return a
}
