package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
)

// TestGiverIsErasedAfterALookAtWhatGoes: the page says what will go, asks for a tick, and says afterwards what went.
func TestGiverIsErasedAfterALookAtWhatGoes(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	gift := o.named(o.announced(), "k1")
	o.post(o.treasurer, gift+"/receipt", url.Values{}).sent()
	o.get(o.treasurer, gift).says(http.StatusOK, "個人の情報を消す")
	o.get(o.treasurer, gift+"/erase").says(http.StatusOK, "練習 花子", "消えるもの", "残るもの", "もとにもどせません", "Stripeの管理画面").keepShot("erase")
	o.post(o.treasurer, gift+"/erase", url.Values{}).says(http.StatusUnprocessableEntity, "練習 花子")
	for range 2 {
		o.post(o.treasurer, gift+"/erase", url.Values{"agree": {"yes"}}).sent()
	}
	done := o.get(o.head, gift+"/erase").says(http.StatusOK, "個人の情報を消しました", "残るもの")
	done.keepShot("erased")
	shown := o.get(o.treasurer, gift).says(http.StatusOK, "お名前のない寄付", "個人の情報は消しました", "あて名と紙は、個人の情報といっしょに消しました", "第2026-0001号")
	if strings.Contains(done.body+shown.body, "花子") {
		t.Error("the name is still on a page")
	}
	if strings.Contains(done.body, "{") {
		t.Error("a page shows what is none of its words")
	}
}

// TestGiversWishWaitsOnTheDesk until somebody who may follows it.
func TestGiversWishWaitsOnTheDesk(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	gift := o.named(o.announced(), "k1")
	d, err := campaigns.FindDonation(t.Context(), o.db, o.org.ID, idIn(t, gift))
	if err != nil {
		t.Fatal(err)
	}
	o.inTx(func(tx *sqlx.Tx) error {
		_, err := campaigns.AskErasure(t.Context(), tx, o.org.ID, d.DonorID, o.now)
		return err
	})
	o.get(o.treasurer, "").says(http.StatusOK, "寄付した人の個人の情報を消す", "本人から頼まれました")
	if strings.Contains(o.get(o.member, "").body, "寄付した人の個人の情報を消す") {
		t.Error("a member is asked for what he may not do")
	}
	o.get(o.treasurer, gift+"/erase").says(http.StatusOK, "寄付した人から、消してほしいと頼まれています")
	o.post(o.treasurer, gift+"/erase", url.Values{"agree": {"yes"}}).sent()
	if strings.Contains(o.get(o.treasurer, "").body, "寄付した人の個人の情報を消す") {
		t.Error("the wish still waits after it was followed")
	}
}

// TestNamelessGiftHasNobodyToErase.
func TestNamelessGiftHasNobodyToErase(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	campaign := o.announced()
	o.received(campaign)
	o.get(o.treasurer, "/gifts/1/erase").fails("not found")
	if strings.Contains(o.get(o.treasurer, "/gifts/1").body, "個人の情報を消す") {
		t.Error("erasing is offered where nobody is known")
	}
}
