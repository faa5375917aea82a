package console

import (
	"strings"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// confirmedRoutes are those before which a role shows a second factor: whoever reads somebody's mail may not send the money elsewhere, nor let
// himself in. Pages with a form to fill in ask before it is filled in. Stopping card and konbini asks nothing: that must go at once.
var confirmedRoutes = map[string][]ledger.Role{
	"GET /settings/organisation":     head, // 振込先 is part of it
	"POST /settings/organisation":    head,
	"POST /settings/ways":            head, // where money is sent
	"POST /settings/ways/end":        head,
	"POST /campaigns/{id}/ways":      head,
	"POST /campaigns/{id}/ways/end":  head,
	"GET /settings/members":          head,
	"POST /settings/members":         head,
	"POST /settings/members/end":     head,
	"POST /settings/members/renew":   head,
	"POST /access/grants":            head, // an operator would read as a member does
	"POST /access/grants/{id}/allow": head,
	"POST /money/online/resume":      switchers,
}

// confirmed marks the routes.
func (t routeTable) confirmed() []Route {
	for i, route := range t {
		t[i].Confirmed = confirmedRoutes[strings.Replace(route.Pattern(), "/desk/{org}", "", 1)]
	}
	return t
}
