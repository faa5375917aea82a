package reading

import (
	"html"
	"strings"
	"sync"
	"unicode"

	"github.com/ikawaha/kagome-dict/ipa"
	"github.com/ikawaha/kagome/v2/tokenizer"
)

// dictionary is opened once, by the first text.
var dictionary = sync.OnceValue(func() *tokenizer.Tokenizer {
	t, err := tokenizer.New(ipa.Dict(), tokenizer.OmitBosEos())
	if err != nil {
		panic("dictionary: " + err.Error()) // it is part of the program
	}
	return t
})

// Text is a text with readings over its words, as HTML. before is the number that stands right before it in another element, or "": the text may begin with
// its counter. It is safe for concurrent use.
func Text(text, before string) string {
	var out strings.Builder
	out.WriteString("<furi-gana>") // one box, also where the parts of a button are spread
	for _, p := range pieces(text, before) {
		if p.reading == "" {
			out.WriteString(html.EscapeString(p.text))
			continue
		}
		out.WriteString("<ruby>" + html.EscapeString(p.text) + "<rp>（</rp><rt>" + p.reading + "</rt><rp>）</rp></ruby>")
	}
	out.WriteString("</furi-gana>")
	return out.String()
}

// piece is a stretch of text with its reading; "" for none.
type piece struct{ text, reading string }

// pieces are a text in order; put together they are the text.
func pieces(text, before string) []piece {
	if !hasKanji(text) {
		return []piece{{text, ""}}
	}
	var out []piece
	if before != "" {
		out, text = counter(text, before)
	}
	words := dictionary().Tokenize(text)
	for i := 0; i < len(words); {
		n, found := read(words, i)
		out = append(out, found...)
		i += n
	}
	return out
}

// read gives the pieces of the word that begins at i, and of how many words of the dictionary it is.
func read(words []tokenizer.Token, i int) (n int, found []piece) {
	if n, found = counted(words, i); n > 0 {
		return n, found
	}
	if n, reading := longest(words, i, ours); n > 0 {
		return n, align(surface(words[i:i+n]), reading)
	}
	w := words[i]
	if !hasKanji(w.Surface) || isName(w) || besideUnknown(words, i) {
		return 1, []piece{{w.Surface, ""}}
	}
	if reading, ambiguous := decide(words, i); ambiguous {
		if reading == "" {
			return 1, []piece{{w.Surface, ""}}
		}
		return 1, align(w.Surface, reading)
	}
	reading, known := w.Reading()
	if !known || hasKanji(reading) {
		return 1, []piece{{w.Surface, ""}}
	}
	return 1, align(w.Surface, hiragana(reading))
}

// most is of how many words of the dictionary a word of ours may be.
const most = 6

// longest finds the longest of our words that begins at i and ends where a word ends.
func longest(words []tokenizer.Token, i int, in map[string]string) (n int, reading string) {
	text := ""
	for k := i; k < min(len(words), i+most); k++ {
		text += words[k].Surface
		if r, is := in[text]; is {
			n, reading = k-i+1, r
		}
	}
	return n, reading
}

func surface(words []tokenizer.Token) string {
	text := ""
	for _, w := range words {
		text += w.Surface
	}
	return text
}

// isName reports whether the dictionary takes a word for the name of a person, a place or a group.
func isName(w tokenizer.Token) bool {
	pos := w.POS()
	return len(pos) > 1 && pos[1] == "固有名詞"
}

// besideUnknown reports whether a word touches 漢字 the dictionary does not know, or is such: 髙橋. They are mostly names.
func besideUnknown(words []tokenizer.Token, i int) bool {
	for k := max(0, i-1); k <= min(len(words)-1, i+1); k++ {
		if w := words[k]; w.Class == tokenizer.UNKNOWN && hasKanji(w.Surface) {
			return true
		}
	}
	return false
}

func hasKanji(s string) bool { return strings.ContainsFunc(s, isKanji) }

func isKanji(r rune) bool {
	return unicode.Is(unicode.Han, r) && r != '〆' && r != '〇' || r == '々' || r == 'ヶ'
}

// hiragana writes katakana as hiragana.
func hiragana(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'ァ' && r <= 'ヶ' {
			return r - ('ァ' - 'ぁ')
		}
		return r
	}, s)
}
