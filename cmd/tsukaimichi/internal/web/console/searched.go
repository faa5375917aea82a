package console

import (
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// searched reads what a list is narrowed by: from the address, or from the body where words were typed. Words never stand in an address, which
// browsers and the machines on the way remember: they are names of people. What else narrows a list may stand there.
func searched(w http.ResponseWriter, r *http.Request) (typed, error) {
	if r.Method == http.MethodPost {
		return readForm(w, r)
	}
	t := typed{r.URL.Query(), ledger.Invalid{}}
	t.Del("q")
	return t, nil
}

// askedAgain is what was searched for, for the next page and for exports; nothing where no words were typed, so that a link will do.
func askedAgain(t typed, fields []string) []Hidden {
	if t.text("q") == "" {
		return nil
	}
	var asked []Hidden
	for _, name := range fields {
		if value := t.text(name); value != "" {
			asked = append(asked, Hidden{name, value})
		}
	}
	return asked
}
