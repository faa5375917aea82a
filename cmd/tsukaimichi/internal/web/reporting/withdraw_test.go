package reporting_test

import (
	"bytes"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/erasing"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// said and shown are what somebody takes back later.
const said, shown = "取り消される声です。", "取り消される写真です"

// publishedWith publishes a report with a voice and two photos, and returns its number.
func (r *room) publishedWith() string {
	r.T.Helper()
	seen := r.get(treasurer, r.at("")).hidden()
	r.upload(treasurer, r.at(""), with(r.words(seen), "voice1_text", said, "voice1_who", "80代の方"), photo(r.T, 0xee), photo(r.T, 0xcc)).sent()
	seen = r.get(treasurer, r.at("")).hidden()
	r.post(treasurer, r.at(""), with(r.words(seen), "voice1_text", said, "voice1_who", "80代の方", "voice1_consent", "yes",
		"photo1_alt", shown, "photo1_consent", "yes", "photo2_alt", "長机でお弁当をつめている", "photo2_consent", "yes")).sent()
	confirm := r.get(head, r.at("/publish")).says(http.StatusOK)
	r.post(head, r.at("/publish"), with(confirm.hidden(), "agree", "yes")).sent()
	return r.readPublished(1)
}

// stands reports in which tables a text stands.
func (r *room) stands(text string) (tables []string) {
	r.T.Helper()
	for _, table := range []string{"report", "report_publication", "history", "log_record", "mail"} {
		var there bool
		if err := r.DB.Get(&there, `SELECT EXISTS (SELECT FROM `+table+` AS x WHERE position($1 IN x::text) > 0)`, text); err != nil {
			r.T.Fatal(err)
		}
		if there {
			tables = append(tables, table)
		}
	}
	return tables
}

// TestWithdrawnConsentReplacesTheReport: the photo and the voice are gone from pages, papers, tables and the store; hashes, figures and the
// reason stay, and the new edition says the same yen.
func TestWithdrawnConsentReplacesTheReport(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	old := r.publishedWith()
	var was struct {
		File, Entries, Photo []byte
	}
	err := r.DB.QueryRow(`SELECT file_hash, entries_hash, decode(content -> 'photos' -> 0 ->> 'hash', 'hex') FROM report_publication WHERE number = $1`, old).Scan(&was.File, &was.Entries, &was.Photo)
	if err != nil {
		t.Fatal(err)
	}
	page := r.get(head, r.at("")).says(http.StatusOK, "えらんだものをはずして", said, shown).keepShot("withdraw")
	r.get(treasurer, r.at("")).silent("えらんだものをはずして")
	r.post(head, r.at("/withdraw"), url.Values{}).says(http.StatusUnprocessableEntity, "はずす写真か声を", "本人の気持ちを確かめたら")
	hash := hex.EncodeToString(was.Photo)
	if !strings.Contains(page.body, hash) {
		t.Fatal("the photo cannot be chosen")
	}
	r.At = r.At.AddDate(0, 0, 3)
	r.Check(r.Spend(r.uses[0], 1_000)) // the book goes on; the edition says what it said
	for range 2 {
		r.post(head, r.at("/withdraw"), url.Values{"photo": {hash}, "voice": {said}, "sure": {"yes"}}).sent()
	}
	eraser := &erasing.Eraser{DB: r.DB, Files: r.files, Now: func() time.Time { return r.At }}
	if err = eraser.Sweep(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	fresh := r.readPublished(2)
	r.get(head, "/r/"+fresh).says(http.StatusOK, "訂正版", "写真1枚と声1つをはずしました", "長机でお弁当をつめている").silent(said, shown, hash)
	r.get(head, "/r/"+old).says(http.StatusOK, "この版は、取り下げました", "了解が取り消されたため", hex.EncodeToString(was.File)).silent(said, shown, hash).keepShot("withdrawn")
	r.get(head, "/r/"+old+"/report.pdf").fails("not found")
	for _, sheet := range []string{"a4.pdf", "poster.pdf", "kairan.pdf"} {
		r.get(head, "/r/"+old+"/"+sheet).fails("not found")
	}
	r.addsUp(r.get(head, "/r/"+old+"/records.csv").says(http.StatusOK).body, 88_000, 84_310)
	r.get(head, "/files/"+ledger.Yen(r.ID).String()+"/photo/"+hash+".jpg").fails("not found")
	for _, text := range []string{said, shown, hash} {
		if tables := r.stands(text); len(tables) > 0 {
			t.Errorf("%q still stands in %v", text, tables)
		}
	}
	if got := len(r.letters()); got != 6 {
		t.Errorf("%d letters; a withdrawal is nothing to point at", got)
	}
	var kept []byte
	if err = r.DB.Get(&kept, `SELECT file_hash FROM report_publication WHERE number = $1`, old); err != nil || !bytes.Equal(kept, was.File) {
		t.Errorf("the hash of the old edition is %x, %v", kept, err)
	}
	r.get(head, r.at("")).says(http.StatusOK, "第2版", "第1版").silent(said)
}

// TestCorrectionBeingWrittenKeepsItsWords: what is to go is taken out of the draft first.
func TestCorrectionBeingWrittenKeepsItsWords(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	r.publishedWith()
	r.post(treasurer, r.at("/correct"), url.Values{"changes": {"のべ人数を直しました。"}}).sent()
	r.post(head, r.at("/withdraw"), url.Values{"voice": {said}, "sure": {"yes"}}).says(http.StatusUnprocessableEntity, "訂正版を書いているところです")
}
