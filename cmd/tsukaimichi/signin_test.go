package main

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
)

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)
var letterPath = regexp.MustCompile(`/practice/mail/0/\d+`)

// TestMembersSignInByTheDigitsOfAMail: the digits work in the browser that asked and nowhere else, and an unknown address is answered the same.
func TestMembersSignInByTheDigitsOfAMail(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	p.found("hoshino")
	asking, other := stranger(t), stranger(t)
	for _, client := range []*http.Client{asking, other} {
		mail := map[bool]string{true: "treasurer@hoshino.example", false: "nobody@hoshino.example"}[client == asking]
		response, err := client.PostForm(p.at+"/sign-in", url.Values{"mail": {mail}})
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != "/sign-in/code" {
			t.Fatalf("%s: %s to %q", mail, response.Status, response.Header.Get("Location"))
		}
	}
	var letters []string
	p.eventually("the mail", func() bool { letters = letterPath.FindAllString(p.get("/practice/mail"), -1); return len(letters) > 0 })
	if len(letters) != 1 {
		t.Fatalf("%d letters, want one: the unknown address gets none", len(letters))
	}
	code := sixDigits.FindString(text(p.get(letters[0])))
	if code == "" {
		t.Fatal("no digits in the letter")
	}
	enter := func(client *http.Client, digits string) (int, string) {
		response, err := client.PostForm(p.at+"/sign-in/code", url.Values{"code": {digits}})
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.StatusCode, response.Header.Get("Location")
	}
	if status, _ := enter(other, code); status != http.StatusUnprocessableEntity {
		t.Errorf("the digits in another browser: %d, want 422", status)
	}
	wrong := strings.Map(func(r rune) rune { return '0' + ('9'-r)%10 }, code)
	if status, _ := enter(asking, wrong); status != http.StatusUnprocessableEntity {
		t.Errorf("wrong digits: %d, want 422", status)
	}
	if status, at := enter(asking, code); status != http.StatusSeeOther || at != "/desk" {
		t.Errorf("the digits: %d to %q, want the desk", status, at)
	}
	if status, _ := enter(asking, code); status != http.StatusUnprocessableEntity {
		t.Errorf("the digits a second time: %d, want 422", status)
	}
	response, err := asking.Get(p.at + "/desk")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if at := response.Header.Get("Location"); at != "/desk/hoshino" {
		t.Errorf("the desk leads to %q, want the only organisation", at)
	}
}

// TestALinkSignsInByItsButtonOnce: opening it, as mail scanners do, uses nothing up.
func TestALinkSignsInByItsButtonOnce(t *testing.T) {
	t.Parallel()
	p := practise(t, true)
	f := p.found("hoshino")
	token, err := auth.OneTimeLink(context.Background(), p.db, f.treasurer.SubjectID, time.Hour, p.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if page := text(p.get("/sign-in/link?t=" + url.QueryEscape(token))); !strings.Contains(page, "練習 会計 さんとして") {
			t.Fatalf("the page does not say who: %s", page)
		}
	}
	press := func() int {
		response, err := stranger(t).PostForm(p.at+"/sign-in/link", url.Values{"t": {token}})
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.StatusCode
	}
	if got := press(); got != http.StatusSeeOther {
		t.Errorf("the button: %d, want 303", got)
	}
	if got := press(); got != http.StatusGone {
		t.Errorf("the button again: %d, want 410", got)
	}
}
