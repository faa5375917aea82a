package calendar_test

import (
	"errors"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/grants/calendar"
)

func TestDueRulesComeToTheirDays(t *testing.T) {
	const kagawa = `{"months": 2, "year_end": {"on": "04-30"}}`
	const whichever = `{"earliest": [{"days": 30}, {"on": "03-31"}]}`
	for _, test := range []struct{ rule, from, want, words string }{
		{kagawa, "2027-03-31", "2027-04-30", "2か月以内(年度末に終わるものは4月30日)"},
		{kagawa, "2026-10-20", "2026-12-20", "2か月以内(年度末に終わるものは4月30日)"},
		{whichever, "2026-12-10", "2027-01-09", "30日以内または3月31日のいずれか早い日"},
		{whichever, "2027-03-20", "2027-03-31", "30日以内または3月31日のいずれか早い日"},
		{`{"on": "04-16", "next_year": true}`, "2027-03-31", "2027-04-16", "翌年度の4月16日"},
		{`{"on": "04-16", "next_year": true}`, "2026-04-10", "2027-04-16", "翌年度の4月16日"},
		{`{"months": 1}`, "2027-01-31", "2027-02-28", "1か月以内"},
		{`{"days": 15}`, "2026-12-20", "2027-01-04", "15日以内"},
		{`{"on": "02-29"}`, "2026-12-20", "2027-02-28", "2月29日"},
	} {
		rule, err := calendar.ParseRule([]byte(test.rule))
		if err != nil {
			t.Fatalf("%s: %v", test.rule, err)
		}
		if got := rule.Due(day(t, test.from), 4); got != day(t, test.want) {
			t.Errorf("%s from %s = %s; want %s", test.rule, test.from, got, test.want)
		}
		if got := rule.String(); got != test.words {
			t.Errorf("%s reads %q; want %q", test.rule, got, test.words)
		}
	}
}

func TestDueRulesThatMakeNoSenseAreRefused(t *testing.T) {
	for name, rule := range map[string]string{
		"no day": `{}`, "two ways": `{"days": 30, "months": 2}`, "a day that is none": `{"on": "02-31"}`, "backwards": `{"days": -3}`,
		"next year of nothing": `{"days": 3, "next_year": true}`, "words": `"30日以内"`, "a bad part": `{"earliest": [{"days": 30}, {}]}`,
		"too deep": `{"earliest": [{"earliest": [{"earliest": [{"earliest": [{"days": 1}]}]}]}]}`, "a field nobody knows": `{"days": 3, "script": 1}`, "past a life": `{"months": 1200}`,
	} {
		if _, err := calendar.ParseRule([]byte(rule)); !errors.Is(err, calendar.ErrRule) {
			t.Errorf("%s: ParseRule = %v; want %v", name, err, calendar.ErrRule)
		}
	}
}
