package console_test

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/files"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/redaction"
)

// papered enters an expense with a photo by the treasurer and returns its address and the photo's id.
func (o *office) papered(content []byte) (expense string, evidence int64) {
	o.t.Helper()
	o.received(o.announced())
	expense = o.spent(nil)
	o.upload(o.member, expense+"/papers", url.Values{}, content).sent()
	all, err := ledger.EvidenceOfExpense(o.t.Context(), o.db, o.org.ID, idIn(o.t, expense))
	if err != nil || len(all) != 1 {
		o.t.Fatal(all, err)
	}
	return expense, all[0].ID
}

// oneBox is a form with one place: 12.5 to 62.5 % from the left, 10 to 30 % from the top.
func oneBox() url.Values {
	return url.Values{"box1_left": {"１２．５％"}, "box1_top": {"10"}, "box1_width": {"50"}, "box1_height": {"20"}}
}

func TestTwoPersonsMakeACopyPublic(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	expense, evidence := o.papered(photo(t, 0xcc))
	make := fmt.Sprintf("/evidence/%d/redact", evidence)
	o.get(o.member, expense).says(http.StatusOK, "公開する写しを作る")
	o.get(o.member, make).says(http.StatusOK, "黒くするところ 3")
	o.get(o.member, make+"?"+oneBox().Encode()+"&rows=6").says(http.StatusOK, `x="12.5%"`, `width="50%"`, "黒くするところ 6").keepShot("redact-preview")
	o.post(o.member, make, url.Values{}).says(http.StatusUnprocessableEntity, "黒くするところがありません")
	wide := oneBox()
	wide.Set("box1_width", "90")
	o.post(o.member, make, wide).says(http.StatusUnprocessableEntity, "写真からはみ出しています")
	half := oneBox()
	half.Del("box1_top")
	o.post(o.member, make, half).says(http.StatusUnprocessableEntity, "0から100までの数")

	at := o.post(o.member, make, oneBox()).sent()
	at, _, _ = strings.Cut(at, "?")
	o.get(o.member, at).says(http.StatusOK, "ほかの人の確認を待っています", "1か所")
	picture, err := jpeg.Decode(strings.NewReader(o.get(o.auditor, at+"/picture").body))
	if err != nil {
		t.Fatal(err)
	}
	size := picture.Bounds().Size()
	if r, g, b, _ := picture.At(size.X*30/100, size.Y*20/100).RGBA(); r+g+b > 0x0900 {
		t.Errorf("the place is not black: %v", picture.At(size.X*30/100, size.Y*20/100))
	}
	o.get(o.auditor, "").says(http.StatusOK, "公開する写しを確かめる")
	o.post(o.auditor, at+"/approve", url.Values{}).says(http.StatusUnprocessableEntity, "写しをよく見て、チェックを入れてください")
	o.post(o.auditor, at+"/approve", url.Values{"looked": {"yes"}}).sent()
	o.get(o.auditor, at).says(http.StatusOK, "公開しています").keepShot("redaction-public")
	o.post(o.head, at+"/refuse", url.Values{"reason": {"おそい"}}).says(http.StatusUnprocessableEntity, "ほかの人が")
	o.post(o.member, at+"/withdraw", url.Values{}).says(http.StatusUnprocessableEntity, "わけを書いてください")
	o.post(o.member, at+"/withdraw", url.Values{"reason": {"印影が残っていた"}}).sent()
	o.get(o.member, at).says(http.StatusOK, "取り下げました", "写しは消しました")
	o.get(o.member, at+"/picture").fails("not found")
	o.get(o.member, expense).says(http.StatusOK, "公開する写しを作りました", "写しを確かめて、公開しました", "公開する写しを取り下げました", "印影が残っていた")
}

// TestWhoMadeACopyCannotApproveIt: a treasurer makes and checks, but never the same thing.
func TestWhoMadeACopyCannotApproveIt(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	_, evidence := o.papered(photo(t, 0xcc))
	at := o.post(o.treasurer, fmt.Sprintf("/evidence/%d/redact", evidence), oneBox()).sent()
	at, _, _ = strings.Cut(at, "?")
	if shown := o.get(o.treasurer, at).says(http.StatusOK, "ほかの人の確認を待っています"); strings.Contains(shown.body, "この写しを公開する") {
		t.Error("who made it is offered to approve it")
	}
	o.post(o.treasurer, at+"/approve", url.Values{"looked": {"yes"}}).says(http.StatusUnprocessableEntity, "自分では確認できません")
	x, err := redaction.Find(t.Context(), o.db, o.org.ID, idIn(t, at))
	if err != nil || x.Status != redaction.Prepared {
		t.Errorf("%+v, %v", x, err)
	}
	kept, err := o.pages.Files.Read(t.Context(), o.org.ID, files.KindRedacted, files.Hash(x.FileHash))
	if err != nil || !bytes.HasPrefix(kept, []byte("\xff\xd8")) {
		t.Errorf("the picture: %v", err)
	}
}
