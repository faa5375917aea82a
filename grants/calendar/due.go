package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ErrRule says that a due rule makes no sense: it names no day, or two ways to one.
var ErrRule = errors.New("calendar: not a due rule")

// Rule says when something is due, counted from a day such as the end of the work or the receipt of money. Exactly one of Days, Months, On and
// Earliest is given.
//
//	{"days": 30}                                          30日以内
//	{"months": 2, "year_end": {"on": "04-30"}}            2か月以内、年度末に終わるものは4月30日
//	{"earliest": [{"days": 30}, {"on": "03-31"}]}         30日以内または3月31日のいずれか早い日
//	{"on": "04-16", "next_year": true}                    翌年度の4月16日
type Rule struct {
	Days     int    `json:"days,omitempty"`
	Months   int    `json:"months,omitempty"`    // the same day of a later month, or its last day
	On       string `json:"on,omitempty"`        // MM-DD, the first one on or after the day
	NextYear bool   `json:"next_year,omitempty"` // of On: in the fiscal year after the day's own
	Earliest []Rule `json:"earliest,omitempty"`
	YearEnd  *Rule  `json:"year_end,omitempty"` // instead, when the day is the last of a fiscal year
}

// ParseRule reads a rule from JSON; ErrRule when it makes no sense.
func ParseRule(text []byte) (Rule, error) {
	var r Rule
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return Rule{}, ErrRule // the decoder's words quote the input
	}
	return r, r.Check()
}

// Check says whether a rule that came with other data makes sense; ErrRule otherwise.
func (r Rule) Check() error { return r.check(0) }

func (r Rule) check(depth int) error {
	ways := 0
	for _, given := range []bool{r.Days != 0, r.Months != 0, r.On != "", len(r.Earliest) > 0} {
		if given {
			ways++
		}
	}
	if ways != 1 || depth > 3 || r.Days < 0 || r.Days > 3_660 || r.Months < 0 || r.Months > 120 || len(r.Earliest) > 5 || (r.NextYear && r.On == "") {
		return ErrRule
	}
	if r.On != "" {
		if _, err := time.Parse("2006-01-02", "2000-"+r.On); err != nil {
			return ErrRule
		}
	}
	for _, part := range r.Earliest {
		if err := part.check(depth + 1); err != nil {
			return err
		}
	}
	if r.YearEnd != nil {
		return r.YearEnd.check(depth + 1)
	}
	return nil
}

// Due is the day the rule comes to, counted from a day. firstMonth is the month in which the group's fiscal year begins; 4 in most of Japan.
func (r Rule) Due(from ledger.Date, firstMonth time.Month) ledger.Date {
	if r.YearEnd != nil && from == yearEnd(from, firstMonth) {
		return r.YearEnd.Due(from, firstMonth)
	}
	switch {
	case r.Months > 0:
		return addMonths(from, r.Months)
	case r.On != "":
		if r.NextYear {
			from = yearEnd(from, firstMonth).AddDays(1)
		}
		return next(from, r.On)
	case len(r.Earliest) > 0:
		due := r.Earliest[0].Due(from, firstMonth)
		for _, part := range r.Earliest[1:] {
			if d := part.Due(from, firstMonth); d.Before(due) {
				due = d
			}
		}
		return due
	}
	return from.AddDays(r.Days)
}

// String is the rule in plain Japanese.
func (r Rule) String() string {
	var words string
	switch {
	case r.Months > 0:
		words = fmt.Sprintf("%dか月以内", r.Months)
	case r.On != "":
		var month, day int
		_, _ = fmt.Sscanf(r.On, "%d-%d", &month, &day)
		if words = fmt.Sprintf("%d月%d日", month, day); r.NextYear {
			words = "翌年度の" + words
		}
	case len(r.Earliest) > 0:
		for i, part := range r.Earliest {
			if i > 0 {
				words += "または"
			}
			words += part.String()
		}
		words += "のいずれか早い日"
	default:
		words = fmt.Sprintf("%d日以内", r.Days)
	}
	if r.YearEnd != nil {
		words += "(年度末に終わるものは" + r.YearEnd.String() + ")"
	}
	return words
}

// yearEnd is the last day of the fiscal year a day lies in.
func yearEnd(d ledger.Date, firstMonth time.Month) ledger.Date {
	year := d.Year()
	if d.Month() >= firstMonth {
		year++
	}
	return ledger.NewDate(year, firstMonth, 1).AddDays(-1)
}

// next is the first day MM-DD on or after d. 29 February is the 28th where there is none.
func next(d ledger.Date, on string) ledger.Date {
	for year := d.Year(); ; year++ {
		due, err := ledger.ParseDate(fmt.Sprintf("%04d-%s", year, on))
		if err != nil {
			due = ledger.NewDate(year, time.March, 1).AddDays(-1)
		}
		if !due.Before(d) {
			return due
		}
	}
}

func addMonths(d ledger.Date, n int) ledger.Date {
	last := ledger.NewDate(d.Year(), d.Month()+time.Month(n)+1, 1).AddDays(-1)
	return ledger.NewDate(last.Year(), last.Month(), min(d.Day(), last.Day()))
}
