package englishtest

import (
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/english"
)

// Letter fails for each line of an English letter with anything Japanese in it but own: what a group or a giver wrote.
func Letter(t *testing.T, name, subject, text string, own ...string) {
	t.Helper()
	for line := range strings.Lines(subject + "\n" + text) {
		left := line
		for _, word := range own {
			left = strings.ReplaceAll(left, word, "")
		}
		if english.IsJapanese(left) {
			t.Errorf("%s says %q", name, line)
		}
	}
}
