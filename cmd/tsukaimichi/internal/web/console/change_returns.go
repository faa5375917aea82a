package console

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// ReturnsPage is the list of shares that go back: those the payment service gives back, and those the treasurer does.
type ReturnsPage struct {
	page.Console
	Heading string
	Failed  Failure
	Facts   []page.Pair
	List    page.Table
	Empty   page.Empty
	CSV     page.Link
	Paid    Act
	GiveUp  Act
}

// Template names the template of the page.
func (ReturnsPage) Template() string { return "console/returns" }

// Returns lists what goes back because of a campaign's change.
func (p *Pages) Returns(w http.ResponseWriter, r *http.Request) error {
	return p.returns(w, r, http.StatusOK, "", nil, nil)
}

func (p *Pages) returns(w http.ResponseWriter, r *http.Request, status int, form string, values url.Values, problems map[string]string) error {
	d := desk(r)
	c, all, err := p.findReturns(r.Context(), r)
	if err != nil {
		return err
	}
	from, err := places(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	built := buildReturns(d, c, all, from, form, values, problems)
	built.Failed = built.Failed.gone(form, values, problems, built.Paid, built.GiveUp)
	built.Console = d.Frame(r, "返すお金："+titleOf(c), page.Campaigns, changeCrumbs(d, c)...)
	built.NeedsFix = len(problems) > 0 || built.Failed.Head != ""
	return p.Renderer.Render(w, status, built)
}

// findReturns returns the campaign of the path and what goes back because of its changes.
func (p *Pages) findReturns(ctx context.Context, r *http.Request) (standing, []campaigns.Return, error) {
	c, err := p.findStanding(r)
	if err != nil {
		return c, nil, err
	}
	all, err := campaigns.ReturnsOf(ctx, p.DB, c.OrganisationID, c.ID)
	return c, all, err
}

func buildReturns(d Desk, c standing, all []campaigns.Return, from []place, form string, values url.Values, problems map[string]string) ReturnsPage {
	of := func(name string) (url.Values, map[string]string) {
		if form == name {
			return values, problems
		}
		return nil, nil
	}
	built := ReturnsPage{Heading: titleOf(c), Failed: notDone(problems), Empty: page.Empty{Text: "返すお金は、ありません。"}}
	built.List = page.Table{Caption: "返すお金", Columns: []page.Column{{Text: "お名前"}, {Text: "金額", Number: true}, {Text: "返し方"}, {Text: "いまの様子"}}}
	var open []page.Option
	var todo, done ledger.Yen
	for _, b := range all {
		state := returnState(b)
		built.List.Rows = append(built.List.Rows, page.Row{Name: returnName(b), Href: d.Path("gifts", b.DonationID), Cells: []string{page.YenText(b.Amount) + "円", wayName(b), state}})
		switch {
		case b.Status == campaigns.RefundPaid:
			done += b.Amount
		case b.GivenUp == "":
			todo += b.Amount
			if b.Way == campaigns.ReturnByHand && !b.Waits() {
				open = append(open, page.Option{Value: fmt.Sprintf("%d-%d", b.ChangeID, b.DonationID), Text: returnName(b) + "　" + page.YenText(b.Amount) + "円"})
			}
		}
	}
	built.Facts = []page.Pair{{Term: "これから返す", Text: page.YenText(todo) + "円", Strong: true}, {Term: "返した", Text: page.YenText(done) + "円"}}
	if !d.May(treasurer...) {
		return built
	}
	if len(all) > 0 {
		built.CSV = page.Link{Href: d.Path("campaigns", c.ID, "returns", "csv"), Text: "振込のための一覧（CSV）"}
	}
	if len(open) > 0 {
		built.Paid, built.GiveUp = returnActs(d, c, append([]page.Option{{Value: "", Text: "選んでください"}}, open...), from, of)
	}
	return built
}

func returnActs(d Desk, c standing, open []page.Option, from []place, of formOf) (paid, givenUp Act) {
	values, problems := of("paid")
	b := builder{form: page.NewForm(values, problems), prefix: "paid"}
	paid = Act{ID: "paid", Summary: "振込や現金で返した", Action: d.Path("campaigns", c.ID, "returns", "paid"), Button: "返したことを帳簿に入れる", Bare: true,
		Lead: "返した人を1人ずつ入れます。" + receiptFits}
	paid.Items = []Item{
		b.field(page.Field{Name: "return", Label: "どなたに返したか", Options: open, Required: true}),
		b.field(dayField("on", "返した日", d.Today().String())),
		b.field(page.Field{Name: "place", Label: "どこから返したか", Options: selectOptions("選んでください", placeOptions(from)), Required: true}),
	}
	paid.Problems = b.form.Problems()
	values, problems = of("given-up")
	b = builder{form: page.NewForm(values, problems), prefix: "given"}
	givenUp = Act{ID: "given-up", Summary: "返せなかった", Action: d.Path("campaigns", c.ID, "returns", "given-up"), Button: "返せなかったことを残す", Plain: true, Open: problems != nil,
		Lead: "何度か連絡しても返せないときだけにします。お金は、答えのなかった方の分と同じように使います。"}
	givenUp.Items = []Item{
		b.field(page.Field{Name: "return", Label: "どなたの分か", Options: open, Required: true}),
		b.field(page.Field{Name: "given_up", Label: "なぜ返せなかったか", Options: []page.Option{{Value: "", Text: "選んでください"},
			{Value: string(campaigns.Unreachable), Text: "連絡がつかない"}, {Value: string(campaigns.Declined), Text: "いらないと言われた"}}, Required: true}),
	}
	givenUp.Problems = b.form.Problems()
	return paid, givenUp
}

func returnName(b campaigns.Return) string {
	if b.DonorName != "" {
		return b.DonorName
	}
	return fmt.Sprintf("お名前なし（寄付%d）", b.DonationID)
}

func wayName(b campaigns.Return) string {
	switch {
	case b.Way == campaigns.ReturnByHand:
		return "振込か現金"
	case b.Channel == campaigns.Konbini:
		return "Stripe（口座をたずねるメール）"
	}
	return "払ったカード"
}

func returnState(b campaigns.Return) string {
	switch {
	case b.Status == campaigns.RefundPaid:
		return "返しました"
	case b.Waits():
		return "手つづき中"
	case b.GivenUp == campaigns.Unreachable:
		return "連絡がつかず、返せませんでした"
	case b.GivenUp == campaigns.Declined:
		return "いらないと言われました"
	case b.Way == campaigns.ReturnOnline:
		return "これから手つづきします"
	}
	return "会計が返します"
}

// ReturnsCSV is the list for transfers: to whom, how much, for which gift.
func (p *Pages) ReturnsCSV(w http.ResponseWriter, r *http.Request) error {
	c, all, err := p.findReturns(r.Context(), r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+c.Slug+`-returns.csv"`)
	w.Header().Set("Cache-Control", "private, no-store")
	out := csv.NewWriter(w)
	rows := [][]string{{"寄付の番号", "お名前", "寄付した日", "返す金額", "返し方", "いまの様子"}}
	for _, b := range all {
		rows = append(rows, []string{fmt.Sprint(b.DonationID), reports.Cell(returnName(b)), b.GivenOn.String(), fmt.Sprint(int64(b.Amount)), wayName(b), returnState(b)})
	}
	if _, err = w.Write([]byte("\ufeff")); err != nil {
		return nil // the reader left
	}
	_ = out.WriteAll(rows)
	return nil
}

// ReturnPaid books that a share was given back by transfer or in cash, and keeps the receipt to what is left. Pressing twice books once.
func (p *Pages) ReturnPaid(w http.ResponseWriter, r *http.Request) error {
	return p.endReturn(w, r, "paid", func(ctx context.Context, tx *sqlx.Tx, t typed, d Desk, change, gift int64) (string, error) {
		disputed, err := p.Till.InDispute(ctx, d.Organisation.ID, gift)
		if err != nil {
			return "", err
		}
		if disputed { // its yen are with the bank: given back by hand, they would go out twice
			return "", ledger.Invalid{"return": "refund.disputed"}
		}
		if err := campaigns.ReturnInHand(ctx, tx, d.Organisation.ID, change, gift, int(t.id("place")), d.By(), d.Now, t.day("on")); err != nil {
			return "", err
		}
		anew, err := p.fitReceipt(ctx, tx, d, gift)
		if anew {
			return "return_paid_receipt", err
		}
		return "return_paid", err
	})
}

// ReturnGivenUp notes why a share could not be given back.
func (p *Pages) ReturnGivenUp(w http.ResponseWriter, r *http.Request) error {
	return p.endReturn(w, r, "given-up", func(ctx context.Context, tx *sqlx.Tx, t typed, d Desk, change, gift int64) (string, error) {
		return "return_given_up", campaigns.GiveUpReturn(ctx, tx, d.Organisation.ID, change, gift, campaigns.GivenUp(t.Get("given_up")), d.By(), d.Now)
	})
}

// endReturn does what was typed about a share; end also names what was done.
func (p *Pages) endReturn(w http.ResponseWriter, r *http.Request, form string, end func(ctx context.Context, tx *sqlx.Tx, t typed, d Desk, change, gift int64) (string, error)) error {
	d := desk(r)
	c, all, err := p.findReturns(r.Context(), r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	var named campaigns.Return
	for _, b := range all {
		if t.Get("return") == fmt.Sprintf("%d-%d", b.ChangeID, b.DonationID) {
			named = b
		}
	}
	done := ""
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) (err error) {
		if named.DonationID == 0 {
			return ledger.Invalid{"return": "change.return_missing"}
		}
		done, err = end(r.Context(), tx, t, d, named.ChangeID, named.DonationID)
		return err
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.returns(w, r, http.StatusUnprocessableEntity, form, t.Values, problems)
	}
	return redirect(w, r, d.Path("campaigns", c.ID, "returns"), done)
}
