package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// The organisation's bank account and what was declared for a campaign are shown together; only the representative declares and ends.
func TestWaysToGiveWithoutAPaymentServiceAreDeclared(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	here := fmt.Sprintf("/campaigns/%d/ways", o.announced())
	o.get(o.member, "/settings/ways").says(http.StatusOK, "銀行の振込", "練習銀行 みどり支店")
	o.post(o.head, "/settings/ways", url.Values{"kind": {"postal"}, "place": {"00000-0-000000 みどりのかい"}}).sent()
	o.post(o.head, here, url.Values{"kind": {"cash"}, "place": {"集会所の受付"}}).says(http.StatusUnprocessableEntity, "持参を受け取れる日と時間を書いてください").keepShot("ways-problem")
	o.post(o.head, here, url.Values{"kind": {"cash"}, "place": {"集会所の受付"}, "hours": {"毎週木曜 9時から12時まで"}}).sent()
	o.post(o.head, here, url.Values{"kind": {"things"}, "place": {"集会所の受付"}, "note": {"お米と調味料を受け取ります。"}}).sent()
	page := o.get(o.head, here).says(http.StatusOK, "練習銀行 みどり支店", "ゆうちょの払込", "毎週木曜 9時から12時まで", "お米と調味料を受け取ります。", "番号「1」")
	page.keepShot("ways")
	way := regexp.MustCompile(`name="way" value="(\d+)"`).FindStringSubmatch(page.body)
	if way == nil {
		t.Fatal("no way can be ended")
	}
	o.post(o.head, here+"/end", url.Values{"way": {way[1]}}).sent()
	if page = o.get(o.head, here).says(http.StatusOK, "品物"); strings.Contains(page.body, "毎週木曜") {
		t.Error("a way that ended is still shown")
	}
}
