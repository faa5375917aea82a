package fit

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Test is what a rule asks of a fact.
type Test string

// The tests. Value, Words, Years say which figures each needs.
const (
	AtLeast    Test = "at_least"    // Number ≥ Value: members, partners, meetings a month
	AtMost     Test = "at_most"     // Number ≤ Value
	OneOf      Test = "one_of"      // one of Words: legal form
	NoneOf     Test = "none_of"     // none of Words: 老人クラブ, 自治会
	InArea     Test = "in_area"     // Words hold the group's area
	YearsSince Test = "years_since" // at least Value years from the Day to the day of applying
	ShareOf    Test = "share_of"    // Number is at least Value per cent of the number of the key Of
	Yes        Test = "yes"         // answered with yes: accounts are public, 規約 exists
	No         Test = "no"          // answered with no: other public money on the same work
	RestOf     Test = "rest_of"     // no grant of the funder (Words: funders or programmes; none: of anybody) in the last Value years
	Paper      Test = "paper"       // a paper of the kind Key is there and fresh
)

// Rule is one condition of a call, with the sentence it comes from. A rule that is not a Must is a wish of the funder: it never excludes.
type Rule struct {
	Key   string   `json:"key"`
	Test  Test     `json:"test"`
	Value int64    `json:"value,omitempty"`
	Words []string `json:"words,omitempty"`
	Of    string   `json:"of,omitempty"`
	Must  bool     `json:"must"`
	Quote string   `json:"quote"` // of the call
	Page  string   `json:"page,omitempty"`
	Ask   string   `json:"ask,omitempty"` // the question to the group, when the usual one does not fit
}

// ErrRule says that a rule lacks what its test needs. It comes wrapped with what.
var ErrRule = errors.New("fit: not a rule")

// Check says whether the rule is complete; ErrRule otherwise. A rule without its quote is none.
func (r Rule) Check() error {
	var lacks []string
	need := func(given bool, what string) {
		if !given {
			lacks = append(lacks, what)
		}
	}
	need(r.Quote != "", "quote")
	switch r.Test {
	case AtLeast, AtMost, YearsSince:
		need(r.Key != "" && r.Value >= 0 && r.Value <= 1_000_000_000, "key and value")
	case ShareOf:
		need(r.Key != "" && r.Of != "" && r.Value >= 0 && r.Value <= 100, "key, of and a per cent")
	case OneOf, NoneOf, InArea:
		need(r.Key != "" && len(r.Words) > 0, "key and words")
	case Yes, No, Paper:
		need(r.Key != "", "key")
	case RestOf:
		need(r.Value >= 1 && r.Value <= 30, "years")
	default:
		need(false, "test")
	}
	if len(lacks) > 0 {
		return fmt.Errorf("%s: %w", strings.Join(lacks, ", "), ErrRule)
	}
	return nil
}

// Answer is what a rule comes to.
type Answer string

// The answers, in the order that matters.
const (
	Out    Answer = "out"    // 対象外
	Unsure Answer = "unsure" // 要確認
	Can    Answer = "can"    // できる
)

// Finding is a rule held against a group.
type Finding struct {
	Rule   Rule
	Answer Answer
	Fact   Fact // that decided; zero when nothing is known
}

// Hold holds a rule against a group that would apply on a day. A wish that is not met is Unsure, never Out.
func (r Rule) Hold(g Group, on ledger.Date) Finding {
	met, known, fact := r.test(g, on)
	f := Finding{Rule: r, Answer: Unsure, Fact: fact}
	switch {
	case known && met:
		f.Answer = Can
	case known && r.Must && r.Test != Paper: // a paper can still be got
		f.Answer = Out
	}
	return f
}

func (r Rule) test(g Group, on ledger.Date) (met, known bool, fact Fact) {
	switch r.Test {
	case RestOf:
		return r.rested(g, on)
	case Paper:
		_, fresh := g.paper(r.Key, on)
		return fresh, true, Fact{}
	}
	if fact, known = g.known(r.Key, on); !known {
		return false, false, Fact{}
	}
	switch {
	case fact.Number != nil && r.Test == ShareOf:
		met, known = r.share(g, *fact.Number, on)
	case fact.Number != nil:
		met, known = r.number(*fact.Number)
	case fact.Yes != nil:
		met, known = *fact.Yes == (r.Test == Yes), r.Test == Yes || r.Test == No
	case !fact.Day.IsZero():
		met, known = !addYears(fact.Day, int(r.Value)).After(on), r.Test == YearsSince
	default:
		met, known = r.words(fact.Words)
	}
	return met, known, fact
}

func (r Rule) number(n int64) (met, known bool) {
	switch r.Test {
	case AtLeast:
		return n >= r.Value, true
	case AtMost:
		return n <= r.Value, true
	}
	return false, false
}

func (r Rule) share(g Group, part int64, on ledger.Date) (met, known bool) {
	whole, ok := g.known(r.Of, on)
	if !ok || whole.Number == nil || *whole.Number <= 0 {
		return false, false
	}
	return part*100 >= *whole.Number*r.Value, true
}

func (r Rule) words(have []string) (met, known bool) {
	if len(have) == 0 {
		return false, false
	}
	shared := slices.ContainsFunc(have, func(word string) bool { return slices.Contains(r.Words, word) })
	switch r.Test {
	case OneOf:
		return shared, true
	case NoneOf:
		return !shared, true
	case InArea:
		return covers(r.Words, have), true
	}
	return false, false
}

// rested reports whether no grant the rule names lies within the years before the day. A grant of which only the year is known may, and what nobody has told
// of cannot be known.
func (r Rule) rested(g Group, on ledger.Date) (met, known bool, fact Fact) {
	fact, known = g.known(PastAwards, on)
	for _, a := range g.Awards {
		if !a.of(r.Words) {
			continue
		}
		switch {
		case addYears(a.On, int(r.Value)).After(on):
			return false, true, Fact{Words: []string{a.Funder}, On: a.On}
		case !a.Until.IsZero() && addYears(a.Until, int(r.Value)).After(on):
			known = false
		}
	}
	return known, known, fact
}

// addYears is the same day of a later year; 29 February becomes 1 March, as the civil code counts.
func addYears(d ledger.Date, n int) ledger.Date {
	return ledger.NewDate(d.Year()+n, d.Month(), d.Day())
}
