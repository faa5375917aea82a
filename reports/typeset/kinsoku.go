package typeset

import (
	"slices"
	"strings"
	"unicode"
)

// noStart may not begin a line, noEnd may not end one (JIS X 4051 行頭・行末禁則文字, and their Latin relatives).
const (
	noStart = "、。，．・：；？！゛゜ヽヾゝゞ々〻ー）］｝」』】〉》〕〙〗”’ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ％‰℃°,.;:)]}!?…‥〜～–"
	noEnd   = "（［｛「『【〈《〔〘〖“‘([{￥¥＄$£#№＃"
)

// units follow a number and are read in one breath with it.
const units = "円％%人件名年月日回個台時分秒位校社所世枚本冊食歳才度番号割倍歩億万千百階丁週泊袋箱杯足着軒組班区条項版点代皿品便通戸棟か箇ヶケカヵ"

// counted are what か counts.
const counted = "所月国年条村"

// eras are the names a year of the era begins with.
var eras = [][2]rune{{'令', '和'}, {'平', '成'}, {'昭', '和'}, {'大', '正'}, {'明', '治'}}

// rule is how tightly two neighbours hold together.
type rule uint8

const (
	loose rule = iota // a line may end here
	near              // only when no loose gap leaves a decent line: inside a short katakana word
	tight             // only inside a word longer than the line, and between a number and its unit
	never             // kinsoku
	must              // a line ends here
)

// katakanaWord is the longest word of katakana that is kept whole, in characters: ボランティアセンター is 11.
const katakanaWord = 12

// isBound reports whether kinsoku forbids to part a and b.
func isBound(a, b rune) bool {
	return strings.ContainsRune(noStart, b) || strings.ContainsRune(noEnd, a)
}

// hold says how tightly b belongs to the line of before, where the standard would part them. kana is the length of the
// katakana word around the gap.
func hold(before []rune, b rune, kana int) rule {
	a, digit := before[len(before)-1], false // digit: a number stands before a
	if len(before) > 1 {
		digit = isDigit(before[len(before)-2])
	}
	switch {
	case isDigit(a) && (isDigit(b) || strings.ContainsRune("，．・：", b) || strings.ContainsRune(units, b)),
		digit && strings.ContainsRune("，．：", a) && isDigit(b),                          // ２，４００
		digit && strings.ContainsRune("か箇ヶケカヵ", a) && strings.ContainsRune(counted, b), // 12か所
		digit && a == '世' && b == '帯',
		digit && strings.ContainsRune("億万千百", a) && strings.ContainsRune(units, b), // 3万円
		strings.ContainsRune("第△▲−約", a) && isDigit(b),
		slices.Contains(eras, [2]rune{a, b}),
		isDigit(b) && len(before) > 1 && slices.Contains(eras, [2]rune(before)): // 令和8年
		return tight
	case isKatakana(a) && isKatakana(b) && kana <= katakanaWord:
		return near
	}
	return loose
}

func isDigit(r rune) bool { return unicode.IsDigit(r) }

func isKatakana(r rune) bool { return r >= 0x30a1 && r <= 0x30fa || r == 'ー' }
