package console

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// NewIncome asks for money in that is no gift.
func (p *Pages) NewIncome(w http.ResponseWriter, r *http.Request) error {
	return p.incomeForm(w, r, http.StatusOK, typed{Values: url.Values{}}, nil)
}

// EnterIncome books money in: 利用料, 協賛, 助成金, 会費 and the like.
func (p *Pages) EnterIncome(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	received := ledger.Received{
		OrganisationID: d.Organisation.ID, On: t.day("on"), Account: int(t.id("account")), Place: int(t.id("place")), FundID: t.id("fund"),
		InitiativeID: t.id("initiative"), From: t.text("from"), What: t.text("what"), Amount: t.yen("amount"), Key: t.Get("key"),
	}
	return p.book(w, r, t, "income_entered", func(tx *sqlx.Tx) (int64, error) {
		return ledger.Receive(r.Context(), tx, received, d.By(), d.Now)
	}, p.incomeForm)
}

// book carries out a booking with a key and leads to its record; the same form sent twice leads to the list. A form that is not right
// is shown again.
func (p *Pages) book(w http.ResponseWriter, r *http.Request, t typed, done string, post func(tx *sqlx.Tx) (int64, error),
	again func(http.ResponseWriter, *http.Request, int, typed, map[string]string) error) error {
	d := desk(r)
	var id int64
	err := t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		var err error
		id, err = post(tx)
		return err
	})
	switch {
	case errors.Is(err, ledger.ErrPostedBefore):
		return redirect(w, r, d.Path("book"), done)
	case err != nil:
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return again(w, r, http.StatusUnprocessableEntity, t, problems)
	}
	return redirect(w, r, d.Path("book", id), done)
}

func (p *Pages) incomeForm(w http.ResponseWriter, r *http.Request, status int, t typed, problems map[string]string) error {
	d := desk(r)
	held, err := places(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	funds, err := fundsLeft(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	accounts, err := ledger.Accounts(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	initiatives, err := ledger.Initiatives(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	payers, err := ledger.Payees(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	b := builder{form: page.NewForm(t.Values, problems)}
	form := FormPage{Heading: "そのほかの入金を入れる", Lead: "寄付でないお金を入れます。寄付は「寄付を入れる」で入れてください。",
		Action: d.Path("money", "income"), Key: t.keyOf(), Button: "帳簿に入れる"}
	form.Steps = []FormStep{
		{Legend: "いくら・いつ・何のお金", Items: []Item{
			b.field(yenField("amount", "金額", "")), b.field(dayField("on", "入った日", d.Today().String())),
			b.field(page.Field{Name: "account", Label: "何のお金か", Options: selectOptions("選んでください", incomeOptions(accounts))}),
			b.listed(page.Field{Name: "from", Label: "だれから", Aside: optional}, payers),
			b.field(page.Field{Name: "what", Label: "内容", Aside: optional, Hint: "例：11月17日の参加費 おとな21人。公表されません。"})}},
		{Legend: "どこに入ったか・何に使うお金か", Items: []Item{
			b.choices(page.Choices{Name: "place", Label: "どこに入ったか", Legend: true, Options: placeOptions(held)}),
			b.field(page.Field{Name: "fund", Label: "だれのためのお金か", Value: generalOf(funds), Options: fundOptions(funds)}),
			b.field(page.Field{Name: "initiative", Label: "どの取り組みのお金か", Aside: "選ばなくてもよい", Options: initiativeOptions(initiatives)})}},
	}
	form.Problems = b.form.Problems()
	form.Console = d.Frame(r, form.Heading, page.Money, page.Link{Href: d.Path("money"), Text: "お金の出入り"})
	form.NeedsFix = form.Problems.Some()
	return p.Renderer.Render(w, status, form)
}

// incomeOptions are the accounts of income a person books by hand: gifts come with their giver, valued things have no yen.
func incomeOptions(accounts []ledger.Account) []page.Option {
	var options []page.Option
	for _, a := range accounts {
		if a.Class == ledger.Income && a.Code/100 != ledger.Gifts/100 {
			options = append(options, page.Option{Value: fmt.Sprint(a.Code), Text: a.Plain + "（" + a.Name + "）"})
		}
	}
	return options
}

func initiativeOptions(initiatives []ledger.Initiative) []page.Option {
	options := []page.Option{{Value: "", Text: "どれでもない・団体の運営"}}
	for _, in := range initiatives {
		options = append(options, page.Option{Value: fmt.Sprint(in.ID), Text: in.Name})
	}
	return options
}

// generalOf is the value of the general fund in a form.
func generalOf(funds []fundLeft) string {
	for _, f := range funds {
		if f.Kind == ledger.GeneralFund {
			return fmt.Sprint(f.ID)
		}
	}
	return ""
}
