package catalogue

import (
	"net/url"
	"slices"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/fit"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Call is what a call for applications says.
type Call struct {
	Title     string                `json:"title"`
	Summary   string                `json:"summary,omitempty"`
	Purposes  []string              `json:"purposes,omitempty"`
	Areas     []string              `json:"areas,omitempty"`
	Least     ledger.Yen            `json:"least,omitempty"`
	Most      ledger.Yen            `json:"most,omitempty"` // of one grant
	Fund      ledger.Yen            `json:"fund,omitempty"` // of the whole round
	Payment   Payment               `json:"payment,omitempty"`
	Deadlines []Deadline            `json:"deadlines,omitempty"`
	Rules     []fit.Rule            `json:"rules,omitempty"`
	Budget    *template.Budget      `json:"budget,omitempty"`
	Template  string                `json:"template,omitempty"` // key of the form to draft with
	Excludes  []string              `json:"excludes,omitempty"` // funders or programmes it cannot stand beside
	Alone     bool                  `json:"alone,omitempty"`    // bears no other public money on the same work
	Duties    []template.Obligation `json:"duties,omitempty"`
	Writing   int                   `json:"writing,omitempty"` // characters the form asks for
	SourceURL string                `json:"source_url,omitempty"`
	Contact   string                `json:"contact,omitempty"` // of the funder's office
}

// Payment says when the money comes.
type Payment string

// The ways money comes.
const (
	Before Payment = "before" // 概算払
	After  Payment = "after"  // 精算払
	Either Payment = "either"
)

// Deadline is one day of a call.
type Deadline struct {
	Kind string      `json:"kind"` // of Kinds
	On   ledger.Date `json:"on,omitzero"`
	Time string      `json:"time,omitempty"` // 17:00
	Rule string      `json:"rule,omitempty"` // of Manners
	Note string      `json:"note,omitempty"`
}

// The days a call may name, and how a day is met.
var (
	Kinds   = []string{Opening, "事前相談", "推薦締切", Closing, "審査会", "決定予定", "事業開始", "事業終了"}
	Manners = []string{"必着", "消印有効", "時刻", "持参", "随時", "予算に達し次第"}
)

// The two days every programme has.
const (
	Opening = "募集開始"
	Closing = "申請締切"
)

// On returns the day of a kind, or the zero day.
func (c Call) On(kind string) ledger.Date {
	at := slices.IndexFunc(c.Deadlines, func(d Deadline) bool { return d.Kind == kind })
	if at < 0 {
		return ledger.Date{}
	}
	return c.Deadlines[at].On
}

// Check says what does not make sense, by field; it says nothing about what is merely unknown.
func (c Call) Check() ledger.Invalid {
	bad := ledger.Invalid{}
	if title := strings.TrimSpace(c.Title); title == "" || len([]rune(title)) > 120 {
		bad["title"] = "call.title"
	}
	if len([]rune(c.Summary)) > 4_000 {
		bad["summary"] = "call.summary"
	}
	for field, yen := range map[string]ledger.Yen{"least": c.Least, "most": c.Most, "fund": c.Fund} {
		if yen < 0 || yen > formula.Largest {
			bad[field] = "call.amount"
		}
	}
	if c.Most > 0 && c.Least > c.Most {
		bad["most"] = "call.most_below_least"
	}
	if !slices.Contains([]Payment{"", Before, After, Either}, c.Payment) {
		bad["payment"] = "call.payment"
	}
	if at, err := url.Parse(c.SourceURL); c.SourceURL != "" && (err != nil || (at.Scheme != "https" && at.Scheme != "http") || at.Host == "") {
		bad["source_url"] = "call.source_url"
	}
	c.checkDays(bad)
	c.checkRules(bad)
	return bad
}

func (c Call) checkDays(bad ledger.Invalid) {
	for _, d := range c.Deadlines {
		if !slices.Contains(Kinds, d.Kind) || (d.Rule != "" && !slices.Contains(Manners, d.Rule)) || (d.Time != "" && !clock(d.Time)) {
			bad["deadlines"] = "call.deadline"
		}
		if d.On.IsZero() && !d.Rolling() {
			bad["deadlines"] = "call.deadline_without_day"
		}
	}
	opens, closes := c.On(Opening), c.On(Closing)
	if !opens.IsZero() && !closes.IsZero() && closes.Before(opens) {
		bad["deadlines"] = "call.closes_before_it_opens"
	}
	if proposed := c.On("推薦締切"); !proposed.IsZero() && !closes.IsZero() && proposed.After(closes) {
		bad["deadlines"] = "call.proposed_after_it_closed"
	}
	if begins, ends := c.On("事業開始"), c.On("事業終了"); !begins.IsZero() && !ends.IsZero() && ends.Before(begins) {
		bad["deadlines"] = "call.ends_before_it_begins"
	}
}

func clock(text string) bool {
	hour, minute, ok := strings.Cut(text, ":")
	return ok && len(hour) == 2 && len(minute) == 2 && hour >= "00" && hour <= "24" && minute >= "00" && minute <= "59"
}

func (c Call) checkRules(bad ledger.Invalid) {
	for _, r := range c.Rules {
		if r.Check() != nil {
			bad["rules"] = "call.rule_incomplete"
		}
	}
	if c.Budget != nil && len(c.Budget.Claim) > 0 {
		if _, err := formula.Parse(c.Budget.Claim); err != nil {
			bad["formula"] = "call.no_formula"
		}
	}
	for _, d := range c.Duties {
		if d.Kind == "" || d.Due == nil || d.Due.Check() != nil {
			bad["duties"] = "call.duty_without_day"
		}
	}
}

// Rule is what the call says of the money beside its form; nil when it says nothing.
func (c Call) Rule() *budget.CallRule {
	rule := &budget.CallRule{Call: c.Title, SourceURL: c.SourceURL, Least: c.Least, Most: c.Most}
	if c.Budget != nil {
		rule.Says = *c.Budget
	}
	if len(rule.Says.Claim) == 0 && len(rule.Says.Categories) == 0 && c.Least == 0 && c.Most == 0 {
		return nil
	}
	return rule
}

// Fitting is the call as package fit compares it with plans.
func (c Call) Fitting() fit.Call {
	return fit.Call{Rules: c.Rules, Purposes: c.Purposes, Areas: c.Areas, Text: c.Title + "\n" + c.Summary, Least: c.Least, Most: c.Most,
		Advance: c.Payment == Before || c.Payment == Either, Writing: c.Writing, Closes: c.On(Closing)}
}
