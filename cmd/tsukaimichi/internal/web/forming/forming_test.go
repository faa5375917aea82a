package forming_test

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/applying"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/forming"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

// room is the pages of forms with a coordinator in them, and the group he helps.
type room struct {
	t    *testing.T
	db   *sqlx.DB
	mux  *http.ServeMux
	seat console.Seat
	seen map[string]string // pages by name, for looking at in a browser
}

func open(t *testing.T) *room {
	t.Helper()
	db := pgtest.New(t).App
	book := ledgertest.NewBook(t, db, func(o *ledger.Organisation) { o.Name, o.Representative = "みどり丘食堂の会", "練習 丘子" })
	person := ledgertest.NewPerson(t, db)
	r := &room{t: t, db: db, mux: http.NewServeMux(), seen: map[string]string{}}
	r.seat = console.Seat{Person: person, Groups: []ledger.Organisation{book.Organisation}, Now: ledgertest.At}
	forms, err := template.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range forms {
		ledgertest.Must(t, db, func(tx *sqlx.Tx) error { return application.Publish(t.Context(), tx, form, "使い道", ledgertest.At) })
	}
	renderer, err := page.NewRenderer(page.Site{Practice: true}, forming.Room, applying.Room)
	if err != nil {
		t.Fatal(err)
	}
	pages := &forming.Pages{DB: db, Renderer: renderer, Print: func(_ context.Context, d document.Document) ([]byte, error) {
		return []byte("%PDF " + d.Meta.Title), nil
	}}
	for _, route := range pages.Routes() {
		r.mux.HandleFunc(route.Pattern(), func(w http.ResponseWriter, req *http.Request) {
			if err := route.Handler(w, req); err != nil {
				http.Error(w, err.Error(), http.StatusTeapot)
			}
		})
	}
	return r
}

func (r *room) send(method, path string, form url.Values) (status int, body, location string) {
	r.t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	r.mux.ServeHTTP(w, request.WithContext(console.WithSeat(request.Context(), r.seat)))
	body = w.Body.String()
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && w.Code != http.StatusSeeOther {
		for _, fault := range pagetest.Faults(body) {
			r.t.Errorf("%s %s: %s", method, path, fault)
		}
	}
	return w.Code, html.UnescapeString(body), w.Header().Get("Location")
}

// see returns a page that has to be there and has to say the texts.
func (r *room) see(name, path string, wants ...string) string {
	r.t.Helper()
	status, body, _ := r.send(http.MethodGet, path, nil)
	if status != http.StatusOK {
		r.t.Fatalf("GET %s: %d %.300s", path, status, body)
	}
	r.says(path, body, wants...)
	if name != "" {
		_, raw, _ := r.raw(path)
		r.seen[name] = raw
	}
	return body
}

func (r *room) raw(path string) (int, string, string) {
	w := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodGet, path, nil)
	r.mux.ServeHTTP(w, request.WithContext(console.WithSeat(request.Context(), r.seat)))
	return w.Code, w.Body.String(), ""
}

func (r *room) says(where, body string, wants ...string) {
	r.t.Helper()
	for _, want := range wants {
		if !strings.Contains(body, want) {
			r.t.Errorf("%s does not say %q", where, want)
		}
	}
}

// done sends a form that has to be taken and returns where it leads, without what was done.
func (r *room) done(path string, form url.Values) string {
	r.t.Helper()
	status, body, location := r.send(http.MethodPost, path, form)
	if status != http.StatusSeeOther {
		r.t.Fatalf("POST %s: %d\n%.1500s", path, status, body[max(0, strings.Index(body, `role="alert"`)):])
	}
	location, _, _ = strings.Cut(location, "?")
	location, _, _ = strings.Cut(location, "#")
	return location
}

// refused sends a form that has to come back, with words.
func (r *room) refused(path string, form url.Values, wants ...string) {
	r.t.Helper()
	status, body, _ := r.send(http.MethodPost, path, form)
	if status != http.StatusUnprocessableEntity {
		r.t.Fatalf("POST %s: %d, want 422", path, status)
	}
	r.says("POST "+path, body, wants...)
}

var seenMark = regexp.MustCompile(`name="seen" value="([^"]*)"`)

// with is a form for a page with the mark of what it showed.
func (r *room) with(path string, pairs ...string) url.Values {
	r.t.Helper()
	form := url.Values{}
	if found := seenMark.FindStringSubmatch(r.see("", path)); found != nil {
		form.Set("seen", found[1])
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return form
}

// From nothing to a published form, as a coordinator without a script does it: each act is a button.
func TestAFormIsMadeWithButtonsAndPublishedForGood(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.refused(console.FormsPath, url.Values{"title": {"市民活動の助成"}, "key": {"t1_mutual_help"}}, "この記号の様式は、もうあります")
	at := r.done(console.FormsPath, url.Values{"title": {"市民活動の助成"}, "key": {"city_activity"}})
	part := func(do string, pairs ...string) string {
		t.Helper()
		form := url.Values{"do": {do}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return r.done(at+"/parts", form)
	}
	kind := part("field-add:s1", "label", "新規か継続か", "type", "single")
	r.see("field", kind, "選ぶ答えを、2つは書いてください。")
	r.done(kind, r.with(kind, "label", "新規か継続か", "type", "single", "key", "kind", "options", "新規\r\n継続", "required", "submit"))
	improve := part("field-add:s1", "label", "改めること", "type", "long_text")
	r.done(improve, r.with(improve, "label", "改めること", "type", "long_text", "key", "q1", "limit_kind", "frame", "limit_max", "5", "limit_cols", "40", "show_field", "kind", "show_how", "is", "show_value", "休止", "unsure", "行の数は前の年のもの", "source", "前の年から改めることを書く"))
	r.see("", improve, "この条件に合う答えはありません。")
	r.see("form-faults", at, "公開する前に、直すところ（1）", "40字×5行", "「新規か継続か」が「休止」のときに出ます")
	r.refused(at+"/publish", nil, "直すところがあるので、まだ公開できません。")
	r.done(improve, r.with(improve, "label", "改めること", "type", "long_text", "key", "improve", "limit_kind", "frame", "limit_max", "5", "limit_cols", "40", "show_field", "kind", "show_how", "is", "show_value", "継続", "unsure", "行の数は前の年のもの", "source", "前の年から改めることを書く"))
	part("section-add", "new_section", "お金")
	part("section-up:s2")
	part("section-down:s2")
	grid := part("field-add:s2", "label", "収支予算", "type", "budget")
	r.see("", grid, "「予算と額の決まり」がまだありません。")
	money := at + "/money"
	r.done(money, r.with(money, "cat_label", "備品", "cat_eligible", "yes", "cat_reason", "", "cat_label", "飲食費", "cat_eligible", "no", "cat_reason", "飲食は対象になりません", "rate", "3／4", "rate_of", "total", "cap", "300,000", "unit", "1000"))
	r.see("money", money+"?try=210000", `value="3/4"`, "求められる額 157,000円", "対象でない")
	r.done(at+"/rules", r.with(at+"/rules", "paper_kind", "規約", "paper_least", "1", "rule_some", "yes", "duty_kind", "実績報告", "duty_from", "end", "duty_n", "30", "duty_how", "days", "duty_kind", "帳簿の保存", "duty_from", "fiscal_year_end", "duty_n", "4月16日", "duty_how", "next"))
	r.see("rules", at+"/rules", "規約", `value="04-16"`)
	r.see("form", at, "書類 1　確かめること 1　義務 2", "科目 2")
	r.see("preview", at+"/preview", "改めること", "「新規か継続か」が「継続」のときに出ます。", "募集要項：「前の年から改めることを書く」", "要確認", "あと5字")
	r.see("publish", at+"/publish", "公開すると", "もとの資料と、まだくらべていません。", "改めること：行の数は前の年のもの")
	published := r.done(at+"/publish", nil)
	r.see("published", published, "この版は、変わりません。", "第1.0版")
	if status, _, _ := r.send(http.MethodGet, at, nil); status != http.StatusTeapot {
		t.Errorf("the draft is there after publishing: %d", status)
	}
	form, err := application.FindForm(t.Context(), r.db, "city_activity", "1.0")
	if err != nil || len(form.Lint()) > 0 || form.Fields()[2].Key != "improve" || form.Fields()[2].ShowIf.Is.Value != "継続" {
		t.Errorf("published %+v, %v", form.Fields(), err)
	}
	r.portray()
	if pagetest.Browse(t, r.seen); testing.Verbose() {
		t.Logf("%d pages", len(r.seen))
	}
}

func TestANewVersionOfAShippedTypeSaysWhatChangedAndKeepsEveryPart(t *testing.T) {
	t.Parallel()
	r := open(t)
	for _, key := range []string{"t3_community_chest", "t4_resident_service", "t5_support_system"} {
		was, err := application.FindForm(t.Context(), r.db, key, "1.0")
		if err != nil {
			t.Fatal(err)
		}
		at := r.done(console.FormsPath, url.Values{"base": {key}, "base_version": {"1.0"}, "do": {"next"}})
		for _, path := range []string{"/money", "/rules", "/fields/" + was.Fields()[0].Key} { // saved untouched, nothing changes
			_, body, _ := r.raw(at + path)
			r.done(at+path, filled(t, body, at+path))
		}
		r.see("", at+"/publish", "第1.0版とのちがい", "ちがいはありません。")
	}
}

func TestTwoPeopleInOneQuestionSeeEachOther(t *testing.T) {
	t.Parallel()
	r := open(t)
	at := r.done(console.FormsPath, url.Values{"base": {"t1_mutual_help"}, "base_version": {"1.0"}, "do": {"another"}, "title": {"町の助成"}, "key": {"town"}})
	path := at + "/fields/org_name"
	mine := r.with(path, "label", "団体名（わたし）", "type", "text", "key", "org_name")
	r.done(path, r.with(path, "label", "団体名（ほかの人）", "type", "text", "key", "org_name"))
	r.refused(path, mine, "ほかの人が、先に同じところを残しました", "団体名（わたし）")
	twice := r.with(path, "label", "団体名", "type", "text", "key", "org_name")
	r.done(path, twice)
	r.done(path, twice) // a double click is nobody else
	head := func(lead string) url.Values {
		form := url.Values{"seen": {r.with(at).Get("seen")}, "lead": {lead}, "title": {"町の助成"}, "key": {"town"}, "version": {"1.0"}, "kind": {"application"}, "fiscal_year": {"2026"}}
		return form
	}
	late := head("町の活動に、わたしが書いた説明です。")
	r.done(at, head("町の活動に、ほかの人が書いた説明です。"))
	r.refused(at, late, "ほかの人が、先に同じところを残しました", "わたしが書いた説明です。</textarea>", `id="head" open`)
	r.see("", at, "ほかの人が書いた説明です。")
	long := strings.Repeat("長い質問", 31)
	r.refused(at+"/parts", url.Values{"do": {"field-add:" + r.section(at)}, "label": {long}, "type": {"long_text"}}, `value="`+long+`"`, `aria-invalid="true"`, `<details class="act" open`)
	r.refused(at+"/parts", url.Values{"do": {"section-add"}, "new_section": {long}}, `value="`+long+`"`, `aria-invalid="true"`)
	r.refused(at+"/money", r.with(at+"/money", "cat_label", "備品", "cat_eligible", "yes", "cat_reason", "", "unit", "せん"), `value="せん"`, `<details class="act" open><summary>切り捨て`)
	form := r.with(path, "label", "みどり丘食堂の会について", "type", "text", "key", "org_name")
	r.done(path, form)
	r.see("", at, "この場の団体か人の名前・連絡先があります")
	r.done(at+"/drop", nil)
	r.see("", r.done(console.FormsPath+"/use", url.Values{"key": {"t1_mutual_help"}, "version": {"1.0"}, "do": {"retire"}}), "しまった版（1）", "しまった人：")
}

// section is the key of the first section of a form in the making.
func (r *room) section(at string) string {
	r.t.Helper()
	return regexp.MustCompile(`field-add:([^"]+)"`).FindStringSubmatch(r.see("", at))[1]
}

// portray keeps the pages for looking at, if TSUKAIMICHI_SHOTS names a folder.
func (r *room) portray() {
	dir := os.Getenv("TSUKAIMICHI_SHOTS")
	if dir == "" {
		return
	}
	for name, body := range r.seen {
		path := filepath.Join(dir, "forming")
		if err := os.MkdirAll(path, 0o755); err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(path, name+".html"), []byte(body), 0o644); err != nil {
			r.t.Fatal(err)
		}
	}
}
