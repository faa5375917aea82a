package template_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/grants/limit"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// made is a form with a question and one that hangs on it.
func made(t *testing.T) template.Version {
	t.Helper()
	v := template.Blank("cho_naikai", "町内会の助成", 2027)
	first, err := v.AddField("s1", "新規か継続か", template.Single)
	if err != nil {
		t.Fatal(err)
	}
	if err = v.PutField(first, template.Field{Key: "kind", Label: "新規か継続か", Type: template.Single, Options: []string{"新規", "継続"}}); err != nil {
		t.Fatal(err)
	}
	second, err := v.AddField("s1", "改めること", template.LongText)
	if err != nil {
		t.Fatal(err)
	}
	f := template.Field{Key: second, Label: "改めること", Type: template.LongText, Limit: &limit.Limit{Kind: limit.Chars, Max: 200}, ShowIf: &template.Condition{Is: &template.Is{Field: "kind", Value: "継続"}}}
	if err = v.PutField(second, f); err != nil {
		t.Fatal(err)
	}
	v.Rules = []template.Rule{{Assert: template.Condition{Filled: "kind"}, Severity: template.Hint, Message: "選ぶとよい", Fields: []string{"kind"}}}
	return v
}

func keys(v template.Version) []string {
	var all []string
	for _, s := range v.Sections {
		all = append(all, "#"+s.Key)
		for _, f := range s.Fields {
			all = append(all, f.Key)
		}
	}
	return all
}

func TestAFormIsMadeFromNothingAndIsClean(t *testing.T) {
	t.Parallel()
	v := made(t)
	if faults := v.Lint(); len(faults) > 0 {
		t.Errorf("Lint = %v, want none", faults)
	}
	if got, want := keys(v), []string{"#s1", "name", "kind", "q1"}; !slices.Equal(got, want) {
		t.Errorf("keys = %v, want %v", got, want)
	}
}

func TestWhatRefersToAFieldFollowsItsNewKey(t *testing.T) {
	t.Parallel()
	v := made(t)
	f, err := v.FindField("kind")
	if err != nil {
		t.Fatal(err)
	}
	f.Key = "first_time"
	if err = v.PutField("kind", f); err != nil {
		t.Fatal(err)
	}
	if faults := v.Lint(); len(faults) > 0 {
		t.Errorf("Lint = %v, want none", faults)
	}
	last, err := v.FindField("q1")
	if err != nil || last.ShowIf.Is.Field != "first_time" || v.Rules[0].Fields[0] != "first_time" {
		t.Errorf("refers to %v and %v, %v", last.ShowIf.Is, v.Rules[0].Fields, err)
	}
	f.Key = "q1"
	var bad ledger.Invalid
	if err = v.PutField("first_time", f); !errors.As(err, &bad) || bad["key"] != "template.key_twice" {
		t.Errorf("a key twice: %v", err)
	}
}

func TestFieldsMoveOverTheBordersOfSections(t *testing.T) {
	t.Parallel()
	v := made(t)
	if _, err := v.AddSection("お金"); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		key  string
		by   int
		want []string
	}{
		{"name", -1, []string{"#s1", "name", "kind", "q1", "#s2"}},
		{"q1", 1, []string{"#s1", "name", "kind", "#s2", "q1"}},
		{"kind", 1, []string{"#s1", "name", "#s2", "kind", "q1"}},
		{"q1", 1, []string{"#s1", "name", "#s2", "kind", "q1"}},
		{"kind", -1, []string{"#s1", "name", "kind", "#s2", "q1"}},
	} {
		if err := v.MoveField(step.key, step.by); err != nil {
			t.Fatal(err)
		}
		if got := keys(v); !slices.Equal(got, step.want) {
			t.Errorf("%s by %d: %v, want %v", step.key, step.by, got, step.want)
		}
	}
	if err := v.MoveSection("s2", -1); err != nil || keys(v)[0] != "#s2" {
		t.Errorf("sections %v, %v", keys(v), err)
	}
	if err := v.DropSection("s2"); err != nil {
		t.Fatal(err)
	}
	if err := v.DropField("kind"); err != nil {
		t.Fatal(err)
	}
	if got, want := keys(v), []string{"#s1", "name"}; !slices.Equal(got, want) {
		t.Errorf("keys = %v, want %v", got, want)
	}
	if err := v.DropField("kind"); !errors.Is(err, template.ErrNoPart) {
		t.Errorf("dropped twice: %v", err)
	}
}

func TestAFormSaysNothingOfAGroup(t *testing.T) {
	t.Parallel()
	v := made(t)
	v.Sections[0].Fields[0].Help = "例：みどり丘食堂の夕ごはん"
	if got := v.Mentions([]string{"みどり丘食堂", "会"}); len(got) != 1 || got[0] != (template.Fault{Where: "name", Code: "template.names_a_group"}) {
		t.Errorf("Mentions = %v", got)
	}
	if got := v.Mentions([]string{"ほしぞら", "会"}); len(got) != 0 {
		t.Errorf("Mentions = %v, want none", got)
	}
}

func TestVersionsCountOn(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{"1.0": "1.1", "1.9": "1.10", "2026": "2026.1", "1.a": "1.a.1"} {
		if got := template.NextVersion(from); got != want {
			t.Errorf("NextVersion(%q) = %q, want %q", from, got, want)
		}
	}
}

func TestShippedFormsAskQuestionsOfTheBank(t *testing.T) {
	t.Parallel()
	forms, err := template.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range forms {
		for _, f := range form.Fields() {
			if k, known := template.CommonKeyOf(f.CommonKey); known && f.Type.Personal() && !k.Personal {
				t.Errorf("%s: %s is of a person and %s is not", form.Key, f.Key, k.Key)
			}
		}
	}
}
