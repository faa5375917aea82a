package fit

import (
	"cmp"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Call is what fitting needs of a call for applications.
type Call struct {
	Rules    []Rule
	Purposes []string // 居場所, 見守り, 配食 …
	Areas    []string // 全国, a prefecture, a city; the group must lie in one of them
	Text     string   // summary in the words of the call
	Least    ledger.Yen
	Most     ledger.Yen // of one grant; 0 is unknown
	Advance  bool       // 概算払: the money comes before it is spent
	Writing  int        // characters the form asks for; 0 is unknown
	Closes   ledger.Date
}

// Plan is what fitting needs of an initiative.
type Plan struct {
	Purposes    []string
	Areas       []string // from the widest: 鹿児島県, 奄美市
	Text        string   // of the worksheet
	Need        ledger.Yen
	ShortOfCash bool // cannot spend first and be paid afterwards
}

// Part is one part of a score: up to 100 points, its weight in the whole, and a key of why.
type Part struct {
	Name   string // purpose, area, words, amount, payment, writing
	Points int    // 0 to 100
	Weight int    // of 100
	Why    string // a text key
}

// Score is how well an open call suits a plan, from 0 to 100, with its parts in the order of their weights.
type Score struct {
	Points int
	Parts  []Part
}

// Match is one call held against a group and its plan.
type Match struct {
	Call   int // its index
	Answer Answer
	Score  Score
	Days   int // until it closes; negative when it has
}

// Catalogue is many calls, ready to be compared with many plans.
type Catalogue struct {
	calls []Call
	index *Index
}

// NewCatalogue prepares the calls. They must not change afterwards.
func NewCatalogue(calls []Call) *Catalogue {
	texts := make([]string, len(calls))
	for i, c := range calls {
		texts[i] = c.Text
	}
	return &Catalogue{calls, NewIndex(texts)}
}

// Fit holds every call against the group and its plan: what it can ask for first, then what is unsure, by score, then by the day it closes. What is
// out comes last; it has its findings, and its score is not computed.
func (c *Catalogue) Fit(g Group, p Plan, on ledger.Date) []Match {
	like := c.index.Likeness(p.Text)
	matches := make([]Match, len(c.calls))
	for i, call := range c.calls {
		m := Match{Call: i, Answer: quickly(call.Rules, g, on), Days: call.Closes.Sub(on)}
		if m.Answer != Out {
			m.Score = call.score(p, like[i])
		}
		matches[i] = m
	}
	order := map[Answer]int{Can: 0, Unsure: 1, Out: 2}
	slices.SortStableFunc(matches, func(a, b Match) int {
		return cmp.Or(cmp.Compare(order[a.Answer], order[b.Answer]), cmp.Compare(b.Score.Points, a.Score.Points), cmp.Compare(a.Days, b.Days))
	})
	return matches
}

// quickly is Assess without the findings: a list of thousands shows them only for the call that is opened.
func quickly(rules []Rule, g Group, on ledger.Date) Answer {
	answer := Can
	for _, rule := range rules {
		switch rule.Hold(g, on).Answer {
		case Out:
			return Out
		case Unsure:
			answer = Unsure
		}
	}
	return answer
}

// The weights of the parts. They add up to 100.
const (
	weighPurpose = 30
	weighWords   = 25
	weighAmount  = 15
	weighArea    = 10
	weighPayment = 10
	weighWriting = 10
)

func (c Call) score(p Plan, likeness int) Score {
	parts := []Part{
		c.purpose(p), {Name: "words", Points: likeness / 10, Weight: weighWords, Why: "fit.words"},
		c.amount(p), c.area(p), c.payment(p), c.writing(),
	}
	sum := 0
	for _, part := range parts {
		sum += part.Points * part.Weight
	}
	return Score{Points: sum / 100, Parts: parts}
}

// purpose is the share of the plan's purposes that the call names. A call that names none is open to all, and said so with half the points.
func (c Call) purpose(p Plan) Part {
	part := Part{Name: "purpose", Weight: weighPurpose}
	if len(c.Purposes) == 0 || len(p.Purposes) == 0 {
		part.Points, part.Why = 50, "fit.purpose_any"
		return part
	}
	shared := 0
	for _, purpose := range p.Purposes {
		if slices.Contains(c.Purposes, purpose) {
			shared++
		}
	}
	part.Points, part.Why = 100*shared/len(p.Purposes), "fit.purpose_shared"
	if shared == 0 {
		part.Why = "fit.purpose_none"
	}
	return part
}

// area prefers the call that is nearest: fewer ask for it.
func (c Call) area(p Plan) Part {
	part := Part{Name: "area", Weight: weighArea, Why: "fit.area_none"}
	for i, area := range p.Areas {
		if slices.Contains(c.Areas, area) {
			part.Points, part.Why = 100*(i+2)/(len(p.Areas)+1), "fit.area_near"
		}
	}
	if part.Points == 0 && slices.Contains(c.Areas, Everywhere) {
		part.Points, part.Why = 30, "fit.area_everywhere"
	}
	part.Points = min(100, part.Points)
	return part
}

// amount says how much of the need the call can carry.
func (c Call) amount(p Plan) Part {
	part := Part{Name: "amount", Weight: weighAmount, Points: 50, Why: "fit.amount_unknown"}
	switch {
	case p.Need <= 0 || c.Most <= 0:
	case p.Need < c.Least:
		part.Points, part.Why = 0, "fit.amount_too_little"
	case p.Need <= c.Most:
		part.Points, part.Why = 100, "fit.amount_whole"
	default:
		part.Points, part.Why = int(100*c.Most/p.Need), "fit.amount_part"
	}
	return part
}

func (c Call) payment(p Plan) Part {
	switch {
	case c.Advance:
		return Part{"payment", 100, weighPayment, "fit.payment_before"}
	case p.ShortOfCash:
		return Part{"payment", 0, weighPayment, "fit.payment_after_short"}
	}
	return Part{"payment", 60, weighPayment, "fit.payment_after"}
}

// writing says how many characters are written for ten thousand yen: up to 20 is little, 400 and more are many.
func (c Call) writing() Part {
	part := Part{Name: "writing", Weight: weighWriting, Points: 50, Why: "fit.writing_unknown"}
	if c.Writing <= 0 || c.Most <= 0 {
		return part
	}
	per := int64(c.Writing) * 10_000 / int64(c.Most)
	part.Points, part.Why = int(max(0, min(100, 100-(per-20)*100/380))), "fit.writing_known"
	return part
}
