package console_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// opens writes rows into the log: one for each instant.
func (o *office) opens(who ledger.Person, what access.What, id int64, route string, at ...time.Time) {
	o.t.Helper()
	for _, when := range at {
		opening := access.Opening{OrganisationID: o.org.ID, PersonID: who.ID, What: what, Route: route, SubjectID: id}
		if err := access.Log(o.t.Context(), o.db, opening, when); err != nil {
			o.t.Fatal(err)
		}
	}
}

func TestAuditorReadsWhoOpenedWhat(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.get(o.auditor, "/access").says(http.StatusOK, "まだ、だれも開いていません").keepShot("access_empty")
	o.opens(o.treasurer, access.OneGift, 12, "GET /desk/{org}/gifts/{id}", o.now)
	o.opens(o.member, access.Export, 0, "GET /desk/{org}/book/csv", o.now.AddDate(0, -1, 0))
	o.opens(ledger.Person{}, access.Change, 0, "tsukaimichi user add", o.now)
	shown := o.get(o.auditor, "/access").says(http.StatusOK, o.treasurer.Name, "寄付 12番", "帳簿の書き出し", "運営（機械の上のコマンド）", "2026年10月", "記録は2年残し")
	shown.keepShot("access")
	o.get(o.auditor, "/access?month=2026-10").says(http.StatusOK, "帳簿の書き出し")
	if body := o.get(o.head, "/access?person="+strconv.FormatInt(o.treasurer.ID, 10)).body; strings.Contains(body, "帳簿の書き出し") || !strings.Contains(body, "寄付 12番") {
		t.Error("the choice of a person does not narrow the log")
	}
	o.get(o.auditor, "/access?month=2020-01").says(http.StatusOK, "この選び方では、記録はありませんでした")
	o.get(o.auditor, "/access?month=x&person=x&after=x").says(http.StatusOK, "寄付 12番")
}

func TestLongLogIsReadPageByPage(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	for i := range 205 {
		o.opens(o.treasurer, access.OneGift, int64(i+1), "GET /desk/{org}/gifts/{id}", o.now.Add(-time.Duration(i)*time.Hour))
	}
	seen, path := 0, "/access"
	for path != "" && seen < 1000 {
		body := o.get(o.auditor, path).says(http.StatusOK).body
		seen += strings.Count(body, "寄付 ")
		_, rest, more := strings.Cut(body, `href="/desk/midori/access?after=`)
		path = ""
		if after, _, _ := strings.Cut(rest, `"`); more {
			path = "/access?after=" + after
		}
	}
	if seen != 205 {
		t.Errorf("%d rows on all pages, want 205", seen)
	}
}

func TestLogAsCSVEscapesFormulas(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	evil := ledger.Person{Name: "=HYPERLINK(1)", Mail: "evil@example.jp", CreatedAt: o.now}
	o.inTx(func(tx *sqlx.Tx) (err error) {
		evil.ID, err = ledger.AddPerson(t.Context(), tx, evil)
		return err
	})
	o.opens(evil, access.Receipt, 3, "GET /desk/{org}/receipts/{id}/pdf", o.now)
	csv := o.get(o.auditor, "/access/csv")
	if want := "2026-11-24,09:30:00,'=HYPERLINK(1),領収書,3,GET /desk/{org}/receipts/{id}/pdf"; !strings.Contains(csv.body, want) {
		t.Errorf("got %q, want %q in it", csv.body, want)
	}
	if got := csv.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("Content-Disposition %q", got)
	}
}

func TestRepresentativeLetsAnOperatorReadAndEndsIt(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.get(o.head, "/access/grants").says(http.StatusOK, "まだ登録されていません")
	operator := ledger.Person{Name: "練習 運営", Mail: "unei@example.jp", CreatedAt: o.now}
	o.inTx(func(tx *sqlx.Tx) (err error) {
		operator.ID, err = ledger.AddPerson(t.Context(), tx, operator)
		return err
	})
	if _, err := o.owner.ExecContext(t.Context(), `INSERT INTO operator (person_id, since_on) VALUES ($1, '2026-01-01')`, operator.ID); err != nil {
		t.Fatal(err)
	}
	o.inTx(func(tx *sqlx.Tx) error {
		return access.Ask(t.Context(), tx, o.org.ID, operator.ID, "領収書が印刷できないわけを見る", "https://x.example", o.now)
	})
	o.get(o.head, "").says(http.StatusOK, "運営が、帳簿を読ませてほしいと言っています", "領収書が印刷できないわけを見る").keepShot("access_home")
	o.get(o.head, "/access/grants").says(http.StatusOK, "返事待ち", "この日まで読んでよい", "2026年12月7日").keepShot("access_grants")
	if body := o.get(o.auditor, "/access/grants").says(http.StatusOK, "返事待ち").body; strings.Contains(body, "この日まで読んでよい") {
		t.Error("the auditor sees the buttons")
	}
	allow := func(until string) answer {
		return o.post(o.head, "/access/grants/1/allow", url.Values{"until": {until}})
	}
	allow("2026-12-08").says(http.StatusUnprocessableEntity, "長くて14日").keepShot("access_grants_wrong")
	allow("").says(http.StatusUnprocessableEntity, "いつまで")
	allow("2026-12-07").sent()
	allow("2026-12-07").says(http.StatusUnprocessableEntity, "できませんでした")
	o.get(o.member, "").says(http.StatusOK, "メンバーのほかに、いま読める人", "12月7日まで")
	o.post(o.head, "/access/grants/1/end", nil).sent()
	o.get(o.head, "/access/grants").says(http.StatusOK, "終わりました", "終わらせました", "いま読める運営は、だれもいません")
	o.post(o.head, "/access/grants", url.Values{}).says(http.StatusUnprocessableEntity, "選んでください", "何のため", "いつまで")
	o.post(o.head, "/access/grants", url.Values{"person": {strconv.FormatInt(operator.ID, 10)}, "purpose": {"しらべる"}, "until": {"2026-11-24"}}).sent()
	o.get(o.head, "/access/grants").says(http.StatusOK, "2026年11月24日（火）まで")
}

func TestCoordinatorsRoleIsRenewedOnTheMembersPage(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	add := func(until string) answer {
		return o.post(o.head, "/settings/members", url.Values{"name": {"練習 手伝い"}, "mail": {"tetsudai@example.jp"}, "role": {"coordinator"}, "until": {until}})
	}
	add("").says(http.StatusUnprocessableEntity, "いつまでかを入れてください")
	add("2027-11-25").says(http.StatusUnprocessableEntity, "長くて1年")
	add("2026-11-23").says(http.StatusUnprocessableEntity, "きょうか、それより後")
	add("2026-12-08").sent()
	o.get(o.head, "").says(http.StatusOK, "あと14日", "練習 手伝いさんの役目が、12月8日で終わります").keepShot("access_ending")
	var id string
	members := o.get(o.head, "/settings/members").says(http.StatusOK, "練習 手伝いさんの「コーディネーター」の終わる日をのばす")
	members.keepShot("members_renew")
	for _, part := range strings.Split(members.body, `<li class="paper">`) {
		if _, rest, found := strings.Cut(part, `name="person" value="`); found && strings.Contains(part, "練習 手伝い") {
			id, _, _ = strings.Cut(rest, `"`)
		}
	}
	renew := func(until string) answer {
		return o.post(o.head, "/settings/members/renew", url.Values{"person": {id}, "role": {"coordinator"}, "longer": {until}})
	}
	renew("2026-12-08").says(http.StatusUnprocessableEntity, "いまの終わる日より、後の日")
	renew("2027-11-25").says(http.StatusUnprocessableEntity, "長くて1年").keepShot("members_renew_wrong")
	renew("").says(http.StatusUnprocessableEntity, "日を入れてください")
	renew("2027-11-24").sent()
	o.get(o.head, "/settings/members").says(http.StatusOK, "2027年11月24日まで")
	o.post(o.head, "/settings/members/end", url.Values{"person": {id}, "role": {"coordinator"}}).sent()
	add("2026-12-31").sent() // ended the same day
	o.get(o.head, "/settings/members").says(http.StatusOK, "2026年12月31日まで")
	o.post(o.head, "/settings/members/renew", url.Values{"person": {"99999"}, "role": {"coordinator"}, "longer": {"2027-01-01"}}).fails("not found")
}
