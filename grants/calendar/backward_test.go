package calendar_test

import (
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/grants/calendar"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// From Friday 8 January 2027 back over the turn of the year, Saturdays and Sundays, and the holiday of 23 November 2026.
func TestWorkIsLaidBackOverClosedDays(t *testing.T) {
	stages := []calendar.Stage{
		{What: "draft", Open: 10}, {What: "recommendation", Open: 14, By: ledger.NewDate(2026, time.December, 18)},
		{What: "seal", Open: 3}, {What: "post", Open: 3},
	}
	spans := calendar.Backward(ledger.NewDate(2027, time.January, 8), stages)
	for i, want := range []struct{ from, until string }{{"2026-11-13", "2026-11-30"}, {"2026-11-30", "2026-12-18"}, {"2026-12-25", "2027-01-05"}, {"2027-01-05", "2027-01-08"}} {
		if got := spans[i]; got.From.String() != want.from || got.Until.String() != want.until {
			t.Errorf("%s from %s until %s; want %s to %s", got.What, got.From, got.Until, want.from, want.until)
		}
	}
	if spans = calendar.Backward(ledger.NewDate(2027, time.January, 2), stages[3:]); spans[0].Until.String() != "2026-12-28" {
		t.Errorf("due while the offices are closed: done on %s; want the last day before", spans[0].Until)
	}
}
