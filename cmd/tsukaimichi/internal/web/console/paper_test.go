package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

// A call that went round on paper in October is typed in by the coordinator with its scan and announced by the representative; cash of October is entered on it.
func TestPaperCallIsTypedInWithItsScan(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	id := idIn(t, o.post(o.coordinator, "/campaigns", url.Values{"slug": {"midori-paper"}, "title": {"回覧の募金"}, "initiative": {"ふれあい食堂"}, "from": {"0"}}).sent())
	here := fmt.Sprintf("/campaigns/%d", id)
	draft := fullDraft()
	draft.Set("slug", "midori-paper")
	draft.Set("collects_from", "2026-10-20")
	o.post(o.coordinator, here+"/edit", draft).sent()
	o.get(o.coordinator, here+"/edit").says(http.StatusOK, "募集を始める日が過ぎています", "もうよびかけた募金ですか")
	o.get(o.coordinator, here+"/paper").says(http.StatusOK, "第0版（紙で公表）").keepShot("paper")
	paper := url.Values{"handed_out_on": {"2026-10-20"}, "way": {"circular"}}
	o.upload(o.coordinator, here+"/paper", paper, []byte("not a photo")).says(http.StatusUnprocessableEntity)
	o.post(o.coordinator, here+"/paper", paper).sent()
	o.get(o.head, here+"/announce").says(http.StatusOK, "配った紙の、写真かPDFを入れてください")
	o.upload(o.coordinator, here+"/paper", paper, photo(t, 200)).sent()
	o.get(o.head, here+"/edit").says(http.StatusOK, "2026年10月20日に紙で公表した募金です（第0版）")
	o.get(o.head, here+"/announce").says(http.StatusOK, "紙の約束を、第0版として公表する").keepShot("paper-announce")
	o.post(o.head, here+"/announce", url.Values{"agree": {"yes"}}).sent()
	o.get(o.head, here).says(http.StatusOK, "募金中", "画面でも公表する（第1版）")

	cash := cashGift(id, o.get(o.member, "/gifts/new").key())
	cash.Set("given_on", "2026-10-25")
	cash.Set("do", "right")
	o.post(o.member, "/gifts/new", cash).sent()
	o.get(o.head, here).says(http.StatusOK, "64,500")
}
