package catalogue

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// CopyForward makes next year's forecast of a round: the same call with every day a year later, nothing of it verified. ErrSameRound when next year's is known.
func CopyForward(ctx context.Context, tx *sqlx.Tx, id int64, by Author, at time.Time) (int64, error) {
	o, err := Find(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	days := make([]Deadline, len(o.Call.Deadlines))
	for i, d := range o.Call.Deadlines {
		if !d.On.IsZero() {
			d.On = yearLater(d.On)
		}
		days[i] = d
	}
	o.Call.Deadlines = days
	next := Opportunity{Funder: o.Funder, Programme: o.Programme, FiscalYear: o.FiscalYear + 1, Round: o.Round, Status: Forecast, Source: Copy, CopiedFrom: o.ID, Call: o.Call}
	return Enter(ctx, tx, next, by, at)
}

// yearLater is the same day of the next year; 29 February becomes the 28th, still before the month's end.
func yearLater(d ledger.Date) ledger.Date {
	if d.Month() == time.February && d.Day() == 29 {
		d = d.AddDays(-1)
	}
	return ledger.NewDate(d.Year()+1, d.Month(), d.Day())
}
