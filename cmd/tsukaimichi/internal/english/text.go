package english

import (
	"slices"
	"strings"
)

// piece is a stretch of an English text; own is what stays as a group wrote it.
type piece struct {
	text string
	own  bool
}

// text says a text in English; ours is false where it is a group's own altogether.
func (c *catalogue) text(japanese string) (pieces []piece, ours bool) {
	if !IsJapanese(japanese) {
		return []piece{{text: japanese}}, true
	}
	if pieces, ours = c.unbound(japanese); ours {
		return pieces, true
	}
	return []piece{{text: japanese, own: true}}, false
}

// unbound says a text of ours whose spaces may be bound to keep it on one line.
func (c *catalogue) unbound(japanese string) (pieces []piece, ours bool) {
	japanese = strings.ReplaceAll(japanese, "\u00a0", " ")
	if at := strings.LastIndex(japanese, titleSign); at > 0 {
		before, _ := c.text(japanese[:at])
		after, _ := c.text(japanese[at+len(titleSign):])
		return slices.Concat(before, []piece{{text: " | "}}, after), true
	}
	if pieces, ours = c.one(japanese); ours {
		return pieces, true
	}
	if pieces, ours = c.parts(sentences(japanese), " ", never); ours {
		return pieces, true
	}
	for _, s := range separators {
		if pieces, ours = c.parts(split(japanese, s.in), s.out, s.tells); ours {
			return pieces, true
		}
	}
	return nil, false
}

// titleSign stands between what a page is and whose.
const titleSign = "｜"

// separators part what the program puts side by side: words of ours alone, or, where one part tells that it is ours, a group's as well.
var separators = []struct {
	in, out string
	tells   func(i int, part string) bool
}{
	{"　", " · ", hasValue}, {"・", " · ", hasValue}, {"、", ", ", never}, {" → ", " → ", hasValue},
	{"：", ": ", func(i int, _ string) bool { return i == 0 }}, // the name of a field, and what is wrong with it
}

// hasValue reports whether words of ours have a value in them; no group says just the same.
func hasValue(_ int, part string) bool { return IsJapanese(part) && values.MatchString(part) }

func never(int, string) bool { return false }

// one looks a text up as a whole.
func (c *catalogue) one(japanese string) ([]piece, bool) {
	if english, is := c.whole[japanese]; is {
		return []piece{{text: english}}, true
	}
	shaped, found := shape(japanese)
	for _, e := range c.exact[shaped] {
		if holes, is := e.read(shaped, found); is {
			return c.fill(e, holes), true
		}
	}
	if english, is := plain(shaped, found); is {
		return []piece{{text: english}}, true
	}
	for _, e := range c.open {
		if holes, is := e.read(shaped, found); is {
			return c.fill(e, holes), true
		}
	}
	return nil, false
}

// fill writes the English text of an entry.
func (c *catalogue) fill(e *entry, holes map[string]filled) []piece {
	var out []piece
	for _, p := range e.english {
		in := holes[p.hole]
		switch {
		case p.hole == "":
			out = append(out, piece{text: p.words})
		case p.any != "":
			out = append(out, piece{text: form(in, p)})
		case in.value != nil:
			out = append(out, piece{text: in.value.english})
		case strings.HasPrefix(p.hole, "text"):
			pieces, _ := c.text(in.text)
			out = append(out, pieces...)
		default:
			out = append(out, piece{text: in.text, own: IsJapanese(in.text)})
		}
	}
	return out
}

// form is the one or the many, by a number.
func form(in filled, p part) string {
	if in.value != nil && number(in.value.raw) == 1 {
		return p.one
	}
	return p.any
}

// parts says a text part by part: if all of them are ours, or one of ours tells.
func (c *catalogue) parts(list []string, between string, tells func(i int, part string) bool) ([]piece, bool) {
	if len(list) < 2 {
		return nil, false
	}
	var out []piece
	all, told := true, false
	for i, part := range list {
		if i > 0 {
			out = append(out, piece{text: between})
		}
		pieces, is := c.text(part)
		all, told = all && is, told || is && tells(i, part)
		out = append(out, pieces...)
	}
	return out, all || told
}

// sentences are a text parted after each 。 outside brackets.
func sentences(text string) []string {
	var list []string
	depth, from := 0, 0
	for i, r := range text {
		switch r {
		case '「', '（', '『':
			depth++
		case '」', '）', '』':
			depth--
		case '。':
			if end := i + len("。"); depth <= 0 && end < len(text) {
				list = append(list, text[from:end])
				from = end
			}
		}
	}
	return append(list, text[from:])
}

// split parts a text where a separator stands outside brackets.
func split(text, separator string) []string {
	var list []string
	depth, from := 0, 0
	for i, r := range text {
		switch r {
		case '「', '（', '『':
			depth++
		case '」', '）', '』':
			depth--
		}
		if depth <= 0 && i >= from && strings.HasPrefix(text[i:], separator) {
			list = append(list, text[from:i])
			from = i + len(separator)
		}
	}
	return append(list, text[from:])
}

// signsOfText are the signs that stand between values.
var signsOfText = strings.NewReplacer("（", " (", "）", ")", "、", ", ", "・", " · ", "。", ".", "：", ": ", "〜", " – ", "～", " – ", "／", " / ", "　", " ", "「", "“", "」", "”", "−", "−")

// plain says a text that has nothing but values and signs.
func plain(shaped string, found []value) (string, bool) {
	var b strings.Builder
	for _, r := range shaped {
		switch {
		case isSign(r):
			b.WriteString(found[0].english)
			found = found[1:]
		default:
			b.WriteString(signsOfText.Replace(string(r)))
		}
	}
	english := b.String()
	return strings.TrimSpace(english), !IsJapanese(english)
}

// IsJapanese reports whether a text has kana, 漢字 or signs of Japanese writing.
func IsJapanese(text string) bool { return strings.ContainsFunc(text, isJapaneseSign) }

func isJapaneseSign(r rune) bool {
	return r >= 0x3000 && r <= 0x30FF || r >= 0x3400 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF || r >= 0xFF00 && r <= 0xFFEF || isSign(r)
}
