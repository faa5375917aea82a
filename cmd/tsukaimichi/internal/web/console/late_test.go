package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
)

// afternoon is what somebody wrote while another person changed what it is about.
const afternoon = "冬の火曜日に、夕ごはんを16回ひらきました。雪の日も、12人が来ました。"

var hiddenSeen = regexp.MustCompile(`name="seen" value="([0-9a-f]+)"`)

// seen is which state of a draft the form on the page was sent out with.
func (a answer) seen() string {
	a.t.Helper()
	found := hiddenSeen.FindStringSubmatch(a.body)
	if found == nil {
		a.t.Fatal("the form does not say what it was sent out with")
	}
	return found[1]
}

// gaveBack fails the test unless the page says why and has the text to be copied.
func (a answer) gaveBack(status int, why string) {
	a.t.Helper()
	a.says(status, `role="alert"`, "<title>入力を直してください", why, "readonly>\n"+afternoon)
}

// with is a form with others set.
func with(form url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for name, values := range form {
		out[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

// TestWhatIsWrittenForAFormThatIsGoneIsGivenBack: announced, reported, decided, closed, reversed, approved while somebody wrote.
func TestWhatIsWrittenForAFormThatIsGoneIsGivenBack(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	id := o.announced()
	campaign := fmt.Sprintf("/campaigns/%d", id)
	o.post(o.treasurer, campaign+"/edit", with(fullDraft(), "need", afternoon)).gaveBack(http.StatusUnprocessableEntity, "もう公表されています")
	o.upload(o.head, campaign+"/paper", url.Values{"handed_out_on": {"2026-11-20"}, "way": {"circular"}}, photo(t, 0xee)).says(http.StatusUnprocessableEntity, `role="alert"`, "もう公表されています")
	if _, err := o.owner.Exec(`INSERT INTO report (organisation_id, campaign_id, number) VALUES ($1, $2, '2026-0001')`, o.org.ID, id); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := o.owner.Exec(`INSERT INTO question (organisation_id, campaign_id, report_id, text, asked_at) SELECT organisation_id, campaign_id, id, 'どうでしたか。', $2 FROM report WHERE organisation_id = $1`, o.org.ID, o.now); err != nil {
			t.Fatal(err)
		}
	}
	o.post(o.head, "/questions/1/answer", url.Values{"answer": {""}}).says(http.StatusUnprocessableEntity, `role="alert"`, `aria-invalid="true"`)
	o.post(o.head, "/questions/1/answer", url.Values{"answer": {"はい。"}}).sent()
	o.post(o.head, "/questions/1/answer", url.Values{"answer": {afternoon}}).gaveBack(http.StatusUnprocessableEntity, "ほかの人がもう決めました")
	o.post(o.head, "/questions/1/answer", url.Values{"answer": {""}}).says(http.StatusUnprocessableEntity, `role="alert"`, "ほかの人が")
	o.post(o.head, "/questions/2/decline", url.Values{"reason": {afternoon}}).sent()
	o.post(o.head, "/questions/2/decline", url.Values{"reason": {afternoon}}).gaveBack(http.StatusUnprocessableEntity, "ほかの人がもう決めました")
	o.post(o.head, campaign+"/close", url.Values{"reason": {"集まりました。"}}).sent()
	o.post(o.head, campaign+"/close", url.Values{"reason": {afternoon}}).gaveBack(http.StatusUnprocessableEntity, "できませんでした")
	o.post(o.head, campaign+"/close", nil).says(http.StatusUnprocessableEntity, `role="alert"`, "できませんでした")
	booked := fmt.Sprintf("/book/%d", idIn(t, o.income(o.get(o.treasurer, "/money/income").key(), "利用料").sent()))
	o.post(o.treasurer, booked+"/reverse", url.Values{"reason": {"入れまちがい"}}).sent()
	o.post(o.treasurer, booked+"/reverse", url.Values{"reason": {afternoon}}).gaveBack(http.StatusUnprocessableEntity, "もう取り消してあります")
}

// TestReportOfADecisionThatIsOutIsGivenBack: two people report on what nobody asked for.
func TestReportOfADecisionThatIsOutIsGivenBack(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	gift := with(cashGift(o.announced(), o.get(o.member, "/gifts/new").key()), "for", "0-0", "amount", "8,000", "channel", "cash", "counts_as", "nameless", "counted", "", "do", "right")
	o.post(o.member, "/gifts/new", gift).sent()
	key := o.get(o.treasurer, "/gifts/unasked").key()
	o.post(o.treasurer, "/gifts/unasked", url.Values{"key": {key}, "amount": {"5,000"}, "campaign": {"0"}, "purpose": {"集会所のやかん"}, "decided_by": {"11月の役員会"},
		"decided_on": {"2026-11-24"}, "due_on": {"2027-01-31"}}).sent()
	o.post(o.head, "/gifts/unasked/1/report", url.Values{"did": {"やかんを買いました。"}, "rest": {"茶わんに使います。"}}).sent()
	o.post(o.head, "/gifts/unasked/1/report", url.Values{"did": {afternoon}, "rest": {"茶わんに使います。"}}).gaveBack(http.StatusUnprocessableEntity, "もう報告しています")
	o.post(o.head, "/gifts/unasked/1/report", nil).says(http.StatusUnprocessableEntity, `role="alert"`)
}

// TestTwoPeopleDoNotWriteOverEachOthersPromise: a draft, and the next version of what is announced.
func TestTwoPeopleDoNotWriteOverEachOthersPromise(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	path := o.drafted()
	both := func(at string, form url.Values, written func() string) {
		t.Helper()
		first := with(form, "seen", o.get(o.head, at).seen(), "do", "save", "need", "代表の文です。")
		o.post(o.head, at, first).sent()
		o.post(o.head, at, first).sent() // pressed twice
		back := o.post(o.treasurer, at, with(first, "need", afternoon)).says(http.StatusUnprocessableEntity, "このあいだに書きかえました", afternoon)
		if got := written(); got != "代表の文です。" {
			t.Errorf("%s: the draft says %q", at, got)
		}
		o.post(o.treasurer, at, with(first, "need", afternoon, "seen", back.seen())).sent()
		if got := written(); got != afternoon {
			t.Errorf("%s: the draft says %q after another look", at, got)
		}
	}
	both(path+"/edit", fullDraft(), func() string { return o.plan(path).Need })
	o.publishesWhatWasRead(path+"/announce", path+"/announce", path+"/edit", fullDraft())
	o.pages.Links = func(int64) campaigns.Secret { return func(name string) string { return name } }
	change := with(fullDraft(), "reason", "会場が変わりました。")
	both(path+"/change", change, func() string { return o.plan(path).Need })
	o.publishesWhatWasRead(path+"/change/preview", path+"/change/publish", path+"/change", change)
}

// publishesWhatWasRead fails the test unless publishing is refused, with what stands now, once somebody else has written the draft since it was read.
func (o *office) publishesWhatWasRead(read, publish, edit string, draft url.Values) {
	o.t.Helper()
	seen := o.get(o.head, read).seen()
	o.post(o.treasurer, edit, with(draft, "do", "save", "need", "読んでいない文です。"+publish)).sent()
	back := o.post(o.head, publish, url.Values{"seen": {seen}, "agree": {"yes"}}).says(http.StatusUnprocessableEntity, `role="alert"`, "読んでいる間に、ほかの人が書きかえました", "読んでいない文です。"+publish)
	if strings.Contains(back.body, `value="yes" checked`) {
		o.t.Error("agreed to what was not read")
	}
	o.post(o.head, publish, url.Values{"seen": {back.seen()}, "agree": {"yes"}}).sent()
}

// TestFormThatIsRefusedAsAWholeIsOpen: what was typed in it stands where it is seen, though no field of it is wrong.
func TestFormThatIsRefusedAsAWholeIsOpen(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	gift := fmt.Sprintf("/gifts/%d", o.received(o.announced()))
	form := url.Values{"refunded": {"0"}, "amount": {"1,000"}, "on": {"2026-11-24"}, "place": {"1110"}, "reason": {"取りちがえ"}}
	o.post(o.treasurer, gift+"/refund", form).sent()
	o.post(o.treasurer, gift+"/refund", with(form, "amount", "2,000", "reason", afternoon)).
		says(http.StatusUnprocessableEntity, `role="alert"`, `<details id="refund" class="act" open>`, ">"+afternoon+"</textarea>")
}

// TestTooLargePapersKeepWhatWasTyped: an expense comes back with its words.
func TestTooLargePapersKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.received(o.announced())
	large := make([]byte, 16<<20)
	o.upload(o.treasurer, "/expenses/new", with(o.expenseValues("k1"), "payee", "みどり商店"), large, large, large, large).
		says(http.StatusUnprocessableEntity, `value="みどり商店"`, `value="k1"`, `id="papers-problem"`)
}
