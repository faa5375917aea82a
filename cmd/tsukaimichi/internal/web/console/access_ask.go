package console

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/vetting"
)

// OperatorPath is where an operator asks organisations to let him read. No organisation can be called "-".
const OperatorPath = "/desk/-/operator"

// OperatorPage is the operator's own page: which groups wait to be looked at, which organisations let him read, and the form to ask one.
type OperatorPage struct {
	page.Console
	Grants  []page.ListRow
	None    page.Empty
	Ask     Act
	Waiting []page.ListRow // groups that asked who they are to be looked at
	Nobody  page.Empty
	Others  []page.ListRow // all other groups
}

// Template names the template of the page.
func (OperatorPage) Template() string { return "console/access_ask" }

// Operator shows an operator what he may read. The route lets operators in alone; there is no desk.
func (p *Pages) Operator(w http.ResponseWriter, r *http.Request) error {
	return p.operator(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) operator(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	person := auth.PersonOf(r.Context())
	grants, err := access.Of(r.Context(), p.DB, person.ID)
	if err != nil {
		return err
	}
	organisations, err := ledger.Organisations(r.Context(), p.DB)
	if err != nil {
		return err
	}
	standing, err := vetting.Standing(r.Context(), p.DB)
	if err != nil {
		return err
	}
	shown := buildOperator(grants, organisations, ledger.DateOf(p.Now()), values, problems)
	shown.Waiting, shown.Others = groupRows(organisations, standing)
	shown.Console = page.Console{Title: "運営のページ", Role: locale.Japanese.T("auth.role_operator"), Person: person.Name, Home: "/desk", NeedsFix: len(problems) > 0,
		Done: doneText(r.URL.Query().Get("done"))}
	return p.Renderer.Render(w, status, shown)
}

func buildOperator(grants []access.Grant, organisations []ledger.Organisation, today ledger.Date, values url.Values, problems map[string]string) OperatorPage {
	shown := OperatorPage{None: page.Empty{Text: "まだ、どの団体にもたのんでいません。たのむと、代表にメールがとどきます。"},
		Nobody: page.Empty{Text: "確認を待っている団体はありません。"}}
	known := map[int64]ledger.Organisation{}
	options := []page.Option{{Text: "えらんでください"}}
	for _, o := range organisations {
		known[o.ID] = o
		options = append(options, page.Option{Value: fmt.Sprint(o.ID), Text: o.Name})
	}
	for _, g := range grants {
		shown.Grants = append(shown.Grants, askedRow(g, known[g.OrganisationID], today))
	}
	form := page.NewForm(values, problems)
	b := builder{form: form, prefix: "ask"}
	shown.Ask = Act{ID: "ask", Bare: true, Action: OperatorPath, Button: "読ませてほしいとたのむ", Items: []Item{
		b.field(page.Field{Name: "organisation", Label: "団体", Options: options}),
		b.field(page.Field{Name: "purpose", Label: "何を見て、何をするためか", Hint: "このまま代表にとどきます。", Rows: 3, Required: true, MostRunes: 500}),
	}}
	shown.Ask.Problems = form.Problems()
	return shown
}

func askedRow(g access.Grant, o ledger.Organisation, today ledger.Date) page.ListRow {
	row := page.ListRow{Name: o.Name, Note: g.Purpose}
	switch {
	case g.Status == access.Asked:
		row.Tag, row.Text = page.Tag{Kind: page.TagWait, Text: "返事待ち"}, page.DayOnly(ledger.DateOf(g.AskedAt))+"にたのみました"
	case g.Stands(today):
		row.Tag, row.Text = page.Tag{Kind: page.TagOpen, Text: "読めます"}, page.Day(g.UntilOn)+"まで"
		row.Href = "/desk/" + o.Slug
	case g.Status == access.Refused:
		row.Tag, row.Text = page.Tag{Kind: page.TagDraft, Text: "断られました"}, page.DayOnly(ledger.DateOf(g.DecidedAt))
	default:
		row.Tag, row.Text = page.Tag{Kind: page.TagDone, Text: "終わりました"}, page.DayOnly(g.UntilOn)
		if !g.EndedAt.IsZero() {
			row.Text = page.DayOnly(ledger.DateOf(g.EndedAt))
		}
	}
	return row
}

// AskGrant asks an organisation to let the operator read.
func (p *Pages) AskGrant(w http.ResponseWriter, r *http.Request) error {
	person := auth.PersonOf(r.Context())
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	organisation := t.id("organisation")
	t.bad.Need(organisation > 0, "organisation", "access.organisation_missing")
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if organisation == 0 {
			organisation = -1 // of nobody: what else is wrong is said all the same
		}
		err := access.Ask(r.Context(), tx, organisation, person.ID, t.text("purpose"), p.Site, p.Now())
		if errors.Is(err, access.ErrAsked) {
			return ledger.Invalid{"organisation": "access.asked"}
		}
		return err
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.operator(w, r, http.StatusUnprocessableEntity, t.Values, problems)
	}
	return redirect(w, r, OperatorPath, "grant_asked")
}
