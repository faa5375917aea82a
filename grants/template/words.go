package template

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/grants/limit"
	"github.com/tsukaimichi/tsukaimichi/ledger"
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

// Holds is a condition as a demand: 「参加者」が「定員」以下である.
func (v Version) Holds(c Condition) string {
	said := v.condition(c)
	for _, end := range [][2]string{{"」の", "」である"}, {"以上の", "以上である"}, {"以下の", "以下である"}, {"）の", "）である"}, {"同じ", "同じである"}} {
		if stem, is := strings.CutSuffix(said, end[0]); is {
			return stem + end[1]
		}
	}
	return said
}

func (v Version) condition(c Condition) string {
	switch {
	case c.Is != nil:
		return "「" + v.LabelOf(c.Is.Field) + "」が「" + c.Is.Value + "」の"
	case c.Filled != "":
		return "「" + v.LabelOf(c.Filled) + "」に書いてある"
	case c.Not != nil:
		if c.Not.Filled != "" {
			return "「" + v.LabelOf(c.Not.Filled) + "」に書いていない"
		}
		return strings.TrimSuffix(v.condition(*c.Not), "の") + "ではない"
	case c.Compare != nil:
		return "「" + v.figure(c.Compare.Left) + "」が" + v.compared(*c.Compare)
	}
	parts, joint := c.And, "、"
	if len(c.Or) > 0 {
		parts, joint = c.Or, "、または"
	}
	said := make([]string, len(parts))
	for i, part := range parts {
		said[i] = v.condition(part)
		if inner := len(part.And) + len(part.Or); inner > 1 && len(parts) > 1 {
			said[i] = "（" + strings.TrimSuffix(said[i], "の") + "）"
			if i == len(parts)-1 {
				said[i] += "の"
			}
		} else if i < len(parts)-1 {
			said[i] = strings.TrimSuffix(said[i], "の")
		}
	}
	return strings.Join(said, joint)
}

// compared says what a figure is held against: 10以上の, 「収入の合計」と同じ.
func (v Version) compared(c Comparison) string {
	than := "「" + v.figure(c.Right) + "」"
	if c.Right.Number != nil {
		than = ledger.Yen(*c.Right.Number).String()
	}
	switch c.Op {
	case "=":
		return than + "と同じ"
	case "<":
		return than + "より小さい"
	case "<=":
		return than + "以下の"
	case ">":
		return than + "より大きい"
	}
	return than + "以上の"
}

// FigureNames are the figures of the budget that a condition or a computed field may name, as people say them.
var FigureNames = map[string]string{"cost_total": "支出の合計", "income_total": "収入の合計", "eligible": "対象になる費用", "requested": "申請する額", "claim": "求められる額"}

// figure is an expression in words: 参加した人の「人数」の合計; something computed is only named so.
func (v Version) figure(e Expression) string {
	switch {
	case e.Number != nil:
		return ledger.Yen(*e.Number).String()
	case e.Field != "":
		return v.LabelOf(e.Field)
	case e.Rows != "":
		return v.LabelOf(e.Rows) + "の行の数"
	case e.Figure != "":
		return FigureNames[e.Figure]
	case e.Column != nil:
		label := e.Column.Column
		if f, err := v.FindField(e.Column.Field); err == nil {
			for _, c := range f.Columns {
				if c.Key == e.Column.Column {
					label = c.Label
				}
			}
		}
		return v.LabelOf(e.Column.Field) + "の" + label + "の合計"
	}
	return "計算した数"
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
