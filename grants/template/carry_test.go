package template_test

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/grants/limit"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
)

func formOf(fields ...template.Field) template.Version {
	return template.Version{Key: "f", Version: "1", Sections: []template.Section{{Key: "s", Title: "題", Fields: fields}}}
}

func chars(n int) *limit.Limit { return &limit.Limit{Kind: limit.Chars, Max: n} }

func TestAnAnswerGoesToTheFieldThatAsksTheSame(t *testing.T) {
	table := template.Field{Key: "people", Label: "人", Type: template.Table, Columns: []template.Column{{Key: "who", Label: "だれ", Type: template.Text}, {Key: "n", Label: "数", Type: template.Number}}}
	turned := table
	turned.Columns = []template.Column{{Key: "n", Label: "数", Type: template.Number}, {Key: "when", Label: "いつ", Type: template.Text}}
	rows := template.Answer{Rows: [][]string{{"高齢者", "12"}}}
	text := func(s string) template.Answer { return template.Answer{Text: s} }
	for _, test := range []struct {
		name     string
		old, now template.Field
		was      template.Answer
		want     template.Answer
		left     template.Answer
		why      string
		over     int
		bad      string
	}{
		{name: "the same question", old: template.Field{Key: "a", Type: template.Text}, now: template.Field{Key: "a", Type: template.LongText}, was: text("文"), want: text("文")},
		{name: "another key, the same common one", old: template.Field{Key: "a", CommonKey: "need.summary", Type: template.LongText}, now: template.Field{Key: "b", CommonKey: "need.summary", Type: template.LongText}, was: text("文"), want: text("文")},
		{name: "the same key, another common one", old: template.Field{Key: "a", CommonKey: "need.summary", Type: template.LongText}, now: template.Field{Key: "a", CommonKey: "project.name", Type: template.LongText}, was: text("文"), left: text("文"), why: "carry.gone"},
		{name: "a question that is gone", old: template.Field{Key: "a", Type: template.Text}, now: template.Field{Key: "b", Type: template.Text}, was: text("文"), left: text("文"), why: "carry.gone"},
		{name: "a shorter limit", old: template.Field{Key: "a", Type: template.LongText, Limit: chars(10)}, now: template.Field{Key: "a", Type: template.LongText, Limit: chars(4)}, was: text("七文字の答えだ"), want: text("七文字の答えだ"), over: 3},
		{name: "words where a number is asked", old: template.Field{Key: "a", Type: template.Text}, now: template.Field{Key: "a", Type: template.Number}, was: text("十二"), want: text("十二"), bad: "draft.no_number"},
		{name: "a choice that is gone", old: template.Field{Key: "a", Type: template.Single, Options: []string{"新規", "休止"}}, now: template.Field{Key: "a", Type: template.Single, Options: []string{"新規", "継続"}}, was: text("休止"), left: text("休止"), why: "carry.choice_gone"},
		{name: "some choices that are gone", old: template.Field{Key: "a", Type: template.Multi, Options: []string{"朝", "夜"}}, now: template.Field{Key: "a", Type: template.Multi, Options: []string{"昼", "夜"}}, was: template.Answer{List: []string{"朝", "夜"}}, want: template.Answer{List: []string{"夜"}}, left: text("朝"), why: "carry.choice_gone"},
		{name: "a column that is gone", old: table, now: func() template.Field { f := turned; f.Key = "people"; return f }(), was: rows, want: template.Answer{Rows: [][]string{{"12", ""}}}, left: rows, why: "carry.columns_gone"},
		{name: "a table where a text is asked", old: table, now: template.Field{Key: "people", Type: template.LongText}, was: rows, left: rows, why: "carry.other_kind"},
		{name: "a name where all may read", old: template.Field{Key: "a", Type: template.Person}, now: template.Field{Key: "a", Type: template.Text}, was: text("練習 花子"), left: text("練習 花子"), why: "carry.personal"},
		{name: "an oath in other words", old: template.Field{Key: "a", Label: "誓います", Type: template.Oath}, now: template.Field{Key: "a", Label: "すべて誓います", Type: template.Oath}, was: text(template.IsYes)},
		{name: "the same oath", old: template.Field{Key: "a", Label: "誓います", Type: template.Oath}, now: template.Field{Key: "a", Label: "誓います", Type: template.Oath}, was: text(template.IsYes), want: text(template.IsYes)},
	} {
		c := template.Carry(formOf(test.old), formOf(test.now), template.Answers{test.old.Key: test.was})
		if got := c.Answers[test.now.Key]; !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v goes along; want %+v", test.name, got, test.want)
		}
		if len(c.Left) > 1 || (len(c.Left) == 1) != (test.why != "") || (len(c.Left) == 1 && (c.Left[0].Why != test.why || !reflect.DeepEqual(c.Left[0].Answer, test.left))) {
			t.Errorf("%s: left %+v; want %+v, %s", test.name, c.Left, test.left, test.why)
		}
		if c.Moves[0].Over != test.over || c.Moves[0].Bad != test.bad {
			t.Errorf("%s: over %d, %q; want %d, %q", test.name, c.Moves[0].Over, c.Moves[0].Bad, test.over, test.bad)
		}
	}
}

// Whatever the two versions are, no text is lost: it goes along or is left over.
func TestNoTextIsLostBetweenVersions(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		types := []template.Type{template.Text, template.LongText, template.Number, template.Person, template.Single, template.Multi, template.YesNo, template.DateRange}
		field := rapid.Custom(func(r *rapid.T) template.Field {
			return template.Field{Key: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "key"), CommonKey: rapid.SampledFrom([]string{"", "need.summary", "project.name"}).Draw(r, "common"), Type: rapid.SampledFrom(types).Draw(r, "type"), Options: []string{"甲", "乙"}}
		})
		forms := [2]template.Version{}
		for i := range forms {
			forms[i] = formOf(rapid.SliceOfNDistinct(field, 1, 3, func(f template.Field) string { return f.Key }).Draw(r, "fields")...)
		}
		answers := template.Answers{}
		for i, f := range forms[0].Fields() {
			answers[f.Key] = template.Answer{Text: "文" + string(rune('0'+i))}
		}
		c := template.Carry(forms[0], forms[1], answers)
		kept := ""
		for _, a := range c.Answers {
			kept += a.Text + strings.Join(a.List, "")
		}
		for _, l := range c.Left {
			kept += l.Text + strings.Join(l.List, "")
		}
		for key, a := range answers {
			if strings.Count(kept, a.Text) != 1 {
				r.Fatalf("%s stands %d times in %q", key, strings.Count(kept, a.Text), kept)
			}
		}
	})
}
