package template

import (
	"fmt"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/grants/formula"
)

// Fault is something wrong with a form. Where is the key of a field or section, or a part of the form.
type Fault struct {
	Where string
	Code  string // a text key: template.cycle
}

// Lint says what is wrong with a form; nothing, and it may be published.
func (v Version) Lint() []Fault {
	l := linter{fields: map[string]Field{}}
	l.head(v)
	for _, s := range v.Sections {
		l.section(s)
	}
	for _, f := range v.Fields() {
		l.field(f)
	}
	l.cycles(v.Fields())
	l.conditions(v)
	l.budget(v.Budget)
	l.duties(v.Obligations)
	return l.faults
}

type linter struct {
	fields map[string]Field
	faults []Fault
}

func (l *linter) fault(bad bool, where, code string) {
	if bad {
		l.faults = append(l.faults, Fault{where, "template." + code})
	}
}

func (l *linter) head(v Version) {
	l.fault(v.Key == "" || v.Version == "" || v.Title == "", "form", "no_name")
	l.fault(v.FiscalYear < 2000 || v.FiscalYear > 2999, "form", "no_fiscal_year")
	l.fault(!slices.Contains([]string{"application", "report", "change", "claim", "oath", "cover"}, v.Kind), "form", "unknown_kind")
	l.fault(len(v.Sections) == 0, "form", "no_section")
	seen := map[string]bool{}
	for _, f := range v.Fields() {
		l.fault(seen[f.Key], f.Key, "key_twice")
		seen[f.Key] = true
		l.fields[f.Key] = f
	}
}

func (l *linter) section(s Section) {
	l.fault(s.Key == "" || s.Title == "", s.Key, "no_name")
	l.fault(len(s.Fields) == 0, s.Key, "no_field")
}

func (l *linter) field(f Field) {
	l.fault(f.Key == "" || f.Label == "", f.Key, "no_name")
	l.fault(!known(f.Type), f.Key, "unknown_type")
	choice := f.Type == Single || f.Type == Multi
	l.fault(choice && len(f.Options) < 2, f.Key, "no_choice")
	l.fault(f.Type.rows() && len(f.Columns) == 0, f.Key, "no_column")
	l.fault((f.Type == Computed) != (f.Compute != nil), f.Key, "nothing_computed")
	l.fault(f.MaxRows > 0 && f.MinRows > f.MaxRows, f.Key, "more_least_than_most")
	l.fault(f.Public == "yes" && f.Type.Personal(), f.Key, "personal_in_public")
	l.fault(f.Required == OnSubmit && !f.Type.answered(), f.Key, "nobody_answers")
	if f.Limit != nil {
		l.fault(f.Limit.Check() != nil, f.Key, "limit_senseless")
		l.fault(f.Required == OnSubmit && f.Type == LongText && f.Limit.Max < 10 && f.Limit.Cols == 0, f.Key, "limit_too_small")
		l.fault(len(f.Example) > 0 && f.Limit.Check() == nil && f.Limit.Count(f.Example).Left < 0, f.Key, "example_too_long")
	}
	for _, c := range f.Columns {
		l.fault(c.Key == "" || c.Label == "" || !known(c.Type) || c.Type.rows(), f.Key, "column_senseless")
	}
}

func known(t Type) bool {
	return slices.Contains([]Type{Text, LongText, Number, Yen, Date, WarekiDate, DateRange, YearMonth, YesNo, Single, Multi, Person, Address, Phone, Mail, URL,
		Table, Schedule, Members, Partners, Indicators, BudgetGrid, File, Bank, Oath, Computed, Static}, t)
}

// cycles finds fields that hang on themselves: by what computes them, or by what shows them.
func (l *linter) cycles(fields []Field) {
	const visiting, done = 1, 2
	state := map[string]int{}
	var visit func(key string) bool
	visit = func(key string) bool {
		if state[key] != 0 {
			return state[key] == visiting
		}
		state[key] = visiting
		f, found := l.fields[key], false
		var on []string
		if f.Compute != nil {
			on = f.Compute.refers()
		}
		if f.ShowIf != nil {
			on = append(on, f.ShowIf.refers()...)
		}
		for _, next := range on {
			found = visit(next) || found
		}
		state[key] = done
		return found
	}
	for _, f := range fields {
		l.fault(visit(f.Key), f.Key, "cycle")
	}
}

// conditions looks at every condition of the form: what it refers to must exist, and it must be possible.
func (l *linter) conditions(v Version) {
	check := func(where string, c *Condition) {
		if c != nil {
			l.fault(l.impossible(*c, 0), where, "unreachable")
			l.unknown(where, c.refers())
			l.noColumn(where, c.columns())
		}
	}
	for _, s := range v.Sections {
		check(s.Key, s.ShowIf)
		for _, f := range s.Fields {
			check(f.Key, f.ShowIf)
			if f.Compute != nil {
				l.fault(!f.Compute.sound(0), f.Key, "nothing_computed")
				l.unknown(f.Key, f.Compute.refers())
				l.noColumn(f.Key, f.Compute.columns())
			}
		}
	}
	for _, a := range v.Attachments {
		check(a.Kind, a.ShowIf)
	}
	for _, o := range v.Obligations {
		check(o.Kind, o.If)
	}
	for i, r := range v.Rules {
		where := fmt.Sprintf("rule %d", i+1)
		check(where, r.When)
		check(where, &r.Assert)
		l.fault(r.Message == "", where, "no_message")
		l.fault(r.Severity != Error && r.Severity != Warning && r.Severity != Hint, where, "no_severity")
		l.unknown(where, r.Fields)
	}
}

func (l *linter) unknown(where string, keys []string) {
	for _, key := range keys {
		_, exists := l.fields[key]
		l.fault(!exists, where, "unknown_field")
	}
}

// noColumn finds columns that a table does not have: their sum would never be known. That the field is missing is said already.
func (l *linter) noColumn(where string, refs []ColumnRef) {
	for _, ref := range refs {
		f, exists := l.fields[ref.Field]
		l.fault(exists && !slices.ContainsFunc(f.Columns, func(c Column) bool { return c.Key == ref.Column }), where, "unknown_column")
	}
}

// impossible reports whether no answer can make the condition hold: an option that the field does not offer, parts that contradict each other, or
// nothing said at all.
func (l *linter) impossible(c Condition, depth int) bool {
	said := 0
	for _, given := range []bool{c.Is != nil, c.Filled != "", c.Compare != nil, len(c.And) > 0, len(c.Or) > 0, c.Not != nil} {
		if given {
			said++
		}
	}
	if said != 1 || depth > 8 {
		return true
	}
	inside := func(part Condition) bool { return l.impossible(part, depth+1) }
	switch {
	case c.Is != nil:
		return l.notOffered(*c.Is)
	case c.Compare != nil:
		return !c.Compare.sound()
	case c.Not != nil:
		return c.Not.Is == nil && inside(*c.Not)
	case len(c.Or) > 0:
		return !slices.ContainsFunc(c.Or, func(part Condition) bool { return !inside(part) })
	}
	return slices.ContainsFunc(c.And, inside) || contradicts(c.And, l.fields)
}

func (l *linter) notOffered(is Is) bool {
	switch f := l.fields[is.Field]; f.Type {
	case Single, Multi:
		return !slices.Contains(f.Options, is.Value)
	case YesNo, Oath:
		return is.Value != IsYes && is.Value != "いいえ"
	}
	return is.Value == ""
}

// contradicts finds two demands on the same single answer.
func contradicts(parts []Condition, fields map[string]Field) bool {
	demanded := map[string]string{}
	for _, part := range parts {
		if part.Is == nil || fields[part.Is.Field].Type == Multi {
			continue
		}
		if other, ok := demanded[part.Is.Field]; ok && other != part.Is.Value {
			return true
		}
		demanded[part.Is.Field] = part.Is.Value
	}
	return false
}

func (c Comparison) sound() bool {
	return slices.Contains([]string{"=", "<", "<=", ">", ">="}, c.Op) && c.Left.sound(0) && c.Right.sound(0)
}

func (l *linter) budget(b *Budget) {
	if b == nil {
		for _, f := range l.fields {
			l.fault(f.Type == BudgetGrid, f.Key, "no_budget")
		}
		return
	}
	l.fault(len(b.Categories) == 0, "budget", "no_category")
	seen := map[string]bool{}
	for _, c := range b.Categories {
		l.fault(c.Key == "" || c.Label == "" || seen[c.Key], c.Key, "no_name")
		l.fault(!slices.Contains([]string{"yes", "no", "ask"}, c.Eligible), c.Key, "eligible_unsaid")
		l.fault(c.Eligible == "no" && c.Reason == "", c.Key, "no_reason")
		l.fault(c.UnitCap < 0 || c.Share < 0 || c.Share > 100, c.Key, "cap_senseless")
		seen[c.Key] = true
	}
	l.claim("budget", b, b.Claim, seen)
	for _, option := range b.Options {
		l.claim(option.Label, b, option.Claim, seen)
	}
}

// claim checks a formula: it must be one, and what it asks for must be a category, one of the two usual costs, or a count with a name.
func (l *linter) claim(where string, b *Budget, text []byte, categories map[string]bool) {
	if len(text) == 0 {
		return
	}
	f, err := formula.Parse(text)
	if err != nil {
		l.fault(true, where, "no_formula")
		return
	}
	for _, need := range f.Needs() {
		usual := need.Name == formula.Total || need.Name == formula.Eligible
		l.fault(need.Kind == formula.Cost && !usual && !categories[need.Name], need.Name, "unknown_cost")
		l.fault(need.Kind == formula.Count && b.Names[need.Name] == "", need.Name, "count_without_name")
	}
}

func (l *linter) duties(duties []Obligation) {
	starts := []string{"decision", "received", "end", "fiscal_year_end", "tax_return"}
	for _, o := range duties {
		l.fault(o.Kind == "", "obligation", "no_name")
		l.fault(o.Due == nil || o.Due.Check() != nil, o.Kind, "no_due_rule")
		l.fault(!slices.Contains(starts, o.From), o.Kind, "counts_from_nothing")
	}
}
