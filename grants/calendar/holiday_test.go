package calendar_test

import (
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/grants/calendar"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func day(t testing.TB, text string) ledger.Date {
	t.Helper()
	d, err := ledger.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The holidays of years in which something is special, as the government announced them.
var announced = map[int]string{
	2015: "01-01 01-12 02-11 03-21 04-29 05-03 05-04 05-05 05-06 07-20 09-21 09-22 09-23 10-12 11-03 11-23 12-23",
	2019: "01-01 01-14 02-11 03-21 04-29 04-30 05-01 05-02 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-23 10-14 10-22 11-03 11-04 11-23",
	2020: "01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-23 07-24 08-10 09-21 09-22 11-03 11-23",
	2021: "01-01 01-11 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-22 07-23 08-08 08-09 09-20 09-23 11-03 11-23",
	2024: "01-01 01-08 02-11 02-12 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-22 09-23 10-14 11-03 11-04 11-23",
	2026: "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23",
	2027: "01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23",
}

func TestHolidaysAreThoseAnnounced(t *testing.T) {
	for year, want := range announced {
		var got []string
		for d := ledger.NewDate(year, 1, 1); d.Year() == year; d = d.AddDays(1) {
			if calendar.Holiday(d) != "" {
				got = append(got, d.String()[5:])
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("holidays of %d:\n%s\nwant\n%s", year, strings.Join(got, " "), want)
		}
	}
	for text, want := range map[string]string{"2026-05-06": "振替休日", "2026-09-22": "国民の休日", "2018-12-23": "天皇誕生日", "2106-01-01": ""} {
		if got := calendar.Holiday(day(t, text)); got != want {
			t.Errorf("Holiday(%s) = %q; want %q", text, got, want)
		}
	}
}

func TestWorkThatEndsOnADayBeginsSoManyOpenDaysBefore(t *testing.T) {
	for _, test := range []struct {
		end  string
		open int
		want string
	}{
		{"2026-11-24", 0, "2026-11-24"},
		{"2026-11-24", 1, "2026-11-20"}, // a Monday that is a holiday, and the weekend
		{"2026-11-22", 0, "2026-11-20"}, // a Sunday
		{"2027-01-05", 2, "2026-12-28"}, // over the new year
		{"2026-05-07", 3, "2026-04-28"}, // over the May holidays
	} {
		if got := calendar.Before(day(t, test.end), test.open); got != day(t, test.want) {
			t.Errorf("Before(%s, %d) = %s; want %s", test.end, test.open, got, test.want)
		}
	}
}
