package planning

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
)

// ListPage is the organisation's worksheets and the form that begins one.
type ListPage struct {
	page.Console
	Sheets   []page.ListRow
	Put      []page.ListRow // away
	Empty    page.Empty
	Links    []page.Document
	Action   string // empty for those who only read
	Called   page.Field
	For      page.Field
	Problems page.Problems
}

// Template names the template of the page.
func (ListPage) Template() string { return "planning/list" }

// List lists the worksheets, the last written on first.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	return p.list(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	all, err := plans.List(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	initiatives, err := ledger.Initiatives(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	shown := ListPage{
		Empty: page.Empty{Text: "まだシートはありません。困りごとから計画までを、1枚に書いていきます。"},
		Links: []page.Document{{Link: page.Link{Href: d.Path("grants"), Text: "助成をさがす"}}, {Link: page.Link{Href: d.Path("applications"), Text: "申請を書く・見る"}}, {Link: page.Link{Href: d.Path("profile"), Text: "団体のプロフィールと書類"}}},
	}
	for _, s := range all {
		row := page.ListRow{Name: s.Title, Href: d.Path("plans", s.ID), Note: page.DayOnly(ledger.DateOf(s.SavedAt)) + "　" + s.SavedBy, Text: s.Body.Name}
		if s.Closed {
			shown.Put = append(shown.Put, row)
		} else {
			shown.Sheets = append(shown.Sheets, row)
		}
	}
	if d.May(writers...) {
		form := page.NewForm(values, problems)
		shown.Action = d.Path("plans")
		shown.Called = form.Field(page.Field{Name: "title", Label: "何についての計画ですか", Hint: "例：通院の足", Required: true})
		shown.For = form.Field(page.Field{Name: "initiative", Label: "取り組み", Aside: "決まっていなければ、空けておきます", Options: initiativeOptions(initiatives)})
		shown.Problems = form.Problems()
	}
	shown.Console = frame(d, r, "計画のシート")
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

func initiativeOptions(all []ledger.Initiative) []page.Option {
	options := []page.Option{{Value: "", Text: "まだ決めない"}}
	for _, in := range all {
		options = append(options, page.Option{Value: strconv.FormatInt(in.ID, 10), Text: in.Name})
	}
	return options
}

// Start begins a worksheet and leads to it.
func (p *Pages) Start(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	sheet := plans.Worksheet{OrganisationID: d.Organisation.ID, Title: r.PostForm.Get("title")}
	sheet.InitiativeID, _ = strconv.ParseInt(r.PostForm.Get("initiative"), 10, 64) // what is none is none yet
	var id int64
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		id, err = plans.Start(r.Context(), tx, sheet, d.By(), d.Now)
		return err
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.list(w, r, http.StatusUnprocessableEntity, r.PostForm, problems)
	}
	return redirect(w, r, d.Path("plans", id), "started")
}
