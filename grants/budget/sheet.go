package budget

import (
	"errors"
	"fmt"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Cost is a line of the cost side: 講師謝金 10,000円 × 4回.
type Cost struct {
	Category string     `json:"category"`
	Item     string     `json:"item"`
	Quantity int64      `json:"quantity"` // 1 when there is none
	Unit     string     `json:"unit,omitempty"`
	Times    int64      `json:"times,omitempty"` // a second quantity: 人 × 回; 0 is none
	TimesOf  string     `json:"times_of,omitempty"`
	Price    ledger.Yen `json:"price"`            // of one unit
	Quotes   int        `json:"quotes,omitempty"` // on paper, beside Papers
	Note     string     `json:"note,omitempty"`
	Priority int        `json:"priority,omitempty"` // 1 is paid by the grant first; 0: after those that have one

	Grant   *ledger.Yen `json:"grant,omitempty"`   // the part of the grant, as somebody said; nil: worked out
	Other   *ledger.Yen `json:"other,omitempty"`   // the part of other income, likewise
	Outside string      `json:"outside,omitempty"` // why the group does not ask for it, though the call might accept it
	Papers  []int64     `json:"papers,omitempty"`  // quotes attached: papers of the group's library
}

// Income is a line of the income side beside the grant itself and the group's own part.
type Income struct {
	Source formula.Source `json:"source"`
	Item   string         `json:"item"`
	Amount ledger.Yen     `json:"amount"`
}

// Sheet is a whole budget. Requested is what is asked for: at most the claim.
type Sheet struct {
	Costs     []Cost           `json:"costs"`
	Income    []Income         `json:"income"`
	Counts    map[string]int64 `json:"counts,omitempty"` // that the formula asks for: sessions, months
	Year      int              `json:"year,omitempty"`   // of a programme of several years
	Option    int              `json:"option,omitempty"` // which formula of the form; 0 is the first
	Requested ledger.Yen       `json:"requested,omitempty"`
	Rule      *CallRule        `json:"rule,omitempty"` // of the call; nil: the form's alone
}

// largestPrice is the largest price of a unit that is believed, and mostLines the longest sheet.
const (
	largestPrice = 99_999_999_999
	largestCount = 9_999_999
	mostLines    = 200
)

// Amount is the line's whole cost: quantity × second quantity × price. ledger.ErrOverflow when a figure is negative or beyond belief.
func (c Cost) Amount() (ledger.Yen, error) {
	times := max(c.Times, 1)
	if c.Quantity < 0 || c.Quantity > largestCount || c.Times < 0 || times > largestCount || c.Price < 0 || c.Price > largestPrice {
		return 0, ledger.ErrOverflow
	}
	amount, err := c.Price.Mul(c.Quantity*times, 1, ledger.Down)
	if err == nil && amount > formula.Largest {
		err = ledger.ErrOverflow
	}
	return amount, err
}

// Line is a cost line worked out.
type Line struct {
	Cost
	Amount   ledger.Yen
	Eligible ledger.Yen // the part the call accepts
	Reason   string     // why not all of it: words of the form or of the group, or a text key budget.…
	Parts    Parts      // who pays it
}

// Worked is a sheet worked out against the budget part of a form, under the rule that holds for the sheet.
type Worked struct {
	Lines    []Line
	Total    ledger.Yen
	Eligible ledger.Yen
	Claim    formula.Claim // zero when Missing is not empty or the form has no formula
	Missing  string        // the fact the formula still needs: a count
	Unit     ledger.Yen    // what a claim is rounded down to
	Share    formula.Share // of Requested, or of the claim when nothing is requested yet
	Problems []Problem
}

// Problem is something that does not agree. Line is the index of the cost line, −1 for the whole sheet.
type Problem struct {
	Line     int
	Severity template.Severity
	Code     string
}

// Work works a sheet out. It needs a form whose Lint is clean. An amount beyond belief is a Problem at its line and counts as zero; Work itself fails
// only when the form's formula is none.
func Work(s Sheet, b template.Budget) (Worked, error) {
	b = s.Spec(b)
	w := Worked{Unit: ledger.Yen(max(1, b.Unit))}
	w.lines(s, b)
	facts, err := w.facts(s, b)
	if err != nil {
		return w, err
	}
	if err = w.claim(s, b, facts); err != nil {
		return w, err
	}
	granted := s.Requested
	if granted == 0 {
		granted = w.Claim.Amount
	}
	if w.Share, err = formula.ShareOf(granted, facts); err != nil {
		w.problem(-1, template.Error, "income_too_large")
	}
	w.divide()
	w.check(s, b)
	return w, nil
}

func (w *Worked) problem(line int, severity template.Severity, code string) {
	w.Problems = append(w.Problems, Problem{line, severity, "budget." + code})
}

func (w *Worked) lines(s Sheet, b template.Budget) {
	if len(s.Costs) > mostLines || len(s.Income) > mostLines {
		w.problem(-1, template.Error, "too_many_lines")
	}
	for i, cost := range s.Costs[:min(len(s.Costs), mostLines)] {
		amount, err := cost.Amount()
		if err != nil {
			w.problem(i, template.Error, "amount_beyond_belief")
		}
		line := Line{Cost: cost, Amount: amount}
		category, known := categoryOf(b, cost.Category)
		if !known {
			w.problem(i, template.Error, "no_category")
		}
		line.accept(category, known)
		w.Lines = append(w.Lines, line)
		w.Total += amount // 200 lines below Largest are far from the end of int64
	}
	w.shares(b)
	for _, line := range w.Lines {
		w.Eligible += line.Eligible
	}
}

func categoryOf(b template.Budget, key string) (template.Category, bool) {
	at := slices.IndexFunc(b.Categories, func(c template.Category) bool { return c.Key == key })
	if at < 0 {
		return template.Category{}, false
	}
	return b.Categories[at], true
}

// accept finds the part of the line that the category accepts.
func (l *Line) accept(c template.Category, known bool) {
	switch {
	case !known:
		return
	case c.Eligible == "no":
		l.Reason = c.Reason
		return
	case l.Outside != "":
		l.Reason = l.Outside
		return
	}
	l.Eligible = l.Amount
	if c.UnitCap > 0 && l.Price > ledger.Yen(c.UnitCap) {
		capped := l.Cost
		capped.Price = ledger.Yen(c.UnitCap)
		if amount, err := capped.Amount(); err == nil {
			l.Eligible, l.Reason = amount, "budget.above_unit_cap"
		}
	}
}

// shares lowers categories that may be no more than a share of the whole: the last lines first.
func (w *Worked) shares(b template.Budget) {
	for _, c := range b.Categories {
		if c.Share == 0 {
			continue
		}
		room, err := w.Total.Mul(c.Share, 100, ledger.Down)
		if err != nil {
			continue // a share is at most the whole
		}
		for i := range w.Lines {
			l := &w.Lines[i]
			if l.Category != c.Key {
				continue
			}
			if l.Eligible > room {
				l.Eligible, l.Reason = room, "budget.above_share"
			}
			room -= l.Eligible
		}
	}
}

// facts are the figures the formula looks at. A category nobody wrote a line for costs nothing.
func (w *Worked) facts(s Sheet, b template.Budget) (formula.Facts, error) {
	f := formula.Facts{Costs: map[string]ledger.Yen{formula.Total: w.Total, formula.Eligible: w.Eligible}, Income: map[formula.Source]ledger.Yen{}, Counts: s.Counts, Year: s.Year}
	if f.Costs[formula.Total] > formula.Largest {
		w.problem(-1, template.Error, "amount_beyond_belief")
		f.Costs[formula.Total] = formula.Largest
		f.Costs[formula.Eligible] = min(w.Eligible, formula.Largest)
	}
	for _, c := range b.Categories {
		if _, known := f.Costs[c.Key]; !known {
			f.Costs[c.Key] = 0
		}
	}
	for _, l := range w.Lines {
		f.Costs[l.Category] = min(formula.Largest, f.Costs[l.Category]+l.Eligible)
	}
	for _, in := range s.Income {
		if in.Amount < 0 || in.Amount > formula.Largest || !slices.Contains(formula.Sources, in.Source) {
			w.problem(-1, template.Error, "income_beyond_belief")
			continue
		}
		f.Income[in.Source] = min(formula.Largest, f.Income[in.Source]+in.Amount)
	}
	return f, nil
}

// ErrForm says that the form's formula is none: its Lint was not clean.
var ErrForm = errors.New("budget: the form has no formula")

// Words are the names that the budget part which holds (Spec) gives to the figures of its formula.
func Words(b template.Budget) formula.Words {
	w := formula.Words{Names: map[string]string{}, Counters: b.Counters}
	for _, c := range b.Categories {
		w.Names[c.Key] = c.Label
	}
	for key, name := range b.Names {
		w.Names[key] = name
	}
	return w
}

// FormulaOf is the formula that the sheet takes: its call's, else the one of the form that was picked, kept to the call's amounts; false when there is none.
func FormulaOf(s Sheet, b template.Budget) (formula.Formula, bool, error) {
	b = s.Spec(b)
	text := b.Claim
	if s.Option > 0 && s.Option <= len(b.Options) {
		text = b.Options[s.Option-1].Claim
	}
	if len(text) == 0 {
		return formula.Formula{}, false, nil
	}
	f, err := formula.Parse(s.Rule.within(text, ledger.Yen(b.Unit)))
	if err != nil {
		return formula.Formula{}, false, errors.Join(ErrForm, err)
	}
	return f, true, nil
}

func (w *Worked) claim(s Sheet, b template.Budget, facts formula.Facts) error {
	rule, given, err := FormulaOf(s, b)
	if err != nil || !given {
		return err
	}
	var missing formula.Missing
	w.Claim, err = rule.Claim(facts)
	switch {
	case errors.As(err, &missing) && missing.Kind == formula.Cost: // a form with such a rule is not published: the call's
		w.problem(-1, template.Error, "rule_of_other_costs")
		return nil
	case errors.As(err, &missing):
		w.Missing = missing.Name
		return nil
	case errors.Is(err, ledger.ErrOverflow):
		w.problem(-1, template.Error, "count_beyond_belief")
		return nil
	case err != nil:
		return fmt.Errorf("claim: %w", err)
	}
	return nil
}

// check says what does not agree with the form.
func (w *Worked) check(s Sheet, b template.Budget) {
	if s.Requested < 0 || s.Requested%w.Unit != 0 {
		w.problem(-1, template.Error, "requested_not_in_units")
	}
	if s.Requested > w.Claim.Amount && w.Missing == "" && len(w.Claim.Steps) > 0 {
		w.problem(-1, template.Error, "requested_above_claim")
	}
	if w.Share.Surplus > 0 {
		w.problem(-1, template.Error, "more_in_than_out")
	}
	for i, l := range w.Lines {
		category, _ := categoryOf(b, l.Category)
		if slices.Contains(category.Requires, "quote") && l.AllQuotes() < 1 {
			w.problem(i, template.Warning, "quote_missing")
		}
		if b.Quotes != nil && l.Amount >= ledger.Yen(b.Quotes.From) && l.AllQuotes() < b.Quotes.Count && category.Eligible != "no" {
			w.problem(i, template.Warning, "quotes_missing")
		}
		if category.Eligible == "ask" {
			w.problem(i, template.Hint, "ask_the_funder")
		}
	}
}

// Figures are what a form's rules may name.
func (w Worked) Figures(s Sheet) map[string]int64 {
	return map[string]int64{
		"cost_total": int64(w.Total), "eligible": int64(w.Eligible), "requested": int64(s.Requested), "claim": int64(w.Claim.Amount),
		"income_total": int64(w.Share.Grant + w.Share.Income + w.Share.Own),
	}
}
