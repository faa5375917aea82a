package search

import (
	"slices"
	"strings"

	"golang.org/x/text/width"

	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Query is what is looked for. What is empty does not matter; a call has to meet all the rest.
type Query struct {
	Words   string     `json:"words,omitempty"`   // each of them, in funder, programme, title, summary, purposes or areas
	Area    string     `json:"area,omitempty"`    // open to a group there: 奄美市; 鹿児島県
	Purpose string     `json:"purpose,omitempty"` // of Purposes
	Least   ledger.Yen `json:"least,omitempty"`   // pays as much; a call that names no amount is not left out
	Within  int        `json:"within,omitempty"`  // closes within so many days; a call without a day is left out
	Fits    bool       `json:"fits,omitempty"`    // open to the group, and for what its plan is for
}

// Windows are the windows of days to choose from; 0 is any time.
var Windows = []int{0, 30, 60, 90, 180}

// Empty reports whether nothing is looked for.
func (q Query) Empty() bool { return q == Query{} }

// check says what makes no sense.
func (q Query) check() ledger.Invalid {
	bad := ledger.Invalid{}
	bad.Need(len([]rune(q.Words)) <= 200, "q", "search.words")
	bad.Need(len([]rune(q.Area)) <= 40, "area", "search.area")
	bad.Need(q.Purpose == "" || slices.Contains(Purposes, q.Purpose), "purpose", "field.unknown")
	bad.Need(q.Least >= 0 && q.Least <= 99_999_999_999, "least", "call.amount")
	bad.Need(slices.Contains(Windows, q.Within), "within", "field.unknown")
	return bad
}

// goodScore is the score from which a call suits a plan.
const goodScore = 45

// Select returns the calls that meet the query, in their order. s is who looks; the query's plan is its sheet.
func (q Query) Select(all []catalogue.Opportunity, s Seeker, on ledger.Date) []catalogue.Opportunity {
	suits := map[int]bool{}
	if q.Fits {
		calls := make([]fit.Call, len(all))
		for i, o := range all {
			calls[i] = o.Call.Fitting()
		}
		for _, m := range fit.NewCatalogue(calls).Fit(s.Group, s.Plan(), on) {
			suits[m.Call] = m.Answer != fit.Out && m.Score.Points >= goodScore
		}
	}
	var found []catalogue.Opportunity
	for i, o := range all {
		if (!q.Fits || suits[i]) && q.meets(o, on) {
			found = append(found, o)
		}
	}
	return found
}

// meets holds one call against everything but the plan.
func (q Query) meets(o catalogue.Opportunity, on ledger.Date) bool {
	c := o.Call
	if q.Within > 0 {
		closes := c.On(catalogue.Closing)
		if closes.IsZero() || closes.Before(on) || closes.Sub(on) > q.Within {
			return false
		}
	}
	if q.Least > 0 && c.Most > 0 && c.Most < q.Least {
		return false
	}
	if q.Purpose != "" && !slices.Contains(c.Purposes, q.Purpose) && !strings.Contains(c.Title+c.Summary, q.Purpose) {
		return false
	}
	return q.near(c) && q.said(o)
}

// near reports whether the call is open to a group in the area. A call that names no area is open to all.
func (q Query) near(c catalogue.Call) bool {
	if q.Area == "" || len(c.Areas) == 0 || slices.Contains(c.Areas, fit.Everywhere) {
		return true
	}
	for _, word := range strings.FieldsFunc(q.Area, func(r rune) bool { return strings.ContainsRune("、,， 　", r) }) {
		if slices.ContainsFunc(c.Areas, func(area string) bool { return strings.Contains(area, word) }) {
			return true
		}
	}
	return false
}

// said reports whether every word stands in the call. Widths and cases are one.
func (q Query) said(o catalogue.Opportunity) bool {
	text := folded(strings.Join([]string{o.Funder, o.Programme, o.Call.Title, o.Call.Summary, strings.Join(o.Call.Purposes, " "), strings.Join(o.Call.Areas, " ")}, " "))
	for _, word := range strings.Fields(folded(q.Words)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func folded(text string) string { return strings.ToLower(width.Fold.String(text)) }
