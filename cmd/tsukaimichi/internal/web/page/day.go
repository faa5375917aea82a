package page

import (
	"fmt"
	"strconv"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

var weekdays = [...]string{"日", "月", "火", "水", "木", "金", "土"}

// Day writes 2026年12月20日（日）, nothing for no day.
func Day(d ledger.Date) string {
	if d.IsZero() {
		return ""
	}
	return DayOnly(d) + "（" + weekdays[d.Weekday()] + "）"
}

// DayOnly writes 2026年12月20日.
func DayOnly(d ledger.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year(), int(d.Month()), d.Day())
}

// ShortDay writes 11月24日, for lists under a heading that names the year.
func ShortDay(d ledger.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d月%d日", int(d.Month()), d.Day())
}

// Month writes 2026年11月.
func Month(d ledger.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月", d.Year(), int(d.Month()))
}

// Minute writes an instant as 2026年11月24日（火）9時12分 in Tokyo.
func Minute(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	at = at.In(ledger.Tokyo)
	return fmt.Sprintf("%s%d時%d分", Day(ledger.DateOf(at)), at.Hour(), at.Minute())
}

// era is a Japanese era with its first day.
type era struct {
	name  string
	since ledger.Date
}

// eras, the latest first; days before 明治 are not read by ledger.ParseDate.
var eras = []era{
	{"令和", ledger.NewDate(2019, time.May, 1)},
	{"平成", ledger.NewDate(1989, time.January, 8)},
	{"昭和", ledger.NewDate(1926, time.December, 25)},
	{"大正", ledger.NewDate(1912, time.July, 30)},
	{"明治", ledger.NewDate(1868, time.January, 25)},
}

// eraYear names the era of a day and counts its years, the first as 1.
func eraYear(d ledger.Date) (string, int) {
	for _, e := range eras {
		if !d.Before(e.since) {
			return e.name, d.Year() - e.since.Year() + 1
		}
	}
	return "", d.Year()
}

// Wareki writes 令和8年（2026年）11月20日, 令和元年 for a first year: the form of papers.
func Wareki(d ledger.Date) string {
	if d.IsZero() {
		return ""
	}
	name, year := eraYear(d)
	count := strconv.Itoa(year)
	if year == 1 {
		count = "元"
	}
	return fmt.Sprintf("%s%s年（%d年）%s", name, count, d.Year(), ShortDay(d))
}

// StampDay writes 8.11.20, the year of the era as on a date stamp.
func StampDay(d ledger.Date) string {
	_, year := eraYear(d)
	return fmt.Sprintf("%d.%d.%d", year, int(d.Month()), d.Day())
}
