package need

import (
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/rehearsed"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// The sample organisation whose need it is, and its desk.
const (
	slug = "renshu-machi"
	desk = "/desk/" + slug
)

func TestMain(m *testing.M) { rehearsed.Main(m) }

// story is how a need becomes two finished applications. Every sum is written out in it.
type story struct {
	t        *testing.T
	at       string
	today    ledger.Date // by the practice clock, which nobody moves
	looks    int         // pages looked at
	examiner *chromium.Examiner

	coordinator, treasurer, representative, auditor *chromium.Hands
	chest, system                                   string // the pages of the application of T3 and of the one of T5
}

// TestANeedBecomesTwoApplicationsByKeyboard goes from the worksheet to what is handed in.
func TestANeedBecomesTwoApplicationsByKeyboard(t *testing.T) {
	x := &chromium.Examiner{Axe: chromium.Axe(t), Shots: os.Getenv("TSUKAIMICHI_SHOTS")}
	chromium.Tool(t, "pdftotext")
	chromium.Browser(t)
	s := &story{t: t, today: rehearsed.Today(t), at: rehearsed.Begin(t), examiner: x}
	began := time.Now()
	for _, chapter := range []struct {
		name string
		tell func()
	}{
		{"the worksheet is written on", s.worksheet},
		{"a call is held against the group", s.fit},
		{"T3 is drafted", s.draftChest},
		{"its budget says why", s.budgetChest},
		{"it is signed, edited, and signed again", s.signChest},
		{"its paper says what was typed", s.paperChest},
		{"the funder's Excel form is filled", s.excel},
		{"it is handed in", s.handIn},
		{"T5 is drafted", s.draftSystem},
		{"its budget says what gifts do", s.budgetSystem},
		{"it is signed, and its paper says what was typed", s.signSystem},
		{"the funder's Word form is filled", s.word},
	} {
		chapter.tell()
		t.Logf("%v: %s", time.Since(began).Round(time.Second/10), chapter.name)
		if t.Failed() {
			t.Log(rehearsed.Said())
			return
		}
	}
}

// becomes gives a keyboard to somebody of the group, who is signed in on the practice page.
func (s *story) becomes(role string) *chromium.Hands {
	s.t.Helper()
	h := chromium.Sit(s.t, role, s.at)
	h.GoTo("/practice#" + slug)
	h.Presses(role + "（練習 " + role + "）になる")
	h.Sees("【練習】あおぞら町内会")
	return h
}

// sees has the open page looked at as the crawl does.
func (s *story) sees(h *chromium.Hands) {
	s.t.Helper()
	name := h.Name
	s.looks++
	h.Name = fmt.Sprintf("%02d %s", s.looks, name) // a picture of each, although pages come again
	faults, err := s.examiner.Page(h.Tab)
	h.Must(err)
	for _, fault := range faults {
		s.t.Errorf("%s: %s", h.Name, fault)
	}
	h.Name = name
	h.Must(h.Do(chromedp.EmulateViewport(1280, 800)))
}

// holds fails unless the field of that name has the value.
func (s *story) holds(h *chromium.Hands, field, want string) {
	s.t.Helper()
	got, err := chromium.Ask[string](h.Tab, `document.querySelector('main [name="`+field+`"]').value`)
	h.Must(err)
	if got != want {
		s.t.Errorf("the field %s has %q, want %q", field, got, want)
	}
}

// silent fails if one of the words is to be read on the page.
func (s *story) silent(h *chromium.Hands, unwanted ...string) {
	s.t.Helper()
	read := h.Reads()
	for _, word := range unwanted {
		if strings.Contains(read, word) {
			s.t.Errorf("%s reads %q", h.Name, word)
		}
	}
}

// fetches takes a file away, as who sits there may.
func (s *story) fetches(h *chromium.Hands, path string) []byte {
	s.t.Helper()
	text, err := chromium.Ask[string](h.Tab, `fetch("`+path+`").then(async answer => {
  if (!answer.ok) throw new Error(answer.status);
  let text = "";
  for (const byte of new Uint8Array(await answer.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
})`)
	h.Must(err)
	content, err := base64.StdEncoding.DecodeString(text)
	h.Must(err)
	return content
}
