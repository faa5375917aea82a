package console

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// expensesOnPage is how many expenses a page of the list has.
const expensesOnPage = 40

// ExpensesPage is the list of expenses.
type ExpensesPage struct {
	page.Console
	Search page.Search
	List   []ExpenseRow
	Pager  page.Pager
	After  Hidden   // the place after which the next page begins, when words were searched
	Asked  []Hidden // what was searched for with words, to be sent again
	Empty  page.Empty
	Enter  page.Link
}

// Template names the template of the page.
func (ExpensesPage) Template() string { return "console/expenses" }

// ExpenseRow is an expense in the list.
type ExpenseRow struct {
	On     string
	What   string
	Href   string
	Amount string
	Where  []string
	Tags   []page.Tag
}

// listedExpense is an expense as the list needs it.
type listedExpense struct {
	ID       int64                `db:"id"`
	Status   ledger.ExpenseStatus `db:"status"`
	PaidOn   ledger.Date          `db:"paid_on"`
	Payee    string               `db:"payee"`
	What     string               `db:"what"`
	Amount   ledger.Yen           `db:"amount"`
	Account  string               `db:"account"`
	Papers   int                  `db:"papers"`
	NoPaper  ledger.NoPaper       `db:"no_paper_reason"`
	By       string               `db:"entered_by"`
	Reversed bool                 `db:"reversed"`
	Unpaid   bool                 `db:"unpaid"`
}

//go:embed query/expenses.sql
var expensesSQL string

// expenseFilter narrows the list; zero fields do not.
type expenseFilter struct {
	Show  string // unchecked, unpaid, no_paper
	Text  string
	On    ledger.Date // the list goes on before this day
	OnID  int64       // and id
	Limit int
}

func findExpenses(ctx context.Context, q sqlx.QueryerContext, organisationID int64, f expenseFilter) ([]listedExpense, error) {
	var list []listedExpense
	err := sqlx.SelectContext(ctx, q, &list, expensesSQL, organisationID, f.Show, f.Text, f.On, f.OnID, f.Limit, ledger.Payable)
	if err != nil {
		return nil, fmt.Errorf("expenses: %w", err)
	}
	return list, nil
}

// Expenses lists the expenses, the newest first.
func (p *Pages) Expenses(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	asked, err := searched(w, r)
	if err != nil {
		return err
	}
	filter := expenseFilter{Show: asked.Get("show"), Text: asked.text("q"), Limit: expensesOnPage + 1}
	if on, id, found := strings.Cut(asked.Get("after"), "_"); found {
		filter.On, _ = ledger.ParseDate(on)
		_, _ = fmt.Sscan(id, &filter.OnID)
	}
	list, err := findExpenses(r.Context(), p.DB, d.Organisation.ID, filter)
	if err != nil {
		return err
	}
	built := buildExpenses(d, asked, list)
	built.Console = d.Frame(r, "支出", page.Money, page.Link{Href: d.Path("money"), Text: "お金の出入り"})
	return p.Renderer.Render(w, http.StatusOK, built)
}

func buildExpenses(d Desk, asked typed, list []listedExpense) ExpensesPage {
	built := ExpensesPage{Search: page.Search{Action: d.Path("expenses"), Label: "支出をさがす", Name: "q", Post: true, Value: asked.text("q"), Hint: "払った先・内容",
		Kinds: []page.Select{{Name: "show", Label: "状態", Options: []page.Option{{Value: "", Text: "すべて"}, {Value: "unchecked", Text: "確認待ち"},
			{Value: "unpaid", Text: "まだ払っていない"}, {Value: "no_paper", Text: "レシートなし"}}}}}}
	for i, o := range built.Search.Kinds[0].Options {
		built.Search.Kinds[0].Options[i].Chosen = o.Value == asked.Get("show")
	}
	if len(list) > expensesOnPage {
		list = list[:expensesOnPage]
		last := list[expensesOnPage-1]
		built.After = Hidden{"after", fmt.Sprintf("%s_%d", last.PaidOn, last.ID)}
		if built.Asked = askedAgain(asked, []string{"q", "show"}); built.Asked == nil {
			next := url.Values{"show": {asked.Get("show")}, built.After.Name: {built.After.Value}}
			built.Pager.After = page.Link{Href: d.Path("expenses") + "?" + next.Encode(), Text: "この前の支出を見る"}
		}
	}
	for _, e := range list {
		built.List = append(built.List, expenseRow(d, e))
	}
	if d.May(enterers...) {
		built.Enter = page.Link{Href: d.Path("expenses", "new"), Text: "レシートを入れる"}
	}
	built.Empty = page.Empty{Text: "まだ支出はありません。レシートを入れると、ここに出ます。"}
	if asked.text("q") != "" || asked.Get("show") != "" {
		built.Empty = page.Empty{Text: "さがした支出は、ありませんでした。", Link: page.Link{Href: d.Path("expenses"), Text: "みな見る"}}
	}
	return built
}

func expenseRow(d Desk, e listedExpense) ExpenseRow {
	row := ExpenseRow{On: page.DayOnly(e.PaidOn), What: e.What, Href: d.Path("expenses", e.ID), Amount: page.YenText(e.Amount),
		Where: []string{e.Payee, e.Account}}
	switch {
	case e.Papers > 0:
		row.Where = append(row.Where, fmt.Sprintf("レシート %d枚", e.Papers))
	case e.NoPaper != "":
		row.Where = append(row.Where, noPaperName(e.NoPaper))
	case e.Status != ledger.Refused && !e.Reversed:
		row.Tags = append(row.Tags, page.Tag{Kind: page.TagLate, Text: "レシートなし"})
	}
	if tag := expenseTag(e.Status, e.Reversed); tag.Kind != page.TagDone {
		row.Tags = append(row.Tags, tag)
	}
	if e.Unpaid {
		row.Tags = append(row.Tags, page.Tag{Kind: page.TagWait, Text: "まだ払っていません"})
	}
	return row
}

func expenseTag(s ledger.ExpenseStatus, reversed bool) page.Tag {
	switch {
	case s == ledger.Refused:
		return page.Tag{Kind: page.TagDraft, Text: "確認できませんでした"}
	case reversed:
		return page.Tag{Kind: page.TagDraft, Text: "取り消しました"}
	case s == ledger.Unchecked:
		return page.Tag{Kind: page.TagWait, Text: "確認待ち"}
	}
	return page.Tag{Kind: page.TagDone, Text: "確認ずみ"}
}
