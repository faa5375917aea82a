package forming

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// MoneyPage is the budget part of a form: kinds of costs, and the rule for the amount.
type MoneyPage struct {
	page.Console
	Heading    string
	Action     string
	Seen       string
	Says       []string
	Categories page.Rows
	Rule       []page.Field
	RuleOpen   bool // something is wrong with it
	Claim      []page.Field
	Pay        page.Rows // amounts that are added up
	PayOpen    bool
	Others     page.Rows // other rules of calls of this type
	OthersOpen bool
	JSON       []page.Field
	JSONOpen   bool
	Counts     page.Rows
	Try        page.Field
	Tried      []string
	Problems   page.Problems
	Back       page.Link
}

// Template names the template of the page.
func (MoneyPage) Template() string { return "forming/money" }

func moneyWords(v template.Version) string {
	if v.Budget == nil {
		return "まだありません"
	}
	return fmt.Sprintf("科目 %d", len(v.Budget.Categories))
}

// Money shows the budget part. ?try= reckons what the rule pays for that much.
func (p *Pages) Money(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	return p.money(w, r, http.StatusOK, m, nil, nil)
}

func (p *Pages) money(w http.ResponseWriter, r *http.Request, status int, m matter, values url.Values, problems map[string]string) error {
	b := template.Budget{}
	if m.Form.Budget != nil {
		b = *m.Form.Budget
	}
	if values == nil {
		values = moneyValues(b)
	}
	form := page.NewForm(values, problems)
	shown := MoneyPage{Heading: "予算と額の決まり", Action: m.at("money"), Seen: seen(m.Form.Budget), Back: page.Link{Href: m.at(), Text: "様式にもどる"}}
	shown.Categories = form.Rows(gridOf(values, "categories", "科目", page.RowColumn{Name: "cat_label", Head: "科目"}, page.RowColumn{Name: "cat_eligible", Head: "対象か", Options: eligibleOptions}, page.RowColumn{Name: "cat_reason", Head: "対象でないわけ"}, page.RowColumn{Name: "cat_cap", Head: "単価の上限（円）"},
		page.RowColumn{Name: "cat_share", Head: "全体の何％まで"}, page.RowColumn{Name: "cat_quote", Head: "見積書", Options: quoteOptions}, page.RowColumn{Name: "cat_key", Head: "記号"}))
	shown.Counts = form.Rows(gridOf(values, "counts", "回数・月数の名前", page.RowColumn{Name: "count_name", Head: "聞き方"}, page.RowColumn{Name: "count_unit", Head: "数え方"}, page.RowColumn{Name: "count_key", Head: "記号"}))
	shown.Rule = []page.Field{
		form.Field(page.Field{Name: "unit", Label: "何円未満を切り捨てるか", Hint: "千円未満なら 1000", InputMode: "numeric"}), form.Field(page.Field{Name: "quotes_from", Label: "見積書がいる金額", Hint: "これ以上の行に", InputMode: "numeric"}),
		form.Field(page.Field{Name: "quotes_count", Label: "見積書の数", InputMode: "numeric"}), form.Field(page.Field{Name: "change_total", Label: "変更の承認がいる増減（全体の％）", InputMode: "numeric"}),
		form.Field(page.Field{Name: "change_transfer", Label: "変更の承認がいる流用（科目の％）", InputMode: "numeric"}),
		form.Field(page.Field{Name: "window", Label: "いつ買ったものから対象か", Options: []page.Option{{Value: "", Text: "決めない"}, {Value: "decision", Text: "決定のあと"}}}),
	}
	shown.RuleOpen = slices.ContainsFunc(shown.Rule, func(f page.Field) bool { return f.Problem != "" })
	shown.claims(form, values, b)
	for _, f := range m.Faults {
		if f.Where == "budget" || slices.ContainsFunc(b.Categories, func(c template.Category) bool { return c.Key == f.Where }) || f.Code == "template.count_without_name" || f.Code == "template.unknown_cost" {
			shown.Says = append(shown.Says, f.Where+"："+locale.Japanese.T(f.Code))
		}
	}
	shown.Try = page.Field{ID: "try", Name: "try", Label: "ためしに計算する（総事業費）", Unit: "円", Value: r.URL.Query().Get("try")}
	shown.Tried = tried(b, shown.Try.Value)
	shown.Problems = form.Problems()
	shown.Console = m.frame(r, shown.Heading)
	shown.NeedsFix = status != http.StatusOK
	return p.Renderer.Render(w, status, shown)
}

// claims makes the fields of the rule for the amount.
func (shown *MoneyPage) claims(form *page.Form, values url.Values, b template.Budget) {
	shown.Claim = claimFields(form)
	shown.Pay = payRows(form, values, b)
	shown.PayOpen = len(values["pay_kind"]) > 0 || shown.Pay.Faulty()
	shown.Others = form.Rows(gridOf(values, "others", "ほかの決まり", page.RowColumn{Name: "opt_label", Head: "選ぶときの名前"}, page.RowColumn{Name: "opt_rate", Head: "割合"}, page.RowColumn{Name: "opt_of", Head: "何に対する割合か", Options: rateOfOptions}, page.RowColumn{Name: "opt_cap", Head: "上限（円）"}))
	shown.OthersOpen = len(values["opt_label"]) > 0 || shown.Others.Faulty()
	shown.JSON = []page.Field{
		form.Field(page.Field{Name: "claim", Label: "額の決まり（JSON）", Aside: "書くと、上より先に使います", Hint: `例：{"sum":[{"units":{"count":"session","each":1500}},{"min":["rent",50000]}]}`, Rows: 4}),
		form.Field(page.Field{Name: "options", Label: "ほかの決まり（JSON）", Hint: `例：[{"label":"4/5、上限30万円","claim":{…}}]`, Rows: 3}),
	}
	for _, f := range shown.JSON {
		shown.JSONOpen = shown.JSONOpen || f.Value != "" || f.Problem != ""
	}
}

// tried says what the rule pays when everything costs so much and all of it is accepted; a count that it asks for is taken as 12.
func tried(b template.Budget, typed string) []string {
	total, err := ledger.ParseYen(typed)
	if typed == "" || err != nil || len(b.Categories) == 0 {
		return nil
	}
	sheet := budget.Sheet{Counts: map[string]int64{}}
	for name := range b.Names {
		sheet.Counts[name] = 12
	}
	at := max(0, slices.IndexFunc(b.Categories, func(c template.Category) bool { return c.Eligible != "no" }))
	sheet.Costs = []budget.Cost{{Category: b.Categories[at].Key, Item: "ためし", Quantity: 1, Price: total}}
	worked, err := budget.Work(sheet, b)
	if err != nil {
		return []string{locale.Japanese.T("template.no_formula")}
	}
	return append(worked.Claim.Explain(budget.Words(b)), "求められる額 "+page.YenText(worked.Claim.Amount)+"円")
}

var (
	eligibleOptions = []page.Option{{Value: "yes", Text: "対象"}, {Value: "no", Text: "対象でない"}, {Value: "ask", Text: "聞いて確かめる"}}
	quoteOptions    = []page.Option{{Value: "", Text: "いらない"}, {Value: "yes", Text: "いる"}}
)

// SaveMoney keeps the budget part.
func (p *Pages) SaveMoney(w http.ResponseWriter, r *http.Request) error {
	return p.savePart(w, r, "money", p.money, func(m matter) (func(*template.Version) error, error) {
		b, bad := readMoney(r.PostForm, m.Form.Budget)
		return func(v *template.Version) error {
			if b != nil {
				keepRules(b, v.Budget)
			}
			if overtaken(r, v.Budget, b) {
				return errOvertaken
			}
			v.Budget = b
			return nil
		}, bad.Err()
	})
}

// readMoney reads the budget part; none at all when nothing was said. What the page does not ask stays with the category of the same key.
func readMoney(v url.Values, old *template.Budget) (*template.Budget, ledger.Invalid) {
	t := typed{v, ledger.Invalid{}}
	if old == nil {
		old = &template.Budget{}
	}
	b := &template.Budget{Source: old.Source, Unit: t.amount("unit", t.text("unit")), Window: t.text("window")}
	for i := range min(len(v["cat_label"]), 60) {
		c := template.Category{Key: t.cell("cat_key", i), Label: t.cell("cat_label", i), Eligible: t.cell("cat_eligible", i), Reason: t.cell("cat_reason", i), UnitCap: t.amount("", t.cell("cat_cap", i)), Share: t.amount("", t.cell("cat_share", i))}
		if c.Label == "" && c.Key == "" {
			continue
		}
		if c.Key == "" {
			c.Key = "cost" + strconv.Itoa(i+1)
		}
		if at := slices.IndexFunc(old.Categories, func(was template.Category) bool { return was.Key == c.Key }); at >= 0 {
			was := old.Categories[at]
			c.Account, c.Requires = was.Account, slices.DeleteFunc(slices.Clone(was.Requires), func(paper string) bool { return paper == "quote" })
		}
		if t.cell("cat_quote", i) == "yes" {
			c.Requires = append([]string{"quote"}, c.Requires...)
		}
		b.Categories = append(b.Categories, c)
	}
	for i := range min(max(len(v["count_key"]), len(v["count_name"])), 20) {
		if key := t.countKey(i); key != "" {
			if b.Names == nil {
				b.Names, b.Counters = map[string]string{}, map[string]string{}
			}
			b.Names[key], b.Counters[key] = t.cell("count_name", i), t.cell("count_unit", i)
		}
	}
	if from, n := t.amount("quotes_from", t.text("quotes_from")), t.number("quotes_count"); from > 0 || n > 0 {
		b.Quotes = &template.Quotes{From: from, Count: max(n, 1)}
	}
	if total, transfer := t.number("change_total"), t.number("change_transfer"); total > 0 || transfer > 0 {
		b.Change = &template.Change{Total: int64(total), Transfer: int64(transfer)}
	}
	t.claim(b)
	if len(b.Categories) == 0 && len(b.Claim) == 0 {
		return nil, t.bad
	}
	return b, t.bad
}
