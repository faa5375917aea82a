package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

// A call for hands and things alone is drafted, announced, counted day by day, and takes no yen.
func TestCallWithoutYenIsDraftedAndCounted(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	id := idIn(t, o.post(o.head, "/campaigns", url.Values{"slug": {"midori-hands"}, "title": {"草刈り"}, "initiative": {"川べり"}, "from": {"0"}}).sent())
	here := fmt.Sprintf("/campaigns/%d", id)
	draft := fullDraft()
	for name, text := range map[string]string{"slug": "midori-hands", "uses": "1", "use1_name": "", "use1_detail": "", "use1_quantity": "", "use1_unit": "", "use1_unit_price": "", "use1_due_on": "", "use1_evidence": "",
		"goal1_kind": "hours", "goal1_name": "草刈りの手", "goal1_target": "40"} {
		draft.Set(name, text)
	}
	o.post(o.head, here+"/edit", draft).says(http.StatusUnprocessableEntity, "数の単位を書いてください")
	draft.Set("goal1_unit", "時間")
	o.post(o.head, here+"/edit", draft).sent()
	o.get(o.head, here+"/edit").says(http.StatusOK, "書くところは、みな書けています", "目標2の種類").keepShot("yenless-draft")
	o.post(o.head, here+"/announce", url.Values{"agree": {"yes"}}).sent()
	at := here + "/reached"
	key := o.get(o.member, at).says(http.StatusOK, "草刈りの手").key()
	count := url.Values{"key": {key}, "goal": {"1"}, "count": {"12"}, "reached_on": {"2026-11-24"}}
	o.post(o.member, at, count).says(http.StatusUnprocessableEntity, "何人からいただいたかを書いてください")
	count.Set("givers", "4")
	o.post(o.member, at, count).sent()
	o.post(o.member, at, url.Values{"key": {key + "x"}, "goal": {"things"}, "name": {"軍手"}, "unit": {"組"}, "count": {"20"}, "givers": {"1"}, "reached_on": {"2026-11-24"}}).sent()
	o.get(o.head, at).says(http.StatusOK, "草刈りの手　12時間", "軍手　20組", "取り消す").keepShot("reached")
	o.post(o.member, at+"/back", url.Values{"reach": {"2"}}).sent()
	o.get(o.head, here).says(http.StatusOK, "草刈りの手", "人・食数・手伝い・品物を数える")
	o.post(o.head, here+"/change", url.Values{"reason": {"手が足りないため"}}).sent() // a form without its goals drops them
	o.get(o.head, here+"/change/preview").says(http.StatusOK, "お金のほかの目標")
}
