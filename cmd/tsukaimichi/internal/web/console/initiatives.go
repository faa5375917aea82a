package console

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// InitiativesPage is what the organisation does, and the form to add to it.
type InitiativesPage struct {
	page.Console
	List  []page.ListRow
	Empty page.Empty
	Add   Act
}

// Template names the template of the page.
func (InitiativesPage) Template() string { return "console/initiatives" }

// initiativeKinds are the kinds of initiative with their names.
var initiativeKinds = []page.Option{
	{Value: "salon", Text: "居場所・サロン"}, {Value: "meal", Text: "食事・配食"}, {Value: "watch", Text: "見守り"}, {Value: "transport", Text: "移動の手伝い"},
	{Value: "help", Text: "暮らしの手伝い"}, {Value: "training", Text: "講座・研修"}, {Value: "other", Text: "そのほか"},
}

// Initiatives shows what the organisation does.
func (p *Pages) Initiatives(w http.ResponseWriter, r *http.Request) error {
	return p.initiatives(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) initiatives(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d := desk(r)
	all, err := ledger.Initiatives(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	built := InitiativesPage{Empty: page.Empty{Text: "まだ取り組みはありません。募金や支出は、どれかの取り組みのために行います。"}}
	for _, in := range all {
		built.List = append(built.List, page.ListRow{Name: in.Name, Note: in.Description, Text: nameOf(initiativeKinds, in.Kind)})
	}
	if d.May(drafters...) {
		b := builder{form: page.NewForm(values, problems), prefix: "add"}
		built.Add = Act{ID: "add", Action: d.Path("settings", "initiatives"), Button: "取り組みを足す", Bare: true, Items: []Item{
			b.field(page.Field{Name: "initiative", Label: "名前", Hint: "例：ふれあい食堂", Required: true}),
			b.field(page.Field{Name: "kind", Label: "種類", Value: "other", Options: initiativeKinds}),
			b.field(page.Field{Name: "description", Label: "どんなことをするか", Aside: optional, Rows: 3, MostRunes: 500})}}
		built.Add.Problems = b.form.Problems()
	}
	built.Console = d.Frame(r, "取り組み", page.Settings, page.Link{Href: d.Path("settings"), Text: "設定"})
	built.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, built)
}

func nameOf(options []page.Option, value string) string {
	for _, o := range options {
		if o.Value == value {
			return o.Text
		}
	}
	return value
}

// AddInitiative enters an initiative; a name that is there already stays as it is.
func (p *Pages) AddInitiative(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	in := ledger.Initiative{OrganisationID: d.Organisation.ID, Name: t.text("initiative"), Kind: t.Get("kind"), Description: t.text("description")}
	t.bad.Need(in.Name != "", "initiative", "console.name_missing")
	t.bad.Need(len([]rune(in.Name)) <= 60, "initiative", "field.too_long")
	t.bad.Need(len([]rune(in.Description)) <= 500, "description", "field.too_long")
	t.bad.Need(slices.ContainsFunc(initiativeKinds, func(o page.Option) bool { return o.Value == in.Kind }), "kind", "field.unknown")
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if len(t.bad) > 0 {
			return nil // nothing the database would have to refuse
		}
		_, err := ledger.StartInitiative(r.Context(), tx, in)
		return err
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.initiatives(w, r, http.StatusUnprocessableEntity, t.Values, problems)
	}
	return redirect(w, r, d.Path("settings", "initiatives"), "initiative_added")
}
