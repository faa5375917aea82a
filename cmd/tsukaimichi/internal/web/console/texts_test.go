package console_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
)

// TestEveryProblemHasAText looks for the keys given to Need, which the walk of package locale does not see.
func TestEveryProblemHasAText(t *testing.T) {
	t.Parallel()
	key := regexp.MustCompile(`"([a-z]+\.[a-z][a-z0-9_]*)"\)`)
	done := regexp.MustCompile(`(?m)(?:redirect\(.*, "([a-z_]+)"\)$|done :?= "([a-z_]+)"$|expenseAct\(w, r, "[a-z]+", "([a-z_]+)"|p\.book\(w, r, t, "([a-z_]+)")`)
	found, said := 0, 0
	for _, room := range []string{"../../../../../ledger", "../../../../../campaigns", "."} {
		paths, err := filepath.Glob(filepath.Join(room, "*.go"))
		if err != nil || len(paths) == 0 {
			t.Fatal(room, err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range regexp.MustCompile(`(?m)^.*(?:Need|bad\.Need|Invalid\{).*$`).FindAllString(string(text), -1) {
				for _, m := range key.FindAllStringSubmatch(line, -1) {
					found++
					if !locale.Japanese.Has(m[1]) {
						t.Errorf("%s: %q has no Japanese text", path, m[1])
					}
				}
			}
			if room != "." || regexp.MustCompile(`_test\.go$`).MatchString(path) {
				continue
			}
			for _, m := range done.FindAllStringSubmatch(string(text), -1) {
				said++
				if what := strings.Join(m[1:], ""); !locale.Japanese.Has("console.done_" + what) {
					t.Errorf("%s: nothing is said after %q", path, what)
				}
			}
		}
	}
	if found < 80 || said < 20 {
		t.Errorf("only %d keys and %d ends of acts found", found, said)
	}
}
