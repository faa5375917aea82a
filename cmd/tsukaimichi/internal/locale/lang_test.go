package locale_test

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
)

func TestTextComesInTheLanguageAndElseInJapanese(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang locale.Lang
		key  string
		args []any
		want string
	}{
		{locale.Japanese, "auth.not_signed_in", nil, "先にサインインしてください。"},
		{locale.English, "auth.not_signed_in", nil, "Please sign in first."},
		{"", "auth.not_signed_in", nil, "先にサインインしてください。"},
		{"fr", "auth.not_signed_in", nil, "先にサインインしてください。"},
		{locale.English, "auth.not_allowed", []any{"roles", "auditor"}, "This page is for: auditor. If you need it, please ask the representative."},
		{locale.Japanese, "no.such_key", nil, "no.such_key"},
	} {
		if got := c.lang.T(c.key, c.args...); got != c.want {
			t.Errorf("%q.T(%q, %v) = %q; want %q", c.lang, c.key, c.args, got, c.want)
		}
	}
}

func TestChoiceOfLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		wishes []string
		want   locale.Lang
	}{
		{nil, locale.Japanese},
		{[]string{"", ""}, locale.Japanese},
		{[]string{"", "en-GB,en;q=0.9,ja;q=0.5"}, locale.English},
		{[]string{"", "ja,en-US;q=0.9"}, locale.Japanese},
		{[]string{"ja", "en"}, locale.Japanese},
		{[]string{"en", "ja"}, locale.English},
		{[]string{"", "pt-BR"}, locale.English},
		{[]string{"", "!!"}, locale.Japanese},
	} {
		if got := locale.Choose(c.wishes...); got != c.want {
			t.Errorf("Choose(%q) = %q; want %q", c.wishes, got, c.want)
		}
	}
}
