package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var (
	seenMark    = regexp.MustCompile(`name="seen" value="([0-9a-f]+)"`)
	followLink  = regexp.MustCompile(`/follow/\d+/[A-Z2-7]+`)
	lettersLink = regexp.MustCompile(`/letters/\d+/([gf])\d+/[A-Za-z0-9_-]+`)
)

// tells writes an update and publishes it.
func (c collecting) tells(title, audience string) {
	c.t.Helper()
	edit, at := c.post("/desk/hoshino/campaigns/1/news", nil)
	preview, at := c.post(at, url.Values{"do": {"preview"}, "seen": {seenMark.FindStringSubmatch(edit)[1]}, "title": {title}, "text": {title + "の本文です。"}, "audience": {audience}, "use": {"1"}})
	if !strings.HasSuffix(at, "/preview") || !strings.Contains(text(preview), title+"の本文です。") {
		c.t.Fatalf("the preview of %s: %s", title, text(preview))
	}
	shown, _ := c.post(strings.TrimSuffix(at, "preview")+"publish", url.Values{"seen": {seenMark.FindStringSubmatch(preview)[1]}, "agree": {"yes"}})
	if !strings.Contains(text(shown), "活動だよりを出しました") {
		c.t.Fatalf("publishing %s: %s", title, text(shown))
	}
}

// told are the letters of an update, by whom they are for.
func (c collecting) told(title string) map[string]string {
	c.t.Helper()
	letters := map[string]string{}
	mailbox := c.get("/practice/mail")
	for _, at := range regexp.MustCompile(`/practice/mail/\d+/\d+`).FindAllString(mailbox, -1) {
		letter := c.get(at)
		if link := lettersLink.FindStringSubmatch(letter); link != nil && strings.Contains(text(letter), "活動だより："+title) {
			if letters[link[1]] != "" && letters[link[1]] != link[0] {
				c.t.Errorf("two letters of %s to one kind of reader: %s, %s", title, letters[link[1]], link[0])
			}
			letters[link[1]] = link[0]
		}
	}
	return letters
}

// status is how a stranger's form is answered.
func (c collecting) status(path string, form url.Values) int {
	c.t.Helper()
	answer, err := stranger(c.t).PostForm(c.at+path, form)
	if err != nil {
		c.t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

// TestUpdatesReachReadersUntilTheyStopThemAndQuestionsAreAnsweredInPublic goes from a gift and a follower to updates, letters, stopping them, the report, and a
// question under it.
func TestUpdatesReachReadersUntilTheyStopThemAndQuestionsAreAnsweredInPublic(t *testing.T) {
	c := collect(t)
	_, giver := c.pay("3,000円")
	c.eventually("the gift", func() bool { return strings.Contains(text(c.get(giver+"/gift")), "届きました") })
	giver = strings.TrimPrefix(giver, c.at)

	if page := text(c.get("/c/fuyu")); !strings.Contains(page, "活動だよりをメールで受け取る") {
		t.Errorf("nothing to follow: %s", page)
	}
	if got := c.status("/c/fuyu/follow", url.Values{"mail": {"yuki"}}); got != http.StatusUnprocessableEntity {
		t.Errorf("an address that is none: %d", got)
	}
	for range 2 {
		if sent, _ := c.post("/c/fuyu/follow", url.Values{"mail": {"yuki@renshu.example"}}); !strings.Contains(text(sent), "メールを見てください") {
			t.Errorf("following: %s", text(sent))
		}
	}
	var link string
	c.eventually("the letter that confirms", func() bool {
		for _, at := range regexp.MustCompile(`/practice/mail/\d+/\d+`).FindAllString(c.get("/practice/mail"), -1) {
			if link = followLink.FindString(c.get(at)); link != "" {
				return true
			}
		}
		return false
	})
	c.get(link) // opening it, as a mail program may, changes nothing
	if begun, at := c.post(link, nil); !lettersLink.MatchString(at) || !strings.Contains(text(begun), "メールで受け取っています") {
		t.Errorf("confirmed: %s", text(begun))
	}
	if got := c.status(link, nil); got != http.StatusNotFound {
		t.Errorf("confirmed again: %d, want 404", got)
	}

	c.be(c.representative)
	c.tells("30食を届けました", "public")
	letters := c.told("30食を届けました")
	if letters["g"] == "" || letters["f"] == "" {
		t.Fatalf("letters went to %v, want a giver and a follower", letters)
	}
	if page := c.get("/c/fuyu"); !strings.Contains(page, `href="/c/fuyu/news/1"`) || !strings.Contains(text(page), "使いみち「食材費」") {
		t.Error("the update is not on the campaign's page")
	}
	if page := text(c.get("/c/fuyu/news/1")); !strings.Contains(page, "30食を届けましたの本文です。") {
		t.Errorf("the update: %s", page)
	}
	c.tells("寄付した方へのお礼", "givers")
	if got := c.told("寄付した方へのお礼"); got["f"] != "" || got["g"] == "" {
		t.Errorf("for givers alone letters went to %v", got)
	}
	if got := c.status("/c/fuyu/news/2", nil); got == http.StatusOK {
		t.Error("what is for givers has a public page")
	}
	if strings.Contains(c.get("/c/fuyu/news"), "お礼") || !strings.Contains(text(c.get(giver+"/news/2")), "寄付した方へのお礼の本文です。") {
		t.Error("what is for givers is public, or not on the giver's page")
	}
	if page := c.get(giver + "/gift"); !strings.Contains(page, giver+"/news/2") || !lettersLink.MatchString(page) {
		t.Error("the giver's page does not lead to it, or to the choice of letters")
	}

	c.get(letters["f"] + "?kind=news")
	if got := c.status(letters["f"]+"?kind=news", url.Values{"List-Unsubscribe": {"One-Click"}}); got != http.StatusSeeOther {
		t.Errorf("one press of the mail program: %d", got)
	}
	c.tells("お鍋を買いました", "public")
	if got := c.told("お鍋を買いました"); got["f"] != "" || got["g"] == "" {
		t.Errorf("after the follower stopped, letters went to %v", got)
	}
	if kept, _ := c.post(letters["g"], url.Values{"kinds": {"report", "thanks"}}); !strings.Contains(text(kept), "受け取り方を変えました") {
		t.Errorf("choosing letters: %s", text(kept))
	}
	c.tells("最後の回です", "public")
	if got := c.told("最後の回です"); len(got) != 0 {
		t.Errorf("after all stopped, letters went to %v", got)
	}
	if got := c.status(letters["g"]+"x", nil); got != http.StatusNotFound {
		t.Errorf("a link nobody made: %d", got)
	}

	c.asked("/r/" + c.report(c.found, 1))
}

// asked goes from a question under a report to its answer there.
func (c collecting) asked(report string) {
	c.t.Helper()
	if got := c.status(report+"/ask", url.Values{"question": {" "}}); got != http.StatusUnprocessableEntity {
		c.t.Errorf("nothing asked: %d", got)
	}
	for _, question := range []string{"お鍋は、いくつ買いましたか。", "広告です"} {
		if sent, _ := c.post(report+"/ask", url.Values{"question": {question}, "name": {"練習 雪"}}); !strings.Contains(text(sent), "質問を受け取りました") {
			c.t.Errorf("asking: %s", text(sent))
		}
	}
	if page := text(c.get(report)); strings.Contains(page, "お鍋は") || strings.Contains(page, "練習 雪") {
		c.t.Errorf("shown before anybody looked: %s", page)
	}
	if home := text(c.get("/desk/hoshino")); !strings.Contains(home, "報告への質問に答える（2件）") {
		c.t.Errorf("the desk: %s", home)
	}
	c.post("/desk/hoshino/questions/1/answer", url.Values{"answer": {"2つ<b>です</b>。"}})
	c.post("/desk/hoshino/questions/2/decline", url.Values{"reason": {"宣伝のため"}})
	page := c.get(report)
	if shown := text(page); !strings.Contains(shown, "お鍋は、いくつ") || strings.Contains(shown, "広告です") || !strings.Contains(page, "2つ&lt;b&gt;です&lt;/b&gt;。") {
		c.t.Errorf("the report: %s", shown)
	}
	c.post("/desk/hoshino/questions/1/nameless", nil)
	if strings.Contains(c.get(report), "練習 雪") {
		c.t.Error("the name is still there")
	}
}
