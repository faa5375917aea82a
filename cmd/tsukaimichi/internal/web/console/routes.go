package console

import (
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Route is a page or an act of the console, and the roles that may ask for it: one of them is enough.
type Route struct {
	Method  string
	Path    string // of http.ServeMux: "/desk/{org}/expenses/new"; {org} is the organisation's slug
	Roles   []ledger.Role
	Handler func(w http.ResponseWriter, r *http.Request) error
}

// Pattern is the route as http.ServeMux takes it: "POST /desk/{org}/expenses/new".
func (r Route) Pattern() string { return r.Method + " " + r.Path }

// Routes is the whole map of the room. What is not here does not exist, and who is not named here may not come in.
func (p *Pages) Routes() []Route {
	var all []Route
	on := func(method, path string, roles []ledger.Role, handler func(http.ResponseWriter, *http.Request) error) {
		all = append(all, Route{method, "/desk/{org}" + path, roles, handler})
	}
	get := func(path string, roles []ledger.Role, handler func(http.ResponseWriter, *http.Request) error) {
		on(http.MethodGet, path, roles, handler)
	}
	post := func(path string, roles []ledger.Role, handler func(http.ResponseWriter, *http.Request) error) {
		on(http.MethodPost, path, roles, handler)
	}
	get("", readers, p.Home)

	get("/campaigns", readers, p.Campaigns)
	post("/campaigns", drafters, p.StartDraft)
	get("/campaigns/new", drafters, p.NewCampaign)
	get("/campaigns/{id}", readers, p.Campaign)
	get("/campaigns/{id}/edit", drafters, p.EditDraft)
	post("/campaigns/{id}/edit", drafters, p.SaveDraft)
	get("/campaigns/{id}/preview", readers, p.ShowPreview)
	get("/campaigns/{id}/leaflet", readers, p.ShowLeaflet)
	get("/campaigns/{id}/announce", head, p.ConfirmAnnounce)
	post("/campaigns/{id}/announce", head, p.Announce)
	post("/campaigns/{id}/close", head, p.CloseCampaign)

	get("/gifts", readers, p.Gifts)
	post("/gifts", readers, p.Gifts) // searching by name: changes nothing
	get("/gifts/new", enterers, p.NewGift)
	post("/gifts/new", enterers, p.EnterGift)
	get("/gifts/{id}", readers, p.Gift)
	post("/gifts/{id}/receipt", treasurer, p.IssueReceipt)
	post("/gifts/{id}/refund", treasurer, p.RefundGift)
	post("/receipts/{id}/void", treasurer, p.VoidReceipt)
	get("/receipts/{id}/pdf", readers, p.ReceiptPaper)

	get("/expenses", readers, p.Expenses)
	get("/expenses/new", enterers, p.NewExpense)
	post("/expenses/new", enterers, p.EnterExpense)
	get("/expenses/{id}", readers, p.Expense)
	post("/expenses/{id}/check", checkers, p.CheckExpense)
	post("/expenses/{id}/refuse", decidersOrOwner, p.RefuseExpense)
	post("/expenses/{id}/papers", enterers, p.AddPapers)
	post("/expenses/{id}/reverse", treasurer, p.ReverseExpense)
	post("/expenses/{id}/repay", treasurer, p.RepayExpense)
	get("/evidence/{id}", readers, p.ShowEvidence)

	get("/money", readers, p.Money)
	get("/money/income", treasurer, p.NewIncome)
	post("/money/income", treasurer, p.EnterIncome)
	get("/money/move", treasurer, p.NewMove)
	post("/money/move", treasurer, p.EnterMove)
	get("/money/cover", treasurer, p.NewCover)
	post("/money/cover", treasurer, p.EnterCover)

	get("/book", readers, p.Book)
	get("/book/csv", readers, p.BookCSV)
	get("/book/xlsx", readers, p.BookExcel)
	get("/book/{id}", readers, p.Transaction)
	post("/book/{id}/reverse", treasurer, p.ReverseTransaction)

	get("/reports", readers, p.Reports)

	get("/settings", readers, p.Settings)
	get("/settings/organisation", head, p.EditOrganisation)
	post("/settings/organisation", head, p.SaveOrganisation)
	get("/settings/members", readers, p.Members)
	post("/settings/members", head, p.AddMember)
	post("/settings/members/end", head, p.EndMember)
	get("/settings/initiatives", readers, p.Initiatives)
	post("/settings/initiatives", drafters, p.AddInitiative)
	get("/settings/opening", treasurer, p.NewOpening)
	post("/settings/opening", treasurer, p.OpenBook)
	get("/settings/close", treasurer, p.NewClose)
	post("/settings/close", treasurer, p.ClosePeriod)
	return all
}
