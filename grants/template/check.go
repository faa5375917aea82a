package template

import (
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/grants/limit"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Problem is something to mend before handing in, at its field.
type Problem struct {
	Field    string // key; empty for the whole
	Severity Severity
	Code     string // a text key: draft.too_long; or the message of the form's own rule
	By       int    // how many too many or too few
}

// Result is a draft held against its form.
type Result struct {
	Problems []Problem
	Counts   map[string]limit.Count // of fields with a limit
	Filled   int                    // required fields that are filled
	Required int
}

// Ready reports whether nothing stops handing in.
func (r Result) Ready() bool {
	return !slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.Severity == Error })
}

// Percent is how much of what is required is filled, for a bar; 100 only when all is.
func (r Result) Percent() int {
	if r.Required == 0 {
		return 100
	}
	return 100 * r.Filled / r.Required
}

// Check holds answers against the form. figures are those of the budget, by the names an expression may use; nil when there is none yet.
func (v Version) Check(answers Answers, figures map[string]int64) Result {
	s := v.scope(answers, figures)
	r := Result{Counts: map[string]limit.Count{}}
	for _, section := range v.Sections {
		if section.ShowIf != nil && !s.holds(*section.ShowIf) {
			continue
		}
		for _, f := range section.Fields {
			if f.ShowIf == nil || s.holds(*f.ShowIf) {
				r.field(f, answers[f.Key])
			}
		}
	}
	for _, rule := range v.Rules {
		if (rule.When == nil || s.holds(*rule.When)) && !s.holds(rule.Assert) {
			r.rule(rule)
		}
	}
	return r
}

// Shown lists the keys of the fields that the answers let see, in order.
func (v Version) Shown(answers Answers) []string {
	s := v.scope(answers, nil)
	var keys []string
	for _, section := range v.Sections {
		if section.ShowIf != nil && !s.holds(*section.ShowIf) {
			continue
		}
		for _, f := range section.Fields {
			if f.ShowIf == nil || s.holds(*f.ShowIf) {
				keys = append(keys, f.Key)
			}
		}
	}
	return keys
}

// Wanted are the papers to attach under the answers: those without a condition, and those whose condition holds.
func (v Version) Wanted(answers Answers, figures map[string]int64) []Attachment {
	s := v.scope(answers, figures)
	return slices.DeleteFunc(slices.Clone(v.Attachments), func(a Attachment) bool { return a.ShowIf != nil && !s.holds(*a.ShowIf) })
}

// Value computes a computed field; false when something it needs is not answered.
func (v Version) Value(key string, answers Answers, figures map[string]int64) (int64, bool) {
	return v.scope(answers, figures).value(Expression{Field: key})
}

func (v Version) scope(answers Answers, figures map[string]int64) scope {
	fields := map[string]Field{}
	for _, f := range v.Fields() {
		fields[f.Key] = f
	}
	return scope{fields, answers, figures}
}

func (r *Result) problem(f Field, severity Severity, code string, by int) {
	r.Problems = append(r.Problems, Problem{f.Key, severity, "draft." + code, by})
}

func (r *Result) rule(rule Rule) {
	at := ""
	if len(rule.Fields) > 0 {
		at = rule.Fields[0]
	}
	r.Problems = append(r.Problems, Problem{Field: at, Severity: rule.Severity, Code: rule.Message})
}

func (r *Result) field(f Field, a Answer) {
	if !f.Type.answered() || f.Type == BudgetGrid {
		return
	}
	empty := a.Empty() || (f.Type == Oath && a.Text != IsYes)
	if f.Required == OnSubmit {
		r.Required++
		if empty {
			r.problem(f, Error, "missing", 0)
		} else {
			r.Filled++
		}
	}
	if f.Limit != nil {
		r.length(f, a)
	}
	if empty {
		return
	}
	if f.Type.rows() {
		r.table(f, a)
		return
	}
	if code := malformed(f, a); code != "" {
		r.problem(f, Error, code, 0)
	}
}

func (r *Result) length(f Field, a Answer) {
	count := f.Limit.Count(a.Text)
	r.Counts[f.Key] = count
	switch {
	case count.Verdict == limit.TooLong:
		r.problem(f, Error, "too_long", -count.Left)
	case count.Verdict == limit.Over:
		r.problem(f, Warning, "over", -count.Left)
	case count.Verdict == limit.TooShort && !a.Empty():
		r.problem(f, Error, "too_short", f.Limit.Min-count.Used)
	}
}

// table checks rows and cells. A row in which nothing stands does not count.
func (r *Result) table(f Field, a Answer) {
	if n := a.rows(); n < f.MinRows {
		r.problem(f, Error, "too_few_rows", f.MinRows-n)
	} else if f.MaxRows > 0 && n > f.MaxRows {
		r.problem(f, Error, "too_many_rows", n-f.MaxRows)
	}
	for _, row := range a.Rows {
		for i, c := range f.Columns {
			if i >= len(row) || strings.TrimSpace(row[i]) == "" {
				continue
			}
			if code := malformed(Field{Type: c.Type}, Answer{Text: row[i]}); code != "" {
				r.problem(f, Error, code, 0)
				return // one problem a table: the cells stand beside it
			}
			if c.Limit != nil && c.Limit.Count(row[i]).Verdict == limit.TooLong {
				r.problem(f, Error, "cell_too_long", -c.Limit.Count(row[i]).Left)
				return
			}
		}
	}
}

var (
	phoneForm = regexp.MustCompile(`^[0-9０-９()（）+ー－-]{6,20}$`)
	monthForm = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])$`)
)

// malformed says what is wrong with the form of an answer that is not empty.
func malformed(f Field, a Answer) string {
	switch f.Type {
	case Number, Yen:
		if _, err := ledger.ParseYen(a.Text); err != nil {
			return "no_number"
		}
	case Date, WarekiDate:
		if _, err := ledger.ParseDate(a.Text); err != nil {
			return "no_day"
		}
	case DateRange:
		return rangeProblem(a.List)
	case YearMonth:
		if !monthForm.MatchString(a.Text) {
			return "no_month"
		}
	case Mail:
		if at, err := mail.ParseAddress(a.Text); err != nil || at.Address != a.Text {
			return "no_mail"
		}
	case Phone:
		if !phoneForm.MatchString(a.Text) {
			return "no_phone"
		}
	case URL:
		if at, err := url.Parse(a.Text); err != nil || (at.Scheme != "https" && at.Scheme != "http") || at.Host == "" {
			return "no_url"
		}
	case Single, Multi, YesNo:
		return choiceProblem(f, a)
	}
	return ""
}

func rangeProblem(days []string) string {
	if len(days) != 2 {
		return "no_day"
	}
	from, err := ledger.ParseDate(days[0])
	if err != nil {
		return "no_day"
	}
	until, err := ledger.ParseDate(days[1])
	switch {
	case err != nil:
		return "no_day"
	case until.Before(from):
		return "ends_before_it_begins"
	}
	return ""
}

func choiceProblem(f Field, a Answer) string {
	offered := f.Options
	if f.Type == YesNo {
		offered = []string{IsYes, "いいえ"}
	}
	for _, word := range a.words() {
		if !slices.Contains(offered, word) {
			return "not_offered"
		}
	}
	return ""
}
