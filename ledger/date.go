package ledger

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Tokyo is the zone of every day in the books. Japan has kept UTC+9 without summer time since 1952, so a fixed
// zone needs no database of zones on the machine.
var Tokyo = time.FixedZone("Asia/Tokyo", 9*60*60)

// ErrDay says that a text is not a day of the calendar.
var ErrDay = errors.New("ledger: not a day")

// Date is a civil day in Asia/Tokyo, the day of the books. The zero Date is no day; it is stored as NULL.
type Date struct {
	days int32 // since 0001-01-01, which is day 1
}

var epoch = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -1)

// NewDate returns the day; a month or day outside its range rolls over as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return fromUTC(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf returns the Tokyo day of an instant.
func DateOf(at time.Time) Date {
	y, m, d := at.In(Tokyo).Date()
	return NewDate(y, m, d)
}

// ParseDate reads "2026-11-24", "2026/11/24", "2026年11月24日" and "20261124", also in full-width digits;
// ErrDay for anything else, for a day that does not exist and for years outside 1868–2999.
func ParseDate(text string) (Date, error) {
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '/' || r == '／' || r == '年' || r == '月' || r == '－' || r == '.':
			return '-'
		}
		return r
	}, strings.TrimSuffix(strings.TrimSpace(text), "日"))
	for _, layout := range []string{"2006-1-2", "20060102"} {
		if t, err := time.Parse(layout, text); err == nil {
			if t.Year() < 1868 || t.Year() > 2999 {
				return Date{}, ErrDay
			}
			return fromUTC(t), nil
		}
	}
	return Date{}, ErrDay
}

// IsZero reports whether d is no day.
func (d Date) IsZero() bool { return d.days == 0 }

// Year, Month and Day are the parts of the day; the zero Date has none and gives 0.
func (d Date) Year() int { return d.part(func(t time.Time) int { return t.Year() }) }

// Month is the month of the day.
func (d Date) Month() time.Month {
	return time.Month(d.part(func(t time.Time) int { return int(t.Month()) }))
}

// Day is the day of the month.
func (d Date) Day() int { return d.part(func(t time.Time) int { return t.Day() }) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// AddDays returns the day n days later. A Date spans some five million years to either side.
func (d Date) AddDays(n int) Date { return Date{d.days + int32(n)} }

// Sub returns the number of days from e to d.
func (d Date) Sub(e Date) int { return int(d.days - e.days) }

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.days < e.days }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.days > e.days }

// Midnight is the instant the day begins in Tokyo.
func (d Date) Midnight() time.Time { return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, Tokyo) }

// String writes the day as 2026-11-24, or nothing for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// Value stores the day as an SQL date, the zero Date as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads an SQL date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
	case time.Time: // lib/pq gives a date as its midnight in UTC
		*d = NewDate(v.Year(), v.Month(), v.Day())
	case string:
		day, err := ParseDate(v)
		*d = day
		return err
	default:
		return fmt.Errorf("%w: %T", ErrDay, src)
	}
	return nil
}

// MarshalText writes the day as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote of a day that ParseDate reads.
func (d *Date) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(text))
	return err
}

func (d Date) utc() time.Time { return epoch.AddDate(0, 0, int(d.days)) }

func (d Date) part(of func(time.Time) int) int {
	if d.IsZero() {
		return 0
	}
	return of(d.utc())
}

// fromUTC counts days from seconds: a time.Duration holds only 292 years.
func fromUTC(t time.Time) Date { return Date{int32((t.Unix() - epoch.Unix()) / (24 * 60 * 60))} }
