package console

import (
	"slices"
	"strings"
	"testing"
)

// TestSecondLockHangsOnRoutesThatExist: a route that gets another name must not lose it unseen, nor a new act on members or bank come without one.
func TestSecondLockHangsOnRoutesThatExist(t *testing.T) {
	t.Parallel()
	open := map[string]bool{"POST /access/grants/{id}/refuse": true, "POST /access/grants/{id}/end": true} // shutting somebody out goes at once
	found := map[string]bool{}
	for _, route := range (&Pages{}).Routes() {
		name := strings.Replace(route.Pattern(), "/desk/{org}", "", 1)
		found[name] = true
		for _, room := range []string{"POST /settings/organisation", "POST /settings/members", "POST /settings/ways", "POST /campaigns/{id}/ways", "POST /access/grants"} {
			if strings.HasPrefix(name, room) && len(route.Confirmed) == 0 && !open[name] {
				t.Errorf("%s asks for no second factor", name)
			}
		}
		for _, role := range route.Confirmed {
			if !slices.Contains(route.Roles, role) {
				t.Errorf("%s asks %s for a second factor, who may not come in", name, role)
			}
		}
	}
	for name := range confirmedRoutes {
		if !found[name] {
			t.Errorf("there is no route %s", name)
		}
	}
}
