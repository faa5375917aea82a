package page

import (
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// minus is the sign of the web; paper has △.
const minus = "−"

// YenText writes 1,234,567 and −1,234; the unit stands in the template.
func YenText(amount ledger.Yen) string { return strings.Replace(amount.String(), "-", minus, 1) }

// SignedYen writes +15,860, −3,000 and 0: a difference or a movement.
func SignedYen(amount ledger.Yen) string {
	if amount > 0 {
		return "+" + amount.String()
	}
	return YenText(amount)
}

// PaperYen writes △3,000 for what is below zero, as statements do.
func PaperYen(amount ledger.Yen) string { return strings.Replace(amount.String(), "-", "△", 1) }

// Count writes a number of people or things with separators.
func Count(n int) string { return YenText(ledger.Yen(n)) }

// Percent writes part of whole as 67％ or 95.8％, cut to a tenth so that 100％ is said of the whole alone; nothing if there is no whole.
func Percent(part, whole ledger.Yen) string {
	if whole <= 0 {
		return ""
	}
	tenths, err := part.Mul(1000, int64(whole), ledger.Down)
	if err != nil {
		return ""
	}
	text := YenText(tenths / 10)
	if tenths < 0 && tenths > -10 {
		text = minus + "0"
	}
	if rest := tenths % 10; rest != 0 {
		text += "." + strings.TrimPrefix(strconv.FormatInt(int64(rest), 10), "-")
	}
	return text + "％"
}
