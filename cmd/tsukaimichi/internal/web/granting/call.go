package granting

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/grants/search"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/profile"
)

// CallPage is one call, held against the group.
type CallPage struct {
	page.Console
	Heading   string
	State     string
	Tag       page.Tag
	Verified  string
	Facts     []page.Pair
	Source    page.Link
	Rules     []RuleRow
	Questions []Question
	Papers    []string
	Profile   string
	Why       []string
	Points    string
	Money     Money
	Steps     page.Table
	Gantt     page.Gantt
	Start     string // where an application begins; empty for those who only read
	Dismiss   Dismissal
	Edit      []page.Document
	Forward   string
	Versions  []page.Pair
	Problems  page.Problems
}

// Template names the template of the page.
func (CallPage) Template() string { return "granting/call" }

// RuleRow is one rule with its sentence and what it was held against.
type RuleRow struct {
	Tag   page.Tag
	Quote string
	Where string
	Fact  string
}

// Question is a rule nobody could answer yet: answered here once, kept in the profile.
type Question struct {
	Action string
	Plan   string
	Key    string
	Field  page.Field
}

// Dismissal is the form that takes a call out of the list, or the one that brings it back.
type Dismissal struct {
	Action string
	Reason page.Field
	Back   string
	Said   string
}

// Call shows a call with what it asks and how the group stands to it.
func (p *Pages) Call(w http.ResponseWriter, r *http.Request) error {
	return p.call(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) call(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d, o, err := p.find(r)
	if err != nil {
		return err
	}
	s, err := p.seek(r, d)
	if err != nil {
		return err
	}
	dismissed, err := catalogue.Dismissed(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	versions, err := catalogue.Versions(r.Context(), p.DB, o.ID)
	if err != nil {
		return err
	}
	current, err := catalogue.Current(r.Context(), p.DB, d.Today())
	if err != nil {
		return err
	}
	form := page.NewForm(values, problems)
	shown := buildCall(d, s, o, form)
	shown.score(s, o, current, d.Today())
	if err = p.money(r, d, s, o, &shown); err != nil {
		return err
	}
	shown.dismissal(d, o, dismissed[o.ID], form)
	shown.Versions = versionPairs(versions)
	shown.Problems = form.Problems()
	shown.Console = frame(d, r, o.Call.Title, page.Link{Href: d.Path("grants"), Text: "助成をさがす"})
	shown.NeedsFix = len(problems) > 0
	return p.Renderer.Render(w, status, shown)
}

func buildCall(d console.Desk, s search.Seeker, o catalogue.Opportunity, form *page.Form) CallPage {
	a := fit.Assess(o.Call.Rules, s.Group, d.Today())
	shown := CallPage{Heading: o.Call.Title, State: fmt.Sprintf("%s　%d年度　%s", o.Funder, o.FiscalYear, statusWords[o.Status]), Tag: answerTags[a.Answer], Papers: paperWords(a, s.Group), Profile: d.Path("profile") + "#papers"}
	shown.Verified = "内容は、まだ募集要項と見くらべていません（要確認）。"
	if !o.VerifiedOn.IsZero() {
		shown.Verified = page.DayOnly(o.VerifiedOn) + "に、募集要項と見くらべました。"
	}
	shown.Facts = callFacts(d, o)
	if o.Call.SourceURL != "" {
		shown.Source = page.Link{Href: o.Call.SourceURL, Text: "募集要項を開く（ほかのサイト）"}
	}
	for _, f := range a.Findings {
		row := RuleRow{Tag: answerTags[f.Answer], Quote: f.Rule.Quote, Fact: factWords(ruleKey(f.Rule), f.Fact)}
		if f.Rule.Page != "" {
			row.Where = f.Rule.Page + "ページ"
		}
		if !f.Rule.Must {
			row.Where = strings.TrimSpace(row.Where + "　望ましいこと")
		}
		shown.Rules = append(shown.Rules, row)
	}
	plan := strconv.FormatInt(s.Sheet.ID, 10)
	if d.May(writers...) {
		for _, rule := range a.Questions() {
			shown.Questions = append(shown.Questions, Question{Action: d.Path("grants", o.ID, "answer"), Plan: plan, Key: rule.Key, Field: questionField(rule, s.Group.Facts[rule.Key], form)})
		}
		shown.Start = d.Path("applications", "new") + "?call=" + strconv.FormatInt(o.ID, 10) + "&plan=" + plan
		shown.Edit = []page.Document{{Link: page.Link{Href: d.Path("grants", o.ID, "edit"), Text: "内容を直す"}}}
		shown.Forward = d.Path("grants", o.ID, "forward")
	}
	shown.Steps, shown.Gantt = planOf(o.Call, a.Papers(), d.Today())
	return shown
}

// money says what the call means for the group's own money, when there is a plan with costs.
func (p *Pages) money(r *http.Request, d console.Desk, s search.Seeker, o catalogue.Opportunity, shown *CallPage) error {
	if len(s.Sheet.Body.Costs) == 0 {
		return nil
	}
	forms, err := p.formsOf(r.Context(), o)
	if err != nil {
		return err
	}
	c, err := claimOf(o.Call, forms[o.Call.Template], s.Sheet.Body, readCounts(r.URL.Query()))
	if err != nil {
		return err
	}
	shown.Money = c.money(s.Sheet, d.Path("grants", o.ID), r.URL.Query(), d.Today())
	return nil
}

// score says how well the call suits the plan, among all calls there are: how rare a word is depends on the others.
func (c *CallPage) score(s search.Seeker, o catalogue.Opportunity, current []catalogue.Opportunity, today ledger.Date) {
	calls := []fit.Call{o.Call.Fitting()}
	for _, other := range current {
		if other.ID != o.ID {
			calls = append(calls, other.Call.Fitting())
		}
	}
	for _, m := range fit.NewCatalogue(calls).Fit(s.Group, s.Plan(), today) {
		if m.Call != 0 || m.Answer == fit.Out || s.Sheet.ID == 0 {
			continue
		}
		c.Points = fmt.Sprintf("「%s」に合う度合い %d", s.Sheet.Title, m.Score.Points)
		for _, part := range m.Score.Parts {
			c.Why = append(c.Why, partWords(part))
		}
	}
}

func callFacts(d console.Desk, o catalogue.Opportunity) []page.Pair {
	facts := []page.Pair{
		{Term: "助成する額", Text: amountWords(o.Call), Strong: true}, {Term: "締切", Text: closingWords(o.Call, d.Today()), Strong: true},
		{Term: "お金が入るとき", Text: paymentWords[o.Call.Payment]},
	}
	for _, part := range []struct {
		term string
		text string
	}{{"分野", strings.Join(o.Call.Purposes, "、")}, {"地域", strings.Join(o.Call.Areas, "、")}, {"内容", o.Call.Summary}, {"問い合わせ", o.Call.Contact}, {"併用できない助成", strings.Join(o.Call.Excludes, "、")}} {
		if part.text != "" {
			facts = append(facts, page.Pair{Term: part.term, Text: part.text})
		}
	}
	if o.Call.Alone {
		facts = append(facts, page.Pair{Term: "併用", Text: "同じ事業に、ほかの公的なお金は使えません"})
	}
	for _, day := range o.Call.Deadlines {
		if day.Kind != catalogue.Closing {
			facts = append(facts, page.Pair{Term: day.Kind, Text: strings.TrimSpace(page.Day(day.On) + "　" + howWords(day))})
		}
	}
	return facts
}

// ruleKey is the fact a rule looks at.
func ruleKey(rule fit.Rule) string {
	if rule.Test == fit.RestOf {
		return fit.PastAwards
	}
	return rule.Key
}

// paperWords are the papers that are missing, and since when others are out of date.
func paperWords(a fit.Assessment, g fit.Group) []string {
	kinds := a.Papers()
	words := make([]string, len(kinds))
	for i, kind := range kinds {
		words[i] = kind
		if until, there := g.Papers[kind]; there {
			words[i] += "（" + page.DayOnly(until) + "で期限切れ）"
		}
	}
	return words
}

// questionField asks for the fact a rule needs. What was answered long ago is said, and asked again.
func questionField(rule fit.Rule, before fit.Fact, form *page.Form) page.Field {
	f := page.Field{Name: "value", ID: "q-" + strings.ReplaceAll(rule.Key, ".", "-"), Label: keyLabel(rule.Key), Hint: "募集要項：「" + rule.Quote + "」"}
	if rule.Ask != "" {
		f.Label = rule.Ask
	}
	if words := factWords(rule.Key, before); words != "" {
		f.Hint += "\n前の答えは古くなりました。" + words
	}
	if kind, known := kindOf(rule.Key); known && kind == profile.YesNo {
		f.Options = []page.Option{{Value: "", Text: "選んでください"}, {Value: "yes", Text: "はい"}, {Value: "no", Text: "いいえ"}}
	} else if known && kind == profile.Number {
		f.InputMode = "numeric"
	}
	return form.Field(f)
}

func kindOf(key string) (profile.Kind, bool) {
	for _, k := range profile.Keys {
		if k.Key == key {
			return k.Kind, true
		}
	}
	return "", false
}

func (c *CallPage) dismissal(d console.Desk, o catalogue.Opportunity, reason string, form *page.Form) {
	switch {
	case !d.May(writers...):
	case reason != "":
		c.Dismiss = Dismissal{Back: d.Path("grants", o.ID, "bring"), Said: reason}
	default:
		c.Dismiss = Dismissal{Action: d.Path("grants", o.ID, "dismiss"), Reason: form.Field(page.Field{Name: "reason", Label: "はずすわけ", Hint: "例：額が小さい。内容が変わると、また一覧に出ます。"})}
	}
}

func versionPairs(versions []catalogue.Written) []page.Pair {
	var pairs []page.Pair
	for _, v := range versions {
		changed := make([]string, len(v.Changed))
		for i, field := range v.Changed {
			changed[i] = locale.Japanese.T("call.field_" + field)
		}
		text := v.By
		if len(changed) > 0 {
			text += "　変わったところ：" + strings.Join(changed, "、")
		}
		if v.Reason != "" {
			text += "　" + v.Reason
		}
		pairs = append(pairs, page.Pair{Term: fmt.Sprintf("第%d版　%s", v.Version, page.DayOnly(ledger.DateOf(v.At))), Text: text})
	}
	return pairs
}
