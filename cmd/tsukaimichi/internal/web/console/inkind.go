package console

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// NewInKind asks for goods that were given and used.
func (p *Pages) NewInKind(w http.ResponseWriter, r *http.Request) error {
	return p.inKindForm(w, r, http.StatusOK, typed{Values: url.Values{}}, nil)
}

// EnterInKind books goods that were given and used: what they spared, and that they were given; no yen.
func (p *Pages) EnterInKind(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	offered, err := purposes(r.Context(), p.DB, d)
	if err != nil {
		return err
	}
	goal := purposeNamed(offered, t.Get("initiative"))
	goods := campaigns.InKind{OrganisationID: d.Organisation.ID, FundID: goal.FundID, UseID: goal.UseID, InitiativeID: goal.InitiativeID,
		Account: int(t.id("account")), Worth: t.yen("amount"), From: t.text("from"), What: t.text("what"), On: t.day("on"), Key: t.Get("key")}
	return p.book(w, r, t, "in_kind_entered", func(tx *sqlx.Tx) (int64, error) {
		return campaigns.ReceiveInKind(r.Context(), tx, goods, d.By(), d.Now)
	}, p.inKindForm)
}

func (p *Pages) inKindForm(w http.ResponseWriter, r *http.Request, status int, t typed, problems map[string]string) error {
	d := desk(r)
	offered, err := purposes(r.Context(), p.DB, d)
	if err != nil {
		return err
	}
	accounts, err := ledger.Accounts(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	payers, err := ledger.Payees(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	var goals []purpose
	for _, goal := range offered {
		if goal.InitiativeID > 0 {
			goals = append(goals, goal)
		}
	}
	delete(problems, "fund") // the same choice as the initiative
	b := builder{form: page.NewForm(t.Values, problems)}
	form := FormPage{Heading: "品物の寄付を入れる", Lead: "いただいて、使った品物です。募金の目標の金額には数えず、別に出します。", Action: d.Path("money", "goods"), Key: t.keyOf(), Button: "帳簿に入れる"}
	form.Steps = []FormStep{
		{Legend: "何を・いくらくらい", Items: []Item{
			b.field(page.Field{Name: "what", Label: "何をいただいたか", Hint: "例：米 10kg。値段をどう決めたかも書きます（店の値段、農協の値段など）", Required: true}),
			b.field(yenField("amount", "買ったらいくらか", "")), b.field(dayField("on", "いただいた日", d.Today().String())),
			b.listed(page.Field{Name: "from", Label: "だれから", Aside: optional, Hint: "公表されません。"}, payers)}},
		{Legend: "何に使ったか", Items: []Item{
			b.field(page.Field{Name: "initiative", Label: "使いみち", Options: purposeOptions(goals)}),
			b.field(page.Field{Name: "account", Label: "お金の分類", Options: selectOptions("選んでください", expenseOptions(accounts))})}},
	}
	form.Problems = b.form.Problems()
	form.Console = d.Frame(r, form.Heading, page.Money, page.Link{Href: d.Path("money"), Text: "お金の出入り"})
	form.NeedsFix = form.Problems.Some()
	return p.Renderer.Render(w, status, form)
}

// expenseOptions are the accounts a person books an expense on.
func expenseOptions(accounts []ledger.Account) []page.Option {
	var options []page.Option
	for _, a := range accounts {
		if a.Class == ledger.Expensed && !valued(a.Code) {
			options = append(options, page.Option{Value: fmt.Sprint(a.Code), Text: a.Plain + "（" + a.Name + "）"})
		}
	}
	return options
}
