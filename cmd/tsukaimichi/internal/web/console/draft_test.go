package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/payments"
)

// drafted starts a draft and returns its path.
func (o *office) drafted() string {
	o.t.Helper()
	to := o.post(o.coordinator, "/campaigns", url.Values{"slug": {"midori-2026-1"}, "title": {"冬"}, "initiative": {"ふれあい食堂"}, "from": {"0"}}).sent()
	return fmt.Sprintf("/campaigns/%d", idIn(o.t, to))
}

func (o *office) plan(path string) campaigns.Plan {
	o.t.Helper()
	p, err := campaigns.FindPlan(o.t.Context(), o.db, o.org.ID, idIn(o.t, path), 0)
	if err != nil {
		o.t.Fatal(err)
	}
	return p
}

func TestDraftIsKeptIncomplete(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	path := o.drafted()
	o.get(o.coordinator, path).sent()
	o.post(o.coordinator, path+"/edit", url.Values{"do": {"save"}, "slug": {"midori-2026-1"}, "initiative": {"ふれあい食堂"}, "uses": {"1"}, "use1_name": {"食材費"}}).sent()
	page := o.get(o.coordinator, path+"/edit").says(http.StatusOK, "使いみち1：", "公表までに、あと", `href="#use1_due_on"`)
	page.keepShot("editor")
	if strings.Contains(page.body, "公表の確認へ進む") {
		t.Error("a coordinator is offered to announce")
	}
	o.get(o.head, path+"/announce").says(http.StatusOK, "まだ公表できません", path+"/edit#title").keepShot("announce-lacking")
	o.post(o.head, path+"/announce", url.Values{"agree": {"yes"}}).says(http.StatusUnprocessableEntity, "まだ公表できません")
}

func TestTwoClicksStartOneDraft(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	if first, second := o.drafted(), o.drafted(); first != second {
		t.Errorf("pressing twice made %s and %s", first, second)
	}
}

func TestUsesAreAddedMovedAndRemoved(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	path := o.drafted()
	press := func(button string) []string {
		values := fullDraft()
		values.Set("do", button)
		values.Set("costs_borne_by", "2")
		o.post(o.head, path+"/edit", values).sent()
		var names []string
		for _, u := range o.plan(path).Uses {
			name := u.Name
			if u.BearsCosts {
				name += "*"
			}
			names = append(names, name)
		}
		return names
	}
	for button, want := range map[string]string{
		"save": "食材費 大鍋と炊飯器*", "add": "食材費 大鍋と炊飯器* ", "up-2": "大鍋と炊飯器* 食材費", "down-1": "大鍋と炊飯器* 食材費",
		"remove-1": "大鍋と炊飯器*", "remove-2": "食材費", "up-1": "食材費 大鍋と炊飯器*",
	} {
		if got := strings.Join(press(button), " "); got != want {
			t.Errorf("after %s: got uses %q, want %q", button, got, want)
		}
	}
}

func TestAmountIsTheProductUnlessAnotherIsTyped(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	path := o.drafted()
	o.post(o.head, path+"/edit", fullDraft()).sent()
	if got := o.plan(path).Uses[0].Amount; got != 240_000 {
		t.Errorf("16 × 15,000 made %s", got)
	}
	o.get(o.head, path+"/edit").says(http.StatusOK, "16回 × 15,000円 ＝ 240,000円").keepShot("editor-full")
	values := fullDraft()
	values.Set("use1_amount", "230,000")
	o.post(o.head, path+"/edit", values).says(http.StatusUnprocessableEntity, "数×単価と金額が合いません", `value="230,000"`).keepShot("editor-problem")
}

func TestWhatWasTypedComesBackWithItsProblems(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	path := o.drafted()
	values := fullDraft()
	values.Set("collects_until", "2026-02-30")
	values.Set("use2_amount", "5万円くらい")
	values.Set("slug", "みどり")
	back := o.post(o.head, path+"/edit", values).says(http.StatusUnprocessableEntity, "3つ、直してください", `value="5万円くらい"`, "食材の値上がり")
	if strings.Count(back.body, " autofocus") != 1 {
		t.Error("not exactly one field gets the focus")
	}
	if got := o.plan(path).Need; got != "" {
		t.Errorf("something was kept: %q", got)
	}
}

func TestCopyLeavesTheDaysOut(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	first := o.announced()
	o.get(o.head, "/campaigns/new").says(http.StatusOK, "を写して直す")
	to := o.post(o.head, "/campaigns", url.Values{"slug": {"midori-2026-2"}, "from": {fmt.Sprint(first)}}).sent()
	p := o.plan(fmt.Sprintf("/campaigns/%d", idIn(t, to)))
	if p.Title != "冬の火曜日、あたたかい夕ごはんを16回" || !p.CollectsFrom.IsZero() || !p.Uses[0].DueOn.IsZero() {
		t.Errorf("copied %q from %s with use due %s", p.Title, p.CollectsFrom, p.Uses[0].DueOn)
	}
}

func TestAnnouncedCampaignIsNoDraftAnyMore(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	path := o.drafted()
	o.post(o.head, path+"/edit", fullDraft()).sent()
	o.get(o.head, path+"/announce").says(http.StatusOK, "公表して、募金を始める", "292,000").keepShot("announce")
	o.post(o.head, path+"/announce", url.Values{}).says(http.StatusUnprocessableEntity, "チェックを入れてください")
	for range 2 {
		o.post(o.head, path+"/announce", url.Values{"agree": {"yes"}}).sent()
	}
	if to := o.get(o.head, path+"/edit").sent(); to != path {
		t.Errorf("the editor leads to %s", to)
	}
	o.post(o.head, path+"/edit", fullDraft()).says(http.StatusUnprocessableEntity, "もう公表されています")
	o.get(o.coordinator, path+"/preview").says(http.StatusOK, "preview of")
	o.get(o.coordinator, path+"/leaflet").says(http.StatusOK, "leaflet of")
}

func TestClosingEarlyNeedsAReason(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	path := fmt.Sprintf("/campaigns/%d", o.announced())
	o.post(o.head, path+"/close", url.Values{}).says(http.StatusUnprocessableEntity, "理由を書いてください")
	o.post(o.head, path+"/close", url.Values{"reason": {"目標に届いたため"}}).sent()
	o.get(o.head, path+"?done=closed").says(http.StatusOK, "募金を終えました", "目標に届いたため", "報告の前")
}

func TestStoppingSaysWhatBecomesOfTheMoney(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	path := fmt.Sprintf("/campaigns/%d", o.announced())
	o.get(o.head, path).says(http.StatusOK, "募金を中止する", "返金します。")
	o.post(o.head, path+"/stop", url.Values{}).says(http.StatusUnprocessableEntity, "理由を書いてください")
	o.post(o.head, path+"/stop", url.Values{"reason": {"会場が使えなくなった"}}).sent()
	if !slices.Contains(o.asked, fmt.Sprintf("%s %d", payments.EndPagesJob, idIn(t, path))) {
		t.Errorf("the open payment pages stay open: %q", o.asked)
	}
	o.get(o.head, path).says(http.StatusOK, "中止しました", "会場が使えなくなった")
	o.post(o.head, path+"/stop", url.Values{"reason": {"会場が使えなくなった"}}).says(http.StatusUnprocessableEntity, "期間ではありません")
}

func TestOwedReportComesBeforeTheNextCall(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.announced()
	o.now = o.now.AddDate(1, 0, 0)
	path := fmt.Sprintf("/campaigns/%d", idIn(t, o.post(o.head, "/campaigns", url.Values{"slug": {"midori-2027-2"}, "title": {"次の冬"}, "initiative": {"ふれあい食堂"}}).sent()))
	values := fullDraft()
	for name, day := range map[string]string{"slug": "midori-next", "collects_from": "2027-11-24", "collects_until": "2027-12-20", "report_due_on": "2028-04-30"} {
		values.Set(name, day)
	}
	o.post(o.head, path+"/edit", values).sent()
	o.post(o.head, path+"/announce", url.Values{"agree": {"yes"}}).says(http.StatusUnprocessableEntity, "先に報告してから公表してください")
	o.get(o.treasurer, "").says(http.StatusOK, "208日すぎています")
}
