package reporting_test

import (
	"context"
	"crypto/ed25519"
	"net/http"
	"net/url"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger/chain"
)

// afternoon is what somebody wrote at the form of a report.
const afternoon = "冬の火曜日に、夕ごはんを16回ひらきました。雪の日も、12人が来ました。"

// TestWhatIsSavedAfterPublishingIsGivenBack: the report came out while a person wrote; the page says so and has the words.
func TestWhatIsSavedAfterPublishingIsGivenBack(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	r.post(treasurer, r.at(""), r.words(r.get(treasurer, r.at("")).hidden())).sent()
	open := r.get(treasurer, r.at("")).hidden()
	r.post(head, r.at("/publish"), with(r.get(head, r.at("/publish")).hidden(), "agree", "yes")).sent()
	late := with(open, "did", afternoon)
	r.post(treasurer, r.at(""), late).says(http.StatusConflict, "もう公表されています", `role="alert"`, "readonly>\n"+afternoon, "訂正版の下書きを始める").keepShot("late")
	r.post(treasurer, r.at("/correct"), url.Values{"changes": {"会場の名前を直しました。"}}).sent()
	r.post(treasurer, r.at("/correct"), url.Values{"changes": {"会場の名前を直しました。"}}).sent() // pressed twice
	r.post(head, r.at("/correct"), url.Values{"changes": {afternoon}}).says(http.StatusConflict, "訂正版を、もう書きはじめています", `role="alert"`, "readonly>\n"+afternoon)
	r.post(head, r.at("/correct"), nil).says(http.StatusConflict, "訂正版を、もう書きはじめています").silent("あなたが書いたもの")
}

// TestWithdrawingTwiceSaysWhy: somebody else took out the last photo or voice, so that the form is gone.
func TestWithdrawingTwiceSaysWhy(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	r.post(treasurer, r.at(""), with(r.words(r.get(treasurer, r.at("")).hidden()), "voice1_text", said, "voice1_who", "80代の方", "voice1_consent", "yes")).sent()
	r.post(head, r.at("/publish"), with(r.get(head, r.at("/publish")).hidden(), "agree", "yes")).sent()
	voice := url.Values{"voice": {said}, "sure": {"yes"}}
	r.post(head, r.at("/withdraw"), voice).sent()
	r.post(head, r.at("/withdraw"), voice).sent() // again changes nothing
	r.post(head, r.at("/withdraw"), nil).says(http.StatusUnprocessableEntity, `role="alert"`, "はずす写真か声を、えらんでください")
}

// TestTooManyPhotosKeepTheWords: the form comes back with what was typed, and says at the photos what is wrong.
func TestTooManyPhotosKeepTheWords(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	seen := r.get(treasurer, r.at("")).hidden()
	large := make([]byte, 21<<20)
	back := r.upload(treasurer, r.at(""), with(seen, "did", afternoon, "sessions", "十六"), large, large).says(http.StatusUnprocessableEntity, afternoon, `value="十六"`, `id="photos-problem"`)
	r.post(treasurer, r.at(""), with(back.hidden(), "did", afternoon)).sent()
	r.get(treasurer, r.at("")).says(http.StatusOK, afternoon)
}

// TestLogThatIsSignedMeanwhileHoldsNobodyUp: it is signed every few minutes, and nobody can see by that whether the figures moved.
func TestLogThatIsSignedMeanwhileHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	r.post(treasurer, r.at(""), r.words(r.get(treasurer, r.at("")).hidden())).sent()
	seen := with(r.get(head, r.at("/publish")).hidden(), "agree", "yes")
	sealer := &chain.Sealer{DB: r.DB}
	if _, err := sealer.Seal(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	keep := func(context.Context, int64, []byte) error { return nil }
	if _, err := chain.Sign(t.Context(), r.DB, r.ID, chain.Origin("https://tsukaimichi.example", r.ID), ed25519.NewKeyFromSeed(make([]byte, 32)), r.At, keep); err != nil {
		t.Fatal(err)
	}
	r.post(head, r.at("/publish"), seen).sent()
}
