package document

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Medium is where a text is read. Japanese statements on paper write △ for minus and the era's year; screens write
// − and the common year.
type Medium int

// The two media.
const (
	Screen Medium = iota
	Paper
)

// Minus is the sign of a negative number.
func (m Medium) Minus() string {
	if m == Paper {
		return "△"
	}
	return "−"
}

// Yen writes an amount with separators and no unit.
func (m Medium) Yen(y ledger.Yen) string {
	return strings.Replace(y.String(), "-", m.Minus(), 1)
}

// Date writes a day: 令和8年（2026年）10月15日 on paper, 2026年10月15日 on screen; nothing for no day.
func (m Medium) Date(on ledger.Date) string {
	if on.IsZero() {
		return ""
	}
	day := fmt.Sprintf("%d月%d日", int(on.Month()), on.Day())
	year := strconv.Itoa(on.Year()) + "年"
	if m == Screen {
		return year + day
	}
	name, of := Era(on)
	if name == "" {
		return year + day
	}
	nth := strconv.Itoa(of)
	if of == 1 {
		nth = "元"
	}
	return name + nth + "年（" + year + "）" + day
}

// Say writes the span out.
func (s Span) Say(m Medium) string {
	switch {
	case s.Yen != nil:
		return s.plus(int64(*s.Yen)) + m.Yen(*s.Yen)
	case s.Permille != nil:
		return s.plus(*s.Permille) + m.percent(*s.Permille)
	case !s.On.IsZero():
		return m.Date(s.On)
	}
	return s.Text
}

func (s Span) plus(n int64) string {
	if s.Signed && n > 0 {
		return "+"
	}
	return ""
}

// percent leaves ".0" away only at zero: 12％ and 12.0％ in one column would not line up.
func (m Medium) percent(permille int64) string {
	if permille == 0 {
		return "0％"
	}
	y := ledger.Yen(permille / 10)
	whole, tenth := m.Yen(y), permille%10
	if permille < 0 {
		tenth = -tenth
		if y == 0 {
			whole = m.Minus() + "0"
		}
	}
	return fmt.Sprintf("%s.%d％", whole, tenth)
}

var eras = []struct {
	name string
	from ledger.Date
}{
	{"令和", ledger.NewDate(2019, time.May, 1)},
	{"平成", ledger.NewDate(1989, time.January, 8)},
	{"昭和", ledger.NewDate(1926, time.December, 25)},
	{"大正", ledger.NewDate(1912, time.July, 30)},
	{"明治", ledger.NewDate(1868, time.January, 25)},
}

// Era returns the Japanese era of a day and the year within it, counted from 1; "" before 明治.
func Era(on ledger.Date) (name string, year int) {
	for _, e := range eras {
		if !on.Before(e.from) {
			return e.name, on.Year() - e.from.Year() + 1
		}
	}
	return "", 0
}

// Number writes a count with separators.
func (m Medium) Number(n int64) string { return m.Yen(ledger.Yen(n)) }
