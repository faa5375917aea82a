package reporting_test

import (
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

const (
	head      = ledger.Representative
	treasurer = ledger.Treasurer
	auditor   = ledger.Auditor
)

// words are what a group writes, with nothing missing.
func (r *room) words(seen url.Values) url.Values {
	return with(seen, "did", "毎週火曜に、ひとり暮らしの24人へお弁当を届けました。", "sessions", "20", "visits", "４８０", "wrong", "大雪で1回休みました。",
		"rest", "来年度の食材に使います。", "rest_by", "2027-09-30", "thanks", "ありがとうございました。",
		fmt.Sprintf("reason%d", r.uses[0].ID), "届ける人が24人から29人にふえました。", fmt.Sprintf("reason%d", r.uses[1].ID), "商店から容器をいただきました。",
		"auditor", "練習 監事", "audited_on", "2026-12-09")
}

func TestFromTheFirstWordToTheCorrectedPage(t *testing.T) {
	t.Parallel()
	r := openRoom(t)
	r.get(treasurer, r.desk("/reports")).says(http.StatusOK, "これから", "見守り配食をつづけたい").keepShot("list-before")
	first := r.get(treasurer, r.at("")).says(http.StatusOK, "公表までに、あと6か所", "88,000", "84,310", "第三者の確認はありません").keepShot("builder-empty")

	r.post(treasurer, r.at(""), with(first.hidden(), "did", "お弁当を届けました。")).sent()
	r.get(head, r.at("")).says(http.StatusOK, "公表までに、あと5か所", "お弁当を届けました。")
	r.get(head, r.desk("/reports")).says(http.StatusOK, "書きかけ")

	seen := r.get(treasurer, r.at("")).hidden()
	to := r.upload(treasurer, r.at(""), with(r.words(seen), "voice1_text", "週に一度の楽しみです。", "voice1_who", "80代の方"), photo(t, 0xee), photo(t, 0xcc)).sent()
	if !strings.HasSuffix(to, "?done=photo_added#photos") {
		t.Errorf("led to %s", to)
	}
	page := r.get(head, r.at("")).says(http.StatusOK, "公表までに、あと5か所", "写真1：", "声1：").keepShot("builder-photos")
	r.get(head, r.at("/publish")).says(http.StatusOK, "まだ公表できません")
	values := with(r.words(page.hidden()), "voice1_text", "週に一度の楽しみです。", "voice1_who", "80代の方", "voice1_consent", "yes",
		"photo1_alt", "長机でお弁当をつめている", "photo1_caption", "12月1日。29食をつめました。", "photo1_consent", "yes", "do", "remove-photo-2")
	r.post(head, r.at(""), values).sent()
	r.get(treasurer, r.at("")).says(http.StatusOK, "書くところは、みな書けています").silent("写真2").keepShot("builder-ready")
	r.get(auditor, r.at("/preview")).says(http.StatusOK, "下書き", "週に一度の楽しみです。", "長机でお弁当をつめている").keepShot("preview")
	if draft := r.get(auditor, r.at("/draft.pdf")).says(http.StatusOK).keepShot("draft"); draft.header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the draft is a %s", draft.header.Get("Content-Type"))
	}
	r.get(auditor, r.at("/draft-a4.pdf")).says(http.StatusOK).keepShot("draft-a4")

	confirm := r.get(head, r.at("/publish")).says(http.StatusOK, "6人に、1通ずつ送ります", "大きな字の1枚", "残り 3,690円").keepShot("publish")
	r.post(head, r.at("/publish"), confirm.hidden()).says(http.StatusUnprocessableEntity, "しるしを付けてください")
	agreed := with(confirm.hidden(), "agree", "yes")
	r.post(head, r.at("/publish"), agreed).sent()
	if to := r.post(head, r.at("/publish"), agreed).sent(); !strings.HasSuffix(to, "/report?done=published") {
		t.Errorf("pressing twice led to %s", to)
	}
	if got := len(r.letters()); got != 6 {
		t.Errorf("%d letters, want 6", got)
	}
	if got := r.Campaign(r.c.ID).Status; got != "reported" {
		t.Errorf("the campaign is %s", got)
	}
	number := r.readPublished(1)

	r.get(auditor, r.at("")).says(http.StatusOK, "公表ずみ").silent("訂正版の下書きを始める")
	r.post(treasurer, r.at("/correct"), url.Values{"changes": {" "}}).says(http.StatusUnprocessableEntity, "何を直したか")
	r.post(treasurer, r.at("/correct"), url.Values{"changes": {"のべ人数を480人から482人に直しました。数え違いでした。"}}).sent()
	correcting := r.get(treasurer, r.at("")).says(http.StatusOK, "訂正版の下書き", "数え違いでした", "いまの版（第1版）").keepShot("builder-correction")
	r.post(treasurer, r.at(""), with(r.words(correcting.hidden()), "visits", "482", "changes", "のべ人数を480人から482人に直しました。数え違いでした。",
		"photo1_alt", "長机でお弁当をつめている", "photo1_consent", "yes")).sent()
	r.get(head, r.desk("/reports")).says(http.StatusOK, "訂正版の下書き", "公表ずみ 第1版")
	confirm = r.get(head, r.at("/publish")).says(http.StatusOK, "第2版", "数え違い")
	r.post(head, r.at("/publish"), with(confirm.hidden(), "agree", "yes")).sent()
	if got := len(r.letters()); got != 12 {
		t.Errorf("%d letters, want 12", got)
	}
	if second := r.readPublished(2); second == number {
		t.Errorf("both versions are %s", number)
	}
	r.get(head, "/r/"+number).says(http.StatusOK, "この報告は、訂正されました", "480人")
	r.get(head, r.at("")).says(http.StatusOK, "第2版", "第1版", "数え違い").keepShot("published")
}

var numbered = regexp.MustCompile(`href="/r/([^"/]+)"`)

// readPublished reads what everybody reads of the latest version, checks the bytes against their hashes and the list against the totals,
// and returns its number.
func (r *room) readPublished(version int) string {
	r.T.Helper()
	out := r.get(head, r.at("")).says(http.StatusOK, "公表ずみ", fmt.Sprintf("第%d版", version))
	number := numbered.FindStringSubmatch(out.body)[1]
	r.get(head, "/r/"+number).says(http.StatusOK, "見守り配食をつづけたい", "88,000", "84,310", "3,690", "届ける人が24人から29人にふえました。").keepShot(fmt.Sprintf("page-%d", version))
	var hashes struct {
		File    []byte `db:"file_hash"`
		OnePage []byte `db:"one_page_hash"`
		Entries []byte `db:"entries_hash"`
	}
	err := r.DB.GetContext(r.T.Context(), &hashes, `
		SELECT file_hash, one_page_hash, entries_hash
		  FROM report_publication
		 WHERE organisation_id = $1 AND number = $2`, r.ID, number)
	if err != nil {
		r.T.Fatal(err)
	}
	for path, want := range map[string][]byte{"report.pdf": hashes.File, "a4.pdf": hashes.OnePage, "records.csv": hashes.Entries} {
		a := r.get(head, "/r/"+number+"/"+path).says(http.StatusOK).keepShot(fmt.Sprintf("%s-%d", strings.TrimSuffix(path, ".pdf"), version))
		if got := sha256.Sum256([]byte(a.body)); string(got[:]) != string(want) {
			r.T.Errorf("%s: the served bytes have hash %x, want %x", path, got, want)
		}
		if path == "records.csv" {
			r.addsUp(a.body, 88_000, 84_310)
		}
	}
	for i, path := range []string{"poster.pdf", "kairan.pdf", "kairan.pdf?back=2027-05-10&houses=24", "kairan.pdf?back=soon&houses=999"} {
		a := r.get(head, "/r/"+number+"/"+path).says(http.StatusOK).keepShot(fmt.Sprintf("sheet%d-%d", i, version))
		if again := r.get(head, "/r/"+number+"/"+path); !strings.HasPrefix(a.body, "%PDF-") || again.body != a.body {
			r.T.Errorf("%s is no paper, or another one each time", path)
		}
	}
	return number
}

func (r *room) addsUp(list string, in, out int) {
	r.T.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(list, "\ufeff"))).ReadAll()
	if err != nil {
		r.T.Fatal(err)
	}
	var gotIn, gotOut int
	for _, row := range rows[1:] {
		n, _ := strconv.Atoi(row[4])
		gotIn += n
		n, _ = strconv.Atoi(row[5])
		gotOut += n
	}
	if gotIn != in || gotOut != out {
		r.T.Errorf("the list adds up to %d in and %d out, want %d and %d", gotIn, gotOut, in, out)
	}
	if strings.Contains(list, "寄付0") || strings.Contains(list, "練習商店") {
		r.T.Error("the list names a person")
	}
}
