package planning

import (
	"context"
	"embed"
	"net/http"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
)

//go:embed templates/*.html
var templates embed.FS

// Room is the templates of these pages, for page.NewRenderer.
var Room = page.Room{Name: "planning", Files: templates}

// Pages are the pages of plans with what they need. All fields are needed.
type Pages struct {
	DB       *sqlx.DB
	Renderer *page.Renderer
	Files    *files.Store
	// Print prints a document on as many sheets as it needs.
	Print func(ctx context.Context, d document.Document) ([]byte, error)
}

// Who may do what: whoever belongs to the group reads, whoever drafts writes; papers of the group are kept by the group.
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
	on(http.MethodGet, "/plans", readers, p.List)
	on(http.MethodPost, "/plans", writers, p.Start)
	on(http.MethodGet, "/plans/{id}", readers, p.Worksheet)
	on(http.MethodPost, "/plans/{id}", writers, p.Save)
	on(http.MethodPost, "/plans/{id}/keep", writers, p.Keep)
	on(http.MethodPost, "/plans/{id}/close", writers, p.Close)
	on(http.MethodPost, "/plans/{id}/reopen", writers, p.Reopen)
	on(http.MethodGet, "/plans/{id}/versions/{version}", readers, p.Version)
	on(http.MethodGet, "/plans/{id}/sheet.pdf", readers, p.Sheet)
	on(http.MethodGet, "/profile", readers, p.Profile)
	on(http.MethodPost, "/profile", writers, p.SayFacts)
	on(http.MethodPost, "/profile/papers", writers, p.AddPaper)
	on(http.MethodGet, "/profile/papers/{id}", readers, p.Paper)
	return all
}
