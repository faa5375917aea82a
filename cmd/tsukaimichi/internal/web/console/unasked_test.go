package console_test

import (
	"net/http"
	"net/url"
	"testing"
)

// ¥8,000 nobody asked for: its giver's wish is for the group alone; the group decides, spends, and reports.
func TestUnaskedGiftIsDecidedAboutSpentAndReported(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	campaign := o.announced()
	gift := cashGift(campaign, o.get(o.member, "/gifts/new").key())
	for name, text := range map[string]string{"for": "0-0", "amount": "8,000", "channel": "cash", "counts_as": "nameless", "counted": "", "wish": "こどものために", "do": "right"} {
		gift.Set(name, text)
	}
	o.get(o.treasurer, o.post(o.member, "/gifts/new", gift).sent()).says(http.StatusOK, "こどものために")
	key := o.get(o.treasurer, "/gifts/unasked").says(http.StatusOK, "8,000円", "願いのある寄付").key()
	o.get(o.treasurer, "/gifts?campaign=none").says(http.StatusOK, "8,000")
	decision := url.Values{"key": {key}, "amount": {"9,000"}, "campaign": {"0"}, "purpose": {"集会所のやかん"}, "decided_by": {"11月の役員会"}, "decided_on": {"2026-11-24"}, "due_on": {"2027-01-31"}}
	o.post(o.treasurer, "/gifts/unasked", decision).says(http.StatusUnprocessableEntity, "まだ決めていない分より、多い金額です").keepShot("unasked-problem")
	decision.Set("amount", "5,000")
	o.post(o.treasurer, "/gifts/unasked", decision).sent()
	decision.Set("key", o.get(o.treasurer, "/gifts/unasked").key())
	for name, text := range map[string]string{"amount": "3,000", "campaign": "1", "purpose": "夕ごはんの食材に", "due_on": ""} {
		decision.Set(name, text)
	}
	o.post(o.head, "/gifts/unasked", decision).sent()
	o.get(o.treasurer, "/expenses/new").says(http.StatusOK, "頼まれていない寄付／集会所のやかん")
	o.get(o.head, "/gifts/unasked").says(http.StatusOK, "募金へ移しました", "使っています", "11月の役員会").keepShot("unasked")
	now := o.now
	o.now = now.AddDate(0, 3, 0)
	o.get(o.head, "").says(http.StatusOK, "募金ではない寄付「集会所のやかん」の使いみちを報告する", "24日すぎています")
	o.now = now
	report := "/gifts/unasked/1/report"
	o.post(o.head, report, url.Values{"did": {"やかんを1つ買いました。"}}).says(http.StatusUnprocessableEntity)
	o.post(o.head, report, url.Values{"did": {"やかんを1つ買いました。"}, "rest": {"残りは、茶わんに使います。"}}).sent()
	o.post(o.head, report, url.Values{"did": {"もう一度"}, "rest": {"x"}}).says(http.StatusUnprocessableEntity, "もう報告しています")
	o.get(o.head, "/gifts/unasked").says(http.StatusOK, "報告ずみ")
}
