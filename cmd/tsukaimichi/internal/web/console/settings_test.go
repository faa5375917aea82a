package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestOrganisationIsDescribed(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.get(o.head, "/settings").says(http.StatusOK, "団体のことを直す", "練習 みつ子").keepShot("settings")
	o.get(o.head, "/settings/organisation").says(http.StatusOK, `value="練習 みつ子"`).keepShot("organisation")
	values := url.Values{"name": {""}, "kind": {"npo"}, "representative": {"練習 みつ子"}, "disclosed": {"no"}, "mail": {"midori"}, "fiscal_month": {"4"}, "certified_number": {"練習第1号"}}
	o.post(o.head, "/settings/organisation", values).says(http.StatusUnprocessableEntity, "名前を書いてください", "メールアドレスの形", "いつからいつまでの認定か")
	values.Set("name", "みどり食堂（練習）")
	values.Set("mail", "")
	values.Set("certified_number", "")
	values.Set("certified_from", "2026-04-01")
	seen := o.get(o.head, "/settings/organisation").seen()
	other := with(values, "phone", "0000-00-1111", "seen", seen)
	for range 2 { // pressed twice
		o.post(o.head, "/settings/organisation", other).sent()
	}
	o.post(o.head, "/settings/organisation", with(values, "seen", seen, "purpose", afternoon)).says(http.StatusUnprocessableEntity, "このあいだに書きかえました", ">"+afternoon+"</textarea>")
	o.post(o.head, "/settings/organisation", values).sent()
	got, err := ledger.FindOrganisation(t.Context(), o.db, o.org.ID)
	if err != nil || got.Name != "みどり食堂（練習）" || got.AddressDisclosed || !got.CertifiedFrom.IsZero() || !got.Practice || got.Slug != "midori" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestMembersComeAndGo(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.get(o.head, "/settings/members").says(http.StatusOK, "練習 朝子", "メンバーを足す").keepShot("members")
	if page := o.get(o.member, "/settings/members").says(http.StatusOK, "練習 朝子"); strings.Contains(page.body, "@") {
		t.Error("a member sees the others' mail addresses")
	}
	o.post(o.head, "/settings/members", url.Values{"name": {""}, "mail": {"x"}, "role": {"operator"}}).
		says(http.StatusUnprocessableEntity, "名前を書いてください", "メールアドレスの形", "役目を選んでください")
	o.post(o.head, "/settings/members", url.Values{"name": {"練習 桃子"}, "mail": {"m@example.jp"}, "role": {"coordinator"}}).
		says(http.StatusUnprocessableEntity, "いつまでかを入れてください")
	for range 2 {
		o.post(o.head, "/settings/members", url.Values{"name": {"練習 桃子"}, "mail": {"M@example.jp"}, "role": {"auditor"}}).sent()
	}
	members, err := ledger.Members(t.Context(), o.db, o.org.ID, ledger.DateOf(o.now))
	if err != nil || len(members) != 6 {
		t.Fatalf("got %d members, %v, want 6", len(members), err)
	}
	o.post(o.head, "/settings/members/end", url.Values{"person": {fmt.Sprint(o.head.ID)}, "role": {"representative"}}).
		says(http.StatusUnprocessableEntity, "代表がいなくなります")
	o.post(o.head, "/settings/members/end", url.Values{"person": {fmt.Sprint(o.auditor.ID)}, "role": {"auditor"}}).sent()
	members, _ = ledger.Members(t.Context(), o.db, o.org.ID, ledger.DateOf(o.now).AddDays(1))
	if len(members) != 5 {
		t.Errorf("got %d members tomorrow, want 5", len(members))
	}
}

func TestInitiativesAreAdded(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.get(o.coordinator, "/settings/initiatives").says(http.StatusOK, "まだ取り組みはありません")
	o.post(o.coordinator, "/settings/initiatives", url.Values{"initiative": {""}, "kind": {"meal"}}).says(http.StatusUnprocessableEntity, "名前を書いてください")
	for range 2 {
		o.post(o.coordinator, "/settings/initiatives", url.Values{"initiative": {"配食"}, "kind": {"meal"}}).sent()
	}
	if page := o.get(o.auditor, "/settings/initiatives").says(http.StatusOK, "食事・配食"); strings.Count(page.body, "<h3>配食</h3>") != 1 {
		t.Error("the initiative does not stand there once")
	}
}

func TestBookIsOpenedOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.get(o.treasurer, "/settings/opening").says(http.StatusOK, "いまあるお金を入れる").keepShot("opening")
	o.post(o.treasurer, "/settings/opening", url.Values{"on": {"2026-04-01"}}).says(http.StatusUnprocessableEntity, "1つは金額を")
	o.post(o.treasurer, "/settings/opening", url.Values{"on": {"2027-04-01"}, "account1110": {"ぜろ"}}).says(http.StatusUnprocessableEntity, "今日より後", "金額は数字で")
	values := url.Values{"on": {"2026-04-01"}, "account1110": {"12,500"}, "account1120": {"431,846"}, "account2110": {"27,840"}}
	for range 2 {
		o.post(o.treasurer, "/settings/opening", values).sent()
	}
	o.get(o.treasurer, "").says(http.StatusOK, "12,500", "431,846", "−27,840", "416,506")
	o.get(o.treasurer, "/settings/opening").sent()
}

func TestClosingWithUncheckedExpensesNeedsAReason(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.received(o.announced())
	o.spent(func(v url.Values) { v.Set("paid_on", "2026-10-20") })
	o.get(o.treasurer, "/settings/close").says(http.StatusOK, "終わっていないことが1つ", "支出が1件", "2026年10月31日まで").keepShot("close")
	values := url.Values{"until_on": {"2026-10-31"}, "kind": {"month"}}
	o.post(o.treasurer, "/settings/close", values).says(http.StatusUnprocessableEntity, "理由を書いてください", "支出が1件")
	values.Set("until_on", "2026-11-30")
	values.Set("reason", "書類を待っている")
	o.post(o.treasurer, "/settings/close", values).says(http.StatusUnprocessableEntity, "まだ終わっていない月")
	values.Set("until_on", "2026-10-31")
	o.post(o.treasurer, "/settings/close", values).sent()
	o.post(o.treasurer, "/settings/close", values).says(http.StatusUnprocessableEntity, "もう締めてあります")
	o.get(o.treasurer, "/settings/close").says(http.StatusOK, "書類を待っている")
}
