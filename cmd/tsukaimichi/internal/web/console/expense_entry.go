package console

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ExpenseFormPage is the form an expense is typed into.
type ExpenseFormPage struct {
	page.Console
	Problems page.Problems
	Action   string
	Key      string
	Papers   Papers
	NoPaper  page.Field
	Amount   page.Field
	Day      page.Field
	Payee    Listed
	What     page.Field
	Lines    []ExpenseLineRow
	LinesBad string
	Places   page.Choices
	Checkers string // who will check, in a sentence
	Nobody   bool   // nobody else can check
}

// Template names the template of the page.
func (ExpenseFormPage) Template() string { return "console/expense_form" }

// ExpenseLineRow is one share of the expense in the form.
type ExpenseLineRow struct {
	Number              int
	Problem             string
	For, Account, Share page.Field
}

// expenseChoices is what the form of an expense offers.
type expenseChoices struct {
	Purposes []purpose
	Accounts []ledger.Account
	Places   []place
	Payees   []string
	Members  []ledger.Membership
}

func (p *Pages) expenseChoices(ctx context.Context, d Desk) (expenseChoices, error) {
	var c expenseChoices
	var err error
	if c.Purposes, err = purposes(ctx, p.DB, d); err != nil {
		return c, err
	}
	if c.Accounts, err = ledger.Accounts(ctx, p.DB, d.Organisation.ID); err != nil {
		return c, err
	}
	if c.Places, err = places(ctx, p.DB, d.Organisation.ID, d.Today()); err != nil {
		return c, err
	}
	if c.Payees, err = ledger.Payees(ctx, p.DB, d.Organisation.ID); err != nil {
		return c, err
	}
	c.Members, err = ledger.Members(ctx, p.DB, d.Organisation.ID, d.Today())
	return c, err
}

// NewExpense asks for an expense.
func (p *Pages) NewExpense(w http.ResponseWriter, r *http.Request) error {
	return p.expenseForm(w, r, http.StatusOK, typed{Values: url.Values{}}, nil, nil)
}

// EnterExpense books what was paid, or keeps what is still to be paid, together with its papers.
func (p *Pages) EnterExpense(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readUpload(w, r)
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		kept, err := p.keepPapers(r, t) // those that came before
		if err != nil {
			return err
		}
		return p.expenseForm(w, r, http.StatusUnprocessableEntity, t, kept, problems)
	}
	kept, err := p.keepPapers(r, t)
	if err != nil {
		return err
	}
	if t.Get("do") == "add" {
		t.Set("lines", strconv.Itoa(lineCount(t.Values)+1))
		return p.expenseForm(w, r, http.StatusOK, t, kept, sayings(t.bad))
	}
	offered, err := purposes(r.Context(), p.DB, d)
	if err != nil {
		return err
	}
	expense := readExpense(d, t, offered)
	var id int64
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if id, err = ledger.EnterExpense(r.Context(), tx, expense, d.By(), d.Now); err != nil {
			return err
		}
		return p.addPapers(r.Context(), tx, d, id, kept)
	})
	if err != nil {
		if t.bad["amount"] != "" && t.text(lineField(1, "amount")) == "" {
			delete(t.bad, "line1") // the only share is the whole, and that is said to be wrong already
		}
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.expenseForm(w, r, http.StatusUnprocessableEntity, t, kept, problems)
	}
	return redirect(w, r, d.Path("expenses", id), "expense_entered")
}

// mostLines is how many shares a form offers at most.
const mostLines = 12

func lineCount(values url.Values) int {
	n, _ := strconv.Atoi(values.Get("lines"))
	return max(1, min(n, mostLines))
}

func lineField(n int, part string) string { return "line" + strconv.Itoa(n) + "_" + part }

// readExpense reads the form. A single share without an amount is the whole; an empty row is none.
func readExpense(d Desk, t typed, offered []purpose) ledger.Expense {
	e := ledger.Expense{
		OrganisationID: d.Organisation.ID, PaidOn: t.day("paid_on"), Payee: t.text("payee"), Amount: t.yen("amount"),
		Account: int(t.id("account")), What: t.text("what"), NoPaper: ledger.NoPaper(t.Get("no_paper")), Key: t.Get("key"),
	}
	count := lineCount(t.Values)
	for n := 1; n <= count; n++ {
		share := t.yen(lineField(n, "amount"))
		chosen, account := t.Get(lineField(n, "for")), t.id(lineField(n, "account"))
		if count == 1 && t.text(lineField(n, "amount")) == "" {
			share = e.Amount
		}
		if n > 1 && t.text(lineField(n, "amount")) == "" && chosen == "" && account == 0 {
			continue
		}
		goal := purposeNamed(offered, chosen)
		e.Lines = append(e.Lines, ledger.ExpenseLine{Account: int(account), FundID: goal.FundID, UseID: goal.UseID,
			InitiativeID: goal.InitiativeID, Segment: goal.segment(), Amount: share})
	}
	return e
}

func (p *Pages) expenseForm(w http.ResponseWriter, r *http.Request, status int, t typed, kept []files.Hash, problems map[string]string) error {
	d := desk(r)
	offered, err := p.expenseChoices(r.Context(), d)
	if err != nil {
		return err
	}
	form := buildExpenseForm(d, t, kept, problems, offered)
	form.Console = d.Frame(r, "レシートを入れる", page.Money, page.Link{Href: d.Path("expenses"), Text: "支出"})
	form.NeedsFix = form.Problems.Some()
	return p.Renderer.Render(w, status, form)
}

func buildExpenseForm(d Desk, t typed, kept []files.Hash, problems map[string]string, c expenseChoices) ExpenseFormPage {
	b := builder{form: page.NewForm(t.Values, problems)}
	f := ExpenseFormPage{Action: d.Path("expenses", "new"), Key: t.keyOf()}
	papers := b.form.Field(page.Field{Name: "papers", Label: "レシート・請求書の写真かPDF"})
	f.Papers = Papers{ID: papers.ID, Label: papers.Label, Problem: papers.Problem, Focus: papers.Autofocus}
	for _, hash := range kept {
		f.Papers.Kept = append(f.Papers.Kept, hash.String())
	}
	f.NoPaper = b.form.Field(page.Field{Name: "no_paper", Label: "レシートがないとき", Aside: "あれば選ばなくてよい", Options: noPaperOptions()})
	f.Amount = b.form.Field(yenField("amount", "払った金額", ""))
	f.Day = b.form.Field(dayField("paid_on", "払った日", d.Today().String()))
	f.Payee = *b.listed(page.Field{Name: "payee", Label: "払った先", Hint: "例：みどりストア", Required: true}, c.Payees).Listed
	f.What = b.form.Field(page.Field{Name: "what", Label: "何を買ったか", Hint: "「品代」ではなく、品物の名前を書きます。例：米・白菜・豚肉", Required: true})
	f.Lines, f.LinesBad = lineRows(b, t, problems, c)
	f.Places = b.form.Choices(page.Choices{Name: "account", Label: "どのお金で払ったか", Options: append(placeOptions(c.Places),
		page.Option{Value: strconv.Itoa(ledger.Payable), Text: "だれかが立て替えた・まだ払っていない", Note: "確認のあとで払います"})})
	if t.Get("do") == "add" && len(problems) == 0 {
		f.Lines[len(f.Lines)-1].For.Autofocus = true
	}
	f.Problems = b.form.Problems()
	f.Checkers, f.Nobody = checkersText(d, c.Members)
	return f
}

// lineRows are the shares; what is wrong with a whole share is said over it, what is wrong with all of them over them all.
func lineRows(b builder, t typed, problems map[string]string, c expenseChoices) ([]ExpenseLineRow, string) {
	accounts := expenseOptions(c.Accounts)
	all := b.form.Field(page.Field{ID: "line1_amount", Name: "lines", Label: "使いみちの金額"}).Problem
	rows := make([]ExpenseLineRow, lineCount(t.Values))
	for i := range rows {
		n := i + 1
		row := ExpenseLineRow{Number: n}
		row.Problem = b.form.Field(page.Field{ID: lineField(n, "for"), Name: "line" + strconv.Itoa(n), Label: "使いみち" + strconv.Itoa(n)}).Problem
		row.For = b.form.Field(page.Field{Name: lineField(n, "for"), Label: "使いみち", Options: purposeOptions(c.Purposes)})
		row.Account = b.form.Field(page.Field{Name: lineField(n, "account"), Label: "お金の分類", Options: selectOptions("選んでください", accounts)})
		aside := ""
		if len(rows) == 1 {
			aside = "分けないときは、書かなくてよい"
		}
		row.Share = b.form.Field(yenField(lineField(n, "amount"), "このうちの金額", aside))
		rows[i] = row
	}
	return rows, all
}

// valued reports whether an expense account holds what nobody pays by hand: valued work and places, wear, costs the program books.
func valued(code int) bool {
	switch code {
	case 5160, 5440, 5460, ledger.CountDifference, ledger.ProcessingCost, ledger.DisputeCharge:
		return true
	}
	return false
}

func noPaperOptions() []page.Option {
	options := []page.Option{{Value: "", Text: "レシートがある・あとで足す"}}
	for _, reason := range ledger.NoPaperReasons() {
		options = append(options, page.Option{Value: string(reason), Text: noPaperName(reason)})
	}
	return options
}

func noPaperName(reason ledger.NoPaper) string {
	switch reason {
	case ledger.PaidByTransfer:
		return "振込・口座振替（通帳で分かる）"
	case ledger.PaidFare:
		return "電車・バスの運賃"
	case ledger.PaidToMachine:
		return "自動販売機・駐車場の機械"
	case ledger.PaidAtConvenience:
		return "コンビニ払い（控えがない）"
	case ledger.NotObtainable:
		return "もらえないお金（お供え・お礼など）"
	}
	return string(reason)
}

// checkersText says who will look at the expense; true if there is nobody.
func checkersText(d Desk, members []ledger.Membership) (string, bool) {
	var names []string
	seen := map[int64]bool{d.Person.ID: true}
	for _, m := range members {
		checks := m.Role == ledger.Representative || m.Role == ledger.Treasurer || m.Role == ledger.Auditor
		if checks && !seen[m.PersonID] {
			seen[m.PersonID] = true
			names = append(names, m.Name+"さん（"+roleName(m.Role)+"）")
		}
	}
	if len(names) == 0 {
		return "確認できる人が、ほかにいません。「設定」の「メンバー」で、代表か監事を足してください。", true
	}
	return joined(names...) + "のだれかが確認します。払ったお金はすぐに数えられ、確認がすむまで「確認前」と出ます。", false
}
