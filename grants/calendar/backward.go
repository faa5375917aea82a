package calendar

import "github.com/tsukaimichi/tsukaimichi/ledger"

// Stage is a piece of work that has to be done before a day.
type Stage struct {
	What string
	Open int         // days an office is open that it takes
	By   ledger.Date // done by this day at the latest; zero: when the next stage begins
}

// Span is a stage with its days: it begins on From at the latest and is done on Until.
type Span struct {
	Stage
	From, Until ledger.Date
}

// Backward lays stages, in the order they are done, back from the day everything has to be there. Weekends, holidays and the turn of the year are no days
// of work. A stage with a day of its own ends there, or earlier when what comes after it needs the time.
func Backward(due ledger.Date, stages []Stage) []Span {
	spans := make([]Span, len(stages))
	for i := len(stages) - 1; i >= 0; i-- {
		if by := stages[i].By; !by.IsZero() && by.Before(due) {
			due = by
		}
		due = OpenOnOrBefore(due)
		from := Before(due, stages[i].Open)
		spans[i] = Span{stages[i], from, due}
		due = from
	}
	return spans
}
