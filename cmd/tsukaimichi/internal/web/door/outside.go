package door

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// OutsidePage answers a form of somebody who is signed in no longer: it has everything that was typed and sends it again.
type OutsidePage struct {
	page.Public
	Action  string
	Kind    string // of the form: files are sent otherwise
	Fields  []HeldField
	Written page.Written
}

// Template names the page.
func (OutsidePage) Template() string { return "door/outside" }

// Outside answers a POST that nobody is signed in for, with 403. form is what was sent, without its files. The page sends it again to where it was meant for;
// whoever has signed in beside it meanwhile is asked there what he may do, as with any form.
func (p *Pages) Outside(w http.ResponseWriter, r *http.Request, form url.Values) error {
	shown := OutsidePage{Public: page.Public{Title: "サインインが切れています", Private: true, NeedsFix: true}, Action: r.URL.RequestURI(),
		Fields: fieldsOf(form), Written: page.NewWritten(form)}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		shown.Kind = "multipart/form-data"
	}
	return p.Renderer.Render(w, http.StatusForbidden, shown)
}
