package applying

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/profile"
)

// BudgetPage is the 収支予算 of an application, with why the amount is what it is.
type BudgetPage struct {
	page.Console
	Heading  string
	Action   string // empty: to read
	Revision int
	Seen     string
	Costs    page.Rows
	Parts    []PartRow // who pays each line
	Quotes   QuoteForm
	Income   page.Rows
	Counts   []page.Field
	Ask      page.Field
	Lines    page.Table
	Sums     []page.Pair
	Rule     []page.Pair // whose rule it is
	Why      []string
	Says     []page.Link // each with the cell it is about
	Cases    page.Table
	Gifts    Gifts
	Problems page.Problems
	Written  page.Written // in the sheet, which is only read now
}

// Template names the template of the page.
func (BudgetPage) Template() string { return "applying/budget" }

// Gifts is the question what more donations would do.
type Gifts struct {
	Action string
	Field  page.Field
	Says   string
}

// Budget shows the budget. ?gifts= asks what more donations would do.
func (p *Pages) Budget(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	return p.budget(w, r, http.StatusOK, m, sheetValues(m.Draft.Budget), nil)
}

func (p *Pages) budget(w http.ResponseWriter, r *http.Request, status int, m matter, values url.Values, problems map[string]string) error {
	if m.Form.Budget == nil {
		return ledger.ErrNotFound
	}
	papers, err := profile.Papers(r.Context(), p.DB, m.Organisation.ID)
	if err != nil {
		return err
	}
	form := page.NewForm(values, problems)
	bare := m.Draft.Budget
	bare.Rule = nil // nobody types it
	shown := BudgetPage{Heading: "収支予算", Revision: m.Draft.Revision, Seen: seen(bare)}
	if m.May(writers...) && m.Draft.Status.Open() {
		shown.Action = m.at("budget")
		shown.ask(m, form, values)
	}
	if err = shown.show(m); err != nil {
		return err
	}
	shown.Quotes = quoteForm(m, form, papers)
	if err = shown.whatIf(m, r.URL.Query().Get("gifts")); err != nil {
		return err
	}
	shown.Problems = form.Problems()
	if len(problems) > 0 && shown.Action == "" {
		shown.Written = page.NewWritten(values)
	}
	shown.Console = m.frame(r, "収支予算")
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

// ask makes the fields of the sheet.
func (b *BudgetPage) ask(m matter, form *page.Form, values url.Values) {
	spec := m.spec()
	categories := []page.Option{{Value: "", Text: "科目を選ぶ"}}
	for _, c := range spec.Categories {
		categories = append(categories, page.Option{Value: c.Key, Text: c.Label})
	}
	sources := []page.Option{}
	for _, s := range formula.Sources {
		sources = append(sources, page.Option{Value: string(s), Text: incomeNames[s]})
	}
	b.Costs = rows(form, "costs", "支出", values, page.RowColumn{Name: "cost_category", Head: "科目", Options: categories}, page.RowColumn{Name: "cost_item", Head: "内容"}, page.RowColumn{Name: "cost_price", Head: "単価（円）"}, page.RowColumn{Name: "cost_quantity", Head: "数"},
		page.RowColumn{Name: "cost_unit", Head: "単位"}, page.RowColumn{Name: "cost_times", Head: "×数"}, page.RowColumn{Name: "cost_times_of", Head: "×単位"}, page.RowColumn{Name: "cost_note", Head: "備考"})
	b.Parts = partRows(form, values)
	b.Income = rows(form, "income", "収入", values, page.RowColumn{Name: "in_source", Head: "科目", Options: sources}, page.RowColumn{Name: "in_item", Head: "内容"}, page.RowColumn{Name: "in_amount", Head: "金額（円）"})
	for _, name := range countNames(m) {
		b.Counts = append(b.Counts, form.Field(page.Field{Name: "count_" + name, Label: spec.Names[name], InputMode: "numeric"}))
	}
	if len(spec.Options) > 0 {
		options := []page.Option{{Value: "0", Text: "様式のとおり"}}
		for i, o := range spec.Options {
			options = append(options, page.Option{Value: strconv.Itoa(i + 1), Text: o.Label})
		}
		b.Counts = append(b.Counts, form.Field(page.Field{Name: "option", Label: "額の決まり", Hint: "募集要項とくらべて選びます。", Options: options}))
	}
	b.Counts = append(b.Counts, form.Field(page.Field{Name: "year", Label: "何年目ですか", InputMode: "numeric"}))
	b.Ask = form.Field(page.Field{Name: "requested", Label: "申請する額", Aside: "空けておくと、「求められる額」になります", Unit: "円"})
}

// countNames are the counts the formula asks for, in its order.
func countNames(m matter) []string {
	f, given, err := budget.FormulaOf(m.Draft.Budget, *m.Form.Budget)
	if err != nil || !given {
		return nil
	}
	var names []string
	for _, need := range f.Needs() {
		if need.Kind == formula.Count {
			names = append(names, need.Name)
		}
	}
	return names
}

// rows makes the table of a side of the sheet, with three empty lines to go on.
func rows(form *page.Form, id, label string, values url.Values, columns ...page.RowColumn) page.Rows {
	return form.Rows(page.NewRows(id, label, columns, values, 3, 200))
}

// show puts the worked sheet on the page.
func (b *BudgetPage) show(m matter) error {
	w, spec := m.Worked, m.spec()
	b.Lines = linesTable(m)
	b.Sums = []page.Pair{
		{Term: "求められる額", Text: page.YenText(w.Claim.Amount) + "円", Strong: true}, {Term: "この助成", Text: page.YenText(w.Share.Grant) + "円"},
		{Term: "ほかの収入", Text: page.YenText(w.Share.Income) + "円"}, {Term: "団体の負担", Text: page.YenText(w.Share.Own) + "円", Strong: true},
	}
	b.Rule, b.Why = ruleOfAmount(m), w.Claim.Explain(budget.Words(spec))
	changed, err := ruleChanged(m)
	if err != nil {
		return err
	}
	if changed != "" {
		b.Says = append(b.Says, page.Link{Text: changed})
	}
	if w.Missing != "" {
		b.Says = append(b.Says, page.Link{Text: fmt.Sprintf("「%s」を入れると、額が出ます。", spec.Names[w.Missing]), Href: b.cell("count_" + w.Missing)})
	}
	for _, problem := range w.Problems {
		said := page.Link{Text: locale.Japanese.T(problem.Code)}
		if problem.Line >= 0 {
			said = page.Link{Text: fmt.Sprintf("%d行目%s：%s", problem.Line+1, quoted(m.Draft.Budget.Costs[problem.Line].Item), said.Text), Href: b.cell(cellID("cost_item", problem.Line))}
			if problem.Code == "budget.no_category" {
				said.Href = b.cell(cellID("cost_category", problem.Line))
			}
		}
		b.Says = append(b.Says, said)
	}
	return nil
}

// cell is the address of a cell; none for who only reads.
func (b *BudgetPage) cell(id string) string {
	if b.Action == "" {
		return ""
	}
	return "#" + id
}

// quoted is the name of a line, if it has one.
func quoted(item string) string {
	if item == "" {
		return ""
	}
	return "「" + item + "」"
}

func categoryLabel(spec template.Budget, key string) string {
	for _, c := range spec.Categories {
		if c.Key == key {
			return c.Label
		}
	}
	return key
}

// whatIf answers what becomes of the own part when the award is cut, and what more gifts would do.
func (b *BudgetPage) whatIf(m matter, gifts string) error {
	cases, err := budget.Cases(m.Draft.Budget, *m.Form.Budget)
	if err != nil {
		return err
	}
	b.Cases = page.Table{Caption: "減らされたときの負担", Columns: []page.Column{{Text: "もし"}, {Text: "この助成", Number: true}, {Text: "団体の負担", Number: true}}}
	for _, c := range cases {
		b.Cases.Rows = append(b.Cases.Rows, page.Row{Name: locale.Japanese.T(c.Name), Cells: []string{page.YenText(c.Grant) + "円", page.YenText(c.Share.Own) + "円"}})
	}
	b.Gifts = Gifts{Action: m.at("budget"), Field: page.Field{ID: "gifts", Name: "gifts", Label: "寄付がもっと集まったら", Unit: "円", Value: gifts}}
	more, err := ledger.ParseYen(gifts)
	if gifts == "" || err != nil || more > 99_999_999_999 {
		return nil
	}
	after, err := budget.WithGifts(m.Draft.Budget, *m.Form.Budget, more)
	if err != nil {
		return err
	}
	lowered := m.Worked.Claim.Amount - after.Claim.Amount
	b.Gifts.Says = fmt.Sprintf("寄付が%s円ふえても、求められる額は変わりません（%s円）。", page.YenText(more), page.YenText(after.Claim.Amount))
	if lowered > 0 {
		b.Gifts.Says = fmt.Sprintf("寄付が%s円ふえると、求められる額は%s円へり、%s円になります。", page.YenText(more), page.YenText(lowered), page.YenText(after.Claim.Amount))
	}
	return nil
}

// SaveBudget keeps the sheet.
func (p *Pages) SaveBudget(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	if err = parseSheet(r); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	if m.Form.Budget == nil {
		return ledger.ErrNotFound
	}
	sheet, bad := readSheet(r.PostForm, m.spec())
	if len(m.spec().Options) == 0 { // the call decides; what was picked of the form stays, should the call's rule go
		sheet.Option = m.Draft.Budget.Option
	}
	if r.PostForm.Get("do") == "divide" {
		sheet = sheet.Unsaid()
	}
	var before budget.Sheet
	unseen(r.PostForm.Get("seen"), &before)
	revision, _ := strconv.Atoi(r.PostForm.Get("revision")) // what is none merges
	var conflicts []application.Conflict
	err = bad.Err()
	if !m.Draft.Status.Open() {
		err = application.ErrHandedIn
	}
	if err == nil {
		err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
			draft, others, err := application.Save(r.Context(), tx, m.Organisation.ID, m.Draft.ID, application.Edit{Revision: revision, BudgetBefore: &before, Budget: &sheet}, m.By(), m.Now)
			if err == nil {
				m.Draft, conflicts = draft, others
			}
			return err
		})
	}
	if err == nil && len(conflicts) > 0 {
		if err = m.work(); err != nil {
			return err
		}
		return p.budget(w, r, http.StatusConflict, m, r.PostForm, map[string]string{"": conflicts[0].By + "さんが先に予算を残しました。下はあなたが入れたものです。もう一度「残す」を押すと、こちらになります。"})
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.budget(w, r, http.StatusUnprocessableEntity, m, r.PostForm, problems)
	}
	return redirect(w, r, m.at("budget"), "saved")
}

var incomeNames = map[formula.Source]string{
	formula.Donation: "寄付", formula.Fee: "利用料・参加費", formula.Sponsor: "協賛", formula.OtherGrant: "ほかの助成・補助", formula.OtherIn: "その他の収入",
}
