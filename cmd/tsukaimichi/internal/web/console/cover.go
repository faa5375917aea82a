package console

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// NewCover asks for a transfer between funds; from a fund below zero it comes filled in.
func (p *Pages) NewCover(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	funds, err := fundsLeft(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	asked := typed{Values: r.URL.Query(), bad: ledger.Invalid{}}
	first := url.Values{"from": {generalOf(funds)}}
	for _, f := range funds {
		if f.ID != asked.id("to") {
			continue
		}
		first.Set("to", fmt.Sprint(f.ID))
		first.Set("reason", "返金や手数料で足りなくなった分を、一般のお金から補う")
		if f.Left < 0 {
			first.Set("amount", (-f.Left).String())
		} else if short := asked.yen("amount"); short > 0 {
			first.Set("amount", short.String())
			first.Set("reason", "支払いに足りない分を、一般のお金から補う")
		}
	}
	return p.coverForm(w, r, http.StatusOK, typed{Values: first}, nil)
}

// EnterCover books money going from one fund's claim to another's.
func (p *Pages) EnterCover(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	transferred := ledger.Transferred{OrganisationID: d.Organisation.ID, On: t.day("on"), From: t.id("from"), To: t.id("to"), Amount: t.yen("amount"),
		Reason: t.text("reason"), Key: t.Get("key")}
	return p.book(w, r, t, "transferred", func(tx *sqlx.Tx) (int64, error) {
		return ledger.Transfer(r.Context(), tx, transferred, d.By(), d.Now)
	}, p.coverForm)
}

func (p *Pages) coverForm(w http.ResponseWriter, r *http.Request, status int, t typed, problems map[string]string) error {
	d := desk(r)
	funds, err := fundsLeft(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	b := builder{form: page.NewForm(t.Values, problems)}
	form := FormPage{Heading: "補う・使いみちを移す", Lead: "お金のある場所は変わりません。だれのためのお金かだけが変わります。理由は、報告に出ます。",
		Action: d.Path("money", "cover"), Key: t.keyOf(), Button: "移したことを帳簿に入れる"}
	form.Steps = []FormStep{
		{Legend: "どこから、どこへ", Items: []Item{
			b.field(page.Field{Name: "from", Label: "どのお金から", Options: selectOptions("選んでください", fundOptions(funds))}),
			b.field(page.Field{Name: "to", Label: "どのお金へ", Options: selectOptions("選んでください", fundOptions(funds))})}},
		{Legend: "いくら・いつ・なぜ", Items: []Item{b.field(yenField("amount", "移す金額", "")), b.field(dayField("on", "日", d.Today().String())), b.reason("理由", "")}},
	}
	form.Problems = b.form.Problems()
	form.Console = d.Frame(r, form.Heading, page.Money, page.Link{Href: d.Path("money"), Text: "お金の出入り"})
	form.NeedsFix = form.Problems.Some()
	return p.Renderer.Render(w, status, form)
}
