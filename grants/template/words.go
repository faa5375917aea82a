package template

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/grants/limit"
)

// TypeName is what people call a type of field.
func (t Type) TypeName() string { return typeNames[t] }

var typeNames = map[Type]string{
	Text: "1行の文", LongText: "長い文", Number: "数", Yen: "金額", Date: "日付", WarekiDate: "日付（和暦で印刷）", DateRange: "いつからいつまで", YearMonth: "年月", YesNo: "はい・いいえ",
	Single: "1つ選ぶ", Multi: "いくつでも選ぶ", Person: "人の名前", Address: "住所", Phone: "電話", Mail: "メール", URL: "ホームページ", Table: "表", Schedule: "日程の表", Members: "名簿",
	Partners: "連携先の表", Indicators: "指標の表", BudgetGrid: "収支予算", File: "ファイル", Bank: "振込口座", Oath: "誓約（しるし）", Computed: "計算した数", Static: "説明の文",
}

// Types are all types in the order in which an editor offers them.
var Types = []Type{LongText, Text, Number, Yen, Single, Multi, YesNo, Date, WarekiDate, DateRange, YearMonth, Table, Schedule, Members, Partners, Indicators, Person, Address, Phone,
	Mail, URL, BudgetGrid, File, Bank, Oath, Computed, Static}

// LimitWords is a limit as a form says it: 400字以内; empty without one.
func LimitWords(l *limit.Limit) string {
	if l == nil {
		return ""
	}
	within := "以内"
	if l.Soft {
		within = "程度"
	}
	switch l.Kind {
	case limit.Frame:
		return fmt.Sprintf("%d字×%d行", l.Cols, l.Max)
	case limit.Pages:
		return fmt.Sprintf("A4 %d枚以内", l.Max)
	case limit.HalfWidth:
		return fmt.Sprintf("半角%d字%s", l.Max, within)
	}
	return fmt.Sprintf("%d字%s", l.Max, within)
}

// Says is a condition in words of the form: 「新規か継続か」が「継続」のとき.
func (v Version) Says(c *Condition) string {
	if c == nil {
		return ""
	}
	return v.condition(*c) + "とき"
}

func (v Version) condition(c Condition) string {
	switch {
	case c.Is != nil:
		return "「" + v.LabelOf(c.Is.Field) + "」が「" + c.Is.Value + "」の"
	case c.Filled != "":
		return "「" + v.LabelOf(c.Filled) + "」に書いてある"
	case c.Not != nil:
		return strings.TrimSuffix(v.condition(*c.Not), "の") + "ではない"
	case c.Compare != nil:
		return "数の条件に合う"
	}
	parts, joint := c.And, "、"
	if len(c.Or) > 0 {
		parts, joint = c.Or, "、または"
	}
	said := make([]string, len(parts))
	for i, part := range parts {
		said[i] = v.condition(part)
	}
	return strings.Join(said, joint)
}

// LabelOf is the label of a field; the key when the form has no such field.
func (v Version) LabelOf(key string) string {
	if f, err := v.FindField(key); err == nil {
		return f.Label
	}
	return key
}

// Difference is a part of a form that differs between two versions: 足した, なくした, 変えた.
type Difference struct{ What, Label string }

// Compare lists the fields that were added, changed and taken out since a version, then the parts of the whole that differ.
func (v Version) Compare(before Version) []Difference {
	var all []Difference
	for _, f := range v.Fields() {
		old, err := before.FindField(f.Key)
		switch {
		case err != nil:
			all = append(all, Difference{"足した", f.Label})
		case !alike(old, f):
			all = append(all, Difference{"変えた", f.Label})
		}
	}
	for _, f := range before.Fields() {
		if _, err := v.FindField(f.Key); err != nil {
			all = append(all, Difference{"なくした", f.Label})
		}
	}
	for _, part := range []struct {
		label     string
		now, then any
	}{
		{"予算と額の決まり", v.Budget, before.Budget}, {"添える書類", v.Attachments, before.Attachments}, {"確かめること", v.Rules, before.Rules}, {"採択のあとの義務", v.Obligations, before.Obligations},
	} {
		if !alike(part.now, part.then) {
			all = append(all, Difference{"変えた", part.label})
		}
	}
	return all
}

func alike(a, b any) bool {
	left, err := json.Marshal(a)
	if err != nil {
		return false
	}
	right, err := json.Marshal(b)
	return err == nil && string(left) == string(right)
}
