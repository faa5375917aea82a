package console_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestAnotherOrganisationsThingsAreNotFound(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	campaign := o.announced()
	gift := o.named(campaign, "k1")
	o.received(campaign)
	expense := o.spent(nil)
	o.upload(o.member, expense+"/papers", url.Values{}, photo(t, 0xcc)).sent()
	o.post(o.treasurer, gift+"/receipt", url.Values{}).sent()
	id := func(path string) string { return path[strings.LastIndex(path, "/")+1:] }
	ids := map[string]string{"campaigns": "1", "gifts": id(gift), "expenses": id(expense), "receipts": "1", "evidence": "1", "book": "1", "access": "1", "questions": "1", "redactions": "1"}
	ids["campaigns"] = strings.TrimSpace(itoa(campaign))

	o.org = o.found(practiceOrganisation("hikari"))
	asked := 0
	for _, route := range o.pages.Routes() {
		if !strings.Contains(route.Path, "{id}") {
			continue
		}
		room := strings.Split(route.Path, "/")[3]
		path := strings.NewReplacer("/desk/{org}", "", "{id}", ids[room]).Replace(route.Path)
		asked++
		for _, who := range []ledger.Person{o.head, o.treasurer} {
			if route.Method == http.MethodGet {
				o.get(who, path).fails("not found")
				continue
			}
			o.post(who, path, url.Values{"reason": {"x"}, "agree": {"yes"}, "amount": {"1"}, "on": {"2026-11-24"}, "place": {"1110"}, "refunded": {"0"},
				"slug": {"hikari-1"}, "until": {"2026-11-25"}, "initiative": {"見守り"}}).fails("not found")
		}
	}
	if asked < 20 {
		t.Errorf("only %d routes name a thing", asked)
	}
	o.get(o.treasurer, "/gifts").says(http.StatusOK, "まだ寄付はありません")
	o.get(o.treasurer, "/expenses").says(http.StatusOK, "まだ支出はありません")
	o.get(o.treasurer, "/book").says(http.StatusOK, "まだ帳簿に記録はありません")
	o.get(o.treasurer, "/gifts/abc").fails("not found")
}

func itoa(id int64) string { return ledger.Yen(id).String() }

// TestRoutesNameWhoMayDoWhat writes the table of rights out a second time, from the design.
func TestRoutesNameWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	const representative, treasurer, auditor, member, coordinator = ledger.Representative, ledger.Treasurer, ledger.Auditor, ledger.Member, ledger.Coordinator
	all := []ledger.Role{representative, treasurer, auditor, member, coordinator}
	want := map[string][]ledger.Role{
		"POST /campaigns": {representative, treasurer, member, coordinator}, "POST /campaigns/{id}/edit": {representative, treasurer, member, coordinator},
		"POST /campaigns/{id}/announce": {representative}, "POST /campaigns/{id}/close": {representative}, "POST /campaigns/{id}/stop": {representative},
		"POST /gifts": all, "POST /gifts/new": {treasurer, member}, "POST /gifts/{id}/receipt": {treasurer}, "POST /gifts/{id}/refund": {treasurer}, "POST /gifts/{id}/refund-online": {treasurer}, "POST /gifts/{id}/erase": {representative, treasurer}, "POST /receipts/{id}/void": {treasurer}, "POST /receipts/{id}/send": {treasurer},
		"POST /expenses/new": {treasurer, member}, "POST /expenses/{id}/check": {representative, treasurer, auditor},
		"POST /expenses/{id}/refuse": {representative, treasurer, auditor, member}, "POST /expenses/{id}/papers": {treasurer, member},
		"POST /expenses/{id}/reverse": {treasurer}, "POST /expenses/{id}/repay": {treasurer},
		"POST /money/income": {treasurer}, "POST /money/goods": {treasurer, member}, "POST /money/move": {treasurer}, "POST /money/cover": {treasurer}, "POST /book/{id}/reverse": {treasurer},
		"POST /money/online/pause": {representative, treasurer}, "POST /money/online/resume": {representative, treasurer},
		"POST /money/online/seen": {treasurer}, "POST /money/online/return": {treasurer}, "POST /money/online/decide": {treasurer},
		"POST /settings/organisation": {representative}, "POST /settings/members": {representative}, "POST /settings/members/end": {representative}, "POST /settings/members/renew": {representative},
		"POST /campaigns/{id}/change": {representative, treasurer, member, coordinator}, "POST /campaigns/{id}/change/publish": {representative},
		"POST /campaigns/{id}/asking/answer": {treasurer, member}, "POST /campaigns/{id}/asking/withdraw": {representative},
		"POST /campaigns/{id}/returns/paid": {treasurer}, "POST /campaigns/{id}/returns/given-up": {treasurer}, "POST /campaigns/{id}/stopping": {representative},
		"POST /campaigns/{id}/news": {representative, treasurer, member}, "POST /campaigns/{id}/news/{n}": {representative, treasurer, member}, "POST /campaigns/{id}/news/{n}/publish": {representative, member},
		"POST /questions/{id}/answer": {representative, member}, "POST /questions/{id}/decline": {representative, member}, "POST /questions/{id}/nameless": {representative, member},
		"POST /expenses": all, "POST /book": all, "POST /book/csv": all, "POST /book/xlsx": all,
		"POST /access/grants": {representative}, "POST /access/grants/{id}/allow": {representative}, "POST /access/grants/{id}/refuse": {representative},
		"POST /access/grants/{id}/end": {representative},
		"POST /settings/initiatives":   {representative, treasurer, member, coordinator}, "POST /settings/opening": {treasurer}, "POST /settings/close": {treasurer}, "POST /settings/vetting": {representative},
		"POST /evidence/{id}/redact": {treasurer, member}, "POST /redactions/{id}/approve": {representative, treasurer, auditor}, "POST /redactions/{id}/refuse": {representative, treasurer, auditor},
		"POST /redactions/{id}/withdraw": {representative, treasurer, auditor, member},
		"POST /campaigns/{id}/reached":   {representative, treasurer, member}, "POST /campaigns/{id}/reached/back": {representative, treasurer, member},
		"POST /campaigns/{id}/paper": {representative, treasurer, member, coordinator}, "POST /campaigns/{id}/year": {representative, treasurer, member, coordinator},
		"POST /campaigns/{id}/year/announce": {representative},
		"POST /gifts/unasked":                {representative, treasurer}, "POST /gifts/unasked/{id}/report": {representative},
		"POST /settings/ways": {representative}, "POST /settings/ways/end": {representative},
		"POST /campaigns/{id}/ways": {representative}, "POST /campaigns/{id}/ways/end": {representative},
	}
	posts := 0
	for _, route := range o.pages.Routes() {
		path := strings.Replace(route.Pattern(), "/desk/{org}", "", 1)
		if len(route.Roles) == 0 {
			t.Errorf("%s is open to nobody, or to all", path)
		}
		if route.Method != http.MethodPost {
			continue
		}
		posts++
		if !slices.Equal(route.Roles, want[path]) {
			t.Errorf("%s: got %v, want %v", path, route.Roles, want[path])
		}
	}
	if posts != len(want) {
		t.Errorf("%d routes change something, %d are known here", posts, len(want))
	}
}

func TestButtonsAreShownToThoseWhoMayPressThem(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	campaign := o.announced()
	gift := o.named(campaign, "k1")
	for _, test := range []struct {
		who        ledger.Person
		path, text string
		want       bool
	}{
		{o.treasurer, gift, "領収書を出す", true}, {o.member, gift, "領収書を出す", false}, {o.auditor, gift, "寄付を返す", false},
		{o.member, "/money", "そのほかの入金", false}, {o.treasurer, "/money", "そのほかの入金", true}, {o.coordinator, "/money", "レシートを入れる", false},
		{o.head, "/campaigns/" + itoa(campaign), "予定より早く終える", true}, {o.treasurer, "/campaigns/" + itoa(campaign), "予定より早く終える", false},
		{o.member, "/settings", "団体のことを直す", false}, {o.auditor, "/campaigns", "下書きを始める", false},
	} {
		if got := strings.Contains(o.get(test.who, test.path).body, test.text); got != test.want {
			t.Errorf("%s sees %q on %s: %v, want %v", test.who.Name, test.text, test.path, got, test.want)
		}
	}
}
