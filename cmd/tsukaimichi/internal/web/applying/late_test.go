package applying_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
)

// afternoon is what somebody wrote while another person changed the application.
const afternoon = "この町には、一人で夕ごはんを食べる子が20人あまりいます。\n冬の火曜日に、あたたかい夕ごはんを出します。"

// gaveBack fails the test unless the form is refused with a reason, on a page that has the text to be copied.
func (r *room) gaveBack(path, why, text string, pairs ...string) {
	r.t.Helper()
	status, body, location := r.post(path, pairs...)
	body = html.UnescapeString(body)
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, `role="alert"`) || !strings.Contains(body, why) || !strings.Contains(body, "readonly>\n"+text) {
		r.t.Errorf("POST %s: %d %s, want 422 with %q and what was written\n%.1500s", path, status, location, why, body[max(0, strings.Index(body, `role="alert"`)):])
	}
}

// TestWhatIsWrittenForAnApplicationThatIsGoneOnIsGivenBack: withdrawn while somebody wrote its answers, its budget, and what came of it.
func TestWhatIsWrittenForAnApplicationThatIsGoneOnIsGivenBack(t *testing.T) {
	t.Parallel()
	r := open(t)
	section := r.at("write", r.section("issue"))
	answers := append(r.hidden(section), "a_issue", afternoon)
	budget := append(r.hidden(r.at("budget")), "cost_item", "会場を16回かりるお金。集会所の大広間です。", "cost_price", "千円")
	ledgertest.Must(t, r.db, func(tx *sqlx.Tx) error {
		return application.Decide(t.Context(), tx, r.desk.Organisation.ID, r.draft, application.Outcome{Status: application.Withdrawn, DecidedOn: ledgertest.Today}, r.desk.By(), ledgertest.At)
	})
	r.gaveBack(section, "もう出した申請です", afternoon, answers...)
	if _, body, _ := r.post(section, answers...); strings.Contains(body, "そのまま残っています") {
		t.Error("says that the words stay, where nothing of them does")
	}
	r.refused(r.at("budget", "quotes"), "もう出した申請です", "line", "0")
	r.gaveBack(r.at("budget"), "もう出した申請です", "会場を16回かりるお金。集会所の大広間です。", budget...)
}

// section is the section of the form that asks a question.
func (r *room) section(field string) string {
	r.t.Helper()
	form, err := application.FindForm(r.t.Context(), r.db, "t3_community_chest", "1.0")
	if err != nil {
		r.t.Fatal(err)
	}
	for _, s := range form.Sections {
		for _, f := range s.Fields {
			if f.Key == field {
				return s.Key
			}
		}
	}
	r.t.Fatalf("no section asks %s", field)
	return ""
}

// TestWordsBesideQuestionsAreSavedWithThem: whichever button is pressed, and once.
func TestWordsBesideQuestionsAreSavedWithThem(t *testing.T) {
	t.Parallel()
	r := open(t)
	section := r.at("write", r.section("issue"))
	for range 2 {
		r.done(section, append(r.hidden(section), "note_issue", "区の数字を入れる。")...)
	}
	if got := strings.Count(r.see("", section), "区の数字を入れる。"); got != 1 {
		t.Errorf("the word stands %d times; want once", got)
	}
	r.gaveBack(section, "なくなった質問があります", afternoon, append(r.hidden(section), "a_issue", "課題です。", "a_gone_question", afternoon, "note_issue", "電話する。")...)
	_, body, _ := r.post(section, append(r.hidden(section), "a_issue", "課題です。", "a_gone_question", afternoon, "note_issue", "電話する。")...)
	if !strings.Contains(body, ">課題です。</textarea>") || !strings.Contains(body, ">電話する。</textarea>") {
		t.Error("what was written beside it is gone")
	}
	quiet := httptest.NewRequest(http.MethodPost, section, strings.NewReader(url.Values{"a_issue": {"課題です。"}, "note_issue": {"まだ書いて"}}.Encode()))
	quiet.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	quiet.Header.Set("Accept", "application/json")
	if status, said, _ := r.send(quiet); status >= http.StatusInternalServerError || strings.Contains(r.see("", section), "まだ書いて") {
		t.Errorf("the script keeps half a word: %d %s", status, said)
	}
}

// TestCellsThatWereTypedStayWhereOneIsWrong: none is kept, all come back, and their form is open.
func TestCellsThatWereTypedStayWhereOneIsWrong(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.upload(r.at("form"), "様式.xlsx", sheet(t))
	_, body, _ := r.post(r.at("form", "map"), "map_name", "様式1!B1", "map_issue", "まんなか")
	for _, want := range []string{`value="様式1!B1"`, `value="まんなか"`, `aria-invalid="true"`, `<details class="act" open><summary>セルの名前で入れる`} {
		if !strings.Contains(html.UnescapeString(body), want) {
			t.Errorf("does not have %s", want)
		}
	}
}

// TestTwoPeopleDoNotWriteOverATextOfTheLibrary: the second is told, and has both.
func TestTwoPeopleDoNotWriteOverATextOfTheLibrary(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.done(r.path("snippets"), "key", "need.summary", "title", "課題", "text", "はじめの文です。")
	at := r.path("snippets", "1")
	seen := r.hidden(at)
	first := append(seen, "do", "save", "key", "need.summary", "title", "課題", "text", "代表の文です。")
	r.done(at, first...)
	r.done(at, first...) // pressed twice
	late := []string{"do", "save", "key", "need.summary", "title", "課題", "text", afternoon}
	r.refused(at, "ほかの人が書きかえました", append(seen, late...)...)
	r.see("", at, "代表の文です。")
	r.done(at, append(r.hidden(at), late...)...)
}
