package template_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/grants/template"
)

// reckoned is kyobo with another way to compute its figure, and a number to compute with.
func reckoned(t testing.TB, compute string) template.Version {
	t.Helper()
	text := strings.Replace(kyobo, `{"column": {"field": "people", "column": "n"}}`, compute, 1)
	return parse(t, strings.Replace(text, `{"key": "issue"`, `{"key": "staff", "label": "担い手", "type": "number"}, {"key": "issue"`, 1))
}

func TestAComputedFieldAddsSubtractsMultipliesAndDivides(t *testing.T) {
	answers := template.Answers{"people": {Rows: [][]string{{"高齢者", "１２"}, {"子ども", "8"}}}, "staff": {Text: "3"}}
	figures := map[string]int64{"cost_total": 210_000}
	for _, test := range []struct {
		name, compute string
		want          int64
		known         bool
	}{
		{"a sum", `{"sum": [{"column": {"field": "people", "column": "n"}}, {"field": "staff"}]}`, 23, true},
		{"a difference", `{"less": [{"column": {"field": "people", "column": "n"}}, {"field": "staff"}, {"number": 20}]}`, -3, true},
		{"a product", `{"times": [{"rows": "people"}, {"field": "staff"}, {"number": 500}]}`, 3_000, true},
		{"three quarters in whole thousands", `{"over": {"of": {"times": [{"figure": "cost_total"}, {"number": 3}]}, "by": {"number": 4}, "unit": 1000, "round": "down"}}`, 157_000, true},
		{"per cent, half up", `{"over": {"of": {"times": [{"field": "staff"}, {"number": 100}]}, "by": {"number": 8}, "round": "half_up"}}`, 38, true},
		{"rounded up", `{"over": {"of": {"field": "staff"}, "by": {"number": 2}, "round": "up"}}`, 2, true},
		{"nothing divided by nobody", `{"over": {"of": {"number": 1}, "by": {"less": [{"field": "staff"}, {"number": 3}]}, "round": "down"}}`, 0, false},
		{"what is not answered", `{"sum": [{"field": "staff"}, {"field": "nothing"}]}`, 0, false},
		{"more than whole numbers hold", `{"times": [{"number": 4000000000}, {"number": 4000000000}]}`, 0, false},
	} {
		got, known := reckoned(t, test.compute).Value("count", answers, figures)
		if got != test.want || known != test.known {
			t.Errorf("%s: %d, %v; want %d, %v", test.name, got, known, test.want, test.known)
		}
	}
}

func TestLintLooksIntoEveryPartOfAFigure(t *testing.T) {
	for _, test := range []struct{ name, compute, code string }{
		{"itself, deep inside", `{"over": {"of": {"times": [{"field": "count"}, {"number": 3}]}, "by": {"number": 4}, "round": "down"}}`, "template.cycle"},
		{"a field that is not there", `{"less": [{"number": 1}, {"field": "nobody"}]}`, "template.unknown_field"},
		{"a column that is not there", `{"times": [{"number": 2}, {"column": {"field": "people", "column": "age"}}]}`, "template.unknown_column"},
		{"a rounding nobody knows", `{"over": {"of": {"number": 1}, "by": {"number": 2}, "round": "sideways"}}`, "template.nothing_computed"},
		{"two ways at once", `{"sum": [{"number": 1}], "times": [{"number": 1}]}`, "template.nothing_computed"},
	} {
		faults := reckoned(t, test.compute).Lint()
		if len(faults) == 0 || faults[0] != (template.Fault{Where: "count", Code: test.code}) {
			t.Errorf("%s: %v; want %s", test.name, faults, test.code)
		}
	}
}

func TestAFigureFollowsARenamedField(t *testing.T) {
	v := reckoned(t, `{"over": {"of": {"times": [{"field": "staff"}, {"number": 100}]}, "by": {"less": [{"rows": "people"}, {"field": "staff"}]}, "round": "down"}}`)
	f, err := v.FindField("staff")
	if err != nil {
		t.Fatal(err)
	}
	f.Key = "helpers"
	if err = v.PutField("staff", f); err != nil {
		t.Fatal(err)
	}
	count, err := v.FindField("count")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(count.Compute)
	if err != nil || strings.Count(string(text), "helpers") != 2 || len(v.Lint()) > 0 {
		t.Errorf("%s, %v, %v", text, v.Lint(), err)
	}
}

func TestAConditionIsSaidInWords(t *testing.T) {
	v := parse(t, kyobo)
	var c template.Condition
	if err := template.ParsePart([]byte(`{"and": [{"is": {"field": "kind", "value": "継続"}}, {"or": [{"not": {"filled": "issue"}}, {"compare": {"left": {"rows": "people"}, "op": ">=", "right": {"number": 1000}}}]}]}`), &c); err != nil {
		t.Fatal(err)
	}
	if got, want := v.Says(&c), "「新規・継続」が「継続」、（「解決したい地域課題」に書いていない、または「対象者の行の数」が1,000以上）のとき"; got != want {
		t.Errorf("%s; want %s", got, want)
	}
}
