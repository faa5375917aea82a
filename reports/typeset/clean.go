package typeset

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Geta 〓 stands where a character could not be set, as printers have always marked a missing type.
const Geta = '〓'

// Clean makes any text safe to set and keeps every character a name may have. Controls, direction marks and
// invisible formatting go; line ends become "\n"; broken UTF-8, noncharacters and private-use characters become 〓.
//
// It never applies NFC or NFKC: that would turn 神 (U+FA19) into 神 and change how people write their names. Only a
// letter followed by its own mark is joined (か + U+3099, u + U+0308), as some systems take them apart.
func Clean(s string) string { return clean(s, func(rune) {}) }

// clean is Clean; lost is told each character that became 〓.
func clean(s string, lost func(rune)) string {
	if plain(s) {
		return s
	}
	var out []rune
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r == '\r' && i < len(s) && s[i] == '\n':
		case r == '\r', r == '\n', r == '\v', r == '\f', r == 0x85, r == 0x2028, r == 0x2029:
			out = append(out, '\n')
		case r == '\t':
			out = append(out, ' ')
		case isSelector(r):
			if len(out) > 0 && out[len(out)-1] > ' ' && !isSelector(out[len(out)-1]) {
				out = append(out, r)
			}
		case r == utf8.RuneError, unicode.Is(unicode.Co, r), isNoncharacter(r):
			lost(r)
			out = append(out, Geta)
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		case isMark(r):
			out = join(out, r)
		default:
			out = append(out, r)
		}
	}
	return string(out)
}

// plain reports quickly that nothing is to be done: most text is.
func plain(s string) bool {
	for _, r := range s {
		switch {
		case r < ' ' && r != '\n', r >= 0x7f && r < 0xae, r >= 0x300 && r < 0x370, r >= 0x600 && r < 0x3000, r == 0x3099, r == 0x309a:
			return false
		case r >= 0xd800 && r < 0xf900, r >= 0xfb00 && r < 0xff00, r >= 0xfff0 && r < 0x20000, r >= 0x30000:
			return false
		}
	}
	return utf8.ValidString(s)
}

// join puts a mark on the letter before it if both make one character that has no other form.
func join(out []rune, mark rune) []rune {
	if len(out) == 0 {
		return append(out, mark)
	}
	base := out[len(out)-1]
	if base >= 0x250 && !isKana(base) {
		return append(out, mark)
	}
	whole, n := utf8.DecodeRuneInString(norm.NFC.String(string([]rune{base, mark})))
	if n < len(norm.NFC.String(string([]rune{base, mark}))) {
		return append(out, mark)
	}
	out[len(out)-1] = whole
	return out
}

func isMark(r rune) bool { return r >= 0x300 && r <= 0x36f || r == 0x3099 || r == 0x309a }

func isKana(r rune) bool { return r >= 0x3041 && r <= 0x30ff }

// isSelector reports a variation selector, which chooses the form of the character before it.
func isSelector(r rune) bool { return r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef }

func isNoncharacter(r rune) bool {
	return r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef || r >= 0xfff0 && r <= 0xfffd
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", " ") }
