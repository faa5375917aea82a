package console

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
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
		also, err := payments.OpenAtClosing(r.Context(), tx, d.Organisation.ID, until)
		if err != nil {
			return err
		}
		return ledger.ClosePeriod(r.Context(), tx, d.Organisation.ID, kind, until, d.By(), d.Now, t.text("reason"), also...)
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

// openUntil gathers all that is open of the days up to one.
func (p *Pages) openUntil(r *http.Request, until ledger.Date) ([]ledger.Finding, error) {
	d := desk(r)
	found, err := ledger.FindOpen(r.Context(), p.DB, d.Organisation.ID, until, d.Now)
	if err != nil {
		return nil, err
	}
	also, err := payments.OpenAtClosing(r.Context(), p.DB, d.Organisation.ID, until)
	return append(found, also...), err
}

func (p *Pages) closeForm(w http.ResponseWriter, r *http.Request, status int, t typed, problems map[string]string) error {
	d := desk(r)
	closings, err := ledger.Closings(r.Context(), p.DB, d.Organisation.ID, 1)
	if err != nil {
		return err
	}
	v := closeView{last: ledger.NewDate(d.Today().Year(), d.Today().Month(), 1).AddDays(-1)}
	if len(closings) > 0 {
		v.closed = closings[0]
	}
	v.until = v.last
	if asked, err := ledger.ParseDate(t.Get("until_on")); err == nil {
		v.until = asked // what is open depends on the day
	}
	if v.open, err = p.openUntil(r, v.until); err != nil {
		return err
	}
	form := buildCloseForm(d, t, problems, v)
	form.Console = d.Frame(r, form.Heading, page.Settings, page.Link{Href: d.Path("settings"), Text: "設定"})
	form.NeedsFix = form.Problems.Some()
	return p.Renderer.Render(w, status, form)
}

// closeView is what the form to close shows besides its fields.
type closeView struct {
	closed ledger.Closing   // the last; zero when there was none
	last   ledger.Date      // the end of the last month that is over
	until  ledger.Date      // the day chosen
	open   []ledger.Finding // up to that day
}

func buildCloseForm(d Desk, t typed, problems map[string]string, v closeView) FormPage {
	b := builder{form: page.NewForm(t.Values, problems)}
	form := FormPage{Heading: "月や年度を締める", Action: d.Path("settings", "close"), Button: "締める", Lead: "まだ締めたことはありません。", Notice: openNotice(d, v),
		Foot: "締めると、その日までの記録は足せません。あとから分かったものは、締めていない最初の日に「前期分」として入ります。"}
	if !v.closed.UntilOn.IsZero() {
		form.Lead = page.Day(v.closed.UntilOn) + "まで締めてあります。"
		if v.closed.Reason != "" {
			form.Lead += "\nそのとき残っていたものについて：" + v.closed.Reason
		}
	}
	var ends []page.Option
	for m := 0; m < 24; m++ {
		end := ledger.NewDate(v.last.Year(), v.last.Month()-time.Month(m)+1, 1).AddDays(-1)
		if end.After(v.closed.UntilOn) || end == d.Organisation.FiscalYear(end.AddDays(1)).AddDays(-1) {
			ends = append(ends, page.Option{Value: end.String(), Text: page.DayOnly(end) + "まで"})
		}
	}
	form.Steps = []FormStep{{Legend: "どこまで", Items: []Item{
		b.field(page.Field{Name: "until_on", Label: "締める日", Options: ends}),
		b.choices(page.Choices{Name: "kind", Label: "月か年度か", Legend: true, Value: ledger.Month, Options: []page.Option{
			{Value: ledger.Month, Text: "月を締める"}, {Value: ledger.Year, Text: "年度を締める", Note: "年度の終わりの日だけ"}}}),
		b.field(page.Field{Name: "reason", Label: "終わっていないものを残して締める理由", Aside: "残っていなければ、書かなくてよい", Rows: 2})}}}
	form.Problems = b.form.Problems()
	return form
}

// openNotice lists what is open.
func openNotice(d Desk, v closeView) page.Notice {
	if len(v.open) == 0 {
		return page.Notice{}
	}
	n := page.Notice{Tag: page.Tag{Kind: page.TagWait, Text: "残っています"}, Attend: true,
		Head: fmt.Sprintf("%sまでに、終わっていないことが%dつあります", page.DayOnly(v.until), len(v.open))}
	var lines []string
	for _, f := range v.open {
		lines = append(lines, "・"+openText(f))
		if f.Kind == ledger.UncheckedExpenses {
			n.Link = page.Link{Href: d.Path("expenses") + "?show=unchecked", Text: "確認待ちの支出を見る"}
		}
	}
	n.Text = strings.Join(append(lines, "先に終わらせるか、そのまま締める理由を書きます。"), "\n")
	return n
}

// openText says what is open and what would end it.
func openText(f ledger.Finding) string {
	switch f.Kind {
	case ledger.UncheckedExpenses:
		return fmt.Sprintf("支出が%d件・%s円、確認されていません", f.Count, page.YenText(f.Amount))
	case ledger.PayoutsInTransit:
		return page.YenText(f.Amount) + "円が、銀行へ向かっています（入金待ち）。通帳で着いたのを確かめます"
	case ledger.UnclearYen:
		return page.YenText(f.Amount) + "円が、だれのお金か分かっていません（照合待ち）"
	case ledger.NotSealed:
		return fmt.Sprintf("記録が%d件、まだ封じられていません。ふつうは数秒で終わります。続くときは運営に知らせてください", f.Count)
	case ledger.NotSwept:
		return "カードとコンビニの明細を、この日の終わりまで読んでいません。次の夜に読みます"
	}
	return string(f.Kind)
}
