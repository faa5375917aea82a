package reporting

import (
	"context"
	"embed"
	"net/http"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

//go:embed templates/*.html
var templates embed.FS

// Room is the templates of these pages, for page.NewRenderer.
var Room = page.Room{Name: "reporting", Files: templates}

// Press prints reports and publishes them; papers.Press is one.
type Press interface {
	// UsageOf gathers what a report is made of, with the figures of today.
	UsageOf(ctx context.Context, r reports.Report, photos bool) (reports.Usage, error)
	// Print and PrintSheet print a draft, in full and on one sheet.
	Print(ctx context.Context, r reports.Report) ([]byte, error)
	PrintSheet(ctx context.Context, r reports.Report) ([]byte, error)
	// Publish prints, keeps and publishes, and writes to those who gave.
	Publish(ctx context.Context, organisationID, id int64, by ledger.Actor) error
	// Withdraw takes out of published reports what a consent was withdrawn for.
	Withdraw(ctx context.Context, organisationID, campaignID int64, removal reports.Removal, by ledger.Actor) error
	// CountGivers is how many it writes to.
	CountGivers(ctx context.Context, organisationID, campaignID int64) (int, error)
}

// Pages are the pages for writing reports with what they need. All fields are needed.
type Pages struct {
	DB       *sqlx.DB
	Renderer *page.Renderer
	Files    *files.Store
	Press    Press
}

// Who may do what: whoever belongs to the group reads, those who did the work write, the representative publishes.
var (
	readers = []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Auditor, ledger.Member, ledger.Coordinator}
	writers = []ledger.Role{ledger.Representative, ledger.Treasurer, ledger.Member}
	head    = []ledger.Role{ledger.Representative}
)

// Routes is the whole map of the room and says who may come in.
func (p *Pages) Routes() []console.Route {
	var all []console.Route
	on := func(method, path string, roles []ledger.Role, handler func(http.ResponseWriter, *http.Request) error) {
		all = append(all, console.Route{Method: method, Path: "/desk/{org}" + path, Roles: roles, Handler: handler})
	}
	on(http.MethodGet, "/reports", readers, p.List)
	on(http.MethodGet, "/campaigns/{id}/report", readers, p.Report)
	on(http.MethodPost, "/campaigns/{id}/report", writers, p.Save)
	on(http.MethodGet, "/campaigns/{id}/report/preview", readers, p.Preview)
	on(http.MethodGet, "/campaigns/{id}/report/draft.pdf", readers, p.DraftPaper)
	on(http.MethodGet, "/campaigns/{id}/report/draft-a4.pdf", readers, p.DraftSheet)
	on(http.MethodGet, "/campaigns/{id}/report/publish", head, p.ConfirmPublish)
	on(http.MethodPost, "/campaigns/{id}/report/publish", head, p.Publish)
	on(http.MethodPost, "/campaigns/{id}/report/correct", writers, p.Correct)
	on(http.MethodPost, "/campaigns/{id}/report/withdraw", head, p.Withdraw)
	on(http.MethodGet, "/campaigns/{id}/report/published", readers, p.Published)
	on(http.MethodPost, "/campaigns/{id}/report/next", writers, p.Continue)
	on(http.MethodPost, "/campaigns/{id}/report/reach", writers, p.NoteReach)
	return all
}
