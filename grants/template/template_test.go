package template_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/grants/template"
)

// kyobo is a shortened form after the public calls of community chests.
const kyobo = `{
  "key": "kyobo", "version": "1.0", "kind": "application", "title": "地域福祉 公募助成", "fiscal_year": 2026,
  "sections": [
    {"key": "plan", "title": "事業の概要", "fields": [
      {"key": "name", "common_key": "project.name", "label": "事業名", "type": "text", "required": "submit", "limit": {"kind": "chars", "max": 40}},
      {"key": "kind", "label": "新規・継続", "type": "single", "options": ["新規", "継続"], "required": "submit"},
      {"key": "improve", "label": "前回から変えること", "type": "long_text", "required": "submit", "show_if": {"is": {"field": "kind", "value": "継続"}}, "limit": {"kind": "chars", "max": 300, "soft": true}},
      {"key": "issue", "label": "解決したい地域課題", "type": "long_text", "required": "submit", "limit": {"kind": "chars", "max": 400}},
      {"key": "period", "label": "期間", "type": "date_range", "required": "submit"},
      {"key": "people", "label": "対象者", "type": "table", "columns": [{"key": "who", "label": "だれ", "type": "text"}, {"key": "n", "label": "人数", "type": "number"}], "min_rows": 1, "max_rows": 3},
      {"key": "count", "label": "合計人数", "type": "computed", "compute": {"column": {"field": "people", "column": "n"}}}
    ]},
    {"key": "money", "title": "収支予算", "fields": [{"key": "budget", "label": "収支予算", "type": "budget"}]},
    {"key": "oath", "title": "誓約", "fields": [{"key": "oath", "label": "反社会的勢力ではありません", "type": "oath", "required": "submit"}]}
  ],
  "budget": {"unit": 1000, "categories": [{"key": "goods", "label": "備品", "eligible": "yes"}, {"key": "food", "label": "飲食費", "eligible": "no", "reason": "飲食は対象外"}],
    "claim": {"min": [{"floor": {"unit": 1000, "of": {"rate": {"num": 3, "den": 4, "of": "total"}}}}, 300000]}},
  "rules": [
    {"assert": {"compare": {"left": {"figure": "income_total"}, "op": "=", "right": {"figure": "cost_total"}}}, "severity": "error", "message": "収入と支出の合計をそろえてください", "fields": ["budget"]},
    {"assert": {"compare": {"left": {"field": "count"}, "op": ">", "right": {"number": 0}}}, "severity": "warning", "message": "対象者の人数を書くと伝わります", "fields": ["people"]}
  ],
  "obligations": [{"kind": "実績報告", "from": "end", "due": {"months": 2, "year_end": {"on": "04-30"}}, "consequence": "遅れると次年度は申請できません"}]
}`

func parse(t testing.TB, text string) template.Version {
	t.Helper()
	v, err := template.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestASoundFormHasNoFault(t *testing.T) {
	if faults := parse(t, kyobo).Lint(); len(faults) > 0 {
		t.Errorf("Lint = %v", faults)
	}
}

func TestTextThatIsNoFormIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"words": "様式第1号", "an unknown field": `{"key": "a", "macro": "x"}`, "two forms": `{} {}`, "another type": `{"key": 5}`, "too large": strings.Repeat(" ", 500_000) + `{}`,
	} {
		if _, err := template.Parse([]byte(text)); !errors.Is(err, template.ErrTemplate) {
			t.Errorf("%s: Parse = %v; want %v", name, err, template.ErrTemplate)
		}
	}
}

func TestLintFindsWhatIsWrongWithAForm(t *testing.T) {
	for _, test := range []struct{ name, old, new, where, code string }{
		{"an option nobody can choose", `"value": "継続"`, `"value": "再開"`, "improve", "unreachable"},
		{"a condition that contradicts itself", `{"is": {"field": "kind", "value": "継続"}}`,
			`{"and": [{"is": {"field": "kind", "value": "継続"}}, {"is": {"field": "kind", "value": "新規"}}]}`, "improve", "unreachable"},
		{"a condition that says nothing", `{"is": {"field": "kind", "value": "継続"}}`, `{}`, "improve", "unreachable"},
		{"a field shown by itself", `{"is": {"field": "kind", "value": "継続"}}`, `{"filled": "improve"}`, "improve", "cycle"},
		{"a figure computed from itself", `{"column": {"field": "people", "column": "n"}}`, `{"sum": [{"field": "count"}, {"number": 1}]}`, "count", "cycle"},
		{"a field that does not exist", `{"is": {"field": "kind", "value": "継続"}}`, `{"filled": "nothing"}`, "improve", "unknown_field"},
		{"a limit of no room", `"max": 400`, `"max": 0`, "issue", "limit_senseless"},
		{"a limit no answer can meet", `"max": 400`, `"max": 5`, "issue", "limit_too_small"},
		{"a duty without a due day", `, "due": {"months": 2, "year_end": {"on": "04-30"}}`, ``, "実績報告", "no_due_rule"},
		{"a due day that makes no sense", `"months": 2,`, `"months": 2, "days": 3,`, "実績報告", "no_due_rule"},
		{"a key used twice", `"key": "issue"`, `"key": "name"`, "name", "key_twice"},
		{"a type nobody knows", `"type": "date_range"`, `"type": "hologram"`, "period", "unknown_type"},
		{"a formula that divides by zero", `"den": 4`, `"den": 0`, "budget", "no_formula"},
		{"a formula over a cost that is no category", `"of": "total"`, `"of": "rent"`, "rent", "unknown_cost"},
		{"a refused cost without a reason", `, "reason": "飲食は対象外"`, ``, "food", "no_reason"},
		{"a rule without words", `"message": "収入と支出の合計をそろえてください"`, `"message": ""`, "rule 1", "no_message"},
		{"a choice of one", `["新規", "継続"]`, `["継続"]`, "kind", "no_choice"},
		{"no fiscal year", `"fiscal_year": 2026`, `"fiscal_year": 8`, "form", "no_fiscal_year"},
	} {
		t.Run(test.name, func(t *testing.T) {
			changed := strings.Replace(kyobo, test.old, test.new, 1)
			if changed == kyobo {
				t.Fatal("nothing was changed")
			}
			faults := parse(t, changed).Lint()
			if want := (template.Fault{Where: test.where, Code: "template." + test.code}); !slices.Contains(faults, want) {
				t.Errorf("Lint = %v; want %v", faults, want)
			}
		})
	}
}

// whole is a draft that can be handed in.
func whole() template.Answers {
	return template.Answers{
		"name": {Text: "みんなのお茶の間"}, "kind": {Text: "新規"}, "issue": {Text: "ひとりで食べる人が増えている。"},
		"period": {List: []string{"2026-12-01", "2027-03-31"}}, "people": {Rows: [][]string{{"高齢者", "12"}, {"", ""}, {"子ども", "８"}}}, "oath": {Text: template.IsYes},
	}
}

var balanced = map[string]int64{"cost_total": 260_000, "income_total": 260_000}

func TestAWholeDraftIsReady(t *testing.T) {
	v := parse(t, kyobo)
	r := v.Check(whole(), balanced)
	if !r.Ready() || len(r.Problems) > 0 || r.Percent() != 100 || r.Required != 5 {
		t.Errorf("Check = %+v; want ready with 5 of 5", r)
	}
	if n, known := v.Value("count", whole(), nil); !known || n != 20 {
		t.Errorf("count = %d, %t; want 20", n, known)
	}
	if keys := v.Shown(whole()); slices.Contains(keys, "improve") {
		t.Errorf("a new project is asked what it changes: %v", keys)
	}
}

func TestEachProblemIsSaidAtItsField(t *testing.T) {
	for _, test := range []struct {
		name    string
		change  func(template.Answers)
		figures map[string]int64
		want    template.Problem
	}{
		{"nothing written", func(a template.Answers) { delete(a, "issue") }, balanced, template.Problem{Field: "issue", Severity: template.Error, Code: "draft.missing"}},
		{"spaces are nothing", func(a template.Answers) { a["name"] = template.Answer{Text: " 　"} }, balanced, template.Problem{Field: "name", Severity: template.Error, Code: "draft.missing"}},
		{"too long by one", func(a template.Answers) { a["issue"] = template.Answer{Text: strings.Repeat("字", 401)} }, balanced, template.Problem{Field: "issue", Severity: template.Error, Code: "draft.too_long", By: 1}},
		{"an option it does not offer", func(a template.Answers) { a["kind"] = template.Answer{Text: "再開"} }, balanced, template.Problem{Field: "kind", Severity: template.Error, Code: "draft.not_offered"}},
		{"what a continued project changes", func(a template.Answers) { a["kind"] = template.Answer{Text: "継続"} }, balanced, template.Problem{Field: "improve", Severity: template.Error, Code: "draft.missing"}},
		{"a soft limit", func(a template.Answers) {
			a["kind"], a["improve"] = template.Answer{Text: "継続"}, template.Answer{Text: strings.Repeat("字", 310)}
		}, balanced, template.Problem{Field: "improve", Severity: template.Warning, Code: "draft.over", By: 10}},
		{"an end before the beginning", func(a template.Answers) { a["period"] = template.Answer{List: []string{"2027-03-31", "2026-12-01"}} }, balanced, template.Problem{Field: "period", Severity: template.Error, Code: "draft.ends_before_it_begins"}},
		{"a day that is none", func(a template.Answers) { a["period"] = template.Answer{List: []string{"2027-02-30", "2027-03-01"}} }, balanced, template.Problem{Field: "period", Severity: template.Error, Code: "draft.no_day"}},
		{"too many rows", func(a template.Answers) {
			a["people"] = template.Answer{Rows: [][]string{{"a", "1"}, {"b", "1"}, {"c", "1"}, {"d", "1"}}}
		}, balanced, template.Problem{Field: "people", Severity: template.Error, Code: "draft.too_many_rows", By: 1}},
		{"a number in words", func(a template.Answers) { a["people"] = template.Answer{Rows: [][]string{{"高齢者", "十二"}}} }, balanced, template.Problem{Field: "people", Severity: template.Error, Code: "draft.no_number"}},
		{"an oath that is not taken", func(a template.Answers) { a["oath"] = template.Answer{Text: "いいえ"} }, balanced, template.Problem{Field: "oath", Severity: template.Error, Code: "draft.missing"}},
		{"sums that differ", func(template.Answers) {}, map[string]int64{"cost_total": 260_000, "income_total": 250_000}, template.Problem{Field: "budget", Severity: template.Error, Code: "収入と支出の合計をそろえてください"}},
		{"nobody is counted", func(a template.Answers) { a["people"] = template.Answer{Rows: [][]string{{"みんな", ""}}} }, balanced, template.Problem{Field: "people", Severity: template.Warning, Code: "対象者の人数を書くと伝わります"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			answers := whole()
			test.change(answers)
			r := parse(t, kyobo).Check(answers, test.figures)
			if !slices.Contains(r.Problems, test.want) {
				t.Errorf("Check = %+v; want %+v", r.Problems, test.want)
			}
			if r.Ready() != (test.want.Severity != template.Error) {
				t.Errorf("ready: %t with %+v", r.Ready(), r.Problems)
			}
		})
	}
}

func TestAnEmptyDraftCanBeKeptAndIsNotReady(t *testing.T) {
	r := parse(t, kyobo).Check(nil, nil)
	if r.Ready() || r.Percent() != 0 || r.Required != 5 {
		t.Errorf("Check of nothing = %d of %d", r.Filled, r.Required)
	}
}
