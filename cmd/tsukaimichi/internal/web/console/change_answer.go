package console

import (
	"net/http"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/asking"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// answerAct is 代理入力: somebody of the group types in what a giver said.
func answerAct(d Desk, a askedChange, options []page.Option, of formOf) Act {
	values, problems := of("answer")
	b := builder{form: page.NewForm(values, problems), prefix: "answer"}
	act := Act{ID: "answer", Summary: "紙や電話の答えを入れる", Action: d.Path("campaigns", a.ID, "asking", "answer"), Button: "この答えを入れる", Bare: true,
		Lead: "その日までは、何度でも入れ直せます。あとの答えが残ります。入れた人の名前も残ります。"}
	who := []page.Option{{Value: "", Text: "選んでください"}}
	for _, ask := range a.asks {
		who = append(who, page.Option{Value: strconv.FormatInt(ask.Ask.ID, 10), Text: askedName(ask) + "（" + page.YenText(ask.Amount) + "円）"})
	}
	var plain []page.Option // what silence means is for the giver's own page
	for _, o := range options {
		plain = append(plain, page.Option{Value: o.Value, Text: o.Text})
	}
	told := []page.Option{{Value: "", Text: "選んでください"}}
	for _, t := range []campaigns.Told{campaigns.ToldPaper, campaigns.ToldPhone, campaigns.ToldVisit, campaigns.ToldFamily} {
		told = append(told, page.Option{Value: string(t), Text: toldName(t)})
	}
	act.Items = []Item{
		b.field(page.Field{Name: "ask", Label: "どなたの答えか", Options: who, Required: true}),
		b.choices(page.Choices{Name: "answer", Label: "答え", Legend: true, Options: plain}),
		b.field(page.Field{Name: "told", Label: "どうやって聞いたか", Options: told, Required: true}),
	}
	act.Problems = b.form.Problems()
	return act
}

func withdrawAct(d Desk, a askedChange, of formOf) Act {
	values, problems := of("withdraw")
	b := builder{form: page.NewForm(values, problems), prefix: "withdraw"}
	act := Act{ID: "withdraw", Summary: "この変更を取り下げる", Action: d.Path("campaigns", a.ID, "asking", "withdraw"), Button: "取り下げて、いまの約束をつづける", Plain: true, Open: problems != nil,
		Lead: "いまの約束をつづけます。出した約束と答えは、記録として残ります。", Items: []Item{b.reason("取り下げる理由", "")}}
	act.Problems = b.form.Problems()
	return act
}

// EnterAnswer keeps what a giver said on paper, by telephone or at the counter.
func (p *Pages) EnterAnswer(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		ask, err := askOf(r, tx, c, t.id("ask"))
		if err != nil {
			return err
		}
		told := campaigns.Told(t.Get("told"))
		if told == campaigns.ToldLink { // the giver's own
			told = ""
		}
		return campaigns.Choose(r.Context(), tx, d.Organisation.ID, ask.ID, promise.Read(t.Get("answer"), told), d.By(), d.Now)
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.asking(w, r, http.StatusUnprocessableEntity, "answer", t.Values, problems)
	}
	return redirect(w, r, d.Path("campaigns", c.ID, "asking")+"#answer", "answered")
}

// askOf finds the question a form names among those of the campaign's change.
func askOf(r *http.Request, tx *sqlx.Tx, c standing, id int64) (campaigns.Ask, error) {
	a, err := findAsked(r.Context(), tx, c)
	if err != nil {
		return campaigns.Ask{}, err
	}
	for _, ask := range a.asks {
		if ask.Ask.ID == id {
			return ask.Ask, nil
		}
	}
	return campaigns.Ask{}, ledger.Invalid{"ask": "change.ask_missing"}
}

// WithdrawChange takes a proposed version back.
func (p *Pages) WithdrawChange(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		a, err := findAsked(r.Context(), tx, c)
		if err != nil {
			return err
		}
		if err = campaigns.Withdraw(r.Context(), tx, d.Organisation.ID, a.change.ID, d.By(), d.Now, t.text("reason")); err != nil {
			return err
		}
		return p.Enqueue(r.Context(), tx, asking.Job, d.Organisation.ID, a.change.ID)
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.asking(w, r, http.StatusUnprocessableEntity, "withdraw", t.Values, problems)
	}
	return redirect(w, r, d.Path("campaigns", c.ID), "change_withdrawn")
}
