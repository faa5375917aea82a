package reading

import (
	"strings"

	"github.com/ikawaha/kagome/v2/tokenizer"
)

// counters are read alike after every number.
var counters = map[string]string{
	"円": "えん", "万円": "まんえん", "千円": "せんえん", "億円": "おくえん", "人": "にん", "人分": "にんぶん", "人以上": "にんいじょう", "人未満": "にんみまん",
	"世帯": "せたい", "社": "しゃ", "件": "けん", "回": "かい", "回目": "かいめ", "枚": "まい", "番": "ばん", "番目": "ばんめ", "号": "ごう", "版": "はん",
	"年": "ねん", "年度": "ねんど", "年間": "ねんかん", "月": "がつ", "か月": "かげつ", "か月間": "かげつかん", "ヶ月": "かげつ", "ヵ月": "かげつ", "カ月": "かげつ",
	"日": "にち", "日間": "にちかん", "日目": "にちめ", "時": "じ", "時間": "じかん", "時半": "じはん", "週間": "しゅうかん", "秒": "びょう", "食": "しょく", "食分": "しょくぶん",
	"代": "だい", "歳": "さい", "才": "さい", "割": "わり", "倍": "ばい", "名": "めい", "通": "つう", "部": "ぶ", "組": "くみ", "条": "じょう", "項": "こう", "章": "しょう",
	"行": "ぎょう", "文字": "もじ", "台": "だい", "着": "ちゃく", "団体": "だんたい", "種類": "しゅるい", "個": "こ", "冊": "さつ", "点": "てん", "段": "だん", "丁目": "ちょうめ",
	"番地": "ばんち", "か所": "かしょ", "ヶ所": "かしょ", "カ所": "かしょ", "箇所": "かしょ", "班": "はん", "区": "く", "次": "じ", "回分": "かいぶん", "本分": "ほんぶん", "枚分": "まいぶん", "円分": "えんぶん", "年分": "ねんぶん", "年目": "ねんめ", "件目": "けんめ", "人目": "にんめ", "字": "じ", "文": "ぶん", "店": "てん", "軒": "けん", "桁": "けた", "度": "ど", "両": "りょう", "袋": "ふくろ", "月分": "がつぶん",
}

// people, and days that have names of their own: number and counter are read together.
var (
	people = map[string]string{"1": "ひとり", "2": "ふたり"}
	days   = map[string]string{"2": "ふつか", "3": "みっか", "4": "よっか", "5": "いつか", "6": "むいか", "7": "なのか", "8": "ようか", "9": "ここのか", "10": "とおか",
		"14": "じゅうよっか", "20": "はつか", "24": "にじゅうよっか"}
)

// soundsOfLast are counters whose sound the last digit changes.
var soundsOfLast = map[string]func(last byte) string{
	"本": sounds("ほん", "ぼん", "ぽん"), "杯": sounds("はい", "ばい", "ぱい"), "匹": sounds("ひき", "びき", "ぴき"), "箱": sounds("はこ", "ぱこ", "ぱこ"),
	"分": func(last byte) string {
		if strings.IndexByte("134680", last) >= 0 {
			return "ぷん"
		}
		return "ふん"
	},
	"階": func(last byte) string {
		if last == '3' {
			return "がい"
		}
		return "かい"
	},
}

func sounds(plain, three, one string) func(byte) string {
	return func(last byte) string {
		switch last {
		case '3':
			return three
		case '1', '6', '8', '0':
			return one
		}
		return plain
	}
}

// counted reads a number with its counter; n is 0 where there is none. The digits stay as they are, but for people and days that have a name.
func counted(words []tokenizer.Token, i int) (n int, found []piece) {
	number, k := "", i
	for ; k < len(words) && isNumber(words[k].Surface); k++ {
		number += words[k].Surface
	}
	if k == i {
		return 0, nil
	}
	digits := narrow(number)
	if k == len(words) || strings.HasSuffix(digits, ",") || strings.HasSuffix(digits, ".") {
		return k - i, []piece{{number, ""}}
	}
	if m, reading := named(words, i, k, digits); m > 0 {
		return k - i + m, []piece{{surface(words[i : k+m]), reading}}
	}
	if m, reading := longest(words, k, counters); m > 0 {
		return k - i + m, append([]piece{{number, ""}}, align(surface(words[k:k+m]), reading)...)
	}
	if sound := soundsOfLast[words[k].Surface]; sound != nil {
		return k - i + 1, []piece{{number, ""}, {words[k].Surface, sound(digits[len(digits)-1])}}
	}
	if pos := words[k].POS(); len(pos) > 2 && pos[2] == "助数詞" { // one we do not know after a number
		return k - i + 1, []piece{{number, ""}, {words[k].Surface, ""}}
	}
	return k - i, []piece{{number, ""}}
}

// counter reads the counter of a number that stands before the text, and returns the rest. 1人 and 2日 cannot be read there.
func counter(text, number string) (found []piece, rest string) {
	word := ""
	for at, r := range text + "." {
		if _, is := counters[text[:at]]; (is || soundsOfLast[text[:at]] != nil) && !isKanji(r) {
			word = text[:at]
		}
	}
	digits := narrow(number)
	switch sound := soundsOfLast[word]; {
	case word == "":
		return nil, text
	case people[digits] != "" && word == "人", (days[digits] != "" || digits == "1") && word == "日":
		found = []piece{{word, ""}}
	case sound != nil:
		found = []piece{{word, sound(digits[len(digits)-1])}}
	default:
		found = align(word, counters[word])
	}
	return found, text[len(word):]
}

// named reads 1人, 2日 and their like, whose counter is at k; n is how many words the counter has.
func named(words []tokenizer.Token, i, k int, digits string) (n int, reading string) {
	counter := words[k].Surface
	after := ""
	if k+1 < len(words) {
		after = words[k+1].Surface
	}
	switch counter {
	case "人":
		if reading = people[digits]; reading != "" && after != "分" && after != "前" {
			return 1, reading
		}
	case "日":
		if digits == "1" {
			if i > 0 && strings.HasSuffix(words[i-1].Surface, "月") {
				return 1, "ついたち"
			}
			return 1, "いちにち"
		}
		if reading = days[digits]; reading != "" {
			return 1, reading
		}
	case "日間":
		if reading = days[digits]; reading != "" {
			return 1, reading + "かん"
		}
	}
	return 0, ""
}

func isNumber(s string) bool {
	for _, r := range narrow(s) {
		if (r < '0' || r > '9') && r != ',' && r != '.' {
			return false
		}
	}
	return s != ""
}

// narrow writes wide digits as narrow ones.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '，':
			return ','
		case r == '．':
			return '.'
		}
		return r
	}, s)
}
