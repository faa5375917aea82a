package mail_test

import (
	"strings"
	"testing"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/mail"
)

func TestWrapBreaksWhereJapaneseMayBreak(t *testing.T) {
	t.Parallel()
	link := "https://tsukaimichi.example/campaigns/natsuyasumi-no-ibasho/reports/2027-04?lang=ja&page=1"
	for name, c := range map[string]struct{ text, want string }{
		"short":         {"ありがとうございます。", "ありがとうございます。\n"},
		"empty lines":   {"一\r\n\r\n\r\n二\n\n", "一\n\n\n二\n"},
		"full stop":     {strings.Repeat("あ", 35) + "。い", strings.Repeat("あ", 34) + "\nあ。い\n"},
		"open bracket":  {strings.Repeat("あ", 34) + "「い」", strings.Repeat("あ", 34) + "\n「い」\n"},
		"words":         {strings.Repeat("tsukai ", 12), strings.TrimSuffix(strings.Repeat("tsukai ", 10), " ") + "\ntsukai tsukai\n"},
		"link alone":    {link, link + "\n"},
		"link in words": {"くわしくは " + link + " をごらんください。", "くわしくは\n" + link + "\nをごらんください。\n"},
	} {
		if got := mail.Wrap(c.text); got != c.want {
			t.Errorf("%s: Wrap = %q; want %q", name, got, c.want)
		}
	}
}

func TestWrapLosesNothingAndKeepsLinesNarrow(t *testing.T) {
	t.Parallel()
	squash := func(text string) string { return strings.Join(strings.Fields(text), "") }
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("あ漢、。「」ーa1, \n髙"))).Draw(t, "text")
		got := mail.Wrap(text)
		if squash(got) != squash(text) {
			t.Fatalf("Wrap(%q) = %q lost or added something", text, got)
		}
		for _, line := range strings.Split(got, "\n") {
			if uniseg.StringWidth(line) > 70 && strings.ContainsAny(line, " 漢") && !strings.ContainsAny(line, "。、」ー「") {
				t.Fatalf("line of %d columns: %q", uniseg.StringWidth(line), line)
			}
		}
	})
}
