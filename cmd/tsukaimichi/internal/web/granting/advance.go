package granting

import (
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
)

// The rule of thumb for offices: a decision about three months after the closing day, the money one month after it; after the work two months from the report
// to the money. Said on the page wherever it is used.
const (
	untilDecided = 90
	untilPaid    = 30
	untilSettled = 60
)

// work is when the work is done, and what that rests on: the call, else the months of the sheet, else the fiscal year after the decision.
func (c *claim) work(body plans.Body, today ledger.Date) (from, until, decided ledger.Date, why string) {
	if decided = c.call.On("決定予定"); decided.IsZero() {
		if decided = c.call.On(catalogue.Closing); decided.IsZero() {
			decided = today
		}
		decided = decided.AddDays(untilDecided)
	}
	from, until, why = c.call.On("事業開始"), c.call.On("事業終了"), "募集要項の事業の期間"
	if from.IsZero() {
		from, until, why = monthsOf(body)
	}
	if from.IsZero() {
		from, why = ledger.NewDate(decided.Year(), decided.Month()+1, 1), "決定のつぎの月から年度末まで"
	}
	if until.Before(from) {
		until = fiscalYearEnd(from)
	}
	return from, until, decided, why
}

// monthsOf is from the first to the last month that the sheet's steps name.
func monthsOf(body plans.Body) (from, until ledger.Date, why string) {
	for _, step := range body.Steps {
		first, err := ledger.ParseDate(step.Month + "-01")
		if err != nil {
			continue
		}
		if from.IsZero() || first.Before(from) {
			from = first
		}
		if last := ledger.NewDate(first.Year(), first.Month()+1, 1).AddDays(-1); last.After(until) {
			until = last
		}
	}
	return from, until, "シートの準備の月"
}

func fiscalYearEnd(d ledger.Date) ledger.Date {
	year := d.Year()
	if d.Month() >= time.April {
		year++
	}
	return ledger.NewDate(year, time.March, 31)
}

// paid is when the money is expected, and what that rests on.
func (c *claim) paid(until, decided ledger.Date) (on ledger.Date, why string) {
	if c.call.Payment == catalogue.Before || c.call.Payment == catalogue.Either {
		return decided.AddDays(untilPaid), "決定の1か月あとに受け取る"
	}
	report, words := until.AddDays(30), "終わってから30日で報告"
	for _, duty := range c.duties {
		if duty.Due == nil || !strings.Contains(duty.Kind, "報告") || (duty.From != "end" && duty.From != "fiscal_year_end") {
			continue
		}
		start := until
		if duty.From == "fiscal_year_end" {
			start = fiscalYearEnd(until)
		}
		report, words = duty.Due.Due(start, time.April), duty.Kind+"（"+duty.Due.String()+"）"
		break
	}
	return report.AddDays(untilSettled), words + "し、その2か月あとに受け取る"
}

// span is when the work is done and paid for, with the words for what that rests on.
type span struct {
	from, until, decided, paid ledger.Date
	why, when                  string
}

// advance lays the budget out until the funder pays.
func (c *claim) advance(share formula.Share, body plans.Body, today ledger.Date) (budget.Advance, span) {
	var s span
	s.from, s.until, s.decided, s.why = c.work(body, today)
	s.paid, s.when = c.paid(s.until, s.decided)
	if c.amount == 0 {
		return budget.Advance{}, s
	}
	return budget.Ahead(c.worked.Total, share, s.from, s.until, s.paid), s
}
