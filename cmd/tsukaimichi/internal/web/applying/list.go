package applying

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
	"github.com/tsukaimichi/tsukaimichi/ledger/profile"
)

// ListPage is the organisation's applications.
type ListPage struct {
	page.Console
	Open  []page.ListRow
	Sent  []page.ListRow
	Empty page.Empty
	New   string
	Links []page.Document
}

// Template names the template of the page.
func (ListPage) Template() string { return "applying/list" }

var statusTags = map[application.Status]page.Tag{
	application.Drafting: {Kind: page.TagDraft, Text: "下書き"}, application.Review: {Kind: page.TagWait, Text: "団体で確認中"}, application.Approved: {Kind: page.TagOpen, Text: "承認ずみ"},
	application.Submitted: {Kind: page.TagWait, Text: "提出ずみ"}, application.Accepted: {Kind: page.TagWait, Text: "審査中"}, application.Granted: {Kind: page.TagDone, Text: "採択"},
	application.PartGranted: {Kind: page.TagDone, Text: "一部採択"}, application.Declined: {Kind: page.TagDraft, Text: "不採択"}, application.Withdrawn: {Kind: page.TagDraft, Text: "取り下げ"},
}

// List lists the applications by the day they are due.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	all, err := application.List(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	shown := ListPage{Empty: page.Empty{Text: "まだ申請はありません。合う募集をさがして、書き始めます。", Link: page.Link{Href: d.Path("grants"), Text: "助成をさがす"}}}
	if d.May(writers...) {
		shown.New = d.Path("applications", "new")
	}
	calls := NewLines(p.DB, d.Today())
	for _, a := range all {
		call, err := calls.call(r.Context(), a.OpportunityID)
		if err != nil {
			return err
		}
		row := page.ListRow{Tag: statusTags[a.Status], Name: a.Title, Href: d.Path("applications", a.ID), Note: page.DayOnly(ledger.DateOf(a.SavedAt)) + "　" + a.SavedBy}
		if !a.Status.Open() {
			shown.Sent = append(shown.Sent, row)
			continue
		}
		if left := a.DueOn.Sub(d.Today()); !a.DueOn.IsZero() && left < 0 {
			row.Tag, row.Text = page.Tag{Kind: page.TagLate, Text: "締切をすぎました"}, page.DayOnly(a.DueOn)
		} else if !a.DueOn.IsZero() {
			row.Text = fmt.Sprintf("締切 %s%s　あと%d日", page.DayOnly(a.DueOn), ruleOf(call, a.DueOn), left)
		}
		shown.Open = append(shown.Open, row)
	}
	shown.Links = []page.Document{{Link: page.Link{Href: d.Path("snippets"), Text: "取っておいた文"}}, {Link: page.Link{Href: d.Path("handover"), Text: "引きつぎ"}}}
	if d.May(ledger.Coordinator) {
		shown.Links = append(shown.Links, page.Document{Link: page.Link{Href: console.BoardPath, Text: "手伝っている団体の申請の一覧"}}, page.Document{Link: page.Link{Href: console.FormsPath, Text: "様式をつくる"}})
	}
	shown.Console = d.Frame(r, "申請", page.Grants, page.Link{Href: d.Path("plans"), Text: "計画・助成"})
	return p.Renderer.Render(w, http.StatusOK, shown)
}

// NewPage begins an application: which form, for which plan.
type NewPage struct {
	page.Console
	Action   string
	Call     int64
	CallName string
	Called   page.Field
	Due      page.Field
	Plan     page.Field
	Forms    page.Choices
	Docs     []page.Document
	Problems page.Problems
}

// Template names the template of the page.
func (NewPage) Template() string { return "applying/new" }

// New asks what the application is for. ?call= and ?plan= fill it in.
func (p *Pages) New(w http.ResponseWriter, r *http.Request) error {
	return p.beginning(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) beginning(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	forms, err := application.Forms(r.Context(), p.DB)
	if err != nil {
		return err
	}
	sheets, err := plans.List(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	call, err := p.callOf(r)
	if err != nil {
		return err
	}
	if values == nil {
		values = url.Values{"plan": {r.FormValue("plan")}, "title": {call.Call.Title}, "form": {call.Call.Template}}
		if due := call.Call.On(catalogue.Closing); !due.IsZero() {
			values.Set("due_on", page.DayOnly(due))
		}
	}
	shown := NewPage{Action: d.Path("applications"), Call: call.ID, CallName: call.Call.Title}
	shown.fill(d, page.NewForm(values, problems), forms, sheets)
	shown.Console = frame(d, r, "申請を始める")
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

func (n *NewPage) fill(d console.Desk, form *page.Form, forms []application.Form, sheets []plans.Worksheet) {
	n.Called = form.Field(page.Field{Name: "title", Label: "申請の名前", Hint: "例：令和8年度 地域福祉活動助成", Required: true})
	n.Due = form.Field(page.Field{Name: "due_on", Label: "締切", Aside: "分かっていれば"})
	options := []page.Option{{Value: "", Text: "シートを使わない"}}
	for _, s := range sheets {
		if !s.Closed {
			options = append(options, page.Option{Value: strconv.FormatInt(s.ID, 10), Text: s.Title})
		}
	}
	n.Plan = form.Field(page.Field{Name: "plan", Label: "もとにする計画のシート", Options: options})
	choice := page.Choices{Name: "form", Label: "様式", Legend: true}
	for _, f := range forms {
		if f.Kind != "application" && f.Kind != "report" {
			continue
		}
		choice.Options = append(choice.Options, page.Option{Value: f.Key, Text: f.Title, Note: fmt.Sprintf("%d年度の型", f.FiscalYear)})
		n.Docs = append(n.Docs, page.Document{Link: page.Link{Href: d.Path("applications", "forms", f.Key, f.Version, "questions.docx"), Text: f.Title + "の質問だけ（Word）"}})
	}
	n.Forms = form.Choices(choice)
	n.Problems = form.Problems()
}

// callOf is the call that an application is for, if it is for one that is known.
func (p *Pages) callOf(r *http.Request) (catalogue.Opportunity, error) {
	id, err := strconv.ParseInt(r.FormValue("call"), 10, 64)
	if err != nil || id <= 0 {
		return catalogue.Opportunity{}, nil
	}
	o, err := catalogue.Find(r.Context(), p.DB, id)
	if errors.Is(err, catalogue.ErrNoOpportunity) {
		return catalogue.Opportunity{}, nil
	}
	return o, err
}

// Start begins the draft, filled with what is known already.
func (p *Pages) Start(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	id, err := p.start(r, d)
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.beginning(w, r, http.StatusUnprocessableEntity, r.PostForm, problems)
	}
	return redirect(w, r, d.Path("applications", id), "started")
}

func (p *Pages) start(r *http.Request, d console.Desk) (int64, error) {
	bad := ledger.Invalid{}
	draft := application.Draft{OrganisationID: d.Organisation.ID, Title: r.PostForm.Get("title"), FormKey: r.PostForm.Get("form")}
	if text := strings.TrimSpace(r.PostForm.Get("due_on")); text != "" {
		due, err := ledger.ParseDate(text)
		bad.Need(err == nil, "due_on", "draft.no_day")
		draft.DueOn = due
	}
	draft.WorksheetID, _ = strconv.ParseInt(r.PostForm.Get("plan"), 10, 64) // what is none is no sheet
	forms, err := application.Forms(r.Context(), p.DB)
	if err != nil {
		return 0, err
	}
	for _, f := range forms {
		if f.Key == draft.FormKey {
			draft.FormVersion = f.Version
		}
	}
	if bad.Need(draft.FormVersion != "", "form", "draft.choose_form"); len(bad) > 0 {
		return 0, bad
	}
	call, err := p.callOf(r)
	if err != nil {
		return 0, err
	}
	draft.OpportunityID, draft.CallVersion = call.ID, call.Version
	form, err := application.FindForm(r.Context(), p.DB, draft.FormKey, draft.FormVersion)
	if err != nil {
		return 0, err
	}
	known, sheet, err := p.known(r, d, draft.WorksheetID)
	if err != nil {
		return 0, err
	}
	draft.InitiativeID = sheet.InitiativeID
	draft.Answers, _ = application.Prefill(form, nil, known)
	if form.Budget != nil {
		draft.Budget = budget.FromPlan(sheet.Body, budget.Sheet{Rule: call.Rule()}.Spec(*form.Budget))
	}
	var id int64
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		id, err = application.Start(r.Context(), tx, draft, d.By(), d.Now)
		return err
	})
	return id, err
}

// known is what can fill fields: the worksheet first, then the profile.
func (p *Pages) known(r *http.Request, d console.Desk, worksheetID int64) ([]application.Known, plans.Worksheet, error) {
	facts, err := profile.Facts(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return nil, plans.Worksheet{}, err
	}
	texts := map[string]string{"org.name": d.Organisation.Name, "org.rep_name": d.Organisation.Representative, "org.phone": d.Organisation.Phone, "org.mail": d.Organisation.Mail}
	for key, f := range facts {
		if text := factText(f.Value); text != "" && !f.Stale(d.Today()) {
			texts[key] = text
		}
	}
	known := []application.Known{{Source: "prefill.profile", Texts: texts}}
	if worksheetID == 0 {
		return known, plans.Worksheet{}, nil
	}
	sheet, err := plans.Find(r.Context(), p.DB, d.Organisation.ID, worksheetID)
	if errors.Is(err, plans.ErrNoWorksheet) {
		return known, plans.Worksheet{}, nil
	}
	return append([]application.Known{{Source: "prefill.worksheet", Texts: sheet.Body.Keys()}}, known...), sheet, err
}

func factText(v profile.Value) string {
	switch {
	case v.Text != nil:
		return *v.Text
	case v.Number != nil:
		return strconv.FormatInt(*v.Number, 10)
	case v.Day != nil:
		return v.Day.String()
	case v.Yes != nil:
		return map[bool]string{true: "はい", false: "いいえ"}[*v.Yes]
	}
	return strings.Join(v.Words, "、")
}
