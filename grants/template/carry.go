package template

import (
	"slices"
	"strings"
)

// Carried is what becomes of the answers when a draft goes on to another version of its form.
type Carried struct {
	Answers Answers
	Moves   []CarriedField // the fields of the new version that somebody answers, in their order
	Left    []LeftAnswer   // what has no place any more, in the order of the old version
	Gone    []Field        // fields of the old version that the new one does not have
}

// CarriedField is a field of the new version with where its answer comes from.
type CarriedField struct {
	Field
	From *Field // the field of the old version; nil: nothing comes from there
	Over int    // characters that the answer is too long for the new limit
	Bad  string // a text key of what else the new version says of the answer: draft.no_number
}

// New reports whether the old version did not ask this.
func (f CarriedField) New() bool { return f.From == nil }

// Changed reports whether the question, its kind, its limit, its choices or its duty differ.
func (f CarriedField) Changed() bool {
	return f.From != nil && (f.From.Label != f.Label || f.From.Type != f.Type || LimitWords(f.From.Limit) != LimitWords(f.Limit) || f.From.Required != f.Required ||
		!slices.Equal(f.From.Options, f.Options) || !alike(f.From.Columns, f.Columns))
}

// LeftAnswer is an answer, or the part of one, that the new version has no place for.
type LeftAnswer struct {
	Field
	Answer
	Why string // a text key: carry.gone, carry.columns_gone …
}

// Carry takes the answers of a version over to another: by common key where both name one, else by the key of the field. An answer that the new field cannot take
// is left over, never bent or cut; one that is too long goes along, and the new version says so.
func Carry(before, after Version, answers Answers) Carried {
	c := Carried{Answers: Answers{}}
	from := pairs(before, after)
	taken := map[string]bool{}
	for _, f := range after.Fields() {
		if !f.Type.answered() || f.Type == BudgetGrid {
			continue
		}
		moved := CarriedField{Field: f}
		if old, found := from[f.Key]; found {
			moved.From = &old
			taken[old.Key] = true
			a, left, why := fit(old, f, answers[old.Key])
			if !left.Empty() {
				c.Left = append(c.Left, LeftAnswer{old, left, why})
			}
			if !a.Empty() {
				c.Answers[f.Key] = a
				moved.judge(a)
			}
		}
		c.Moves = append(c.Moves, moved)
	}
	for _, old := range before.Fields() {
		if taken[old.Key] || !old.Type.answered() || old.Type == BudgetGrid {
			continue
		}
		c.Gone = append(c.Gone, old)
		if a := answers[old.Key]; !a.Empty() {
			c.Left = append(c.Left, LeftAnswer{old, a, "carry.gone"})
		}
	}
	at := func(l LeftAnswer) int {
		return slices.IndexFunc(before.Fields(), func(f Field) bool { return f.Key == l.Key })
	}
	slices.SortStableFunc(c.Left, func(a, b LeftAnswer) int { return at(a) - at(b) })
	return c
}

// judge says what the new field finds wrong with an answer that goes along.
func (f *CarriedField) judge(a Answer) {
	if f.Limit != nil {
		f.Over = max(0, -f.Limit.Count(a.Text).Left)
	}
	if !f.Type.rows() && f.Type != Oath {
		if code := malformed(f.Field, a); code != "" {
			f.Bad = "draft." + code
		}
	}
}

// pairs finds for each field of the new version the one of the old version that asks the same. No field of the old version is found twice.
func pairs(before, after Version) map[string]Field {
	from := map[string]Field{}
	taken := map[string]bool{}
	match := func(same func(old, now Field) bool) {
		for _, now := range after.Fields() {
			for _, old := range before.Fields() {
				if _, found := from[now.Key]; !found && !taken[old.Key] && old.Type.answered() && same(old, now) {
					from[now.Key], taken[old.Key] = old, true
				}
			}
		}
	}
	match(func(old, now Field) bool { return old.Key == now.Key && old.CommonKey == now.CommonKey })
	match(func(old, now Field) bool { return now.CommonKey != "" && old.CommonKey == now.CommonKey })
	match(func(old, now Field) bool {
		return old.Key == now.Key && (old.CommonKey == "" || now.CommonKey == "")
	})
	return from
}

// fit brings an answer into the shape of its new field. left is what finds no place, with why.
func fit(old, now Field, a Answer) (taken, left Answer, why string) {
	switch {
	case old.Type.Personal() && !now.Type.Personal():
		return Answer{}, a, "carry.personal"
	case now.Type == Oath && (old.Type != Oath || old.Label != now.Label):
		return Answer{}, Answer{}, "" // other words have to be sworn anew
	case old.Type.rows() && now.Type.rows():
		return fitRows(old, now, a)
	case old.Type.rows() || now.Type.rows() || (old.Type == DateRange) != (now.Type == DateRange) || (old.Type == Oath) != (now.Type == Oath):
		return Answer{}, a, "carry.other_kind"
	case now.Type == Single || now.Type == Multi || now.Type == YesNo:
		return fitChoice(now, a)
	case old.Type == Multi:
		return Answer{Text: strings.Join(a.words(), "、")}, Answer{}, ""
	}
	return a, Answer{}, ""
}

func fitChoice(now Field, a Answer) (taken, left Answer, why string) {
	offered := now.Options
	if now.Type == YesNo {
		offered = []string{IsYes, "いいえ"}
	}
	var fits, rest []string
	for _, word := range a.words() {
		if slices.Contains(offered, word) && (now.Type == Multi || len(fits) == 0) {
			fits = append(fits, word)
		} else if word != "" {
			rest = append(rest, word)
		}
	}
	if now.Type == Multi {
		taken.List = fits
	} else if len(fits) > 0 {
		taken.Text = fits[0]
	}
	return taken, Answer{Text: strings.Join(rest, "、")}, "carry.choice_gone"
}

// fitRows moves cells under their columns. When something stands in a column that is gone, the whole table is left over beside, to be read together.
func fitRows(old, now Field, a Answer) (taken, left Answer, why string) {
	lost := false
	for _, row := range a.Rows {
		moved := make([]string, len(now.Columns))
		for i, cell := range row {
			at := -1
			if i < len(old.Columns) {
				at = slices.IndexFunc(now.Columns, func(c Column) bool { return c.Key == old.Columns[i].Key })
			}
			if at >= 0 {
				moved[at] = cell
			} else {
				lost = lost || strings.TrimSpace(cell) != ""
			}
		}
		taken.Rows = append(taken.Rows, moved)
	}
	if lost {
		left = a
	}
	return taken, left, "carry.columns_gone"
}
