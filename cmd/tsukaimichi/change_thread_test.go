package main

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

var choiceLink = regexp.MustCompile(`/choice/\d+/[A-Za-z0-9_-]+`)

// inCash enters gifts in cash: one of a person without mail, one envelope without a name.
func (c collecting) inCash(amount ledger.Yen) {
	c.t.Helper()
	now := c.clock.Now()
	today := ledger.DateOf(now)
	err := ledger.InTx(context.Background(), c.db, func(tx *sqlx.Tx) error {
		for i, donor := range []campaigns.Donor{{Name: "練習 次郎", PostalCode: "000-0000", Address: "練習県練習市2-2"}, {}} {
			_, err := campaigns.Enter(context.Background(), tx, campaigns.Gift{
				OrganisationID: c.organisation, CampaignID: 1, Channel: campaigns.Cash, Amount: amount, Counted: 1, GivenOn: today, Donor: donor,
				Token: fmt.Sprintf("cash-token-%d", i), Key: fmt.Sprintf("cash-key-%d", i),
			}, ledger.CashBox, c.treasurer, now)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// change fills in the editor of the next version from what it shows now.
func (c collecting) change(form url.Values) string {
	c.t.Helper()
	shown, at := c.post("/desk/hoshino/campaigns/1/change", form)
	if !strings.HasSuffix(at, "/change/preview") {
		c.t.Fatalf("the proposal was not taken: %s", text(shown))
	}
	return text(shown)
}

// link finds the giver's own link in the letters.
func (c collecting) link() string {
	c.t.Helper()
	var found string
	c.eventually("the letter with the question", func() bool {
		for _, letter := range regexp.MustCompile(`/practice/mail/\d+/\d+`).FindAllString(c.get("/practice/mail"), -1) {
			if found = choiceLink.FindString(c.get(letter)); found != "" {
				return true
			}
		}
		return false
	})
	return found
}

func use(n int, id, name, amount string) url.Values {
	field := func(part string) string { return fmt.Sprintf("use%d_%s", n, part) }
	return url.Values{field("id"): {id}, field("name"): {name}, field("amount"): {amount}, field("due_on"): {ledger.DateOf(time.Now()).AddDays(103).String()}, field("evidence"): {"領収書"}}
}

func filled(parts ...url.Values) url.Values {
	all := url.Values{}
	for _, part := range parts {
		for key, value := range part {
			all[key] = value
		}
	}
	return all
}

// TestWideChangeIsAskedAnsweredAndCarriedOut goes from a card gift and cash to a change beyond the width, a link, a slip, the end of the two weeks, the
// refund to the card and the one in cash. Every figure is written out.
func TestWideChangeIsAskedAnsweredAndCarriedOut(t *testing.T) {
	c := collect(t) // 食材費 240,000 and 会場 60,000: the width is 60,000
	_, giver := c.pay("100,000円")
	c.eventually("the gift", func() bool { return strings.Contains(text(c.get(giver+"/gift")), "届きました") })
	c.inCash(100_000)
	texts := url.Values{"do": {"preview"}, "reason": {"集会所が工事で使えなくなりました。"}, "need": {"冬は外に出る日がへります。"}, "other_sources": {"利用料"}, "uncovered": {"未定"},
		"if_too_little": {"回数をへらします。"}, "if_too_much": {"回数をふやします。"}, "responsible": {"練習 会計"}}

	c.be(c.treasurer) // may draft, not publish
	preview := c.change(filled(texts, use(1, "1", "食材費", "240,000"), url.Values{"uses": {"1"}}))
	for _, want := range []string{"やめる使いみちがあります", "60,000円", "公表するのは、代表です"} {
		if !strings.Contains(preview, want) {
			t.Errorf("the preview lacks %q: %s", want, preview)
		}
	}
	c.be(c.representative)
	shown, _ := c.post("/desk/hoshino/campaigns/1/change/publish", url.Values{"agree": {"yes"}})
	for _, want := range []string{"たずねた方 2人", "まだ使っていないお金 60,000円", "練習 次郎"} { // three gifts of 100,000: 20,000 of each
		if !strings.Contains(text(shown), want) {
			t.Fatalf("the question lacks %q: %s", want, text(shown))
		}
	}
	if public := text(c.get("/c/fuyu")); !strings.Contains(public, "寄付した方にお聞きしています") || !strings.Contains(public, "約束 300,000 円") {
		t.Errorf("the public page: %s", public)
	}
	if version := text(c.get("/c/fuyu/plan/2")); !strings.Contains(version, "やめる使いみち") || !strings.Contains(version, "集会所が工事") {
		t.Errorf("the version: %s", version)
	}
	if pdf := c.get("/desk/hoshino/campaigns/1/asking/sheet"); !strings.HasPrefix(pdf, "%PDF") {
		t.Error("no 回覧 sheet")
	}

	link := c.link()
	if page := text(c.get(link)); !strings.Contains(page, "あなたの分は 20,000円") {
		t.Errorf("the giver's page: %s", page)
	}
	c.post(link, url.Values{"answer": {"general"}})
	if answered, _ := c.post(link, url.Values{"answer": {"return"}}); !strings.Contains(text(answered), "受け取りました") {
		t.Errorf("after the answer: %s", text(answered))
	}
	c.be(c.treasurer)
	if letters := c.get("/desk/hoshino/campaigns/1/asking/letters"); !strings.HasPrefix(letters, "%PDF") {
		t.Error("no letters")
	}
	ask := regexp.MustCompile(`<option value="(\d+)"[^>]*>練習 次郎`).FindStringSubmatch(c.get("/desk/hoshino/campaigns/1/asking"))
	if ask == nil {
		t.Fatal("練習 次郎 cannot be answered for")
	}
	shown, _ = c.post("/desk/hoshino/campaigns/1/asking/answer", url.Values{"ask": {ask[1]}, "answer": {"return"}, "told": {"paper"}})
	if !strings.Contains(text(shown), "返す 2人・40,000円") {
		t.Errorf("after the slip: %s", text(shown))
	}

	c.post("/practice/clock", url.Values{"days": {"15"}})
	if version := text(c.get("/c/fuyu/plan/2")); !strings.Contains(version, "いまの約束") || !strings.Contains(version, "人数が少ないので、出しません") {
		t.Errorf("two weeks later: %s", version)
	}
	c.eventually("the refund to the card", func() bool { return c.holds(ledger.GiftsReturned) == 20_000 })
	returns := c.get("/desk/hoshino/campaigns/1/returns")
	gift := regexp.MustCompile(`<option value="(\d+-\d+)"[^>]*>練習 次郎`).FindStringSubmatch(returns)
	if gift == nil || !strings.Contains(text(returns), "返しました") {
		t.Fatalf("the list of returns: %s", text(returns))
	}
	_, id, _ := strings.Cut(gift[1], "-")
	c.post("/desk/hoshino/gifts/"+id+"/receipt", nil)
	paid := url.Values{"return": {gift[1]}, "place": {fmt.Sprint(ledger.CashBox)}, "on": {ledger.DateOf(c.clock.Now()).String()}}
	c.disputed(id, true)
	if status, _, shown := c.sends(c.client, "/desk/hoshino/campaigns/1/returns/paid", paid); status != 422 || !strings.Contains(text(shown), "決まるまで、返さないでください") {
		t.Errorf("a share of a gift in dispute is given back: %d %s", status, text(shown))
	}
	c.disputed(id, false)
	shown, _ = c.post("/desk/hoshino/campaigns/1/returns/paid", paid)
	if !strings.Contains(text(shown), "これから返す 0円") || !strings.Contains(text(shown), "返した 40,000円") {
		t.Errorf("after paying: %s", text(shown))
	}
	if !strings.Contains(text(shown), "領収書を残りの金額で出し直しました") || !strings.Contains(text(c.get("/desk/hoshino/gifts/"+id)), "80,000円") {
		t.Errorf("the receipt of what is left: %s", text(shown))
	}
	if got := c.holds(ledger.GiftsReturned); got != 40_000 {
		t.Errorf("returned %d, want 40,000", got)
	}
	if page := text(c.get(link)); !strings.Contains(page, "しめきりました") || !strings.Contains(page, "返してもらう") {
		t.Errorf("the giver's page at the end: %s", page)
	}
	c.sound()
}

// disputed says of a gift that its payer objects at his bank, or that it is over.
func (c collecting) disputed(gift string, open bool) {
	c.t.Helper()
	query := `
		UPDATE payment_problem
		   SET detail = 'won', solved_at = now()
		 WHERE organisation_id = $1 AND donation_id = $2::bigint AND kind = 'dispute'`
	if open {
		query = `
			INSERT INTO payment_problem (organisation_id, kind, ref, donation_id, amount, detail, first_at, last_at)
			VALUES ($1, 'dispute', 'dp_1', $2::bigint, 1, 'open', now(), now())`
	}
	if _, err := c.db.Exec(query, c.organisation, gift); err != nil {
		c.t.Fatal(err)
	}
}

// TestStoppedCampaignIsSettledStepByStep: the representative stops, says what was promised becomes of the rest, and each step shows its figures.
func TestStoppedCampaignIsSettledStepByStep(t *testing.T) {
	c := collect(t)
	_, giver := c.pay("10,000円")
	c.eventually("the gift", func() bool { return strings.Contains(text(c.get(giver+"/gift")), "届きました") })
	c.inCash(5_000)
	c.be(c.representative)
	shown, at := c.post("/desk/hoshino/campaigns/1/stop", url.Values{"reason": {"担い手がいなくなりました。"}})
	if !strings.Contains(at, "/stopping") || !strings.Contains(text(shown), "お返しします。") || !strings.Contains(text(shown), "いま残っているお金 20,000円") {
		t.Fatalf("the steps: %s", text(shown))
	}
	var general int64
	if err := c.db.Get(&general, `SELECT id FROM fund WHERE organisation_id = $1 AND kind = 'general'`, c.organisation); err != nil {
		t.Fatal(err)
	}
	shown, _ = c.post("/desk/hoshino/campaigns/1/stopping", url.Values{"rest": {"return"}, "to": {fmt.Sprint(general)}, "agree": {"yes"}})
	if !strings.Contains(text(shown), "たずねた方 2人") {
		t.Errorf("after it began: %s", text(shown))
	}
	link := c.link()
	if page := text(c.get(link)); !strings.Contains(page, "あなたの分は 10,000円") {
		t.Errorf("the giver's page: %s", page)
	}
	c.post(link, url.Values{"answer": {"keep"}})
	c.post("/practice/clock", url.Values{"days": {"15"}})
	shown = c.get("/desk/hoshino/campaigns/1/stopping")
	for _, want := range []string{"これから返す 5,000円", "ほかへまわしたお金 15,000円"} { // the card giver's and the nameless envelope's
		if !strings.Contains(text(shown), want) {
			t.Errorf("the steps lack %q: %s", want, text(shown))
		}
	}
	c.sound()
}
