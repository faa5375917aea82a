package calendar

import (
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// First and Last are the years whose holidays are known: before them the law was another, after them the equinox is a guess.
const (
	First = 2007
	Last  = 2099
)

// Holiday returns the name of a public holiday in Japan, or "" for any other day. It knows the years First to Last.
func Holiday(d ledger.Date) string {
	if d.Year() < First || d.Year() > Last {
		return ""
	}
	if name := named(d); name != "" {
		return name
	}
	switch {
	case substitute(d):
		return "振替休日"
	case between(d):
		return "国民の休日"
	}
	return ""
}

// OfficeOpen reports whether an office takes papers on the day: no weekend, no holiday, not from 29 December to 3 January.
func OfficeOpen(d ledger.Date) bool {
	if weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday; weekend {
		return false
	}
	newYear := (d.Month() == time.December && d.Day() >= 29) || (d.Month() == time.January && d.Day() <= 3)
	return !newYear && Holiday(d) == ""
}

// OpenOnOrBefore is the day itself, or the last day before it on which an office is open.
func OpenOnOrBefore(d ledger.Date) ledger.Date {
	for !OfficeOpen(d) {
		d = d.AddDays(-1)
	}
	return d
}

// Before returns the day so many open days before d: what takes n working days has to begin then to be done on d. Offices are never closed for
// more than a fortnight.
func Before(d ledger.Date, open int) ledger.Date {
	d = OpenOnOrBefore(d)
	for range open {
		d = OpenOnOrBefore(d.AddDays(-1))
	}
	return d
}

// substitute is the first day after a holiday on a Sunday that is no holiday itself.
func substitute(d ledger.Date) bool {
	for before := d.AddDays(-1); named(before) != ""; before = before.AddDays(-1) {
		if before.Weekday() == time.Sunday {
			return true
		}
	}
	return false
}

// between is a day with a holiday on either side.
func between(d ledger.Date) bool {
	return d.Weekday() != time.Sunday && named(d.AddDays(-1)) != "" && named(d.AddDays(1)) != ""
}

type monthDay struct {
	month time.Month
	day   int
}

var fixed = map[monthDay]string{
	{time.January, 1}: "元日", {time.February, 11}: "建国記念の日", {time.April, 29}: "昭和の日", {time.May, 3}: "憲法記念日", {time.May, 4}: "みどりの日",
	{time.May, 5}: "こどもの日", {time.November, 3}: "文化の日", {time.November, 23}: "勤労感謝の日",
}

// named is a holiday by its own name, without the days that follow from others.
func named(d ledger.Date) string {
	year, on := d.Year(), monthDay{d.Month(), d.Day()}
	if name := fixed[on]; name != "" {
		return name
	}
	if name, moved := games(year, on); moved {
		return name
	}
	switch {
	case on == monthDay{time.March, springEquinox(year)}:
		return "春分の日"
	case on == monthDay{time.September, autumnEquinox(year)}:
		return "秋分の日"
	case nthMonday(d, time.January, 2):
		return "成人の日"
	case nthMonday(d, time.September, 3):
		return "敬老の日"
	}
	return changed(d)
}

// changed are the holidays whose day or name the law changed since 2007, and those of an emperor.
func changed(d ledger.Date) string {
	year, on := d.Year(), monthDay{d.Month(), d.Day()}
	moved := year == 2020 || year == 2021 // games says where to
	switch {
	case !moved && nthMonday(d, time.July, 3):
		return "海の日"
	case year >= 2016 && !moved && on == monthDay{time.August, 11}:
		return "山の日"
	case !moved && nthMonday(d, time.October, 2):
		if year < 2020 {
			return "体育の日"
		}
		return "スポーツの日"
	case year >= 2020 && on == monthDay{time.February, 23}, year <= 2018 && on == monthDay{time.December, 23}:
		return "天皇誕生日"
	case year == 2019 && (on == monthDay{time.May, 1}):
		return "天皇の即位の日"
	case year == 2019 && (on == monthDay{time.October, 22}):
		return "即位礼正殿の儀の行われる日"
	}
	return ""
}

// games are the days moved by special law for the games of 2020 and 2021.
func games(year int, on monthDay) (string, bool) {
	days := map[int]map[monthDay]string{
		2020: {{time.July, 23}: "海の日", {time.July, 24}: "スポーツの日", {time.August, 10}: "山の日"},
		2021: {{time.July, 22}: "海の日", {time.July, 23}: "スポーツの日", {time.August, 8}: "山の日"},
	}
	name, moved := days[year][on]
	return name, moved
}

func nthMonday(d ledger.Date, month time.Month, nth int) bool {
	return d.Month() == month && d.Weekday() == time.Monday && (d.Day()+6)/7 == nth
}

// The equinoxes move by 0.242194 days a year and back by one each leap year; the constants place them for 1980 to 2099 in Tokyo's time. Written in
// millionths of a day, so that no fraction is rounded twice.
func springEquinox(year int) int { return equinox(20_843_100, year) }
func autumnEquinox(year int) int { return equinox(23_248_800, year) }

func equinox(at1980, year int) int {
	return (at1980+242_194*(year-1980))/1_000_000 - (year-1980)/4
}
