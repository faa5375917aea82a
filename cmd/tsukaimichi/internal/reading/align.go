package reading

import "strings"

// align puts a reading over the 漢字 of a word and leaves its kana beside them: 取り組み, とりくみ are 取(と) り 組(く) み. Where the kana are not found in the reading
// it stands over the whole word.
func align(word, reading string) []piece {
	if found, ok := match(runs(word), reading); ok {
		return found
	}
	return []piece{{word, reading}}
}

// run is a stretch of 漢字, or of what is read as it is written.
type run struct {
	text  string
	kanji bool
}

func runs(word string) []run {
	var list []run
	for _, r := range word {
		k := isKanji(r)
		if n := len(list); n > 0 && list[n-1].kanji == k {
			list[n-1].text += string(r)
			continue
		}
		list = append(list, run{string(r), k})
	}
	return list
}

// match parts a reading among runs: each kana as it is, at least one letter for each 漢字, no more than it must.
func match(list []run, reading string) ([]piece, bool) {
	if len(list) == 0 {
		return nil, reading == ""
	}
	first := list[0]
	if !first.kanji {
		rest, is := strings.CutPrefix(reading, hiragana(first.text))
		if !is {
			return nil, false
		}
		after, ok := match(list[1:], rest)
		return append([]piece{{first.text, ""}}, after...), ok
	}
	letters, least := []rune(reading), len([]rune(first.text))
	for n := least; n <= len(letters); n++ {
		if len(list) == 1 {
			n = len(letters)
		}
		if after, ok := match(list[1:], string(letters[n:])); ok {
			return append([]piece{{first.text, string(letters[:n])}}, after...), true
		}
	}
	return nil, false
}
