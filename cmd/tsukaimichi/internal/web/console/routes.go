package console

import (
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Route is a page or an act of the console, and the roles that may ask for it: one of them is enough.
type Route struct {
	Method  string
	Path    string // of http.ServeMux: "/desk/{org}/expenses/new"; {org} is the organisation's slug
	Roles   []ledger.Role
	Handler func(w http.ResponseWriter, r *http.Request) error
	// Confirmed are the roles that show a second factor first; whoever has none of them passes without.
	Confirmed []ledger.Role
	Private   access.What // what private thing it shows, which is logged before; empty for none
}

// Reads reports whether the page changes nothing and every member may see it: what an organisation may let an operator read.
func (r Route) Reads() bool { return r.Method == http.MethodGet && len(r.Roles) == len(readers) }

// Pattern is the route as http.ServeMux takes it: "POST /desk/{org}/expenses/new".
func (r Route) Pattern() string { return r.Method + " " + r.Path }

// routeTable collects the routes of the room.
type routeTable []Route

func (t *routeTable) get(path string, roles []ledger.Role, handler func(http.ResponseWriter, *http.Request) error) *Route {
	return t.add(Route{Method: http.MethodGet, Path: path, Roles: roles, Handler: handler})
}

func (t *routeTable) post(path string, roles []ledger.Role, handler func(http.ResponseWriter, *http.Request) error) *Route {
	return t.add(Route{Method: http.MethodPost, Path: path, Roles: roles, Handler: handler})
}

// add returns the route for what else is to be said of it, until the next one is added.
func (t *routeTable) add(route Route) *Route {
	route.Path = "/desk/{org}" + route.Path
	*t = append(*t, route)
	return &(*t)[len(*t)-1]
}

// Routes is the whole map of the room. What is not here does not exist, and who is not named here may not come in.
func (p *Pages) Routes() []Route {
	var t routeTable
	t.get("", readers, p.Home)
	p.routesOfCampaigns(&t)
	p.routesOfChanges(&t)
	p.routesOfNews(&t)
	p.routesOfGifts(&t)
	p.routesOfExpenses(&t)
	p.routesOfCopies(&t)
	p.routesOfMoney(&t)
	p.routesOfOnline(&t)
	p.routesOfSettings(&t)
	p.routesOfAccess(&t)
	p.routesOfWays(&t)
	return t.confirmed()
}

func (p *Pages) routesOfCampaigns(t *routeTable) {
	t.get("/campaigns", readers, p.Campaigns)
	t.post("/campaigns", drafters, p.StartDraft)
	t.get("/campaigns/new", drafters, p.NewCampaign)
	t.get("/campaigns/{id}", readers, p.Campaign)
	t.get("/campaigns/{id}/edit", drafters, p.EditDraft)
	t.post("/campaigns/{id}/edit", drafters, p.SaveDraft)
	t.get("/campaigns/{id}/preview", readers, p.ShowPreview)
	t.get("/campaigns/{id}/leaflet", readers, p.ShowLeaflet)
	t.get("/campaigns/{id}/announce", head, p.ConfirmAnnounce)
	t.post("/campaigns/{id}/announce", head, p.Announce)
	t.get("/campaigns/{id}/reached", readers, p.Reached)
	t.post("/campaigns/{id}/reached", reporters, p.NoteReach)
	t.post("/campaigns/{id}/reached/back", reporters, p.TakeBackReach)
	t.get("/campaigns/{id}/paper", drafters, p.EditPaper)
	t.post("/campaigns/{id}/paper", drafters, p.SavePaper)
	t.get("/campaigns/{id}/year", drafters, p.EditYear)
	t.post("/campaigns/{id}/year", drafters, p.SaveYear)
	t.get("/campaigns/{id}/year/announce", head, p.ConfirmYear)
	t.post("/campaigns/{id}/year/announce", head, p.AnnounceYear)
	t.post("/campaigns/{id}/close", head, p.CloseCampaign)
	t.post("/campaigns/{id}/stop", head, p.StopCampaign)
}

func (p *Pages) routesOfGifts(t *routeTable) {
	t.get("/gifts", readers, p.Gifts).Private = access.GiftList
	t.post("/gifts", readers, p.Gifts).Private = access.GiftList // searching by name: changes nothing
	t.get("/gifts/new", enterers, p.NewGift)
	t.post("/gifts/new", enterers, p.EnterGift)
	t.get("/gifts/unasked", readers, p.Unasked)
	t.post("/gifts/unasked", switchers, p.DecideGifts)
	t.post("/gifts/unasked/{id}/report", head, p.ReportDecision)
	t.get("/gifts/{id}", readers, p.Gift).Private = access.OneGift
	t.post("/gifts/{id}/receipt", treasurer, p.IssueReceipt)
	t.post("/gifts/{id}/refund", treasurer, p.RefundGift)
	t.get("/gifts/{id}/erase", erasers, p.ConfirmErase)
	t.post("/gifts/{id}/erase", erasers, p.EraseGiver)
	t.post("/receipts/{id}/void", treasurer, p.VoidReceipt)
	t.post("/receipts/{id}/send", treasurer, p.SendSeenReceipt)
	t.get("/receipts/{id}/pdf", readers, p.ReceiptPaper).Private = access.Receipt
}

func (p *Pages) routesOfExpenses(t *routeTable) {
	t.get("/expenses", readers, p.Expenses)
	t.post("/expenses", readers, p.Expenses) // searching by name, here and in the book: changes nothing
	t.get("/expenses/new", enterers, p.NewExpense)
	t.post("/expenses/new", enterers, p.EnterExpense)
	t.get("/expenses/{id}", readers, p.Expense)
	t.post("/expenses/{id}/check", checkers, p.CheckExpense)
	t.post("/expenses/{id}/refuse", decidersOrOwner, p.RefuseExpense)
	t.post("/expenses/{id}/papers", enterers, p.AddPapers)
	t.post("/expenses/{id}/reverse", treasurer, p.ReverseExpense)
	t.post("/expenses/{id}/repay", treasurer, p.RepayExpense)
	t.get("/evidence/{id}", readers, p.ShowEvidence).Private = access.Evidence
}

func (p *Pages) routesOfMoney(t *routeTable) {
	t.get("/money", readers, p.Money)
	t.get("/money/income", treasurer, p.NewIncome)
	t.post("/money/income", treasurer, p.EnterIncome)
	t.get("/money/goods", enterers, p.NewInKind)
	t.post("/money/goods", enterers, p.EnterInKind)
	t.get("/money/move", treasurer, p.NewMove)
	t.post("/money/move", treasurer, p.EnterMove)
	t.get("/money/cover", treasurer, p.NewCover)
	t.post("/money/cover", treasurer, p.EnterCover)

	t.get("/book", readers, p.Book)
	t.post("/book", readers, p.Book)
	t.post("/book/csv", readers, p.BookCSV).Private = access.Export
	t.post("/book/xlsx", readers, p.BookExcel).Private = access.Export
	t.get("/book/csv", readers, p.BookCSV).Private = access.Export
	t.get("/book/xlsx", readers, p.BookExcel).Private = access.Export
	t.get("/book/{id}", readers, p.Transaction)
	t.post("/book/{id}/reverse", treasurer, p.ReverseTransaction)
}

func (p *Pages) routesOfSettings(t *routeTable) {
	t.get("/settings", readers, p.Settings)
	t.get("/settings/organisation", head, p.EditOrganisation)
	t.post("/settings/organisation", head, p.SaveOrganisation)
	t.get("/settings/members", readers, p.Members).Private = access.MemberList
	t.post("/settings/members", head, p.AddMember)
	t.post("/settings/members/end", head, p.EndMember)
	t.post("/settings/members/renew", head, p.RenewMember)
	t.get("/settings/initiatives", readers, p.Initiatives)
	t.post("/settings/initiatives", drafters, p.AddInitiative)
	t.get("/settings/vetting", readers, p.Vetting)
	t.post("/settings/vetting", head, p.AskVetting)
	t.get("/settings/opening", treasurer, p.NewOpening)
	t.post("/settings/opening", treasurer, p.OpenBook)
	t.get("/settings/close", treasurer, p.NewClose)
	t.post("/settings/close", treasurer, p.ClosePeriod)
}
