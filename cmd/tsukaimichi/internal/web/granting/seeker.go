package granting

import (
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/grants/search"
)

// seek gathers who looks. ?plan= names the sheet.
func (p *Pages) seek(r *http.Request, d console.Desk) (search.Seeker, error) {
	wanted, _ := strconv.ParseInt(r.FormValue("plan"), 10, 64) // what is none is the last
	return search.Seek(r.Context(), p.DB, d.Organisation.ID, wanted, d.Today())
}
