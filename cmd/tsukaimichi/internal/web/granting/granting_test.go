package granting_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/ledgertest"
)

// T3 pays three quarters of 200,000 yen, 150,000; fees bring 20,000, so that 30,000 are left to carry. It pays after the work: all of it is laid out.
func TestACallSaysWhatIsLeftToCarryAndToLayOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	plan := d.plan()
	at := d.call("begins_on", "2027年4月1日", "ends_on", "2028年3月31日", "decided_on", "2027年3月20日", "closes_at", "17:00")
	d.get(at+fmt.Sprintf("?plan=%d", plan)).says(http.StatusOK, "求められる額 150,000円", "団体の負担 30,000円", "うち対象になる額 180,000円", "立て替える額（いちばん多いとき） 150,000円",
		"2027年6月から12か月", "2028年6月 あとで受け取る（精算払）", "実績報告（2か月以内(年度末に終わるものは4月30日)）し、その2か月あとに受け取る", "× 3/4 = 150,000円", "必着・17:00まで", "郵送する（締切の日に着くように）")
	d.get("/grants").says(http.StatusOK, "求められる額 150,000円 団体の負担 30,000円 立替え 150,000円・12か月")
	before := d.call("programme", "先に", "payment", "before", "decided_on", "2027年2月20日", "begins_on", "2027年4月1日")
	d.get(before+fmt.Sprintf("?plan=%d", plan)).says(http.StatusOK, "立て替える額 ありません", "先に受け取る（概算払）")
	counted := d.call("programme", "回数", "template", "t4_resident_service")
	d.get(counted+fmt.Sprintf("?plan=%d", plan)).says(http.StatusOK, "いまは、上限の額で計算しています")
	d.get(counted+fmt.Sprintf("?plan=%d&count_session=48&count_month=12", plan)).says(http.StatusOK, "求められる額 72,000円")
	d.get(d.call("programme", "随時の", "closes_on", "", "manner", "予算に達し次第")).says(http.StatusOK, "締切：予算に達し次第")
}

// The call pays half, whatever the form on which it is asked for does; the form would pay three quarters.
func TestACallWithARuleOfItsOwnPaysByIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	plan := d.plan()
	at := d.call("claim", `{"rate": {"num": 1, "den": 2, "of": "eligible"}}`, "claim_source", "対象経費の2分の1以内")
	d.get(at+fmt.Sprintf("?plan=%d", plan)).says(http.StatusOK, "求められる額 90,000円", "× 1/2 = 90,000円")
	d.get(at+"/edit").says(http.StatusOK, "額の決まりの、もとの文", "対象経費の2分の1以内")
	counted := d.call("programme", "回数", "claim", `{"units": {"count": "session", "each": 1000}}`, "count_key", "session", "count_name", "年間の開催回数", "count_unit", "回")
	d.get(counted+fmt.Sprintf("?plan=%d&count_session=30", plan)).says(http.StatusOK, "年間の開催回数", "求められる額 30,000円", "30回")
	d.get(counted+"/edit").says(http.StatusOK, "式に出てくる数の名前")
}

// A coordinator types 4/5, not a formula; saving the call untouched is no new version of it.
func TestTheShareOfACallIsTypedAsItStandsInTheCall(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	plan := d.plan()
	at := d.call("claim_rate", "４／５", "claim_of", "total", "claim_unit", "1000", "claim_source", "総事業費の5分の4以内、上限30万円、千円未満切捨て", "most", "150,000")
	d.get(at+fmt.Sprintf("?plan=%d", plan)).says(http.StatusOK, "求められる額 150,000円", "× 4/5 = 160,000円")
	body := d.get(at + "/edit").body
	for _, want := range []string{`name="claim_rate" value="4/5"`, `value="total" selected`, `value="1000" selected`} {
		if !strings.Contains(body, want) {
			t.Errorf("the form of the call lacks %s", want)
		}
	}
	if n := versionsOf(d); n != 1 {
		t.Fatalf("%d versions", n)
	}
	typed := url.Values{"version": {"1"}, "title": {"居場所の助成"}, "status": {"open"}, "purposes": {"居場所"}, "areas": {"全国"}, "summary": {"高齢者のサロンに"}, "most": {"150,000"}, "payment": {"after"}, "closes_on": {"2027年1月29日"}, "manner": {"必着"},
		"template": {"t3_community_chest"}, "claim_rate": {"4/5"}, "claim_of": {"total"}, "claim_unit": {"1000"}, "claim_source": {"総事業費の5分の4以内、上限30万円、千円未満切捨て"}}
	d.post(at+"/edit", typed).says(http.StatusSeeOther)
	if n := versionsOf(d); n != 1 {
		t.Errorf("saved untouched there are %d versions; want one", n)
	}
	typed.Set("claim_rate", "五分の四")
	d.post(at+"/edit", typed).says(http.StatusUnprocessableEntity, "割合は「3/4」「80％」のように書いてください")
}

func versionsOf(d *desk) int {
	d.Helper()
	var n int
	if err := d.db.GetContext(d.Context(), &n, `SELECT count(*) FROM opportunity_version`); err != nil {
		d.Fatal(err)
	}
	return n
}

// A count of the call's own rule that nobody has named is asked for at its line, where its sign stands already; the names of the form hold without being typed again.
func TestACountOfACallsOwnRuleIsNamed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	typed := url.Values{"funder": {"ほしぞら財団"}, "programme": {"回数の助成"}, "fiscal_year": {"2026"}, "title": {"回数の助成"}, "status": {"open"}, "claim": {`{"units": {"count": "session", "each": 1000}}`}, "manner": {"随時"}}
	d.post("/grants/new", typed).says(http.StatusUnprocessableEntity, "この数を、申請を書く人に何とたずねるか")
	body := d.post("/grants/new", typed).body
	if !strings.Contains(body, `name="count_key" value="session"`) || !strings.Contains(body, `id="count_name-0-problem"`) {
		t.Error("the sign does not stand at the line that lacks its name")
	}
	typed.Set("template", "t4_resident_service") // its form names the sessions
	d.post("/grants/new", typed).says(http.StatusSeeOther)
	typed.Set("template", "")
	typed.Set("programme", "世帯の助成")
	typed["count_key"], typed["count_name"], typed["count_unit"] = []string{"ses sion"}, []string{"世帯数"}, []string{"世帯"}
	d.post("/grants/new", typed).says(http.StatusUnprocessableEntity, "記号は、式の中と同じに")
}

// T3 and T5 together: T5 takes other grants off. Nobody pays for a yen twice, and neither for food.
func TestCallsTogetherPayEachByTheirRule(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.plan()
	d.call()
	d.call("programme", "用具", "template", "t2_volunteer_goods", "most", "100,000")
	d.get("/grants/together").says(http.StatusOK, "計画にある利用料・寄付・協賛 20,000円", "助成でまかなえる額 180,000円", "ほかで用意する額 0円", "飲食費 20,000円 対象外")
	d.role = ledger.Auditor
	d.get("/grants/together").says(http.StatusOK, "居場所の助成")
}

// Of 200,000 yen one call pays half and one two thirds, each of what the other leaves: (200,000 − 100,000) × 1/2 = 50,000 and (200,000 − 50,000) × 2/3 = 100,000.
// Fees bring 20,000; the remaining 30,000 are to be found.
func TestCallsThatTakeEachOtherOffAreSettledTogether(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.plan()
	for programme, rate := range map[string]string{"半分": `"num": 1, "den": 2`, "三分の二": `"num": 2, "den": 3`} {
		d.call("programme", programme, "claim", `{"rate": {`+rate+`, "of": {"less": {"of": "total", "income": ["other_grant"]}}}}`, "claim_source", "総事業費から他の補助金を除いた額")
	}
	seen := d.get("/grants/together").says(http.StatusOK, "いちばん多く", "助成でまかなえる額 150,000円", "ほかで用意する額 30,000円", "50,000円 締切", "100,000円 締切")
	if strings.Contains(seen.text(), "確かめきれません") {
		t.Error("two rules are left in doubt")
	}
}

func TestASearchIsKeptShownRenamedAndTakenAway(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.plan()
	d.call()
	d.call("programme", "遠く", "title", "遠くの助成", "areas", "徳島県", "purposes", "防災", "summary", "炊き出し", "closes_on", "2027年5月1日")
	list := d.get("/grants?q=&purpose=居場所&within=90&least=100000&area=鹿児島県&fits=").says(http.StatusOK, "居場所の助成", "この条件を残す", "分野 居場所、100,000円以上、締切が90日のうち")
	if strings.Contains(list.text(), "遠くの助成") {
		t.Error("a call that does not meet the search is listed")
	}
	form := url.Values{"purpose": {"居場所"}, "least": {"100000"}, "within": {"90"}, "name": {""}}
	d.post("/grants/searches", form).says(http.StatusUnprocessableEntity, "条件の名前を、60字までで書いてください。", "分野 居場所")
	form.Set("name", "お茶の間に")
	if kept := d.post("/grants/searches", form); kept.status != http.StatusSeeOther || !strings.HasSuffix(kept.to, "/grants/searches?done=search_kept") {
		t.Fatalf("keeping answers %d to %s", kept.status, kept.to)
	}
	d.get("/grants/searches?done=search_kept").says(http.StatusOK, "条件を残しました", "お茶の間に", "いま合うもの 1件を見る", "残してから、新しいものや変わったものはありません。", "メールをやめる")
	d.call("programme", "新しい", "title", "新しい居場所の助成")
	d.get("/grants/searches").says(http.StatusOK, "いま合うもの 2件を見る", "新しい 新しい居場所の助成", "まだ知らせていません")
	d.post("/grants/searches/1/rename", url.Values{"name": {strings.Repeat("字", 61)}}).says(http.StatusUnprocessableEntity, "60字まで")
	d.post("/grants/searches/1/rename", url.Values{"name": {"居場所"}})
	d.get("/grants/searches").says(http.StatusOK, "居場所")
	keeper := d.person
	d.person = ledgertest.NewMember(t, d.db, d.organisation.ID, ledger.Auditor)
	if got := d.post("/grants/searches/1/delete", nil); got.status != http.StatusNotFound {
		t.Errorf("somebody else takes it away: %d", got.status)
	}
	d.get("/grants/searches").says(http.StatusOK, "残した条件は、まだありません。")
	d.person = keeper
	d.post("/grants/searches/1/delete", nil)
	d.get("/grants/searches?done=search_deleted").says(http.StatusOK, "残した条件は、まだありません。", "条件をやめました。")
}

func TestLettersAreStoppedWithoutSigningIn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	link := d.pages.Links.PersonPath(d.person.SubjectID)
	d.get(link).says(http.StatusOK, "メールをやめる")
	d.get("/grants/searches").says(http.StatusOK, "1日に1通まで")
	d.post(link, url.Values{"List-Unsubscribe": {"One-Click"}}).says(http.StatusSeeOther)
	d.get(link).says(http.StatusOK, "止めました", "また受け取る")
	d.get("/grants/searches").says(http.StatusOK, "お知らせのメールを止めています")
	d.post("/grants/searches/letters", url.Values{"do": {"resume"}})
	d.get(link).says(http.StatusOK, "メールをやめる")
	if got := d.get(link + "x"); got.status != http.StatusNotFound {
		t.Errorf("another link: %d", got.status)
	}
}

var address = regexp.MustCompile(`https://example\.jp(/calendar/[^"<]+\.ics)`)

func TestACalendarIsShownOnceReadBySecretAndTakenBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.call()
	ledgertest.Must(t, d.db, func(tx *sqlx.Tx) error {
		_, err := application.Start(t.Context(), tx, application.Draft{OrganisationID: d.organisation.ID, Title: "申請", OpportunityID: 1, FormKey: "t3_community_chest", FormVersion: "1.0", DueOn: ledger.NewDate(2027, 1, 29)}, d.person, d.now)
		return err
	})
	d.get("/grants/calendar").says(http.StatusOK, "アドレスは、ありません。", "申請締切（必着）：居場所の助成")
	for _, path := range []string{"/grants/calendar", "/grants/calendar/own"} {
		made := d.post(path, nil).says(http.StatusOK, "もう一度は出せません")
		found := address.FindStringSubmatch(made.body)
		if found == nil {
			t.Fatalf("no address: %s", made.text())
		}
		if shown := d.get("/grants/calendar").says(http.StatusOK, "2026年11月25日に"); strings.Contains(shown.body, found[1]) {
			t.Error("the address is shown again")
		}
		feed := d.get(found[1])
		if feed.status != http.StatusOK || !strings.Contains(feed.body, "DTSTART;VALUE=DATE:20270129\r\n") || !strings.HasPrefix(feed.header.Get("Cache-Control"), "private") ||
			feed.header.Get("Content-Type") != "text/calendar; charset=utf-8" {
			t.Errorf("%s answers %d %v: %s", found[1], feed.status, feed.header, feed.body)
		}
		if d.get(found[1]).header.Get("ETag") != feed.header.Get("ETag") || feed.header.Get("ETag") == "" {
			t.Error("a calendar that is unchanged has another mark")
		}
		if closed := d.post(path, url.Values{"do": {"close"}}); closed.status != http.StatusSeeOther {
			t.Errorf("taking back answers %d", closed.status)
		}
		if feed = d.get(found[1]); feed.status != http.StatusNotFound {
			t.Errorf("taken back, %s answers %d", found[1], feed.status)
		}
	}
}

// The page asks once; what is old is asked again, with what was said.
func TestWhatIsNotKnownIsAskedOnceAndWhatIsOldAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	form := url.Values{"funder": {"練習財団"}, "programme": {"条件"}, "fiscal_year": {"2026"}, "title": {"条件のある助成"}, "status": {"open"}, "most": {"100000"}, "closes_on": {"2027-12-20"}, "manner": {"消印有効"},
		"rule_quote": {"会員5人以上", "3年以内に本助成を受けていない"}, "rule_key": {"members", ""}, "rule_test": {"at_least", "rest_of"}, "rule_value": {"5", "3年"}, "rule_must": {"must", "must"}}
	at := strings.TrimPrefix(strings.TrimSuffix(d.post("/grants/new", form).to, "?done=entered"), "/desk/"+d.organisation.Slug)
	d.get(at).says(http.StatusOK, "教えてください", "会員・構成員の人数", "これまでに受けた助成と年度")
	d.post(at+"/answer", url.Values{"key": {"members"}, "value": {"12人"}})
	d.post(at+"/answer", url.Values{"key": {"past_awards"}, "value": {"別の財団2025、練習財団2020"}})
	known := d.get(at).says(http.StatusOK, "申請できる", "12（2026年11月25日の答え）", "別の財団2025、練習財団2020")
	if strings.Contains(known.text(), "教えてください") {
		t.Error("what was answered is asked again")
	}
	d.post(at+"/answer", url.Values{"key": {"past_awards"}, "value": {"練習財団2025"}})
	d.get(at).says(http.StatusOK, "対象外")
	d.now = d.now.AddDate(0, 0, 401)
	d.get(at).says(http.StatusOK, "前の答えは古くなりました。会員・構成員の人数：12（2026年11月25日の答え）")
}
