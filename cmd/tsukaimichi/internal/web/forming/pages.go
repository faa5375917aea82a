package forming

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

//go:embed templates/*.html
var templates embed.FS

// Room is the templates of these pages, for page.NewRenderer.
var Room = page.Room{Name: "forming", Files: templates}

// Pages are the pages of forms with what they need. All fields are needed.
type Pages struct {
	DB       *sqlx.DB
	Renderer *page.Renderer
	// Print prints a document on as many sheets as it needs.
	Print func(ctx context.Context, d document.Document) ([]byte, error)
}

// Routes is the whole map of the room. Each is for coordinators of any group, and for operators.
func (p *Pages) Routes() []console.Route {
	var all []console.Route
	on := func(method, path string, handler func(http.ResponseWriter, *http.Request) error) {
		all = append(all, console.Route{Method: method, Path: console.FormsPath + path, Roles: []ledger.Role{ledger.Coordinator}, Handler: handler})
	}
	on(http.MethodGet, "", p.List)
	on(http.MethodPost, "", p.Begin)
	on(http.MethodPost, "/use", p.Use)
	on(http.MethodGet, "/published/{key}/{version}", p.Published)
	on(http.MethodGet, "/published/{key}/{version}/preview", p.PublishedPreview)
	on(http.MethodGet, "/published/{key}/{version}/form.pdf", p.PublishedPaper)
	on(http.MethodGet, "/making/{id}", p.Form)
	on(http.MethodPost, "/making/{id}", p.SaveHead)
	on(http.MethodPost, "/making/{id}/parts", p.Part)
	on(http.MethodGet, "/making/{id}/sections/{section}", p.Section)
	on(http.MethodPost, "/making/{id}/sections/{section}", p.SaveSection)
	on(http.MethodGet, "/making/{id}/fields/{field}", p.Field)
	on(http.MethodPost, "/making/{id}/fields/{field}", p.SaveField)
	on(http.MethodGet, "/making/{id}/money", p.Money)
	on(http.MethodPost, "/making/{id}/money", p.SaveMoney)
	on(http.MethodGet, "/making/{id}/rules", p.Rules)
	on(http.MethodPost, "/making/{id}/rules", p.SaveRules)
	on(http.MethodGet, "/making/{id}/checks/{check}", p.Check)
	on(http.MethodPost, "/making/{id}/checks/{check}", p.SaveCheck)
	on(http.MethodGet, "/making/{id}/papers/{paper}", p.When)
	on(http.MethodPost, "/making/{id}/papers/{paper}", p.SaveWhen)
	on(http.MethodGet, "/making/{id}/preview", p.Preview)
	on(http.MethodGet, "/making/{id}/form.pdf", p.Paper)
	on(http.MethodGet, "/making/{id}/publish", p.Confirm)
	on(http.MethodPost, "/making/{id}/publish", p.Publish)
	on(http.MethodPost, "/making/{id}/drop", p.Drop)
	return all
}

// matter is what a request is about: who sits there, and the form in the making with what the linter says.
type matter struct {
	console.Seat
	application.FormDraft
	Faults []template.Fault
}

// find returns the matter of a request.
func (p *Pages) find(r *http.Request) (matter, error) {
	seat, err := console.SeatOf(r.Context())
	if err != nil {
		return matter{}, err
	}
	m := matter{Seat: seat}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return m, ledger.ErrNotFound
	}
	m.FormDraft, err = application.FindFormDraft(r.Context(), p.DB, id)
	if errors.Is(err, application.ErrNoFormDraft) {
		return m, errors.Join(ledger.ErrNotFound, err)
	}
	if err != nil {
		return m, err
	}
	names, err := p.groups(r.Context())
	m.Faults = append(m.Form.Lint(), m.Form.Mentions(names)...)
	return m, err
}

// groups are the names that no form may say: of the groups, and of those who represent them.
func (p *Pages) groups(ctx context.Context) ([]string, error) {
	all, err := ledger.Organisations(ctx, p.DB)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, o := range all {
		names = append(names, strings.TrimSpace(strings.TrimPrefix(o.Name, "【練習】")), o.Representative, o.Phone, o.Mail)
	}
	return names, nil
}

// at is an address of the form in the making.
func (m matter) at(parts ...string) string {
	return strings.Join(append([]string{making(m.ID)}, parts...), "/")
}

func making(id int64) string {
	return console.FormsPath + "/making/" + strconv.FormatInt(id, 10)
}

func author(s console.Seat) application.Author {
	return application.Author{PersonID: s.Person.ID, Name: s.Person.Name}
}

func frame(s console.Seat, r *http.Request, title string, crumbs ...page.Link) page.Console {
	return s.Frame(r, title, console.FormsPath, "template.done_", append([]page.Link{{Href: console.FormsPath, Text: "様式をつくる"}}, crumbs...)...)
}

func (m matter) frame(r *http.Request, title string) page.Console {
	return frame(m.Seat, r, title, page.Link{Href: m.at(), Text: m.Form.Title})
}

// redirect ends a POST; the page at the path says once what was done.
func redirect(w http.ResponseWriter, r *http.Request, path, done string) error {
	return page.Redirect(w, r, path, done)
}

// edit carries out an edit on the form of the request.
func (p *Pages) edit(r *http.Request, m matter, change func(*template.Version) error) error {
	return ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		_, err := application.EditForm(r.Context(), tx, m.ID, change, author(m.Seat), m.Now)
		return err
	})
}

// sheet shows one page of the form in the making, with what was typed when it comes back.
type sheet func(w http.ResponseWriter, r *http.Request, status int, m matter, values url.Values, problems map[string]string) error

// savePart reads a part of the form from its page, changes it, and goes back to that page; or the page comes back with what is wrong.
func (p *Pages) savePart(w http.ResponseWriter, r *http.Request, name string, again sheet, read func(m matter) (change func(*template.Version) error, err error)) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	change, err := read(m)
	if err == nil {
		err = p.edit(r, m, change)
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		if m, err = p.find(r); err != nil { // it may be another's by now
			return err
		}
		return again(w, r, http.StatusUnprocessableEntity, m, r.PostForm, problems)
	}
	return redirect(w, r, m.at(name), "saved")
}

// errOvertaken says that somebody else saved the same part meanwhile.
var errOvertaken = errors.New("forming: somebody else changed the same part")

// overtaken reports whether a part is no more what its page showed, nor what is typed: that was sent twice.
func overtaken(r *http.Request, now, typed any) bool {
	stands := seen(now)
	return stands != r.PostForm.Get("seen") && stands != seen(typed)
}

// wrong turns an error into what the page says about it, by field or under "" for the whole form. Any other error comes back as it is.
func wrong(err error) (map[string]string, error) {
	say := locale.Japanese.T
	var bad ledger.Invalid
	if errors.As(err, &bad) {
		said := make(map[string]string, len(bad))
		for field, key := range bad {
			said[field] = say(key)
		}
		return said, nil
	}
	for known, key := range map[error]string{errOvertaken: "template.overtaken", application.ErrFaults: "template.has_faults", application.ErrPublished: "template.version_taken"} {
		if errors.Is(err, known) {
			return map[string]string{"": say(key)}, nil
		}
	}
	if errors.Is(err, template.ErrNoPart) || errors.Is(err, application.ErrNoFormDraft) || errors.Is(err, application.ErrNoForm) {
		return nil, errors.Join(ledger.ErrNotFound, err)
	}
	return nil, err
}

// at returns what the linter says of a part, in words.
func (m matter) faultsAt(where string) []string {
	var said []string
	for _, f := range m.Faults {
		if f.Where == where {
			said = append(said, locale.Japanese.T(f.Code))
		}
	}
	return said
}

// print is JSON as people can read it; nothing for what is empty.
func printed(v any) string {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil || string(text) == "null" || string(text) == "[]" {
		return ""
	}
	return string(text)
}

// lines are the lines of a text that are not empty.
func lines(text string) []string {
	var all []string
	for _, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
