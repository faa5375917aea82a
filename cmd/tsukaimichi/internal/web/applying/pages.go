package applying

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

//go:embed templates/*.html
var templates embed.FS

// Room is the templates of these pages, for page.NewRenderer.
var Room = page.Room{Name: "applying", Files: templates}

// Pages are the pages of applications with what they need. All fields are needed.
type Pages struct {
	DB       *sqlx.DB
	Renderer *page.Renderer
	Files    *files.Store
	// Print prints a document on as many sheets as it needs.
	Print func(ctx context.Context, d document.Document) ([]byte, error)
}

// Who may do what: whoever belongs to the group reads, whoever drafts writes; the group alone signs, hands in and says what came of it.
var (
	readers = []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Auditor, ledger.Member, ledger.Coordinator}
	writers = []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Member, ledger.Coordinator}
	signers = []ledger.Role{ledger.Treasurer, ledger.Representative, ledger.Auditor}
	senders = []ledger.Role{ledger.Representative, ledger.Treasurer}
	// a coordinator hands over, somebody of the group takes
	coordinator = []ledger.Role{ledger.Coordinator}
	takers      = []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Member}
)

// Routes is the whole map of the room and says who may come in.
func (p *Pages) Routes() []console.Route {
	var all []console.Route
	at := func(method, path string, roles []ledger.Role, handler func(http.ResponseWriter, *http.Request) error) {
		all = append(all, console.Route{Method: method, Path: "/desk/{org}" + path, Roles: roles, Handler: handler})
	}
	on := func(method, path string, roles []ledger.Role, handler func(http.ResponseWriter, *http.Request) error) {
		at(method, "/applications"+path, roles, handler)
	}
	on(http.MethodGet, "", readers, p.List)
	on(http.MethodPost, "", writers, p.Start)
	on(http.MethodGet, "/new", writers, p.New)
	at(http.MethodGet, "/snippets", readers, p.Snippets)
	at(http.MethodPost, "/snippets", writers, p.KeepSnippet)
	at(http.MethodPost, "/snippets/search", readers, p.Snippets) // searching by words: changes nothing
	at(http.MethodGet, "/snippets/{snippet}", writers, p.Snippet)
	at(http.MethodPost, "/snippets/{snippet}", writers, p.EditSnippet)
	at(http.MethodGet, "/handover", readers, p.Handover)
	at(http.MethodGet, "/handover/paper.pdf", readers, p.HandoverPaper)
	at(http.MethodPost, "/handover", coordinator, p.GiveHandover)
	at(http.MethodPost, "/handover/{handover}", takers, p.TakeHandover)
	on(http.MethodGet, "/forms/{key}/{version}/questions.docx", readers, p.Questions)
	on(http.MethodGet, "/{id}", readers, p.Application)
	on(http.MethodGet, "/{id}/write/{section}", writers, p.Write)
	on(http.MethodPost, "/{id}/write/{section}", writers, p.Save)
	on(http.MethodGet, "/{id}/budget", readers, p.Budget)
	on(http.MethodPost, "/{id}/budget", writers, p.SaveBudget)
	on(http.MethodPost, "/{id}/budget/quotes", writers, p.Quote)
	on(http.MethodPost, "/{id}/notes", writers, p.AddNote)
	on(http.MethodPost, "/{id}/notes/{note}", writers, p.FinishNote)
	on(http.MethodPost, "/{id}/hold", writers, p.Hold)
	on(http.MethodPost, "/{id}/keep", writers, p.Keep)
	on(http.MethodGet, "/{id}/versions/{version}", readers, p.Version)
	on(http.MethodPost, "/{id}/give", writers, p.Give)
	on(http.MethodPost, "/{id}/sign", signers, p.Sign)
	on(http.MethodGet, "/{id}/application.pdf", readers, p.Paper)
	on(http.MethodGet, "/{id}/application.docx", readers, p.Word)
	on(http.MethodGet, "/{id}/public.pdf", readers, p.PublicPaper)
	on(http.MethodGet, "/{id}/move", readers, p.Move)
	on(http.MethodPost, "/{id}/move", writers, p.MoveOn)
	on(http.MethodGet, "/{id}/left", readers, p.Left)
	on(http.MethodGet, "/{id}/cover.pdf", readers, p.Cover)
	on(http.MethodGet, "/{id}/form", readers, p.Office)
	on(http.MethodPost, "/{id}/form", writers, p.Upload)
	on(http.MethodPost, "/{id}/form/map", writers, p.Map)
	on(http.MethodPost, "/{id}/form/place", writers, p.Place)
	on(http.MethodGet, "/{id}/form/filled", readers, p.Filled)
	on(http.MethodGet, "/{id}/bundle.zip", readers, p.Bundle)
	on(http.MethodPost, "/{id}/submit", senders, p.Submit)
	on(http.MethodPost, "/{id}/outcome", senders, p.Decide)
	return all
}

// matter is what a request is about: the desk, the draft, its form, and the sheet worked out.
type matter struct {
	console.Desk
	Draft  application.Draft
	Form   template.Version
	Worked budget.Worked
	Check  template.Result
}

// find returns the matter of a request.
func (p *Pages) find(r *http.Request) (matter, error) {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return matter{}, err
	}
	m := matter{Desk: d}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return m, ledger.ErrNotFound
	}
	m.Draft, err = application.Find(r.Context(), p.DB, d.Organisation.ID, id)
	if errors.Is(err, application.ErrNoDraft) {
		return m, errors.Join(ledger.ErrNotFound, err)
	}
	if err != nil {
		return m, err
	}
	m.Form, err = application.FindForm(r.Context(), p.DB, m.Draft.FormKey, m.Draft.FormVersion)
	if err != nil {
		return m, err
	}
	return m, m.work()
}

// work works the sheet out and holds the draft against its form.
func (m *matter) work() error {
	if m.Form.Budget != nil {
		var err error
		if m.Worked, err = budget.Work(m.Draft.Budget, *m.Form.Budget); err != nil {
			return err
		}
	}
	m.Check = m.Form.Check(m.Draft.Answers, m.figures())
	return nil
}

// spec is the budget part that holds for the draft. It needs a form with one.
func (m matter) spec() template.Budget { return m.Draft.Budget.Spec(*m.Form.Budget) }

// figures are what the form's rules may name; nil as long as the form has no budget.
func (m matter) figures() map[string]int64 {
	if m.Form.Budget == nil {
		return nil
	}
	return m.Worked.Figures(m.Draft.Budget)
}

// ready reports whether nothing stops handing in.
func (m matter) ready() bool {
	for _, problem := range m.Worked.Problems {
		if problem.Severity == template.Error {
			return false
		}
	}
	return m.Check.Ready() && m.Worked.Missing == ""
}

// at is an address of the application.
func (m matter) at(parts ...any) string {
	return m.Path(append([]any{"applications", m.Draft.ID}, parts...)...)
}

func frame(d console.Desk, r *http.Request, title string, crumbs ...page.Link) page.Console {
	f := d.Frame(r, title, page.Grants, append([]page.Link{{Href: d.Path("applications"), Text: "申請"}}, crumbs...)...)
	f.Done = ""
	if key := "draft.done_" + r.URL.Query().Get("done"); locale.Japanese.Has(key) {
		f.Done = locale.Japanese.T(key)
	}
	return f
}

func (m matter) frame(r *http.Request, title string) page.Console {
	return frame(m.Desk, r, title, page.Link{Href: m.at(), Text: m.Draft.Title})
}

// redirect ends a POST; the page at the path says once what was done.
func redirect(w http.ResponseWriter, r *http.Request, path, done string) error {
	return page.Redirect(w, r, path, done)
}

// wrong turns an error into what the page says about it, by field or under "" for the whole form. Any other error comes back as it is.
func wrong(err error) (map[string]string, error) {
	say := locale.Japanese.T
	var bad ledger.Invalid
	var refused files.Refused
	switch {
	case errors.As(err, &bad):
		said := make(map[string]string, len(bad))
		for field, key := range bad {
			said[field] = say(key)
		}
		return said, nil
	case errors.As(err, &refused):
		return map[string]string{"file": say(string(refused))}, nil
	}
	for known, key := range refusals {
		if errors.Is(err, known) {
			return map[string]string{"": say(key)}, nil
		}
	}
	return nil, err
}

// refusals are what the domain answers when something is not to be done now.
var refusals = map[error]string{
	application.ErrHandedIn: "draft.handed_in", application.ErrNotReady: "draft.not_ready", application.ErrNotYourTurn: "draft.not_your_turn",
	application.ErrSamePerson: "draft.same_person", application.ErrChanged: "draft.changed", application.ErrNoForm: "carry.no_form",
}
