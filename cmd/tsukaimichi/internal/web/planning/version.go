package planning

import (
	"fmt"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
)

// VersionPage is a sheet as it was kept.
type VersionPage struct {
	page.Console
	Heading string
	Kept    string
	Reason  string
	Read    []page.Pair
	Empty   page.Empty
}

// Template names the template of the page.
func (VersionPage) Template() string { return "planning/version" }

// Version shows a kept version of a sheet.
func (p *Pages) Version(w http.ResponseWriter, r *http.Request) error {
	d, sheet, err := p.find(r)
	if err != nil {
		return err
	}
	number, err := number(r, "version")
	if err != nil {
		return err
	}
	versions, err := plans.Versions(r.Context(), p.DB, d.Organisation.ID, sheet.ID)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if int64(v.Version) != number {
			continue
		}
		shown := VersionPage{
			Heading: v.Title, Kept: fmt.Sprintf("第%d版　%s　%s", v.Version, page.DayOnly(ledger.DateOf(v.KeptAt)), v.KeptBy), Reason: v.Reason,
			Read: readPairs(plans.Worksheet{Title: v.Title, Body: v.Body}), Empty: page.Empty{Text: "この版には、まだ何も書かれていません。"},
		}
		shown.Console = frame(d, r, fmt.Sprintf("第%d版：%s", v.Version, v.Title), page.Link{Href: d.Path("plans"), Text: "計画のシート"}, page.Link{Href: d.Path("plans", sheet.ID), Text: sheet.Title})
		return p.Renderer.Render(w, http.StatusOK, shown)
	}
	return ledger.ErrNotFound
}
