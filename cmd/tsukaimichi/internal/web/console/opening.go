package console

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// openingAccounts are where money can lie when the book begins, and what is owed then.
var openingAccounts = []struct {
	code  int
	label string
	hint  string
}{
	{ledger.CashBox, "手元の現金", "数えた金額です。"}, {ledger.Bank, "普通預金", "通帳のいちばん下の金額です。"}, {ledger.Postal, "ゆうちょ振替口座", ""},
	{1130, "定期預金", ""}, {ledger.Payable, "まだ払っていないお金・立替え", "借りている金額を、そのまま書きます。"},
}

func openingField(code int) string { return fmt.Sprintf("account%d", code) }

// NewOpening asks for what there is when the book begins; once that is in the book it leads there.
func (p *Pages) NewOpening(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	lines, err := ledger.Journal(r.Context(), p.DB, d.Organisation.ID, ledger.JournalFilter{Kind: ledger.OpeningBalance}, ledger.JournalPlace{}, 1)
	if err != nil {
		return err
	}
	if len(lines) > 0 && !lines[0].Reversed {
		return redirect(w, r, d.Path("book", lines[0].ID), "")
	}
	return p.openingForm(w, r, http.StatusOK, typed{Values: url.Values{}}, nil)
}

// OpenBook books what there is when the book begins. A mistake is reversed in the book, and then it can be begun anew.
func (p *Pages) OpenBook(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	on := t.day("on")
	t.bad.Need(!on.IsZero(), "on", "income.day_missing")
	t.bad.Need(!on.After(d.Today()), "on", "income.day_in_future")
	general, err := ledger.FindGeneralFund(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	var entries []ledger.Entry
	for _, a := range openingAccounts {
		amount := t.yen(openingField(a.code))
		if a.code >= 2000 {
			amount = -amount // what is owed stands on the other side
		}
		if amount != 0 {
			entries = append(entries, ledger.Entry{Account: a.code, FundID: general.ID, Amount: amount})
		}
	}
	t.bad.Need(len(entries) > 0, openingField(openingAccounts[0].code), "console.opening_missing")
	return p.book(w, r, t, "opened", func(tx *sqlx.Tx) (int64, error) {
		if len(t.bad) > 0 {
			return 0, nil // rolled back with what is wrong
		}
		return ledger.OpenBook(r.Context(), tx, d.Organisation.ID, on, entries, d.By(), d.Now)
	}, p.openingForm)
}

func (p *Pages) openingForm(w http.ResponseWriter, r *http.Request, status int, t typed, problems map[string]string) error {
	d := desk(r)
	b := builder{form: page.NewForm(t.Values, problems)}
	first := d.Organisation.FiscalYear(d.Today())
	form := FormPage{Heading: "いまあるお金を入れる", Lead: "帳簿は、ここから始まります。ないところは、空けておきます。", Action: d.Path("settings", "opening"), Button: "この金額から始める",
		Foot: "使いみちの決まったお金があるときは、入れたあとで「使いみちを移す」で分けます。"}
	day := dayField("on", "いつの金額か", first.String())
	day.Hint = "年度のはじめの日か、きょうの日がよく使われます。"
	form.Steps = []FormStep{{Legend: "いつ", Items: []Item{b.field(day)}}, {Legend: "どこに、いくら"}}
	for _, a := range openingAccounts {
		field := yenField(openingField(a.code), a.label, optional)
		field.Hint = a.hint
		form.Steps[1].Items = append(form.Steps[1].Items, b.field(field))
	}
	form.Problems = b.form.Problems()
	form.Console = d.Frame(r, form.Heading, page.Settings, page.Link{Href: d.Path("settings"), Text: "設定"})
	form.NeedsFix = form.Problems.Some()
	return p.Renderer.Render(w, status, form)
}
