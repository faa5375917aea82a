package typeset

import "testing"

func TestCleanKeepsNamesAndDropsWhatCannotBeSet(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"plain":                       {"髙橋 﨑子", "髙橋 﨑子"},
		"beyond U+FFFF":               {"𠮷田", "𠮷田"},
		"variant form":                {"葛\U000E0100城", "葛\U000E0100城"},
		"compatibility ideograph":     {"神\uFA19", "神\uFA19"}, // NFC would make both one
		"full-width stays":            {"ＡＢ１２㈱①", "ＡＢ１２㈱①"},
		"kana and its mark":           {"か\u3099は\u309Aウ\u3099", "がぱヴ"},
		"Latin and its mark":          {"Mu\u0308ller", "Müller"},
		"mark alone":                  {"\u3099か", "\u3099か"},
		"ideograph and mark":          {"神\u3099", "神\u3099"},
		"controls":                    {"a\x00b\x1bc\x7f", "abc"},
		"direction marks":             {"\u202Eabc\u2066d\u200F", "abcd"},
		"zero width":                  {"a\u200Bb\u200Dc\uFEFFd\u00ADe", "abcde"},
		"tab":                         {"a\tb", "a b"},
		"line ends":                   {"a\r\nb\rc\u2028d\u0085e", "a\nb\nc\nd\ne"},
		"broken UTF-8":                {"山\xe3\x81田", "山〓〓田"},
		"surrogate in UTF-8":          {"\xed\xa0\x80", "〓〓〓"},
		"private use":                 {"\uE000\U000F0000", "〓〓"},
		"noncharacter":                {"\uFFFE\uFDD0\U0001FFFF", "〓〓〓"},
		"stray variation selector":    {"\uFE0Fa \U000E0100", "a "},
		"selectors in a row keep one": {"葛\U000E0100\U000E0101", "葛\U000E0100"},
		"empty":                       {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Clean(c.in)
			if got != c.want {
				t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
			}
			if again := Clean(got); again != got {
				t.Errorf("Clean is not stable: %q became %q", got, again)
			}
		})
	}
}
