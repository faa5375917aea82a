package page

import (
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestDaysAreWrittenWithTheirWeekday(t *testing.T) {
	t.Parallel()
	day := ledger.NewDate(2026, time.December, 20)
	for _, test := range []struct{ name, got, want string }{
		{"Day", Day(day), "2026年12月20日（日）"},
		{"DayOnly", DayOnly(day), "2026年12月20日"},
		{"ShortDay", ShortDay(day), "12月20日"},
		{"Month", Month(day), "2026年12月"},
		{"Wareki", Wareki(day), "令和8年（2026年）12月20日"},
		{"StampDay", StampDay(day), "8.12.20"},
		{"Minute", Minute(time.Date(2026, 11, 24, 0, 12, 0, 0, time.UTC)), "2026年11月24日（火）9時12分"},
		{"no day", Day(ledger.Date{}) + DayOnly(ledger.Date{}) + ShortDay(ledger.Date{}) + Month(ledger.Date{}) + Wareki(ledger.Date{}) + Minute(time.Time{}), ""},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, test.got, test.want)
		}
	}
}

func TestErasBeginOnTheirFirstDay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		day  ledger.Date
		want string
	}{
		{ledger.NewDate(2019, time.May, 1), "令和元年（2019年）5月1日"},
		{ledger.NewDate(2019, time.April, 30), "平成31年（2019年）4月30日"},
		{ledger.NewDate(1989, time.January, 7), "昭和64年（1989年）1月7日"},
		{ledger.NewDate(1926, time.December, 25), "昭和元年（1926年）12月25日"},
		{ledger.NewDate(1912, time.July, 29), "明治45年（1912年）7月29日"},
	} {
		if got := Wareki(test.day); got != test.want {
			t.Errorf("Wareki(%s) = %s, want %s", test.day, got, test.want)
		}
	}
}
