package reporting_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/papers"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/public"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/reporting"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// room is a group whose campaign is over, with the pages for reporting on it and those on which everybody reads it.
type room struct {
	*campaigntest.Group
	files *files.Store
	mux   *http.ServeMux
	org   ledger.Organisation
	c     campaigns.Campaign
	uses  []ledger.Use
}

// openRoom is a campaign of 84,000 yen with gifts of 88,000 and expenses of 84,310, ten days after collecting ended.
func openRoom(t *testing.T) *room {
	t.Helper()
	g := campaigntest.Found(t, pgtest.New(t).App)
	r := &room{Group: g}
	store, err := files.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	r.files = store
	if r.org, err = ledger.FindOrganisation(t.Context(), g.DB, g.ID); err != nil {
		t.Fatal(err)
	}
	renderer, err := page.NewRenderer(page.Site{Practice: true}, reporting.Room, public.Room)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return g.At }
	press := &papers.Press{DB: g.DB, Files: store, Now: now, Site: "https://tsukaimichi.example"}
	r.mux = http.NewServeMux()
	pages := &reporting.Pages{DB: g.DB, Renderer: renderer, Files: store, Press: press}
	for _, route := range pages.Routes() {
		r.mux.HandleFunc(route.Pattern(), answering(route.Handler))
	}
	everybody := &public.Pages{DB: g.DB, Renderer: renderer, Files: store, Now: now, Press: press,
		Online: func(context.Context, int64) (bool, error) { return false, nil }}
	r.mux.HandleFunc("GET /c/{slug}", answering(everybody.Campaign))
	r.mux.HandleFunc("GET /o/{slug}", answering(everybody.Organisation))
	r.mux.HandleFunc("GET /r/{number}", answering(everybody.Report))
	r.mux.HandleFunc("GET /r/{number}/report.pdf", answering(everybody.ReportFile("full")))
	r.mux.HandleFunc("GET /r/{number}/a4.pdf", answering(everybody.ReportFile("a4")))
	r.mux.HandleFunc("GET /r/{number}/poster.pdf", answering(everybody.ReportPoster(pdf.PosterA3)))
	r.mux.HandleFunc("GET /r/{number}/kairan.pdf", answering(everybody.Circular()))
	r.mux.HandleFunc("GET /r/{number}/records.csv", answering(everybody.ReportFile("records")))
	r.mux.HandleFunc("GET /files/{org}/photo/{name}", answering(everybody.Photo))
	r.fill()
	return r
}

func (r *room) fill() {
	r.c = r.Announce()
	r.uses = r.Uses(r.c)
	for i := range 6 {
		r.Pay(r.c, 5_000, 180, func(g *campaigns.Gift) { g.Donor.Name = fmt.Sprintf("練習 寄付%d", i) })
	}
	r.Enter(r.c, 58_000, func(g *campaigns.Gift) { g.Channel, g.CountsAs, g.Counted = campaigns.Envelope, "household", 36 })
	r.Check(r.Spend(r.uses[0], 71_860))
	r.Check(r.Spend(r.uses[1], 12_450))
	r.At = r.At.AddDate(0, 0, 70)
}

// errorHeader carries what a handler returned, as the site's table of errors would get it.
const errorHeader = "X-Error"

func answering(handler func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := handler(w, r); err != nil {
			w.Header().Set(errorHeader, err.Error())
			w.WriteHeader(http.StatusTeapot)
		}
	}
}

// answer is what came back.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   string
}

func (r *room) send(role ledger.Role, request *http.Request) answer {
	r.T.Helper()
	who := map[ledger.Role]ledger.Actor{ledger.Representative: r.Head, ledger.Treasurer: r.Treasurer, ledger.Auditor: r.Auditor}[role]
	d := console.Desk{Organisation: r.org, Person: ledger.Person{ID: who.SubjectID, Name: who.Name}, Roles: []ledger.Role{role}, Now: r.At}
	w := httptest.NewRecorder()
	r.mux.ServeHTTP(w, request.WithContext(console.WithDesk(request.Context(), d)))
	body, _ := io.ReadAll(w.Result().Body)
	a := answer{r.T, w.Code, w.Header(), string(body)}
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && w.Code != http.StatusSeeOther {
		for _, fault := range pagetest.Faults(a.body) {
			r.T.Errorf("%s %s: %s", request.Method, request.URL, fault)
		}
	}
	return a
}

func (r *room) desk(path string) string { return "/desk/" + r.org.Slug + path }

// at is an address of the report.
func (r *room) at(path string) string {
	return r.desk(fmt.Sprintf("/campaigns/%d/report%s", r.c.ID, path))
}

func (r *room) get(role ledger.Role, path string) answer {
	r.T.Helper()
	return r.send(role, httptest.NewRequest(http.MethodGet, path, nil))
}

func (r *room) post(role ledger.Role, path string, values url.Values) answer {
	r.T.Helper()
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r.send(role, request)
}

// upload posts a form with photos.
func (r *room) upload(role ledger.Role, path string, values url.Values, photos ...[]byte) answer {
	r.T.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for name, all := range values {
		for _, value := range all {
			_ = form.WriteField(name, value)
		}
	}
	for i, photo := range photos {
		part, err := form.CreateFormFile("photos", fmt.Sprintf("photo%d.jpg", i))
		if err != nil {
			r.T.Fatal(err)
		}
		_, _ = part.Write(photo)
	}
	_ = form.Close()
	request := httptest.NewRequest(http.MethodPost, path, &b)
	request.Header.Set("Content-Type", form.FormDataContentType())
	return r.send(role, request)
}

// says fails the test unless the page has the status and every text.
func (a answer) says(status int, texts ...string) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("got status %d %s, want %d:\n%s", a.status, a.header.Get(errorHeader), status, a.body[:min(len(a.body), 600)])
	}
	for _, text := range texts {
		if !strings.Contains(html.UnescapeString(a.body), text) {
			a.t.Errorf("the page does not say %q", text)
		}
	}
	return a
}

// silent fails the test if the page has one of the texts.
func (a answer) silent(texts ...string) answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(html.UnescapeString(a.body), text) {
			a.t.Errorf("the page says %q", text)
		}
	}
	return a
}

// sent is the address a POST led to; anything else than 303 fails the test.
func (a answer) sent() string {
	a.t.Helper()
	if a.status != http.StatusSeeOther {
		at := max(0, strings.Index(a.body, `role="alert"`))
		a.t.Fatalf("got status %d %s, want 303:\n%s", a.status, a.header.Get(errorHeader), a.body[at:min(len(a.body), at+1500)])
	}
	return a.header.Get("Location")
}

// fails fails the test unless the handler returned an error with that text.
func (a answer) fails(text string) {
	a.t.Helper()
	if a.status != http.StatusTeapot || !strings.Contains(a.header.Get(errorHeader), text) {
		a.t.Errorf("got status %d, error %q, want error %q", a.status, a.header.Get(errorHeader), text)
	}
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// hidden are the hidden values of the forms on the page.
func (a answer) hidden() url.Values {
	values := url.Values{}
	for _, found := range hidden.FindAllStringSubmatch(a.body, -1) {
		values.Set(found[1], found[2])
	}
	return values
}

// with is the values with others set.
func with(values url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for name, all := range values {
		out[name] = all
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

// photo is a photograph of one colour with lines in it.
func photo(t testing.TB, shade uint8) []byte {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 600, 400))
	for y := range 400 {
		for x := range 600 {
			picture.SetGray(x, y, color.Gray{Y: shade - uint8((x/20+y/20)%5)*8})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// keepShot writes a page for looking at in a browser, if TSUKAIMICHI_SHOTS names a folder.
func (a answer) keepShot(name string) answer {
	dir := os.Getenv("TSUKAIMICHI_SHOTS")
	if dir == "" {
		return a
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
	if strings.HasPrefix(a.header.Get("Content-Type"), "application/pdf") {
		write("reporting/"+name+".pdf", []byte(a.body))
		return a
	}
	write("reporting/"+name+".html", []byte(a.body))
	for file, content := range page.StaticFiles() {
		write("static/"+file, content)
	}
	return a
}

// letters are the subjects in the outbox by key.
func (r *room) letters() map[string]string {
	r.T.Helper()
	var rows []struct {
		Key     string `db:"key"`
		Subject string `db:"subject"`
	}
	if err := sqlx.SelectContext(r.T.Context(), r.DB, &rows, `SELECT key, subject FROM mail WHERE organisation_id = $1 AND kind = 'report'`, r.ID); err != nil {
		r.T.Fatal(err)
	}
	all := map[string]string{}
	for _, row := range rows {
		all[row.Key] = row.Subject
	}
	return all
}
