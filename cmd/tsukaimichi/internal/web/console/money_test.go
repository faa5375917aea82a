package console_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/xuri/excelize/v2"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func (o *office) general() string {
	o.t.Helper()
	f, err := ledger.FindGeneralFund(o.t.Context(), o.db, o.org.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	return fmt.Sprint(f.ID)
}

func (o *office) income(key, what string) answer {
	o.t.Helper()
	return o.post(o.treasurer, "/money/income", url.Values{"key": {key}, "amount": {"6,300"}, "on": {"2026-11-17"}, "account": {"4412"}, "place": {"1110"},
		"fund": {o.general()}, "from": {"集会所の受付"}, "what": {what}})
}

func TestOtherIncomeIsBookedOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	form := o.get(o.treasurer, "/money/income").says(http.StatusOK, "参加費")
	form.keepShot("income")
	o.post(o.treasurer, "/money/income", url.Values{"key": {form.key()}, "amount": {"0"}, "on": {"きのう"}}).
		says(http.StatusUnprocessableEntity, "金額を入れてください", "日は、2027年4月30日", "何のお金か、分類を", "どこに入ったか")
	for range 2 {
		o.income(form.key(), "参加費 21人").sent()
	}
	o.get(o.treasurer, "/book").says(http.StatusOK, "参加費 21人", "入 6,300円")
	if got := strings.Count(o.get(o.treasurer, "/book").body, "参加費 21人"); got != 1 {
		t.Errorf("the book has the income %d times", got)
	}
}

func TestMoneyMovesBetweenPlaces(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.income("k1", "参加費").sent()
	values := url.Values{"key": {"k2"}, "amount": {"5,000"}, "on": {"2026-11-24"}, "from": {"1110"}, "to": {"1110"}}
	o.post(o.treasurer, "/money/move", values).says(http.StatusUnprocessableEntity, "同じところへは動かせません").keepShot("move")
	values.Set("to", "1120")
	to := o.post(o.treasurer, "/money/move", values).sent()
	o.get(o.treasurer, "/book").says(http.StatusOK, "手元のお金 → 銀行のお金", "入 6,300円　出 0円")
	o.get(o.treasurer, to).says(http.StatusOK, "お金を移した", "普通預金", "5,000円").keepShot("transaction")
	o.get(o.treasurer, "/money").says(http.StatusOK, "1,300円", "5,000円").keepShot("money")
}

func TestTransferBetweenFundsNeedsTwoAndAReason(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.post(o.treasurer, "/money/cover", url.Values{"key": {"k"}, "amount": {"1"}, "on": {"2026-11-24"}, "from": {o.general()}, "to": {o.general()}}).
		says(http.StatusUnprocessableEntity, "ちがう二つ", "理由を書いてください")
}

func TestTransactionIsReversedOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	path, _, _ := strings.Cut(o.income("k1", "参加費").sent(), "?")
	o.get(o.treasurer, path).says(http.StatusOK, "取り消す")
	o.post(o.treasurer, path+"/reverse", url.Values{}).says(http.StatusUnprocessableEntity, "理由を書いてください")
	o.post(o.treasurer, path+"/reverse", url.Values{"reason": {"入れちがい"}}).sent()
	o.post(o.treasurer, path+"/reverse", url.Values{"reason": {"入れちがい"}}).says(http.StatusUnprocessableEntity, "もう取り消してあります")
	o.get(o.treasurer, "/book").says(http.StatusOK, "取り消し（", "取り消しました")
}

func TestExpenseIsReversedOnItsOwnPageAlone(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.received(o.announced())
	e := o.find(o.spent(nil))
	path := fmt.Sprintf("/book/%d", e.TransactionID)
	o.get(o.treasurer, path).says(http.StatusOK, "支出は、支出のページで取り消します")
	o.post(o.treasurer, path+"/reverse", url.Values{"reason": {"x"}}).fails("not found")
}

func TestBookIsNarrowedAndGoesOn(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	for i := range 53 {
		o.income(fmt.Sprint("k", i), fmt.Sprintf("参加費 第%d回", i+1)).sent()
	}
	first := o.get(o.treasurer, "/book").says(http.StatusOK, "この前の記録を見る")
	first.keepShot("book-long")
	if strings.Contains(first.body, "入 ") {
		t.Error("a month that goes on is given a sum")
	}
	at := strings.Index(first.body, "?after=")
	next := first.body[at : at+strings.Index(first.body[at:], `"`)]
	second := o.get(o.treasurer, "/book"+strings.ReplaceAll(next, "&amp;", "&"))
	if a, b := strings.Count(first.body, "journal__what"), strings.Count(second.body, "journal__what"); a != 50 || b != 3 {
		t.Errorf("pages have %d and %d lines, want 50 and 3", a, b)
	}
	o.post(o.treasurer, "/book", url.Values{"q": {"第7回"}}).says(http.StatusOK, "入 6,300円", "をはずす")
	o.post(o.treasurer, "/book", url.Values{"q": {"6,300"}, "until": {"2026-11-16"}}).says(http.StatusOK, "さがした記録は、ありませんでした")
	o.get(o.treasurer, "/book?kind=movement&account=1110").says(http.StatusOK, "さがした記録は、ありませんでした", "<details open>")
	o.get(o.treasurer, "/book?from=never").says(http.StatusOK, "日は、2027年4月30日")
}

func TestExportsHoldEveryEntryAndNoFormula(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.income("k2", "＝HYPERLINK(「よそへ」)").sent() // Excel in Japanese reads the wide sign, too
	o.income("k1", "=HYPERLINK(\"http://example.jp\")").sent()
	for i := range 600 {
		o.inTx(func(tx *sqlx.Tx) error {
			_, err := ledger.Receive(t.Context(), tx, ledger.Received{OrganisationID: o.org.ID, On: ledger.NewDate(2026, 10, 1), Account: 4412, Place: ledger.CashBox,
				FundID: mustID(o.general()), Amount: 100, Key: fmt.Sprint("many", i)}, ledger.ByPerson(o.treasurer.ID, o.treasurer.Name), o.now)
			return err
		})
	}
	sent := o.get(o.auditor, "/book/csv").says(http.StatusOK)
	body, isMarked := strings.CutPrefix(sent.body, "\uFEFF")
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || !isMarked || len(rows) != 1+2*602 {
		t.Fatalf("got %d rows, mark %v, %v", len(rows), isMarked, err)
	}
	if got := rows[1][4]; got != "'=HYPERLINK(\"http://example.jp\")" {
		t.Errorf("got memo %q", got)
	}
	if !strings.Contains(body, ",'＝HYPERLINK(") {
		t.Error("a wide sign begins a cell")
	}
	if got := rows[1][13] + "/" + rows[2][14]; got != "6300/6300" {
		t.Errorf("got amounts %s", got)
	}
	narrowed := o.get(o.auditor, "/book/csv?from=2026-11-01").says(http.StatusOK)
	if got := strings.Count(narrowed.body, "\r\n"); got != 5 {
		t.Errorf("the narrowed book has %d lines, want 5", got)
	}
	excel := o.get(o.auditor, "/book/xlsx?from=2026-11-01").says(http.StatusOK)
	book, err := excelize.OpenReader(bytes.NewReader([]byte(excel.body)))
	if err != nil {
		t.Fatal(err)
	}
	memo, _ := book.GetCellValue("帳簿", "E2")
	amount, _ := book.GetCellValue("帳簿", "N2")
	formula, _ := book.GetCellFormula("帳簿", "E2")
	if memo != "=HYPERLINK(\"http://example.jp\")" || amount != "6300" || formula != "" {
		t.Errorf("got memo %q, amount %q, formula %q", memo, amount, formula)
	}
}

func mustID(text string) int64 {
	var id int64
	_, _ = fmt.Sscan(text, &id)
	return id
}

func TestGoodsAreBookedWithoutYen(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	campaign := o.announced()
	form := o.get(o.member, "/money/goods").says(http.StatusOK, "品物の寄付を入れる")
	if strings.Contains(form.body, "団体の運営") {
		t.Error("goods can be for no initiative")
	}
	o.post(o.member, "/money/goods", url.Values{"key": {"k1"}, "on": {"2026-11-24"}}).
		says(http.StatusUnprocessableEntity, "4つ、直してください", "何を買ったか")
	values := url.Values{"key": {form.key()}, "amount": {"5,000"}, "on": {"2026-11-24"}, "what": {"米 10kg（店の値段）"}, "from": {"練習 農園"}, "account": {"5240"},
		"initiative": {optionValue(t, form.body, "食材費")}}
	for range 2 {
		o.post(o.member, "/money/goods", values).sent()
	}
	o.get(o.treasurer, fmt.Sprintf("/campaigns/%d", campaign)).says(http.StatusOK, "5,000円分（目標には数えません）")
}

func TestGiftTakenBackInTheBookCountsNoMore(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	gift := o.named(o.announced(), "k1")
	at := strings.Index(o.get(o.treasurer, gift).body, "/desk/midori/book/")
	body := o.get(o.treasurer, gift).body[at:]
	path := strings.TrimPrefix(body[:strings.Index(body, `"`)], "/desk/midori")
	o.post(o.treasurer, path+"/reverse", url.Values{"reason": {"二重に入れた"}}).sent()
	page := o.get(o.treasurer, gift).says(http.StatusOK, "取り消しました")
	if strings.Contains(page.body, "領収書を出す") || strings.Contains(page.body, "寄付を返す") {
		t.Error("a gift taken back can be receipted or refunded")
	}
}
