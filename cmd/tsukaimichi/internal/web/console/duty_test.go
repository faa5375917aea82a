package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// The first report was due on 30 April 2027. On 2 May the same initiative waits; another one is announced with the representative's reason.
func TestALateReportHoldsUpTheNextCall(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	first := o.announced()
	o.now = time.Date(2027, 4, 29, 9, 30, 0, 0, ledger.Tokyo)
	o.get(o.head, "").says(http.StatusOK, "の報告を書く", "2027年4月30日")
	o.now = time.Date(2027, 5, 2, 9, 30, 0, 0, ledger.Tokyo)
	o.get(o.treasurer, "").says(http.StatusOK, "報告待ち", "2日すぎています")

	next := func(slug, initiative string) string {
		to := o.post(o.head, "/campaigns", url.Values{"slug": {slug}, "title": {"春"}, "initiative": {initiative}, "from": {"0"}}).sent()
		path := fmt.Sprintf("/campaigns/%d", idIn(t, to))
		values := fullDraft()
		for field, value := range map[string]string{"slug": slug, "initiative": initiative, "collects_from": "2027-05-02", "collects_until": "2027-06-30",
			"use1_due_on": "2027-08-31", "use2_due_on": "2027-08-31", "report_due_on": "2027-09-30"} {
			values.Set(field, value)
		}
		o.post(o.head, path+"/edit", values).sent()
		return path
	}
	same := next("midori-spring", "ふれあい食堂")
	o.get(o.head, same+"/announce").says(http.StatusOK, "先に、前の募金を報告してください", fmt.Sprintf("/campaigns/%d/report", first)).keepShot("announce-held")
	o.post(o.head, same+"/announce", url.Values{"agree": {"yes"}}).says(http.StatusUnprocessableEntity, "先に報告してから")

	other := next("midori-watch", "見守り")
	o.get(o.head, other+"/announce").says(http.StatusOK, "ほかの取り組みの報告が、おくれています", "いま集める理由").keepShot("announce-despite")
	o.post(o.head, other+"/announce", url.Values{"agree": {"yes"}, "despite": {" "}}).says(http.StatusUnprocessableEntity, "それでも集める理由を")
	reason := "台風で集会所の屋根がこわれました。食堂の報告は、5月20日までに出します。"
	o.post(o.head, other+"/announce", url.Values{"agree": {"yes"}, "despite": {reason}}).sent()
	if got, err := campaigns.Despite(t.Context(), o.db, o.org.ID, idIn(t, other)); err != nil || got != reason {
		t.Errorf("kept %q, %v", got, err)
	}
}
