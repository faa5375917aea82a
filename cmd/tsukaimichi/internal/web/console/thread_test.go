package console_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/url"
	"testing"
)

// fullDraft is everything a draft needs.
func fullDraft() url.Values {
	return url.Values{
		"do": {"save"}, "slug": {"midori-winter"}, "title": {"冬の火曜日、あたたかい夕ごはんを16回"}, "initiative": {"ふれあい食堂"},
		"lead": {"みどり町の集会所で、いっしょに食べる夕ごはんを開きます。"}, "saying": {"ひとりの夕ごはんを、\n週に一度は、みんなの夕ごはんに。"},
		"need": {"食材の値上がりで、参加費だけでは足りません。"}, "other_sources": {"参加費 1回300円"}, "uncovered": {"未定"}, "uses": {"2"},
		"use1_name": {"食材費"}, "use1_detail": {"お米・野菜・肉"}, "use1_quantity": {"１６"}, "use1_unit": {"回"}, "use1_unit_price": {"15,000"},
		"use1_due_on": {"2027-03-09"}, "use1_evidence": {"レシート"},
		"use2_name": {"大鍋と炊飯器"}, "use2_amount": {"52,000円"}, "use2_due_on": {"2026年12月25日"}, "use2_evidence": {"領収書と写真"},
		"costs_borne_by": {"general"}, "collects_from": {"2026-11-24"}, "collects_until": {"2026-12-20"}, "report_due_on": {"2027-04-30"},
		"if_too_little": {"食材費を先にします。"}, "if_too_much": {"回数をふやします。"}, "if_stopped": {"返金します。"}, "responsible": {"練習 みつ子"},
	}
}

// announced starts, fills and announces a campaign and returns its id.
func (o *office) announced() int64 {
	o.t.Helper()
	to := o.post(o.head, "/campaigns", url.Values{"slug": {"midori-2026-1"}, "title": {"冬"}, "initiative": {"ふれあい食堂"}, "from": {"0"}}).sent()
	id := idIn(o.t, to)
	o.post(o.head, fmt.Sprintf("/campaigns/%d/edit", id), fullDraft()).sent()
	o.post(o.head, fmt.Sprintf("/campaigns/%d/announce", id), url.Values{"agree": {"yes"}}).sent()
	return id
}

func cashGift(campaign int64, key string) url.Values {
	return url.Values{"key": {key}, "amount": {"64,500"}, "given_on": {"2026-11-24"}, "channel": {"envelope"}, "for": {fmt.Sprintf("%d-0", campaign)},
		"counts_as": {"household"}, "counted": {"36"}, "display": {"anonymous"}, "receipt_wanted": {"none"}, "told_by": {"1班の班長から"}}
}

// received enters a gift in cash and returns its id.
func (o *office) received(campaign int64) int64 {
	o.t.Helper()
	values := cashGift(campaign, o.get(o.member, "/gifts/new").key())
	values.Set("do", "right")
	return idIn(o.t, o.post(o.member, "/gifts/new", values).sent())
}

func photo(t *testing.T, shade uint8) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 300, 400))
	for i := range picture.Pix {
		picture.Pix[i] = shade
	}
	for x := 20; x < 280; x++ {
		for y := 30; y < 370; y += 20 {
			picture.Set(x, y, color.Black)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFromDraftToGiftToExpenseToCheck(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.get(o.head, "").says(http.StatusOK, "はじめにすること").keepShot("home-start")
	o.get(o.head, "/campaigns").says(http.StatusOK, "まだ募金はありません")
	o.get(o.head, "/campaigns/new").says(http.StatusOK, "midori-2026-1").keepShot("campaign-new")
	campaign := o.announced()
	here := fmt.Sprintf("/campaigns/%d", campaign)
	o.get(o.head, here).says(http.StatusOK, "募金中", "240,000", "292,000").keepShot("campaign-empty")

	form := o.get(o.member, "/gifts/new?campaign="+fmt.Sprint(campaign)).says(http.StatusOK, "寄付を入れる")
	form.keepShot("gift-new")
	values := cashGift(campaign, form.key())
	o.post(o.member, "/gifts/new", values).says(http.StatusOK, "この内容でよいですか", "64,500", "36世帯").keepShot("gift-check")
	values.Set("do", "right")
	gift := o.post(o.member, "/gifts/new", values).sent()
	if again := o.post(o.member, "/gifts/new", values).sent(); again != gift {
		t.Errorf("pressing twice led to %s after %s", again, gift)
	}
	o.get(o.treasurer, here).says(http.StatusOK, "<b>36</b>世帯", "64,500")

	expense := o.get(o.treasurer, "/expenses/new").says(http.StatusOK, "入れて、確認をたのむ", "食材費（残り 64,500円）")
	expense.keepShot("expense-new")
	paid := o.expenseValues(expense.key())
	to := o.upload(o.treasurer, "/expenses/new", paid, photo(t, 0xee), photo(t, 0xdd)).sent()
	if again := o.upload(o.treasurer, "/expenses/new", paid, photo(t, 0xee), photo(t, 0xdd)).sent(); again != to {
		t.Errorf("pressing twice led to %s after %s", again, to)
	}
	path := fmt.Sprintf("/expenses/%d", idIn(t, to))
	o.get(o.treasurer, path).says(http.StatusOK, "確認待ち", "自分では確認できません", "2枚目").keepShot("expense-own")
	o.get(o.auditor, "").says(http.StatusOK, "確認する", "米・白菜・豚肉")
	o.get(o.auditor, path).says(http.StatusOK, "確認しました").keepShot("expense-check")
	o.post(o.treasurer, path+"/check", url.Values{}).says(http.StatusUnprocessableEntity, "入れた人は、自分では確認できません")
	o.post(o.auditor, path+"/check", url.Values{}).sent()
	o.get(o.auditor, path).says(http.StatusOK, "確認ずみ")
	o.post(o.auditor, path+"/check", url.Values{}).says(http.StatusUnprocessableEntity, "先に決めました")
	o.get(o.treasurer, "").says(http.StatusOK, "お金のある場所", "48,660").keepShot("home")
	o.get(o.treasurer, here).says(http.StatusOK, "15,840").keepShot("campaign")
}

// expenseValues is an expense of 15,840 yen in cash for the first use offered.
func (o *office) expenseValues(key string) url.Values {
	o.t.Helper()
	return url.Values{"key": {key}, "amount": {"15,840"}, "paid_on": {"2026-11-24"}, "payee": {"練習ストア"}, "what": {"米・白菜・豚肉"},
		"lines": {"1"}, "line1_for": {o.purpose("食材費")}, "line1_account": {"5240"}, "account": {"1110"}}
}

// purpose is the value of the purpose whose words hold the text, as the form offers it.
func (o *office) purpose(text string) string {
	o.t.Helper()
	body := o.get(o.treasurer, "/expenses/new").body
	return optionValue(o.t, body, text)
}
