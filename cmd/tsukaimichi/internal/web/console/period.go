package console

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// NewClose asks up to which month the book is to be closed.
func (p *Pages) NewClose(w http.ResponseWriter, r *http.Request) error {
	return p.closeForm(w, r, http.StatusOK, typed{Values: url.Values{}}, nil)
}

// ClosePeriod closes the book up to the end of a month or a year. What is still open then needs a written reason.
func (p *Pages) ClosePeriod(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	kind, until := t.Get("kind"), t.day("until_on")
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		open, err := unchecked(r, p, until)
		if err != nil {
			return err
		}
		t.bad.Need(open == 0 || t.text("reason") != "", "reason", "reverse.reason_missing")
		return ledger.ClosePeriod(r.Context(), tx, d.Organisation.ID, kind, until, d.By(), d.Now, t.text("reason"))
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.closeForm(w, r, http.StatusUnprocessableEntity, t, problems)
	}
	return redirect(w, r, d.Path("settings"), "period_closed")
}

// unchecked counts the expenses up to a day that nobody has checked.
func unchecked(r *http.Request, p *Pages, until ledger.Date) (int, error) {
	expenses, err := ledger.ExpensesToCheck(r.Context(), p.DB, desk(r).Organisation.ID)
	open := 0
	for _, e := range expenses {
		if !e.PaidOn.After(until) {
			open++
		}
	}
	return open, err
}

func (p *Pages) closeForm(w http.ResponseWriter, r *http.Request, status int, t typed, problems map[string]string) error {
	d := desk(r)
	closed, err := ledger.ClosedUntil(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	last := ledger.NewDate(d.Today().Year(), d.Today().Month(), 1).AddDays(-1)
	open, err := unchecked(r, p, last)
	if err != nil {
		return err
	}
	form := buildCloseForm(d, t, problems, closed, last, open)
	form.Console = d.Frame(r, form.Heading, page.Settings, page.Link{Href: d.Path("settings"), Text: "設定"})
	form.NeedsFix = form.Problems.Some()
	return p.Renderer.Render(w, status, form)
}

func buildCloseForm(d Desk, t typed, problems map[string]string, closed, last ledger.Date, open int) FormPage {
	b := builder{form: page.NewForm(t.Values, problems)}
	form := FormPage{Heading: "月や年度を締める", Action: d.Path("settings", "close"), Button: "締める", Lead: "まだ締めたことはありません。",
		Foot: "締めると、その日までの記録は足せません。あとから分かったものは、締めていない最初の日に「前期分」として入ります。"}
	if !closed.IsZero() {
		form.Lead = page.Day(closed) + "まで締めてあります。"
	}
	if open > 0 {
		form.Notice = page.Notice{Tag: page.Tag{Kind: page.TagWait, Text: "確認前"}, Head: fmt.Sprintf("%sまでの支出が、%d件確認されていません", page.DayOnly(last), open),
			Text: "先に確認してもらうか、そのまま締める理由を書きます。", Link: page.Link{Href: d.Path("expenses") + "?show=unchecked", Text: "確認待ちの支出を見る"}, Attend: true}
	}
	var ends []page.Option
	for m := 0; m < 24; m++ {
		end := ledger.NewDate(last.Year(), last.Month()-time.Month(m)+1, 1).AddDays(-1)
		if end.After(closed) || end == d.Organisation.FiscalYear(end.AddDays(1)).AddDays(-1) {
			ends = append(ends, page.Option{Value: end.String(), Text: page.DayOnly(end) + "まで"})
		}
	}
	form.Steps = []FormStep{{Legend: "どこまで", Items: []Item{
		b.field(page.Field{Name: "until_on", Label: "締める日", Options: ends}),
		b.choices(page.Choices{Name: "kind", Label: "月か年度か", Legend: true, Value: ledger.Month, Options: []page.Option{
			{Value: ledger.Month, Text: "月を締める"}, {Value: ledger.Year, Text: "年度を締める", Note: "年度の終わりの日だけ"}}}),
		b.field(page.Field{Name: "reason", Label: "確認前のものを残して締める理由", Aside: "残っていなければ、書かなくてよい", Rows: 2})}}}
	form.Problems = b.form.Problems()
	return form
}
