package web

import (
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
)

// logged writes down who opens a private page before it is shown, and of an operator every page. What cannot be written down is not shown.
func (s *Server) logged(route console.Route) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		m := auth.MemberOf(r.Context())
		what := route.Private
		if what == "" && m.GrantID != 0 {
			what = access.Page
		}
		if what == "" {
			return route.Handler(w, r)
		}
		id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
		if err != nil || id < 0 {
			id = 0
		}
		opening := access.Opening{OrganisationID: m.OrganisationID, PersonID: m.ID, GrantID: m.GrantID, What: what, Route: route.Pattern(), SubjectID: id}
		if err = access.Log(r.Context(), s.DB, opening, s.Now()); err != nil {
			return err
		}
		return route.Handler(w, r)
	}
}
