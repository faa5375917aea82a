package mail_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
)

func TestAddressIsReadAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		" Hanako@Example.JP ": "hanako@example.jp",
		"　ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ　":                       "hanako@example.jp",
		"hana..ko.@docomo.ne.jp":                    "hana..ko.@docomo.ne.jp",
		"a+b_c@mail.example.co.jp":                  "a+b_c@mail.example.co.jp",
		"":                                          "",
		"hanako":                                    "",
		"hanako@example":                            "",
		"hanako@@example.jp":                        "",
		"a b@example.jp":                            "",
		"a@example.jp,b@example.jp":                 "",
		"花子 <hanako@example.jp>":                    "",
		"hanako@example.jp\r\nBcc: all@example.jp":  "",
		"hanako@-example.jp":                        "",
		"hanako@example..jp":                        "",
		"\"a\"@example.jp":                          "",
		"hanako@例え.jp":                              "",
		strings.Repeat("a", 65) + "@example.jp":     "",
		"a@" + strings.Repeat("abcdef.", 40) + "jp": "",
		"hanako@example.jp\x00":                     "",
	} {
		got, err := mail.ParseAddress(text)
		if got != want || (want == "") != errors.Is(err, mail.ErrAddress) {
			t.Errorf("ParseAddress(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}
