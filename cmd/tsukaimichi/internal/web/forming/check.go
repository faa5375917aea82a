package forming

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// CheckPage is one thing that is checked before an application is handed in: what must hold, when, and what is said otherwise.
type CheckPage struct {
	page.Console
	Heading  string
	Action   string
	Seen     string
	Says     []string
	Fields   []page.Field
	Assert   *ConditionForm
	When     *ConditionForm
	WhenOpen bool
	Drop     bool
	Problems page.Problems
	Back     page.Link
}

// Template names the template of the page.
func (CheckPage) Template() string { return "forming/check" }

// newCheck stands in an address for a check that is not there yet.
const newCheck = "new"

// mostChecks is how many checks a form has at most.
const mostChecks = 60

var severityOptions = []page.Option{{Value: string(template.Error), Text: "直すまで出せない"}, {Value: string(template.Warning), Text: "注意を出す"}, {Value: string(template.Hint), Text: "ヒントを出す"}}

// checkAt returns the place of the check of a request among the form's; −1 for a new one.
func (m matter) checkAt(r *http.Request) (int, error) {
	if r.PathValue("check") == newCheck {
		return -1, nil
	}
	n, err := strconv.Atoi(r.PathValue("check"))
	if err != nil || n < 1 || n > len(m.Form.Rules) {
		return 0, ledger.ErrNotFound
	}
	return n - 1, nil
}

// Check shows a check.
func (p *Pages) Check(w http.ResponseWriter, r *http.Request) error {
	m, err := p.find(r)
	if err != nil {
		return err
	}
	return p.check(w, r, http.StatusOK, m, nil, nil)
}

func (p *Pages) check(w http.ResponseWriter, r *http.Request, status int, m matter, values url.Values, problems map[string]string) error {
	at, err := m.checkAt(r)
	if err != nil {
		return err
	}
	rule := template.Rule{Severity: template.Error}
	shown := CheckPage{Heading: "確かめることを足す", Action: m.at("checks", r.PathValue("check")), Back: page.Link{Href: m.at("rules"), Text: "書類・確かめること・義務にもどる"}}
	if at >= 0 {
		rule = m.Form.Rules[at]
		shown.Heading, shown.Drop = "確かめること", true
		shown.Says = m.faultsAt("rule " + strconv.Itoa(at+1))
	}
	if values == nil {
		values = checkValues(m.Form, rule)
	}
	form := page.NewForm(values, problems)
	fields := []page.Option{{Value: "", Text: "はじめにまとめて出す"}}
	for _, f := range m.Form.Fields() {
		fields = append(fields, page.Option{Value: f.Key, Text: f.Label})
	}
	shown.Fields = []page.Field{
		form.Field(page.Field{Name: "message", Label: "守られていないときに出す文", Hint: "例：参加者の数を、定員までにしてください", Required: true}),
		form.Field(page.Field{Name: "severity", Label: "守られていないとき", Options: severityOptions}),
		form.Field(page.Field{Name: "at", Label: "文を出すところ", Options: fields}),
	}
	shown.Assert = conditionForm(form, values, "assert", m.Form, "")
	shown.When = conditionForm(form, values, "when", m.Form, "")
	if at >= 0 {
		shown.Assert.Says, shown.When.Says = m.Form.Says(&rule.Assert), m.Form.Says(rule.When)
	}
	shown.WhenOpen = rule.When != nil || shown.When.JSONOpen || shown.When.Lines.Faulty()
	shown.Seen = seen(rule)
	shown.Problems = form.Problems()
	shown.Console = m.frame(r, shown.Heading)
	shown.NeedsFix = status != http.StatusOK
	return p.Renderer.Render(w, status, shown)
}

func checkValues(v template.Version, rule template.Rule) url.Values {
	values := url.Values{"message": {rule.Message}, "severity": {string(rule.Severity)}}
	if len(rule.Fields) > 0 {
		values.Set("at", rule.Fields[0])
	}
	if seen(rule.Assert) != seen(template.Condition{}) {
		conditionValues(values, "assert", &rule.Assert, v)
	}
	conditionValues(values, "when", rule.When, v)
	return values
}

// readCheck reads a check. Of the fields at which it is said only the first is on the page; the others stay.
func readCheck(v url.Values, form template.Version, old template.Rule) (template.Rule, ledger.Invalid) {
	t := typed{v, ledger.Invalid{}}
	rule := template.Rule{Message: t.text("message"), Severity: template.Severity(t.text("severity")), When: t.condition("when", form)}
	t.bad.Need(rule.Message != "", "message", "template.no_message")
	t.bad.Need(len([]rune(rule.Message)) <= 200, "message", "field.too_long")
	if assert := t.condition("assert", form); assert != nil {
		rule.Assert = *assert
	}
	t.bad.Need(seen(rule.Assert) != seen(template.Condition{}), "assert", "template.no_condition")
	if first := t.text("at"); first != "" {
		rule.Fields = []string{first}
		if len(old.Fields) > 1 {
			rule.Fields = append(rule.Fields, slices.DeleteFunc(slices.Clone(old.Fields[1:]), func(key string) bool { return key == first })...)
		}
	}
	return rule, t.bad
}

// SaveCheck keeps a check, or takes it out.
func (p *Pages) SaveCheck(w http.ResponseWriter, r *http.Request) error {
	return p.savePart(w, r, "rules", p.check, func(m matter) (func(*template.Version) error, error) {
		at, err := m.checkAt(r)
		if err != nil {
			return nil, err
		}
		old := template.Rule{Severity: template.Error}
		if at >= 0 {
			old = m.Form.Rules[at]
		}
		rule, bad := readCheck(r.PostForm, m.Form, old)
		drop := r.PostForm.Get("do") == "drop" && at >= 0
		if drop {
			bad = nil
		}
		return func(v *template.Version) error {
			switch {
			case at >= 0 && (at >= len(v.Rules) || overtaken(r, v.Rules[at], rule)):
				return errOvertaken
			case drop:
				v.Rules = slices.Delete(v.Rules, at, at+1)
			case at >= 0:
				v.Rules[at] = rule
			case len(v.Rules) >= mostChecks:
				return ledger.Invalid{"": "template.too_many_checks"}
			default:
				v.Rules = append(v.Rules, rule)
			}
			return nil
		}, bad.Err()
	})
}

// checkLinks are the checks of a form that are no usual ones, each with what it says and what must hold.
func (m matter) checkLinks() []page.Link {
	var links []page.Link
	usuals := usualRules(m.Form)
	for i, rule := range m.Form.Rules {
		if slices.ContainsFunc(usuals, func(u usual) bool { return seen(u.rule) == seen(rule) }) {
			continue
		}
		link := page.Link{Href: m.at("checks", strconv.Itoa(i+1)), Text: rule.Message, Note: severityWords(rule.Severity) + "。" + m.Form.Holds(rule.Assert) + "こと"}
		if rule.When != nil {
			link.Note += "（" + m.Form.Says(rule.When) + "だけ）"
		}
		for _, fault := range m.Faults {
			if fault.Where == "rule "+strconv.Itoa(i+1) {
				link.Note += "　" + locale.Japanese.T(fault.Code)
			}
		}
		links = append(links, link)
	}
	return links
}

func severityWords(s template.Severity) string {
	for _, o := range severityOptions {
		if o.Value == string(s) {
			return o.Text
		}
	}
	return "重さが決まっていない"
}
