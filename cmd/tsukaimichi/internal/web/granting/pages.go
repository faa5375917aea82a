package granting

import (
	"embed"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/telling"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/search"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

//go:embed templates/*.html
var templates embed.FS

// Room is the templates of these pages, for page.NewRenderer.
var Room = page.Room{Name: "granting", Files: templates}

// Pages are the pages of the catalogue with what they need. All fields are needed.
type Pages struct {
	DB       *sqlx.DB
	Renderer *page.Renderer
	Files    *files.Store
	Links    telling.Links // where our pages are, and the links that stop letters
	Now      func() time.Time
}

// Who may do what: whoever belongs to the group looks, whoever drafts answers, enters and corrects.
var (
	readers = []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Auditor, ledger.Member, ledger.Coordinator}
	writers = []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Member, ledger.Coordinator}
)

// Routes is the whole map of the room and says who may come in.
func (p *Pages) Routes() []console.Route {
	var all []console.Route
	on := func(method, path string, roles []ledger.Role, handler func(http.ResponseWriter, *http.Request) error) {
		all = append(all, console.Route{Method: method, Path: "/desk/{org}" + path, Roles: roles, Handler: handler})
	}
	on(http.MethodGet, "/grants", readers, p.List)
	on(http.MethodGet, "/grants/new", writers, p.New)
	on(http.MethodPost, "/grants/new", writers, p.Enter)
	on(http.MethodGet, "/grants/import", writers, p.Import)
	on(http.MethodPost, "/grants/import", writers, p.Preview)
	on(http.MethodPost, "/grants/import/take", writers, p.Take)
	on(http.MethodGet, "/grants/together", readers, p.Together)
	on(http.MethodGet, "/grants/searches", readers, p.Searches)
	on(http.MethodPost, "/grants/searches", readers, p.Keep)
	on(http.MethodPost, "/grants/searches/letters", readers, p.Letters)
	on(http.MethodPost, "/grants/searches/{id}/rename", readers, p.Rename)
	on(http.MethodPost, "/grants/searches/{id}/delete", readers, p.Delete)
	on(http.MethodGet, "/grants/calendar", readers, p.ShowCalendar)
	on(http.MethodPost, "/grants/calendar", writers, p.OpenCalendar)
	on(http.MethodPost, "/grants/calendar/own", readers, p.OpenOwnCalendar)
	on(http.MethodGet, "/grants/{id}", readers, p.Call)
	on(http.MethodGet, "/grants/{id}/edit", writers, p.Edit)
	on(http.MethodPost, "/grants/{id}/edit", writers, p.Correct)
	on(http.MethodPost, "/grants/{id}/answer", writers, p.Answer)
	on(http.MethodPost, "/grants/{id}/dismiss", writers, p.Dismiss)
	on(http.MethodPost, "/grants/{id}/bring", writers, p.Bring)
	on(http.MethodPost, "/grants/{id}/forward", writers, p.Forward)
	return all
}

// frame is the frame of a page of this room, under its own words for what was just done.
func frame(d console.Desk, r *http.Request, title string, crumbs ...page.Link) page.Console {
	f := d.Frame(r, title, page.Grants, crumbs...)
	f.Done = ""
	if key := "call.done_" + r.URL.Query().Get("done"); locale.Japanese.Has(key) {
		f.Done = locale.Japanese.T(key)
	}
	return f
}

// find returns the desk and the round of the path.
func (p *Pages) find(r *http.Request) (console.Desk, catalogue.Opportunity, error) {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return d, catalogue.Opportunity{}, err
	}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return d, catalogue.Opportunity{}, ledger.ErrNotFound
	}
	o, err := catalogue.Find(r.Context(), p.DB, id)
	if errors.Is(err, catalogue.ErrNoOpportunity) {
		err = errors.Join(ledger.ErrNotFound, err)
	}
	return d, o, err
}

// author is the person as the catalogue names him.
func author(d console.Desk) catalogue.Author {
	return catalogue.Author{PersonID: d.Person.ID, Name: d.Person.Name}
}

// wrong turns an error into what the page says about it, by field or under "" for the whole form. Any other error comes back as it is.
func wrong(err error) (map[string]string, error) {
	say := locale.Japanese.T
	var bad ledger.Invalid
	switch {
	case errors.As(err, &bad):
		said := make(map[string]string, len(bad))
		for field, key := range bad {
			said[field] = say(key)
		}
		return said, nil
	case errors.Is(err, catalogue.ErrSameRound):
		return map[string]string{"programme": say("call.same_round")}, nil
	case errors.Is(err, catalogue.ErrConflict):
		return map[string]string{"": say("call.conflict")}, nil
	case errors.Is(err, search.ErrMany):
		return map[string]string{"": say("search.many")}, nil
	case errors.Is(err, catalogue.ErrFile):
		return map[string]string{"file": say("call.file")}, nil
	}
	return nil, err
}
