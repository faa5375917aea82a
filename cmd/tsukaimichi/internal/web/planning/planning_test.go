package planning_test

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/planning"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// room is the pages of plans of one group with a coordinator at the desk.
type room struct {
	t       *testing.T
	pages   *planning.Pages
	mux     *http.ServeMux
	desk    console.Desk
	printed []document.Document
}

func open(t *testing.T) *room {
	t.Helper()
	db := pgtest.New(t).App
	r := &room{t: t, mux: http.NewServeMux()}
	store, err := files.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	renderer, err := page.NewRenderer(page.Site{Practice: true}, planning.Room)
	if err != nil {
		t.Fatal(err)
	}
	r.desk = console.Desk{Organisation: ledgertest.NewBook(t, db).Organisation, Person: ledgertest.NewPerson(t, db), Roles: []ledger.Role{ledger.Coordinator}, Now: ledgertest.At}
	r.pages = &planning.Pages{DB: db, Renderer: renderer, Files: store, Print: func(_ context.Context, d document.Document) ([]byte, error) {
		r.printed = append(r.printed, d)
		return []byte("%PDF"), nil
	}}
	for _, route := range r.pages.Routes() {
		r.mux.HandleFunc(route.Pattern(), func(w http.ResponseWriter, req *http.Request) {
			if err := route.Handler(w, req); err != nil {
				http.Error(w, err.Error(), http.StatusTeapot)
			}
		})
	}
	return r
}

func (r *room) send(method, path string, form url.Values, accept string) (status int, body, location string) {
	r.t.Helper()
	request := httptest.NewRequest(method, r.desk.Path()+path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	request.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	r.mux.ServeHTTP(w, request.WithContext(console.WithDesk(request.Context(), r.desk)))
	body = w.Body.String()
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && w.Code != http.StatusSeeOther {
		for _, fault := range pagetest.Faults(body) {
			r.t.Errorf("%s %s: %s", method, path, fault)
		}
	}
	return w.Code, html.UnescapeString(body), strings.TrimPrefix(w.Header().Get("Location"), r.desk.Path())
}

// says wants a status and texts of what comes back.
func (r *room) says(method, path string, form url.Values, want int, texts ...string) string {
	r.t.Helper()
	status, body, location := r.send(method, path, form, "text/html")
	if status != want {
		r.t.Fatalf("%s %s: %d %.300s, want %d", method, path, status, body, want)
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			r.t.Errorf("%s %s does not say %q", method, path, text)
		}
	}
	return location
}

func TestTwoPeopleOnOneSheetLoseNothingAndNotesStayInside(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.says(http.MethodPost, "/plans", url.Values{"title": {""}}, http.StatusUnprocessableEntity, "シートの題を、80字までで")
	at, _, _ := strings.Cut(r.says(http.MethodPost, "/plans", url.Values{"title": {"居場所をひらく"}}, http.StatusSeeOther), "?")
	sheet := func(revision, content string) url.Values {
		return url.Values{"revision": {revision}, "title": {"居場所をひらく"}, "voice": {"さびしいと母が言う"}, "content": {content}, "notes": {"内輪のこと"}, "cost_what": {"備品"}, "cost_quantity": {"2"}, "cost_unit": {"台"}, "cost_price": {"48,000"}}
	}
	r.says(http.MethodPost, at, sheet("1", "サロンを月2回"), http.StatusSeeOther)
	r.says(http.MethodGet, at, nil, http.StatusOK, "96,000円", "サロンを月2回")
	r.says(http.MethodPost, at, sheet("1", "サロンを毎週"), http.StatusConflict, "サロンを毎週")
	if status, body, _ := r.send(http.MethodPost, at, sheet("1", "x"), "application/json"); status != http.StatusConflict || !strings.Contains(body, "ほかの人が先に") {
		t.Errorf("quietly over another's: %d %s", status, body)
	}
	bad := sheet("2", "x")
	bad.Set("cost_price", "たくさん")
	r.says(http.MethodPost, at, bad, http.StatusUnprocessableEntity, "数字で入れてください。", "たくさん")
	r.says(http.MethodPost, at+"/keep", url.Values{"reason": {"協議体の前に"}}, http.StatusSeeOther)
	if _, body, _ := r.send(http.MethodGet, at+"/versions/1", nil, "text/html"); strings.Contains(body, "内輪のこと") || !strings.Contains(body, "協議体の前に") {
		t.Error("a version holds the notes, or not its reason")
	}
	r.says(http.MethodGet, at+"/sheet.pdf", nil, http.StatusOK, "%PDF")
	if len(r.printed) != 1 {
		t.Errorf("%d sheets printed", len(r.printed))
	}
	r.says(http.MethodPost, at+"/close", nil, http.StatusSeeOther)
	if _, body, _ := r.send(http.MethodGet, at, nil, "text/html"); strings.Contains(body, `name="content"`) {
		t.Error("a sheet that was put away can be written on")
	}
	other := r.desk.Organisation
	r.desk.Organisation = ledgertest.NewOrganisation(t, r.pages.DB)
	if status, _, _ := r.send(http.MethodGet, at, nil, "text/html"); status != http.StatusTeapot {
		t.Errorf("another group's sheet: %d", status)
	}
	r.desk.Organisation = other
	if all, err := plans.List(t.Context(), r.pages.DB, other.ID); err != nil || len(all) != 1 || !all[0].Closed {
		t.Errorf("sheets %+v, %v", all, err)
	}
}

func TestASheetPutAwayWhileSomebodyWritesLosesNothing(t *testing.T) {
	t.Parallel()
	r := open(t)
	at, _, _ := strings.Cut(r.says(http.MethodPost, "/plans", url.Values{"title": {"居場所をひらく"}}, http.StatusSeeOther), "?")
	typed := url.Values{"revision": {"1"}, "title": {"居場所をひらく"}, "content": {"サロンを毎週"}}
	r.says(http.MethodPost, at+"/close", nil, http.StatusSeeOther)
	r.says(http.MethodPost, at+"/close", nil, http.StatusSeeOther) // twice is once
	r.says(http.MethodPost, at+"/keep", url.Values{"reason": {""}}, http.StatusConflict, "先にしまわれました", "もう一度書けるようにする")
	r.says(http.MethodPost, at+"/keep", url.Values{"reason": {"協議体の前に"}}, http.StatusConflict, "先にしまわれました")
	r.says(http.MethodPost, at, typed, http.StatusConflict, "先にしまわれました", "サロンを毎週", `name="takes"`)
	if status, body, _ := r.send(http.MethodPost, at, typed, "application/json"); status != http.StatusConflict || !strings.Contains(body, "先にしまわれました") {
		t.Errorf("quietly on a sheet put away: %d %s", status, body)
	}
	typed.Set("takes", "yes")
	typed.Set("title", "")
	r.says(http.MethodPost, at, typed, http.StatusUnprocessableEntity, "シートの題を、80字までで", "サロンを毎週", `name="takes"`)
	typed.Set("title", "居場所をひらく")
	r.says(http.MethodPost, at, typed, http.StatusSeeOther)
	r.says(http.MethodGet, at, nil, http.StatusOK, "サロンを毎週", `name="content"`)
	r.says(http.MethodPost, at+"/close", nil, http.StatusSeeOther)
	r.says(http.MethodPost, at+"/reopen", nil, http.StatusSeeOther)
	r.says(http.MethodGet, at, nil, http.StatusOK, `name="content"`)
	for _, act := range []string{"/plans/99/close", "/plans/99/reopen", "/plans/99/keep"} {
		if status, _, _ := r.send(http.MethodPost, act, url.Values{"reason": {"x"}}, "text/html"); status != http.StatusTeapot {
			t.Errorf("%s of no sheet: %d", act, status)
		}
	}
}

func TestAFactIsSaidOnceWithItsDayAndAllOrNothingIsKept(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.says(http.MethodPost, "/profile", url.Values{"fact_members": {"たくさん"}, "fact_org.purpose": {"住民の支え合い"}}, http.StatusUnprocessableEntity, "たくさん", "住民の支え合い")
	if _, body, _ := r.send(http.MethodGet, "/profile", nil, "text/html"); strings.Contains(body, "住民の支え合い") {
		t.Error("one answer is kept though another was wrong")
	}
	r.says(http.MethodPost, "/profile", url.Values{"fact_members": {"12人"}, "fact_org.purpose": {"住民の支え合い"}}, http.StatusSeeOther)
	r.says(http.MethodGet, "/profile", nil, http.StatusOK, "住民の支え合い", `value="12"`, "2026年11月24日")
	r.desk.Now = r.desk.Now.AddDate(2, 0, 0)
	r.says(http.MethodGet, "/profile", nil, http.StatusOK, "2026年11月24日の答えです。いまも同じなら")
}

func TestTwoPeopleAnswerWithoutWritingOverEachOther(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.says(http.MethodPost, "/profile", url.Values{"fact_members": {"12"}, "fact_org.purpose": {"住民の支え合い"}}, http.StatusSeeOther)
	page := func() url.Values { // as a browser would send it
		_, body, _ := r.send(http.MethodGet, "/profile", nil, "text/html")
		form := url.Values{"fact_members": {"12"}, "fact_org.purpose": {"住民の支え合い"}}
		for _, mark := range regexp.MustCompile(`name="(seen_[a-z._]+)" value="([0-9a-f]+)"`).FindAllStringSubmatch(body, -1) {
			form.Set(mark[1], mark[2])
		}
		return form
	}
	first, second, third := page(), page(), page()
	if len(first) < 10 {
		t.Fatalf("the form carries %d marks", len(first))
	}
	first.Set("fact_members", "15")
	r.says(http.MethodPost, "/profile", first, http.StatusSeeOther)
	second.Set("fact_org.purpose", "だれも一人にしない")
	r.says(http.MethodPost, "/profile", second, http.StatusSeeOther)
	r.says(http.MethodGet, "/profile", nil, http.StatusOK, `value="15"`, "だれも一人にしない")
	third.Set("fact_members", "20")
	r.says(http.MethodPost, "/profile", third, http.StatusUnprocessableEntity, `value="20"`, "ほかの人がちがう答えを入れました", "いま残っている答え：15（", "だれも一人にしない")
	for name, mark := range page() {
		if strings.HasPrefix(name, "seen_") {
			third[name] = mark
		}
	}
	third.Set("fact_org.purpose", "だれも一人にしない")
	r.says(http.MethodPost, "/profile", third, http.StatusSeeOther)
	r.says(http.MethodGet, "/profile", nil, http.StatusOK, `value="20"`, "だれも一人にしない")
	r.says(http.MethodPost, "/profile/papers", url.Values{"fiscal_year": {"x"}}, http.StatusUnprocessableEntity, `value="20"`)
}
