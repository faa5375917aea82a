package year

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/rehearsed"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// call is the campaign's page, changed its promise in its second version.
const (
	call    = "/c/yugohan-no-kai"
	changed = call + "/plan/2"
)

// story is a year of a small group, from its founding to the second day a report is due. Every sum is written out in it.
type story struct {
	t        *testing.T
	at       string
	today    ledger.Date // by the practice clock
	slug     string      // of the group
	group    string      // its page
	reported string      // page of its report
	passed   bool        // days passed in the chapter
	looks    int         // pages looked at
	examiner *chromium.Examiner

	representative, treasurer, auditor, resident *chromium.Hands
	tags                                         map[string]string // the validator of each public page, as last seen
}

// TestAYearFromThePromiseToTheNextDueDay goes through a year by a clock that is moved. After each chapter the public pages are asked for again with their
// validators: they are sent exactly where something is shown otherwise.
func TestAYearFromThePromiseToTheNextDueDay(t *testing.T) {
	x := &chromium.Examiner{Axe: chromium.Axe(t), Shots: os.Getenv("TSUKAIMICHI_SHOTS")}
	chromium.Browser(t)
	s := &story{t: t, today: rehearsed.Today(t), at: rehearsed.Begin(t), examiner: x, tags: map[string]string{}}
	began := time.Now()
	for _, chapter := range []struct {
		name    string
		tell    func()
		changes []*string // pages that are others afterwards
	}{
		{"the group is founded and promises", s.promise, nil},
		{"an operator looks at it", s.vet, []*string{&s.group}},
		{"it announces", s.announce, []*string{&s.group, at("/")}},
		{"people give", s.give, []*string{at(call), &s.group, at("/")}},
		{"the group tells of a day", s.tell, []*string{at(call), at(call + "/news")}},
		{"it changes its promise beyond the width", s.change, []*string{at(call), &s.group}},
		{"givers choose", s.choose, nil},
		{"two weeks later the new promise begins", s.decide, []*string{at(call), at(changed), &s.group, at("/")}},
		{"more comes than was promised, and it closes", s.closeFull, []*string{at(call), &s.group, at("/")}},
		{"it spends, and somebody else checks", s.spend, []*string{at(call), &s.group, at("/")}},
		{"the day of the report passes", s.late, []*string{at(call), &s.group, at("/")}},
		{"the report comes, late", s.report, []*string{at(call), at(call + "/news"), &s.group, at("/")}},
		{"a question is asked and answered", s.ask, []*string{&s.reported}},
	} {
		s.passed = false
		chapter.tell()
		s.validators(chapter.name, chapter.changes)
		t.Logf("%v: %s", time.Since(began).Round(time.Second/10), chapter.name)
		if t.Failed() {
			return
		}
	}
	s.addUp()
	if t.Failed() {
		t.Log(rehearsed.Said())
	}
}

func at(path string) *string { return &path }

// validators asks for every public page again, as a browser that has it.
func (s *story) validators(chapter string, changes []*string) {
	s.t.Helper()
	for _, path := range []string{"/", "/how", s.group, call, call + "/news", changed, s.reported} {
		if path == "" {
			continue
		}
		before := s.tags[path]
		status, tag := s.asks(path, before)
		change := slices.ContainsFunc(changes, func(p *string) bool { return *p == path })
		switch {
		case status == http.StatusNotFound: // not yet
			continue
		case before == "": // seen for the first time
		case change && (status != http.StatusOK || tag == before):
			s.t.Errorf("after %q %s is as before: %d, %s", chapter, path, status, tag)
		case !change && !s.passed && status != http.StatusNotModified:
			s.t.Errorf("after %q %s is another: %d", chapter, path, status)
		}
		s.tags[path] = tag
	}
}

// asks asks for a page with a validator and returns the status and the validator now.
func (s *story) asks(path, tag string) (int, string) {
	s.t.Helper()
	status, h := s.known(path, tag)
	if status < 400 && (h.Get("ETag") == "" || h.Get("Cache-Control") != "no-cache") {
		s.t.Errorf("%s: %v", path, h)
	}
	return status, h.Get("ETag")
}

// known asks for something as a browser that has it under a validator.
func (s *story) known(path, tag string) (int, http.Header) {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodGet, s.at+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if tag != "" {
		request.Header.Set("If-None-Match", tag)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode, answer.Header
}

// sits gives somebody a keyboard, and what is laid before him is looked at on the way.
func (s *story) sits(name string) *chromium.Hands { return chromium.Sit(s.t, name, s.at) }

// become goes to the practice page and becomes somebody of the group: again after each day that passed, as who confirmed himself did so for a quarter of an hour.
func (s *story) become(h *chromium.Hands, role string) {
	s.t.Helper()
	h.GoTo("/practice#" + s.slug)
	h.Presses(role + "（練習 " + role + "）になる")
	h.Sees("【練習】夕ごはんの会")
}

// passes moves the clock by steps the practice page offers.
func (s *story) passes(days ...int) {
	s.t.Helper()
	h := s.resident
	for _, n := range days {
		h.GoTo("/practice")
		h.Presses(strconv.Itoa(n) + "日すすめる")
		s.today = s.today.AddDays(n)
	}
	s.passed = true
}

// sees has the open page looked at as the crawl does.
func (s *story) sees(h *chromium.Hands) {
	s.t.Helper()
	name := h.Name
	s.looks++
	h.Name = fmt.Sprintf("%02d %s", s.looks, name) // a picture of each, although pages come again
	looked(s.t, s.examiner, h)
	h.Name = name
	h.Must(h.Do(chromedp.EmulateViewport(1280, 800)))
}

// letter opens the newest letter to an address whose subject says something, and returns the private link of a kind in it.
func (s *story) letter(to, subject, link string) string {
	s.t.Helper()
	h := s.resident
	for deadline := time.Now().Add(chromium.Within); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		h.GoTo("/practice/mail")
		found, err := chromium.Ask[string](h.Tab, `[...document.querySelectorAll("main li")].find(l => l.textContent.includes("`+to+`") && l.textContent.includes("`+subject+`"))?.querySelector("a").getAttribute("href") ?? ""`)
		h.Must(err)
		if found == "" {
			continue
		}
		h.GoTo(found)
		path, err := chromium.Ask[string](h.Tab, `[...document.querySelectorAll("main a")].map(a => new URL(a.href).pathname).find(p => p.startsWith("`+link+`")) ?? ""`)
		h.Must(err)
		if path == "" {
			s.t.Fatalf("no %s in\n%s", link, h.Reads())
		}
		return path
	}
	s.t.Fatalf("no letter %q to %s in\n%s", subject, to, h.Reads())
	return ""
}
