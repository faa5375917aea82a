package fit_test

import (
	"errors"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

var today = ledger.NewDate(2026, 11, 25)

func number(n int64) fit.Fact         { return fit.Fact{Number: &n, On: today} }
func words(w ...string) fit.Fact      { return fit.Fact{Words: w, On: today} }
func answer(yes bool) fit.Fact        { return fit.Fact{Yes: &yes, On: today} }
func since(d ledger.Date) fit.Fact    { return fit.Fact{Day: d, On: today} }
func must(r fit.Rule) fit.Rule        { r.Must, r.Quote = true, "募集要項の文"; return r }
func stale(f fit.Fact) fit.Fact       { f.Until = today.AddDays(-1); return f }
func group(facts fit.Facts) fit.Group { return fit.Group{Facts: facts} }

// told is a group that has told of all its grants.
func told(awards ...fit.Award) fit.Group {
	return fit.Group{Facts: fit.Facts{fit.PastAwards: words("なし")}, Awards: awards}
}

func TestRulesOfCallsAreHeldAgainstAGroup(t *testing.T) {
	atLeastFive := must(fit.Rule{Key: "members", Test: fit.AtLeast, Value: 5})
	elderly := must(fit.Rule{Key: "members_60plus", Of: "members", Test: fit.ShareOf, Value: 80})
	anyForm := must(fit.Rule{Key: "legal_form", Test: fit.NoneOf, Words: []string{"老人クラブ", "自治会"}})
	inAmami := must(fit.Rule{Key: "area", Test: fit.InArea, Words: []string{"鹿児島県"}})
	twoYears := must(fit.Rule{Key: "founded_on", Test: fit.YearsSince, Value: 2})
	noOther := must(fit.Rule{Key: "other_public_money", Test: fit.No})
	rest := must(fit.Rule{Test: fit.RestOf, Value: 3, Words: []string{"奄美市社協"}})
	paper := must(fit.Rule{Key: "規約", Test: fit.Paper})
	wish := fit.Rule{Key: "members", Test: fit.AtLeast, Value: 20, Quote: "20人以上が望ましい"}
	for _, test := range []struct {
		name  string
		rule  fit.Rule
		group fit.Group
		want  fit.Answer
	}{
		{"five are five", atLeastFive, group(fit.Facts{"members": number(5)}), fit.Can},
		{"four are not", atLeastFive, group(fit.Facts{"members": number(4)}), fit.Out},
		{"unknown is asked", atLeastFive, group(nil), fit.Unsure},
		{"stale is asked again", atLeastFive, group(fit.Facts{"members": stale(number(9))}), fit.Unsure},
		{"a number said in words is asked again", atLeastFive, group(fit.Facts{"members": words("五")}), fit.Unsure},
		{"eight of ten are eighty per cent", elderly, group(fit.Facts{"members": number(10), "members_60plus": number(8)}), fit.Can},
		{"seven of nine are not", elderly, group(fit.Facts{"members": number(9), "members_60plus": number(7)}), fit.Out},
		{"a share of nobody knows how many", elderly, group(fit.Facts{"members_60plus": number(7)}), fit.Unsure},
		{"an NPO is no residents' association", anyForm, group(fit.Facts{"legal_form": words("NPO法人")}), fit.Can},
		{"a residents' association is", anyForm, group(fit.Facts{"legal_form": words("自治会")}), fit.Out},
		{"the prefecture holds the city", inAmami, group(fit.Facts{"area": words("鹿児島県", "奄美市")}), fit.Can},
		{"another prefecture does not", inAmami, group(fit.Facts{"area": words("徳島県", "小松島市")}), fit.Out},
		{"two years to the day", twoYears, group(fit.Facts{"founded_on": since(ledger.NewDate(2024, 11, 25))}), fit.Can},
		{"one day short of two years", twoYears, group(fit.Facts{"founded_on": since(ledger.NewDate(2024, 11, 26))}), fit.Out},
		{"no other money", noOther, group(fit.Facts{"other_public_money": answer(false)}), fit.Can},
		{"other money", noOther, group(fit.Facts{"other_public_money": answer(true)}), fit.Out},
		{"a grant three years ago is rested", rest, told(fit.Award{Funder: "奄美市社協", On: ledger.NewDate(2023, 11, 25)}), fit.Can},
		{"one day less is not", rest, told(fit.Award{Funder: "奄美市社協", On: ledger.NewDate(2023, 11, 26)}), fit.Out},
		{"nor where nobody has told of others", rest, fit.Group{Awards: []fit.Award{{Funder: "奄美市社協", On: ledger.NewDate(2023, 11, 26)}}}, fit.Out},
		{"of another funder it does not matter", rest, told(fit.Award{Funder: "別の財団", On: today}), fit.Can},
		{"the name is longer than the rule's", rest, told(fit.Award{Funder: "社会福祉法人奄美市社協", On: today}), fit.Out},
		{"none at all was told", rest, told(), fit.Can},
		{"what nobody has told is asked", rest, fit.Group{}, fit.Unsure},
		{"of the year alone it may be either", rest, told(fit.Award{Funder: "奄美市社協", On: ledger.NewDate(2023, 4, 1), Until: ledger.NewDate(2024, 3, 31)}), fit.Unsure},
		{"the whole year is past", rest, told(fit.Award{Funder: "奄美市社協", On: ledger.NewDate(2022, 4, 1), Until: ledger.NewDate(2023, 3, 31)}), fit.Can},
		{"the whole year is not", rest, told(fit.Award{Funder: "奄美市社協", On: ledger.NewDate(2024, 4, 1), Until: ledger.NewDate(2025, 3, 31)}), fit.Out},
		{"a paper for ever", paper, fit.Group{Papers: map[string]ledger.Date{"規約": {}}}, fit.Can},
		{"a stale paper can be got anew", paper, fit.Group{Papers: map[string]ledger.Date{"規約": today.AddDays(-1)}}, fit.Unsure},
		{"a wish never excludes", wish, group(fit.Facts{"members": number(6)}), fit.Unsure},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := test.rule.Check(); err != nil {
				t.Fatal(err)
			}
			if got := test.rule.Hold(test.group, today); got.Answer != test.want {
				t.Errorf("Hold = %s; want %s", got.Answer, test.want)
			}
		})
	}
}

func TestOneUnmetMustDecidesAndUnknownsAreAsked(t *testing.T) {
	rules := []fit.Rule{
		must(fit.Rule{Key: "members", Test: fit.AtLeast, Value: 5}),
		must(fit.Rule{Key: "public_finances", Test: fit.Yes}),
		must(fit.Rule{Key: "規約", Test: fit.Paper}),
	}
	a := fit.Assess(rules, group(fit.Facts{"members": number(7)}), today)
	if q := a.Questions(); a.Answer != fit.Unsure || len(q) != 1 || q[0].Key != "public_finances" {
		t.Errorf("%s, asks %v; want unsure, asking for public_finances", a.Answer, q)
	}
	if p := a.Papers(); len(p) != 1 || p[0] != "規約" {
		t.Errorf("papers %v; want 規約", p)
	}
	if q := fit.Assess([]fit.Rule{must(fit.Rule{Test: fit.RestOf, Value: 3})}, group(nil), today).Questions(); len(q) != 1 || q[0].Key != fit.PastAwards {
		t.Errorf("a rest between grants asks %v; want which were given", q)
	}
	if a = fit.Assess(rules, group(fit.Facts{"members": number(2)}), today); a.Answer != fit.Out {
		t.Errorf("two members: %s; want out", a.Answer)
	}
	if a = fit.Assess(nil, group(nil), today); a.Answer != fit.Can {
		t.Errorf("a call without rules: %s; want can", a.Answer)
	}
}

func TestIncompleteRulesAreRefused(t *testing.T) {
	for name, rule := range map[string]fit.Rule{
		"without its quote":  {Key: "members", Test: fit.AtLeast, Value: 5},
		"without a test":     {Key: "members", Quote: "q"},
		"without words":      {Key: "legal_form", Test: fit.OneOf, Quote: "q"},
		"a share above all":  {Key: "a", Of: "b", Test: fit.ShareOf, Value: 101, Quote: "q"},
		"a rest of no years": {Test: fit.RestOf, Quote: "q"},
	} {
		if err := rule.Check(); !errors.Is(err, fit.ErrRule) {
			t.Errorf("%s: Check = %v; want %v", name, err, fit.ErrRule)
		}
	}
}
