package forming

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/calendar"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// RulesPage is what else belongs to a form: papers to attach, checks over the whole, duties that follow an award.
type RulesPage struct {
	page.Console
	Heading  string
	Action   string
	Seen     string
	Says     []string
	Papers   page.Rows
	Usual    []page.Tick
	Checks   []page.Link // all but the usual
	AddCheck string
	When     []page.Link // conditions of papers
	Duties   page.Rows
	Problems page.Problems
	Back     page.Link
}

// Template names the template of the page.
func (RulesPage) Template() string { return "forming/rules" }

func rulesWords(v template.Version) string {
	return fmt.Sprintf("書類 %d　確かめること %d　義務 %d", len(v.Attachments), len(v.Rules), len(v.Obligations))
}

// usual is a check that nearly every form with a budget has.
type usual struct {
	name, label string
	rule        template.Rule
}

// usualRules are those checks for a form; they are shown at its 収支予算.
func usualRules(v template.Version) []usual {
	var at []string
	for _, f := range v.Fields() {
		if f.Type == template.BudgetGrid {
			at = []string{f.Key}
		}
	}
	compare := func(left, op string, right template.Expression, message string) template.Rule {
		return template.Rule{Assert: template.Condition{Compare: &template.Comparison{Left: template.Expression{Figure: left}, Op: op, Right: right}}, Severity: template.Error, Message: message, Fields: at}
	}
	return []usual{
		{"rule_some", "使いみちが1行以上ある", compare("cost_total", ">", template.Expression{Number: new(int64)}, "使いみちと金額を1行以上書いてください")},
		{"rule_even", "収入と支出の合計がそろう", compare("income_total", "=", template.Expression{Figure: "cost_total"}, "収入と支出の合計をそろえてください")},
	}
}

var (
	freshOptions = []page.Option{{Value: "", Text: "決めない"}, {Value: "fiscal_year", Text: "今年度のもの"}, {Value: "last_year", Text: "前年度のもの"}, {Value: "three_months", Text: "3か月以内のもの"}}
	yesOptions   = []page.Option{{Value: "", Text: "いいえ"}, {Value: "yes", Text: "はい"}}
	fromOptions  = []page.Option{{Value: "end", Text: "事業の終わり"}, {Value: "decision", Text: "交付決定"}, {Value: "received", Text: "入金"}, {Value: "fiscal_year_end", Text: "年度末"}, {Value: "tax_return", Text: "消費税の申告"}}
	dueOptions   = []page.Option{{Value: "days", Text: "日以内"}, {Value: "months", Text: "か月以内"}, {Value: "on", Text: "月日まで"}, {Value: "next", Text: "翌年度の月日まで"}, {Value: "kept", Text: "いまの決まりのまま"}}
)

// Rules shows what else belongs to a form.
func (p *Pages) Rules(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	return p.rules(w, r, http.StatusOK, m, nil, nil)
}

func (p *Pages) rules(w http.ResponseWriter, r *http.Request, status int, m matter, values url.Values, problems map[string]string) error {
	if values == nil {
		values = ruleValues(m.Form)
	}
	form := page.NewForm(values, problems)
	shown := RulesPage{Heading: "添える書類・確かめること・義務", Action: m.at("rules"), Seen: seen(rest(m.Form)), Back: page.Link{Href: m.at(), Text: "様式にもどる"}}
	shown.Papers = gridOf(values, "papers", "添える書類", page.RowColumn{Name: "paper_kind", Head: "書類"}, page.RowColumn{Name: "paper_least", Head: "いくつ"}, page.RowColumn{Name: "paper_fresh", Head: "いつのもの", Options: freshOptions}, page.RowColumn{Name: "paper_original", Head: "原本", Options: yesOptions}, page.RowColumn{Name: "paper_seal", Head: "押印", Options: yesOptions})
	shown.Duties = gridOf(values, "duties", "採択のあとの義務", page.RowColumn{Name: "duty_kind", Head: "義務"}, page.RowColumn{Name: "duty_from", Head: "いつから数えて", Options: fromOptions}, page.RowColumn{Name: "duty_n", Head: "数・月日"}, page.RowColumn{Name: "duty_how", Head: "決め方", Options: dueOptions}, page.RowColumn{Name: "duty_late", Head: "おくれたとき"})
	for _, u := range usualRules(m.Form) {
		shown.Usual = append(shown.Usual, form.Tick(page.Tick{Name: u.name, Label: u.label}))
	}
	shown.Checks, shown.AddCheck, shown.When = m.checkLinks(), m.at("checks", newCheck), m.whenLinks()
	for _, f := range m.Faults {
		if f.Where == "obligation" || slices.ContainsFunc(m.Form.Obligations, func(o template.Obligation) bool { return o.Kind == f.Where }) {
			shown.Says = append(shown.Says, f.Where+"："+locale.Japanese.T(f.Code))
		}
	}
	shown.Problems = form.Problems()
	shown.Console = m.frame(r, shown.Heading)
	shown.NeedsFix = status != http.StatusOK
	return p.Renderer.Render(w, status, shown)
}

// rest is what this page shows of a form.
func rest(v template.Version) template.Version {
	return template.Version{Attachments: v.Attachments, Rules: v.Rules, Obligations: v.Obligations}
}

func ruleValues(v template.Version) url.Values {
	values := url.Values{}
	yes := func(b bool) string { return map[bool]string{true: "yes"}[b] }
	for _, a := range v.Attachments {
		for name, text := range map[string]string{"paper_kind": a.Kind, "paper_least": strconv.Itoa(a.Least), "paper_fresh": a.Fresh, "paper_original": yes(a.Original), "paper_seal": yes(a.Seal)} {
			values.Add(name, text)
		}
	}
	for _, u := range usualRules(v) {
		if slices.ContainsFunc(v.Rules, func(rule template.Rule) bool { return seen(u.rule) == seen(rule) }) {
			values.Set(u.name, "yes")
		}
	}
	for _, o := range v.Obligations {
		how, n := dueOf(o.Due)
		for name, text := range map[string]string{"duty_kind": o.Kind, "duty_from": o.From, "duty_how": how, "duty_n": n, "duty_late": o.Consequence} {
			values.Add(name, text)
		}
	}
	return values
}

// dueOf shows a simple due rule by its parts; any other is kept as it is.
func dueOf(due *calendar.Rule) (how, n string) {
	switch {
	case due == nil:
		return "days", ""
	case len(due.Earliest) > 0 || due.YearEnd != nil:
		return "kept", ""
	case due.Days > 0:
		return "days", strconv.Itoa(due.Days)
	case due.Months > 0:
		return "months", strconv.Itoa(due.Months)
	case due.NextYear:
		return "next", due.On
	}
	return "on", due.On
}

// SaveRules keeps them.
func (p *Pages) SaveRules(w http.ResponseWriter, r *http.Request) error {
	return p.savePart(w, r, "rules", p.rules, func(m matter) (func(*template.Version) error, error) {
		read, bad := readRules(r.PostForm, m.Form)
		return func(v *template.Version) error {
			if overtaken(r, rest(*v), rest(read)) {
				return errOvertaken
			}
			v.Attachments, v.Rules, v.Obligations = read.Attachments, read.Rules, read.Obligations
			return nil
		}, bad.Err()
	})
}

// readRules reads the page. Conditions of papers and duties, which the page does not show, stay with those of the same name.
func readRules(v url.Values, old template.Version) (template.Version, ledger.Invalid) {
	t := typed{v, ledger.Invalid{}}
	var read template.Version
	for i := range min(len(v["paper_kind"]), 40) {
		a := template.Attachment{Kind: t.cell("paper_kind", i)}
		if a.Kind == "" {
			continue
		}
		if at := slices.IndexFunc(old.Attachments, func(o template.Attachment) bool { return o.Kind == a.Kind }); at >= 0 {
			a = old.Attachments[at]
		}
		a.Least, a.Fresh = int(t.amount("", t.cell("paper_least", i))), t.cell("paper_fresh", i)
		a.Original, a.Seal = t.cell("paper_original", i) == "yes", t.cell("paper_seal", i) == "yes"
		read.Attachments = append(read.Attachments, a)
	}
	read.Rules = slices.Clone(old.Rules) // each in its place; the page ticks the usual ones alone
	for _, u := range usualRules(old) {
		at := slices.IndexFunc(read.Rules, func(rule template.Rule) bool { return seen(u.rule) == seen(rule) })
		switch ticked := v.Get(u.name) != ""; {
		case ticked && at < 0:
			read.Rules = append(read.Rules, u.rule)
		case !ticked && at >= 0:
			read.Rules = slices.Delete(read.Rules, at, at+1)
		}
	}
	for i := range min(len(v["duty_kind"]), 40) {
		if kind := t.cell("duty_kind", i); kind != "" {
			read.Obligations = append(read.Obligations, t.duty(i, kind, old))
		}
	}
	return read, t.bad
}

func (t typed) duty(i int, kind string, old template.Version) template.Obligation {
	o := template.Obligation{Kind: kind}
	if at := slices.IndexFunc(old.Obligations, func(was template.Obligation) bool { return was.Kind == kind }); at >= 0 {
		o = old.Obligations[at]
	}
	o.From, o.Consequence = t.cell("duty_from", i), t.cell("duty_late", i)
	how, n := t.cell("duty_how", i), t.cell("duty_n", i)
	switch how {
	case "kept":
	case "on", "next":
		month, day, found := strings.Cut(strings.NewReplacer("月", "-", "日", "", "/", "-").Replace(n), "-")
		m, err := strconv.Atoi(month)
		d, also := strconv.Atoi(day)
		if !found || err != nil || also != nil {
			m, d = 0, 0
		}
		o.Due = &calendar.Rule{On: fmt.Sprintf("%02d-%02d", m, d), NextYear: how == "next"}
	case "months":
		o.Due = &calendar.Rule{Months: int(t.amount("", n))}
	default:
		o.Due = &calendar.Rule{Days: int(t.amount("", n))}
	}
	return o
}
