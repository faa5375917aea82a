package catalogue_test

import (
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestADayIsMetAsTheCallSays(t *testing.T) {
	for _, test := range []struct {
		day  catalogue.Deadline
		want string
	}{
		{catalogue.Deadline{Rule: "必着"}, "必着"}, {catalogue.Deadline{Rule: "必着", Time: "17:00"}, "必着・17:00まで"}, {catalogue.Deadline{Rule: "時刻", Time: "17:00"}, "17:00まで"},
		{catalogue.Deadline{Rule: "時刻"}, "時刻の指定あり"}, {catalogue.Deadline{Time: "12:00"}, "12:00まで"}, {catalogue.Deadline{Rule: "随時"}, "随時"}, {catalogue.Deadline{}, ""},
	} {
		if got := test.day.How(); got != test.want {
			t.Errorf("%+v: How = %q; want %q", test.day, got, test.want)
		}
	}
}

// What has to be there is posted three days before; with a postmark one day is enough. A recommendation has a day of its own.
func TestThePlanFollowsHowTheDayIsMet(t *testing.T) {
	closes := ledger.NewDate(2027, time.January, 29) // a Friday
	call := func(rule string, more ...catalogue.Deadline) catalogue.Call {
		return catalogue.Call{Deadlines: append(more, catalogue.Deadline{Kind: catalogue.Closing, On: closes, Rule: rule})}
	}
	for rule, posted := range map[string]ledger.Date{"必着": ledger.NewDate(2027, time.January, 26), "消印有効": ledger.NewDate(2027, time.January, 28), "": ledger.NewDate(2027, time.January, 26)} {
		spans := call(rule).Backward(nil)
		if last := spans[len(spans)-1]; last.From != posted || last.Until != closes {
			t.Errorf("%q is posted from %s to %s; want %s to %s", rule, last.From, last.Until, posted, closes)
		}
	}
	proposed := ledger.NewDate(2027, time.January, 8)
	spans := call("必着", catalogue.Deadline{Kind: "推薦締切", On: proposed}).Backward([]string{"規約"})
	if len(spans) != 6 || spans[2].Until != proposed || spans[1].Until.After(spans[2].From) {
		t.Errorf("with a recommendation: %+v", spans)
	}
	if spans = call("随時").Backward(nil); len(spans) != 4 {
		t.Errorf("a day that is named is planned for, whatever its kind: %+v", spans)
	}
	if (catalogue.Call{Deadlines: []catalogue.Deadline{{Kind: catalogue.Closing, Rule: "予算に達し次第"}}}).Backward(nil) != nil {
		t.Error("without a day there is no plan")
	}
}
