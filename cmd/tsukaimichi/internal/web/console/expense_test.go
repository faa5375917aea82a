package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// spent enters the expense and returns its path.
func (o *office) spent(change func(url.Values)) string {
	o.t.Helper()
	values := o.expenseValues(o.get(o.treasurer, "/expenses/new").key())
	if change != nil {
		change(values)
	}
	return fmt.Sprintf("/expenses/%d", idIn(o.t, o.post(o.treasurer, "/expenses/new", values).sent()))
}

func (o *office) find(path string) ledger.Expense {
	o.t.Helper()
	e, err := ledger.FindExpense(o.t.Context(), o.db, o.org.ID, idIn(o.t, path))
	if err != nil {
		o.t.Fatal(err)
	}
	return e
}

func TestExpenseComesBackWithItsPapers(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.received(o.announced())
	values := o.expenseValues("k1")
	values.Set("payee", "")
	values.Set("amount", "一万円")
	back := o.upload(o.treasurer, "/expenses/new", values, photo(t, 0xee), []byte("not a photo")).
		says(http.StatusUnprocessableEntity, "払った相手を入れてください", "金額は数字で入れてください", "この種類のファイルは受け取れません", "1枚目", `value="一万円"`)
	back.keepShot("expense-problems")
	at := strings.Index(back.body, `name="kept" value="`) + len(`name="kept" value="`)
	values = o.expenseValues("k1")
	values.Set("kept", back.body[at:at+64])
	path := fmt.Sprintf("/expenses/%d", idIn(t, o.post(o.treasurer, "/expenses/new", values).sent()))
	if got := o.find(path).Papers; got != 1 {
		t.Errorf("the expense has %d papers, want the one kept", got)
	}
}

func TestExpenseIsSplitOverUsesAndFunds(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.received(o.announced())
	values := o.expenseValues("k1")
	values.Set("do", "add")
	more := o.post(o.treasurer, "/expenses/new", values).says(http.StatusOK, "使いみち2", `value="15,840"`)
	if strings.Contains(more.body, `role="alert"`) {
		t.Error("adding a row complains")
	}
	values.Del("do")
	values.Set("lines", "2")
	values.Set("line1_amount", "10,000")
	values.Set("line2_for", o.purpose("団体の運営"))
	values.Set("line2_account", "5290")
	values.Set("line2_amount", "5,000")
	o.post(o.treasurer, "/expenses/new", values).says(http.StatusUnprocessableEntity, "合計が、払った金額と合いません").keepShot("expense-split")
	values.Set("line2_amount", "5,840")
	path := fmt.Sprintf("/expenses/%d", idIn(t, o.post(o.treasurer, "/expenses/new", values).sent()))
	e := o.find(path)
	if len(e.Lines) != 2 || e.Lines[0].Segment != ledger.Program || e.Lines[1].Segment != ledger.Administration || e.Lines[0].UseID == 0 {
		t.Errorf("got lines %+v", e.Lines)
	}
}

func TestExpenseForAnotherFundsUseIsRefused(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.received(o.announced())
	values := o.expenseValues("k1")
	values.Set("line1_for", "999-999-999")
	o.post(o.treasurer, "/expenses/new", values).says(http.StatusUnprocessableEntity, "どの資金から払ったかをえらんでください")
}

func TestRefusedExpenseIsReversedWithItsReason(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.received(o.announced())
	path := o.spent(nil)
	o.post(o.head, path+"/refuse", url.Values{}).says(http.StatusUnprocessableEntity, "理由を書いてください")
	o.post(o.head, path+"/refuse", url.Values{"reason": {"宛名がちがいます"}}).sent()
	o.get(o.treasurer, path).says(http.StatusOK, "確認できませんでした", "宛名がちがいます")
	o.post(o.auditor, path+"/check", url.Values{}).says(http.StatusUnprocessableEntity, "先に決めました")
}

func TestMemberTakesBackHisOwnExpenseAlone(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.received(o.announced())
	path := o.spent(nil)
	o.post(o.member, path+"/refuse", url.Values{"reason": {"まちがえた"}}).fails("not found")
	o.post(o.treasurer, path+"/refuse", url.Values{"reason": {"まちがえた"}}).sent()
	if got := o.find(path).Status; got != ledger.Refused {
		t.Errorf("got %s", got)
	}
}

func TestAdvanceIsCheckedThenPaidBack(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.received(o.announced())
	path := o.spent(func(v url.Values) { v.Set("account", "2110") })
	o.get(o.treasurer, "/expenses?show=unpaid").says(http.StatusOK, "まだ払っていません")
	o.post(o.treasurer, path+"/repay", url.Values{"on": {"2026-11-24"}, "place": {"1110"}}).says(http.StatusUnprocessableEntity, "先に決めました")
	o.post(o.auditor, path+"/check", url.Values{}).sent()
	o.get(o.treasurer, "").says(http.StatusOK, "払う・立替えを返す　15,840円")
	o.get(o.treasurer, path).says(http.StatusOK, "払ったことを帳簿に入れる").keepShot("expense-repay")
	o.post(o.treasurer, path+"/repay", url.Values{"on": {"2026-11-24"}}).says(http.StatusUnprocessableEntity, "どこから払ったか")
	o.post(o.treasurer, path+"/repay", url.Values{"on": {"2026-11-24"}, "place": {"1110"}}).sent()
	o.post(o.treasurer, path+"/repay", url.Values{"on": {"2026-11-24"}, "place": {"1110"}}).says(http.StatusUnprocessableEntity, "もう帳簿に入っています")
	o.get(o.treasurer, "/expenses?show=unpaid").says(http.StatusOK, "さがした支出は、ありませんでした")
}

func TestCheckedExpenseIsReversedOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.received(o.announced())
	path := o.spent(nil)
	o.post(o.auditor, path+"/check", url.Values{}).sent()
	o.post(o.treasurer, path+"/reverse", url.Values{}).says(http.StatusUnprocessableEntity, "理由を書いてください")
	o.post(o.treasurer, path+"/reverse", url.Values{"reason": {"二重に入れた"}}).sent()
	o.post(o.treasurer, path+"/reverse", url.Values{"reason": {"二重に入れた"}}).says(http.StatusUnprocessableEntity, "もう取り消してあります")
	o.get(o.treasurer, path).says(http.StatusOK, "取り消しました")
	o.get(o.treasurer, "/expenses").says(http.StatusOK, "取り消しました").keepShot("expenses")
}

func TestShortFundIsCoveredBeforeItsExpenseIsChecked(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.announced()
	path := o.spent(nil)
	o.get(o.auditor, path).says(http.StatusOK, "15,840円足りません")
	o.post(o.auditor, path+"/check", url.Values{}).says(http.StatusUnprocessableEntity, "残りが足りません").keepShot("expense-short")
	home := o.get(o.treasurer, "").says(http.StatusOK, "一般から補う", "-15,840"[1:]+"円足りません")
	home.keepShot("home-short")
	cover := o.get(o.treasurer, "/money/cover?to="+optionValue(t, o.get(o.treasurer, "/money/cover").body, "冬の火曜日")).says(http.StatusOK, `value="15,840"`)
	cover.keepShot("cover")
	values := url.Values{"key": {cover.key()}, "from": {optionValue(t, cover.body, "一般")}, "to": {optionValue(t, cover.body, "冬の火曜日")}, "amount": {"15,840"},
		"on": {"2026-11-24"}, "reason": {"足りない分"}}
	o.post(o.treasurer, "/money/cover", values).sent()
	o.post(o.auditor, path+"/check", url.Values{}).sent()
}

func TestPapersAreAddedLaterOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.received(o.announced())
	path := o.spent(nil)
	o.get(o.treasurer, "").says(http.StatusOK, "レシートの写真を足す　1件")
	o.upload(o.member, path+"/papers", url.Values{}).says(http.StatusUnprocessableEntity, "足す写真かPDFを選んでください")
	o.upload(o.member, path+"/papers", url.Values{}, []byte("text")).says(http.StatusUnprocessableEntity, "この種類のファイルは受け取れません")
	for range 2 {
		o.upload(o.member, path+"/papers", url.Values{}, photo(t, 0xcc)).sent()
	}
	if got := o.find(path).Papers; got != 1 {
		t.Errorf("the expense has %d papers, want 1", got)
	}
}

func TestEvidenceCanDoNothingInABrowser(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.received(o.announced())
	path := o.spent(func(v url.Values) { v.Set("no_paper", "machine") })
	o.get(o.auditor, path).says(http.StatusOK, "自動販売機・駐車場の機械")
	o.upload(o.member, path+"/papers", url.Values{}, photo(t, 0xcc)).sent()
	all, err := ledger.EvidenceOfExpense(t.Context(), o.db, o.org.ID, idIn(t, path))
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	sent := o.get(o.auditor, fmt.Sprintf("/evidence/%d", all[0].ID)).says(http.StatusOK)
	for name, want := range map[string]string{"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
		"Content-Disposition": fmt.Sprintf(`inline; filename="evidence-%d.jpg"`, all[0].ID), "Cache-Control": "private, no-store"} {
		if got := sent.header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
