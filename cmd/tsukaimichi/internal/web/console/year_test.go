package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// A standing call is drafted without an end, announced once, and its next year is planned on a page of its own; at the turn of the year it goes on.
func TestStandingCallIsPlannedYearByYear(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	id := idIn(t, o.post(o.head, "/campaigns", url.Values{"slug": {"midori-always"}, "title": {"いつでも"}, "initiative": {"ふれあい食堂"}, "from": {"0"}}).sent())
	here := fmt.Sprintf("/campaigns/%d", id)
	draft := fullDraft()
	for name, text := range map[string]string{"standing": "yes", "slug": "midori-always", "collects_until": "", "report_due_on": "2027-03-01"} {
		draft.Set(name, text)
	}
	o.post(o.head, here+"/edit", draft).sent()
	o.get(o.head, here+"/edit").says(http.StatusOK, "常設の募金の報告は、年度が終わったあとの日にしてください").keepShot("standing-draft")
	draft.Set("report_due_on", "2027-06-30")
	o.post(o.head, here+"/edit", draft).sent()
	o.post(o.head, here+"/announce", url.Values{"agree": {"yes"}}).sent()
	o.get(o.head, here).says(http.StatusOK, "常設　2026年度の計画（2027年3月31日まで）", "次の年度の計画").keepShot("standing-campaign")

	o.now = time.Date(2027, 3, 20, 9, 0, 0, 0, ledger.Tokyo)
	o.get(o.head, "").says(http.StatusOK, "次の年度の計画を公表する", "計画がないと、次の日から寄付を受け付けられません")
	o.get(o.head, here+"/year").says(http.StatusOK, "2027年度の計画", "2028-06-30", "食材費").keepShot("standing-year")
	next := fullDraft()
	next.Set("report_due_on", "2028-06-30")
	next.Set("use2_name", "冷蔵庫")
	next.Set("use2_due_on", "2027-12-25")
	next.Set("use1_due_on", "2028-03-09")
	o.post(o.coordinator, here+"/year", next).sent()
	o.get(o.head, here+"/year/announce").says(http.StatusOK, "2027年度の計画", "冷蔵庫", "計画を公表する").keepShot("standing-year-announce")
	o.post(o.head, here+"/year/announce", url.Values{}).says(http.StatusUnprocessableEntity, "この計画で公表します")
	o.post(o.head, here+"/year/announce", url.Values{"agree": {"yes"}}).sent()
	o.get(o.head, here).says(http.StatusOK, "2026年度の計画", "次の年度の計画を公表しました")

	o.now = time.Date(2027, 4, 1, 9, 0, 0, 0, ledger.Tokyo)
	o.inTx(func(tx *sqlx.Tx) error { _, err := campaigns.TurnDue(t.Context(), tx, o.org.ID, o.now); return err })
	o.get(o.head, here).says(http.StatusOK, "2027年度の計画（2028年3月31日まで）", "冷蔵庫", "新しい年度の計画が始まりました")
}

// Two uses: 240,000 for food, then a pot. The next year has no pot although money lies on it: that is said before and at publishing, and refused. Money that comes
// after a plan without it was published is held, and the call's page says what to do.
func TestYearsPlanSaysWhatLiesOnAUseItDrops(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	id := idIn(t, o.post(o.head, "/campaigns", url.Values{"slug": {"midori-always"}, "title": {"いつでも"}, "initiative": {"ふれあい食堂"}, "from": {"0"}}).sent())
	here := fmt.Sprintf("/campaigns/%d", id)
	draft := fullDraft()
	for name, text := range map[string]string{"standing": "yes", "slug": "midori-always", "collects_until": "", "report_due_on": "2027-06-30"} {
		draft.Set(name, text)
	}
	o.post(o.head, here+"/edit", draft).sent()
	o.post(o.head, here+"/announce", url.Values{"agree": {"yes"}}).sent()
	give := func(amount string) {
		t.Helper()
		gift := cashGift(id, o.get(o.treasurer, "/gifts/new").key())
		gift.Set("amount", amount)
		gift.Set("given_on", ledger.DateOf(o.now).String())
		gift.Set("do", "right")
		o.post(o.treasurer, "/gifts/new", gift).sent()
	}
	give("246,000")

	o.now = time.Date(2027, 3, 20, 9, 0, 0, 0, ledger.Tokyo)
	next := fullDraft()
	for name, text := range map[string]string{"report_due_on": "2028-06-30", "use1_due_on": "2028-03-09", "uses": "1", "use2_name": ""} {
		next.Set(name, text)
	}
	o.post(o.coordinator, here+"/year", next).sent()
	o.get(o.head, here+"/year").says(http.StatusOK, "「大鍋と炊飯器」に6,000円が残っていますが、この計画にありません")
	o.get(o.head, here+"/year/announce").says(http.StatusOK, "お金の残っている使いみちが、計画にありません", "「大鍋と炊飯器」6,000円", "いまの年度の使いみちを変える").keepShot("standing-year-behind")
	o.post(o.head, here+"/year/announce", url.Values{"agree": {"yes"}}).says(http.StatusUnprocessableEntity, "お金の残っている使いみちが、この計画にありません")
	o.inTx(func(tx *sqlx.Tx) error { // it is spent
		uses, err := ledger.Uses(t.Context(), tx, o.org.ID, o.campaign(id).FundID)
		if err != nil {
			return err
		}
		_, err = ledger.EnterExpense(t.Context(), tx, ledger.Expense{OrganisationID: o.org.ID, PaidOn: ledger.DateOf(o.now), Payee: "練習商店", Amount: 6_000, Account: ledger.CashBox, What: "鍋", Key: "pot",
			Lines: []ledger.ExpenseLine{{Account: ledger.ProvisionsExpense, FundID: uses[1].FundID, Segment: ledger.Program, InitiativeID: o.campaign(id).InitiativeID, UseID: uses[1].ID, Amount: 6_000}}},
			ledger.ByPerson(o.treasurer.ID, o.treasurer.Name), o.now)
		return err
	})
	o.post(o.head, here+"/year/announce", url.Values{"agree": {"yes"}}).sent()
	give("1,500")

	o.now = time.Date(2027, 4, 1, 9, 0, 0, 0, ledger.Tokyo)
	o.inTx(func(tx *sqlx.Tx) error { _, err := campaigns.TurnDue(t.Context(), tx, o.org.ID, o.now); return err })
	o.get(o.head, here).says(http.StatusOK, "前の年度の使いみちに、お金が残っています", "「大鍋と炊飯器」1,500円", "手をつけないでください").keepShot("standing-behind")
	o.get(o.head, "").says(http.StatusOK, "前の年度の残りをどうするかを決める")
}

func (o *office) campaign(id int64) campaigns.Campaign {
	o.t.Helper()
	c, err := campaigns.Find(o.t.Context(), o.db, o.org.ID, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}
