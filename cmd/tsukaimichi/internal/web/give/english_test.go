package give_test

import (
	"path/filepath"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/english/englishtest"
)

func TestEveryTextIsSaidInEnglish(t *testing.T) {
	t.Parallel()
	samples, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	englishtest.Check(t, render(t), englishtest.Literals(t, append(samples, "../page/pagetest/samples.go")...))
}
