package console

import (
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// NewMove asks for a deposit or a withdrawal.
func (p *Pages) NewMove(w http.ResponseWriter, r *http.Request) error {
	return p.moveForm(w, r, http.StatusOK, typed{Values: url.Values{}}, nil)
}

// EnterMove books money going from one place of the group to another.
func (p *Pages) EnterMove(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	moved := ledger.Moved{OrganisationID: d.Organisation.ID, On: t.day("on"), From: int(t.id("from")), To: int(t.id("to")), Amount: t.yen("amount"),
		What: t.text("what"), Key: t.Get("key")}
	return p.book(w, r, t, "moved", func(tx *sqlx.Tx) (int64, error) {
		return ledger.Move(r.Context(), tx, moved, d.By(), d.Now)
	}, p.moveForm)
}

func (p *Pages) moveForm(w http.ResponseWriter, r *http.Request, status int, t typed, problems map[string]string) error {
	d := desk(r)
	held, err := places(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	b := builder{form: page.NewForm(t.Values, problems)}
	form := FormPage{Heading: "預ける・引き出す", Lead: "お金のある場所だけが変わります。使いみちは変わりません。", Action: d.Path("money", "move"), Key: t.keyOf(), Button: "帳簿に入れる"}
	form.Steps = []FormStep{
		{Legend: "いくら・いつ", Items: []Item{b.field(yenField("amount", "移した金額", "")), b.field(dayField("on", "移した日", d.Today().String())),
			b.field(page.Field{Name: "what", Label: "内容", Aside: optional, Hint: "例：封筒のお金を預けた"})}},
		{Legend: "どこから", Items: []Item{b.choices(page.Choices{Name: "from", Label: "どこから", Options: movable(held)})}},
		{Legend: "どこへ", Items: []Item{b.choices(page.Choices{Name: "to", Label: "どこへ", Options: movable(held)})}},
	}
	form.Problems = b.form.Problems()
	form.Console = d.Frame(r, form.Heading, page.Money, page.Link{Href: d.Path("money"), Text: "お金の出入り"})
	form.NeedsFix = form.Problems.Some()
	return p.Renderer.Render(w, status, form)
}

// movable are the places money can be moved between; what is on its way to the bank arrives by such a movement too.
func movable(held []place) []page.Option {
	options := placeOptions(held)
	for _, p := range held {
		if p.Code == ledger.InTransit && p.Balance != 0 {
			options = append(options, page.Option{Value: "1144", Text: p.Plain, Note: "帳簿では" + page.YenText(p.Balance) + "円"})
		}
	}
	return options
}
