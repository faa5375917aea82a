package english

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// value is an amount, a day, a percentage or a number in a text.
type value struct {
	kind    rune   // the sign that stands for it in a shape
	raw     string // as the page has it
	english string
}

// The signs of values: private characters that no page has.
const (
	yenSign rune = 0xE000 + iota
	daySign
	numberSign
	percentSign
)

// signs are the values by the name of their hole.
var signs = map[string]rune{"yen": yenSign, "day": daySign, "n": numberSign, "pct": percentSign}

func isSign(r rune) bool { return r >= yenSign && r <= percentSign }

// values finds all of them; a day is not a number, an amount is not either.
var values = regexp.MustCompile(`(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:（([月火水木金土日])）)?(?:[ 　]*(午前|午後)?(\d{1,2})時(?:(\d{1,2})分)?)?` +
	`|(?:(\d{4})年)?(\d{1,2})月` +
	`|(\d{4})年度?` +
	`|([+＋△−-])?(\d[\d,]*)円` +
	`|(\d[\d,]*(?:\.\d+)?)[％%]` +
	`|\d[\d,]*`)

// The groups of the expression above.
const (
	dayYear = 1 + iota
	dayMonth
	dayDay
	dayWeekday
	dayHalf
	dayHour
	dayMinute
	monthYear
	monthMonth
	yearYear
	yenPrefix
	yenDigits
	percentDigits
)

// shape writes a sign for each value of a text, and gives the values in order.
func shape(text string) (string, []value) {
	if !strings.ContainsAny(text, "0123456789") {
		return text, nil
	}
	var found []value
	var b strings.Builder
	from := 0
	for _, at := range values.FindAllStringSubmatchIndex(text, -1) {
		v := read(text, at)
		b.WriteString(text[from:at[0]])
		b.WriteRune(v.kind)
		found = append(found, v)
		from = at[1]
	}
	b.WriteString(text[from:])
	return b.String(), found
}

// read reads a value where the expression found it.
func read(text string, at []int) value {
	group := func(n int) string {
		if at[2*n] < 0 {
			return ""
		}
		return text[at[2*n]:at[2*n+1]]
	}
	v := value{raw: text[at[0]:at[1]]}
	switch {
	case group(dayMonth) != "":
		v.kind, v.english = daySign, day(group)
	case group(monthMonth) != "":
		v.kind, v.english = daySign, strings.TrimSpace(month(group(monthMonth))+" "+group(monthYear))
	case group(yearYear) != "":
		v.kind, v.english = daySign, group(yearYear)
		if strings.HasSuffix(v.raw, "度") {
			v.english = "fiscal year " + v.english
		}
	case group(yenDigits) != "":
		v.kind, v.english = yenSign, sign(group(yenPrefix))+"¥"+group(yenDigits)
	case group(percentDigits) != "":
		v.kind, v.english = percentSign, group(percentDigits)+"%"
	default:
		v.kind, v.english = numberSign, v.raw
	}
	return v
}

// day writes Wed 25 November 2026 at 9:05.
func day(group func(int) string) string {
	text := group(dayDay) + " " + month(group(dayMonth))
	if year := group(dayYear); year != "" {
		text += " " + year
	}
	if w := group(dayWeekday); w != "" {
		text = weekdays[w] + " " + text
	}
	if group(dayHour) == "" {
		return text
	}
	hour, minute := number(group(dayHour)), number(group(dayMinute))
	if group(dayHalf) == "午後" && hour < 12 {
		hour += 12
	}
	return fmt.Sprintf("%s at %d:%02d", text, hour, minute)
}

var weekdays = map[string]string{"日": "Sun", "月": "Mon", "火": "Tue", "水": "Wed", "木": "Thu", "金": "Fri", "土": "Sat"}

func month(digits string) string {
	n := number(digits)
	if n < 1 || n > 12 {
		return digits
	}
	return time.Month(n).String()
}

// number reads digits with their commas; what is none is 0.
func number(digits string) int {
	n, _ := strconv.Atoi(strings.ReplaceAll(digits, ",", ""))
	return n
}

func sign(prefix string) string {
	switch prefix {
	case "":
		return ""
	case "+", "＋":
		return "+"
	}
	return "−"
}
