package public_test

import (
	"path/filepath"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/english"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/english/englishtest"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page/pagetest"
)

func TestEveryTextIsSaidInEnglish(t *testing.T) {
	t.Parallel()
	samples, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	englishtest.Check(t, render(t), englishtest.Literals(t, append(samples, "../page/pagetest/samples.go")...))
}

func TestEnglishPagesFitASmallScreen(t *testing.T) {
	t.Parallel()
	pages := map[string]string{}
	for name, page := range render(t) {
		switch name {
		case "campaign", "organisation", "how", "data":
			pages[name] = string(english.Page([]byte(page)))
		}
	}
	pagetest.Browse(t, pages)
}
