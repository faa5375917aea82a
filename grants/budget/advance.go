package budget

import (
	"time"

	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// mostMonths is the longest work that is laid out month by month.
const mostMonths = 60

// Advance is the money a group lays out until the funder pays: 立替え. It comes on top of the group's own part.
type Advance struct {
	Most   ledger.Yen  // the most that is out at the end of any month
	From   ledger.Date // the first day of the month in which something is out for the first time; zero when nothing ever is
	Months int         // from that month to the one before the funder pays
	Lines  []Month
}

// Month is where the money stands at the end of a month.
type Month struct {
	On    ledger.Date // the first day of the month
	Spent ledger.Yen  // since the beginning
	In    ledger.Yen  // other income since the beginning
	Grant ledger.Yen  // that came
	Out   ledger.Yen  // laid out beyond the group's own part
}

// Ahead lays a budget out by months: the cost and the other income are spread evenly over the months of the work, the group's own part is used up first, and
// the grant comes whole on the day it is paid. It needs from ≤ until; work of more than five years is laid out for five. Paid before the work begins,
// nothing is ever out.
func Ahead(total ledger.Yen, share formula.Share, from, until, paid ledger.Date) Advance {
	first, last := month(from), month(until)
	n := min(mostMonths, months(first, last)+1)
	spent, in := spread(total, n), spread(share.Income, n)
	var a Advance
	line := Month{On: first}
	for i := 0; i < mostMonths && (i < n || line.On.Before(month(paid))); i++ {
		line = Month{On: addMonths(first, i), Spent: line.Spent, In: line.In}
		if i < n {
			line.Spent, line.In = line.Spent+spent[i], line.In+in[i]
		}
		if !line.On.Before(month(paid)) {
			line.Grant = share.Grant
		}
		if line.Out = max(0, line.Spent-line.In-share.Own-line.Grant); line.Out > 0 {
			if a.From.IsZero() {
				a.From = line.On
			}
			a.Most, a.Months = max(a.Most, line.Out), a.Months+1
		}
		a.Lines = append(a.Lines, line)
	}
	return a
}

// spread divides an amount evenly over months, to the yen.
func spread(amount ledger.Yen, n int) []ledger.Yen {
	weights := make([]int64, n)
	for i := range weights {
		weights[i] = 1
	}
	parts, err := amount.Allocate(weights)
	if err != nil {
		return make([]ledger.Yen, n) // a worked sheet has no such amount
	}
	return parts
}

func month(d ledger.Date) ledger.Date { return ledger.NewDate(d.Year(), d.Month(), 1) }

func addMonths(d ledger.Date, n int) ledger.Date {
	return ledger.NewDate(d.Year(), d.Month()+time.Month(n), 1)
}

func months(from, until ledger.Date) int {
	return max(0, (until.Year()-from.Year())*12+int(until.Month())-int(from.Month()))
}
