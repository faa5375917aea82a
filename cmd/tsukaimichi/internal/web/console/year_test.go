package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// A standing call is drafted without an end, announced once, and its next year is planned on a page of its own; at the turn of the year it goes on.
func TestStandingCallIsPlannedYearByYear(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	id := idIn(t, o.post(o.head, "/campaigns", url.Values{"slug": {"midori-always"}, "title": {"いつでも"}, "initiative": {"ふれあい食堂"}, "from": {"0"}}).sent())
	here := fmt.Sprintf("/campaigns/%d", id)
	draft := fullDraft()
	for name, text := range map[string]string{"standing": "yes", "slug": "midori-always", "collects_until": "", "report_due_on": "2027-03-01"} {
		draft.Set(name, text)
	}
	o.post(o.head, here+"/edit", draft).sent()
	o.get(o.head, here+"/edit").says(http.StatusOK, "常設の募金の報告は、年度が終わったあとの日にしてください").keepShot("standing-draft")
	draft.Set("report_due_on", "2027-06-30")
	o.post(o.head, here+"/edit", draft).sent()
	o.post(o.head, here+"/announce", url.Values{"agree": {"yes"}}).sent()
	o.get(o.head, here).says(http.StatusOK, "常設　2026年度の計画（2027年3月31日まで）", "次の年度の計画").keepShot("standing-campaign")

	o.now = time.Date(2027, 3, 20, 9, 0, 0, 0, ledger.Tokyo)
	o.get(o.head, "").says(http.StatusOK, "次の年度の計画を公表する", "計画がないと、次の日から寄付を受け付けられません")
	o.get(o.head, here+"/year").says(http.StatusOK, "2027年度の計画", "2028-06-30", "食材費").keepShot("standing-year")
	next := fullDraft()
	next.Set("report_due_on", "2028-06-30")
	next.Set("use2_name", "冷蔵庫")
	next.Set("use2_due_on", "2027-12-25")
	next.Set("use1_due_on", "2028-03-09")
	o.post(o.coordinator, here+"/year", next).sent()
	o.get(o.head, here+"/year/announce").says(http.StatusOK, "2027年度の計画", "冷蔵庫", "計画を公表する").keepShot("standing-year-announce")
	o.post(o.head, here+"/year/announce", url.Values{}).says(http.StatusUnprocessableEntity, "この計画で公表します")
	o.post(o.head, here+"/year/announce", url.Values{"agree": {"yes"}}).sent()
	o.get(o.head, here).says(http.StatusOK, "2026年度の計画", "次の年度の計画を公表しました")

	o.now = time.Date(2027, 4, 1, 9, 0, 0, 0, ledger.Tokyo)
	o.inTx(func(tx *sqlx.Tx) error { _, err := campaigns.TurnDue(t.Context(), tx, o.org.ID, o.now); return err })
	o.get(o.head, here).says(http.StatusOK, "2027年度の計画（2028年3月31日まで）", "冷蔵庫", "新しい年度の計画が始まりました")
}
