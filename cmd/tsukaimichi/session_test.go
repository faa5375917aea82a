package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/papers"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web"
)

// replica is another server on the same database.
func (p *practising) replica() string {
	p.t.Helper()
	c := p.site
	c.DB, c.Files, c.Till, c.Now, c.Log, c.Site, c.Box = p.db, p.files, p.till, p.clock.Now, p.log, p.Site, p.box
	c.Press = &papers.Press{DB: p.db, Files: p.files, Now: p.clock.Now, Site: p.Site}
	c.Clock = nil // as in production: without the practice pages
	pages, err := web.New(c)
	if err != nil {
		p.t.Fatal(err)
	}
	server := httptest.NewServer(pages.Handler())
	p.t.Cleanup(server.Close)
	return server.URL
}

var otherSession = regexp.MustCompile(`name="session" value="(\d+)"`)

// sessionEndedHereIsOverOnEveryReplicaAtOnce: cookies know no ports, so the browser is the same at both servers.
func (p *practising) sessionEndedHereIsOverOnEveryReplicaAtOnce(t *testing.T) {
	f := p.found("yamano")
	replica := p.replica()
	here, there := p.byMail(f.treasurer.SubjectID), p.byMail(f.treasurer.SubjectID)
	open := func(client *http.Client, at string) bool {
		response, err := client.Get(at + "/account")
		status, _, _ := p.got(response, err)
		return status == http.StatusOK
	}
	if !open(there, p.at) || !open(there, replica) {
		t.Fatal("the session is not open at both servers")
	}
	_, _, page := p.asks(here, "/account")
	sessions := otherSession.FindAllStringSubmatch(page, -1)
	if len(sessions) != 1 || !strings.Contains(text(page), "いま使っている画面") || strings.Contains(page, "127.0.0.1") && strings.Contains(text(page), "127.0.0.1") {
		t.Fatalf("%d other sessions on the page: %s", len(sessions), text(page))
	}
	p.sends(here, "/account/sessions/end", url.Values{"session": {sessions[0][1]}})
	if open(there, replica) || open(there, p.at) {
		t.Error("the session is still open")
	}
	third := p.byMail(f.treasurer.SubjectID)
	response, err := here.PostForm(replica+"/account/sessions/end-others", nil)
	p.got(response, err)
	if open(third, p.at) || !open(here, p.at) {
		t.Error("the others are open, or this one is not")
	}
	p.sends(here, "/sign-out", nil)
	if open(here, replica) {
		t.Error("signed out here, still in there")
	}
}

// signInFromANewBrowserIsToldByMail: once for each browser.
func (p *practising) signInFromANewBrowserIsToldByMail(t *testing.T) {
	f := p.found("morino")
	client := p.byMail(f.treasurer.SubjectID)
	told := func() int {
		var n int
		if err := p.db.Get(&n, `SELECT count(*) FROM mail WHERE kind = 'new_browser' AND recipient = 'treasurer@morino.example'`); err != nil {
			t.Fatal(err)
		}
		return n
	}
	p.sends(client, "/sign-out", nil)
	p.sends(client, "/sign-in/link", url.Values{"t": {p.link(f.treasurer.SubjectID)}})
	if n := told(); n != 1 {
		t.Errorf("%d letters for one browser; want one", n)
	}
	p.byMail(f.treasurer.SubjectID)
	if n := told(); n != 2 {
		t.Errorf("%d letters for two browsers; want two", n)
	}
	p.get("/practice")
	p.post("/practice/become", url.Values{"person": {fmt.Sprint(f.treasurer.SubjectID)}})
	if n := told(); n != 2 {
		t.Errorf("%d letters after becoming somebody in practice; want none for that", n)
	}
}
