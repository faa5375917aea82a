package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestGiftIsReadBackBeforeItIsBooked(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	campaign := o.announced()
	values := cashGift(campaign, "k1")
	o.post(o.member, "/gifts/new", values).says(http.StatusOK, "まだ帳簿には入っていません")
	o.get(o.member, "/gifts").says(http.StatusOK, "まだ寄付はありません")
	values.Set("do", "mend")
	o.post(o.member, "/gifts/new", values).says(http.StatusOK, `value="64,500"`, "入れた内容を確かめる")
}

func TestGiftOutsideTheDaysOfCollectingIsRefused(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	values := cashGift(o.announced(), "k1")
	values.Set("given_on", "2026-11-01")
	o.post(o.member, "/gifts/new", values).says(http.StatusUnprocessableEntity, "その日は、この募金の期間ではありません")
	values.Set("given_on", "2027-11-01")
	values.Set("amount", "")
	values.Set("receipt_wanted", "mail")
	o.post(o.member, "/gifts/new", values).says(http.StatusUnprocessableEntity, "金額を入れてください", "今日より後", "メールアドレスを入れてください").keepShot("gift-problems")
}

// named enters a gift of a person and returns its path.
func (o *office) named(campaign int64, key string) string {
	o.t.Helper()
	values := cashGift(campaign, key)
	for name, value := range map[string]string{"do": "right", "amount": "3,000", "channel": "cash", "counts_as": "person", "counted": "", "name": "練習 花子",
		"address": "練習県みどり町2-2", "receipt_wanted": "paper"} {
		values.Set(name, value)
	}
	return fmt.Sprintf("/gifts/%d", idIn(o.t, o.post(o.member, "/gifts/new", values).sent()))
}

func TestReceiptIsIssuedVoidedAndIssuedAnew(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	gift := o.named(o.announced(), "k1")
	o.get(o.treasurer, "").says(http.StatusOK, "領収書を出す　1件")
	o.get(o.treasurer, gift).says(http.StatusOK, "番号がつき、内容は変えられなくなります")
	o.post(o.treasurer, gift+"/receipt", url.Values{}).sent()
	o.post(o.treasurer, gift+"/receipt", url.Values{}).says(http.StatusUnprocessableEntity, "有効な領収書があります")
	if len(o.asked) != 1 || !strings.HasPrefix(o.asked[0], "receipt ") {
		t.Fatalf("asked for %q", o.asked)
	}
	receipt := fmt.Sprintf("/receipts/%d", idIn(t, o.asked[0]))
	o.get(o.treasurer, gift).says(http.StatusOK, "第2026-0001号", "紙をつくっています").keepShot("gift")
	o.get(o.treasurer, receipt+"/pdf").fails("not found")
	o.post(o.treasurer, receipt+"/void", url.Values{"again": {"yes"}}).says(http.StatusUnprocessableEntity, "理由を書いてください")
	for range 2 {
		o.post(o.treasurer, receipt+"/void", url.Values{"again": {"yes"}, "reason": {"漢字がちがった"}}).sent()
	}
	o.get(o.treasurer, gift).says(http.StatusOK, "第2026-0001-2号", "漢字がちがった")
	if len(o.asked) != 2 {
		t.Errorf("asked for %q", o.asked)
	}
}

func TestPaperOfAReceiptIsSentAsAFile(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	gift := o.named(o.announced(), "k1")
	o.post(o.treasurer, gift+"/receipt", url.Values{}).sent()
	id := idIn(t, o.asked[0])
	file, err := o.pages.Files.Put(t.Context(), o.org.ID, files.KindReceipt, []byte("%PDF-1.7 practice"))
	if err != nil {
		t.Fatal(err)
	}
	o.inTx(func(tx *sqlx.Tx) error {
		return campaigns.PaperMade(t.Context(), tx, o.org.ID, id, file.Hash[:], "𠮷", o.now)
	})
	paper := o.get(o.treasurer, fmt.Sprintf("/receipts/%d/pdf", id)).says(http.StatusOK, "%PDF-1.7")
	if got := paper.header.Get("Content-Disposition"); got != `attachment; filename="receipt-2026-0001.pdf"` {
		t.Errorf("got disposition %q", got)
	}
	o.get(o.treasurer, "").says(http.StatusOK, "印刷できない字があります", "𠮷")
	o.get(o.treasurer, gift).says(http.StatusOK, "印刷できない字があります：𠮷")
}

func TestTwoClicksRefundOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	gift := o.named(o.announced(), "k1")
	values := url.Values{"refunded": {"0"}, "amount": {"1,000"}, "on": {"2026-11-24"}, "place": {"1110"}, "reason": {"取りちがえ"}}
	for range 2 {
		o.post(o.treasurer, gift+"/refund", values).sent()
	}
	d, err := campaigns.FindDonation(t.Context(), o.db, o.org.ID, idIn(t, gift))
	if err != nil || d.Refunded != 1000 {
		t.Errorf("refunded %s, %v, want 1,000", d.Refunded, err)
	}
	values.Set("refunded", "1000")
	values.Set("amount", "2,001")
	o.post(o.treasurer, gift+"/refund", values).says(http.StatusUnprocessableEntity, "受け取った金額をこえます", `value="2,001"`)
	o.get(o.treasurer, gift).says(http.StatusOK, "一部を返しました", "1,000円")
}

// TestReceiptFollowsWhatIsGivenBackByHand: in the same press, for a part and then for the rest.
func TestReceiptFollowsWhatIsGivenBackByHand(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	gift := o.named(o.announced(), "k1")
	o.post(o.treasurer, gift+"/receipt", url.Values{}).sent()
	o.get(o.treasurer, gift).says(http.StatusOK, "取り消して、残りの金額で出し直します").keepShot("gift-refund")
	values := url.Values{"refunded": {"0"}, "amount": {"1,000"}, "on": {"2026-11-24"}, "place": {"1110"}, "reason": {"取りちがえ"}}
	o.post(o.treasurer, gift+"/refund", values).sent()
	o.get(o.treasurer, gift).says(http.StatusOK, "第2026-0001-2号", "に出しました。2,000円", "寄付の全部か一部を返したため")
	if len(o.asked) != 2 || !strings.HasPrefix(o.asked[1], "receipt ") {
		t.Errorf("asked for %q, want a second paper", o.asked)
	}
	values.Set("refunded", "1000")
	values.Set("amount", "2,000")
	o.post(o.treasurer, gift+"/refund", values).sent()
	if got := o.get(o.treasurer, gift).says(http.StatusOK, "第2026-0001-2号"); strings.Contains(got.body, "0001-3号") || strings.Contains(got.body, ">有効<") {
		t.Error("a gift that was given back whole has a receipt")
	}
}

func TestGiftsAreSearchedByNameWithoutNamingThemInAnAddress(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	campaign := o.announced()
	o.named(campaign, "k1")
	o.received(campaign)
	found := o.post(o.treasurer, "/gifts", url.Values{"q": {"花子"}, "campaign": {fmt.Sprint(campaign)}}).says(http.StatusOK, "練習 花子")
	if strings.Contains(found.body, "64,500") || strings.Contains(found.body, "?q=") {
		t.Error("another gift was found, or the name stands in an address")
	}
	o.post(o.treasurer, "/gifts", url.Values{"q": {"だれか"}}).says(http.StatusOK, "さがした寄付は、ありませんでした")
	o.get(o.treasurer, "/gifts?channel=envelope").says(http.StatusOK, "64,500", "お名前なし").keepShot("gifts")
}

func TestGiftsGoOnBelowAFullPage(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	campaign := o.announced()
	for i := range 42 {
		o.inTx(func(tx *sqlx.Tx) error {
			_, err := campaigns.Enter(t.Context(), tx, campaigns.Gift{OrganisationID: o.org.ID, CampaignID: campaign, Channel: campaigns.Cash, Amount: ledger.Yen(100 + i),
				Counted: 1, GivenOn: ledger.NewDate(2026, 11, 24), Token: fmt.Sprint("t", i), Key: fmt.Sprint("k", i)}, ledger.CashBox, ledger.ByPerson(o.member.ID, o.member.Name), o.now)
			return err
		})
	}
	first := o.get(o.treasurer, "/gifts").says(http.StatusOK, "この前の寄付を見る")
	at := strings.Index(first.body, `name="after" value="`) + len(`name="after" value="`)
	after := first.body[at : at+strings.Index(first.body[at:], `"`)]
	second := o.post(o.treasurer, "/gifts", url.Values{"after": {after}})
	if a, b := strings.Count(first.body, "journal__what"), strings.Count(second.body, "journal__what"); a != 40 || b != 2 {
		t.Errorf("pages have %d and %d gifts, want 40 and 2", a, b)
	}
}
