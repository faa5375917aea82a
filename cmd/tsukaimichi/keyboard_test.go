package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	browserpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
)

// hands are a person at a keyboard: every key is a real one, the mouse is never touched, and what cannot be reached cannot be done.
type hands struct {
	*chromium.Tab
	t *testing.T
}

// sit gives a new visitor a keyboard.
func sit(t *testing.T, name, at string) *hands {
	t.Helper()
	b, closeTab, err := chromium.Arrive(t, name, at).Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closeTab)
	h := &hands{b, t}
	h.must(b.Do(chromedp.EmulateViewport(1280, 800)))
	return h
}

func (h *hands) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatalf("%s: %v\n%s", h.Name, err, h.reads())
	}
}

// goTo types an address into the browser.
func (h *hands) goTo(path string) {
	h.t.Helper()
	status, err := h.Navigate(h.At + path)
	h.arrived(status, err)
}

func (h *hands) arrived(status int, err error) {
	h.t.Helper()
	h.must(err)
	if status != 200 {
		h.t.Fatalf("%s gets %d\n%s", h.Name, status, h.reads())
	}
	for _, c := range h.Complaints() {
		h.t.Errorf("%s: %s", h.Name, c)
	}
}

// reads is the text of the page.
func (h *hands) reads() string {
	read, err := chromium.Ask[string](h.Tab, `location.pathname + "\n" + document.body.innerText`)
	if err != nil {
		return err.Error()
	}
	return read
}

// sees fails unless all of it is to be read on the page. Spaces do not count.
func (h *hands) sees(wants ...string) {
	h.t.Helper()
	bare := strings.NewReplacer(" ", "", "\n", "", "\t", "", "　", "")
	read := h.reads()
	for _, want := range wants {
		if !strings.Contains(bare.Replace(read), bare.Replace(want)) {
			h.t.Errorf("%s does not read %q in\n%s", h.Name, want, read)
		}
	}
}

// waitsFor loads the page again until it says something that a job or a letter from the payment service brings about.
func (h *hands) waitsFor(want string) {
	h.t.Helper()
	path, err := chromium.Ask[string](h.Tab, `location.pathname`)
	h.must(err)
	for deadline := time.Now().Add(chromium.Within); ; time.Sleep(200 * time.Millisecond) {
		if strings.Contains(h.reads(), want) {
			return
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("%s waits in vain for %q in\n%s", h.Name, want, h.reads())
		}
		h.goTo(path)
	}
}

// atFocus is what a screen reader would say, and for a radio button the names of its group.
const atFocus = `(() => {
  const e = document.activeElement;
  if (!e || e === document.body) return "";
  const name = e => (e.getAttribute("aria-label") ?? [...e.labels ?? []].map(l => l.textContent).join(" ") ?? "") || e.textContent;
  const all = e.type === "radio" ? [...document.getElementsByName(e.name)] : [e];
  return e.tagName + ": " + all.map(name).join(" / ").replace(/\s+/g, " ").trim();
})()`

// reach presses Tab until the focus is on what has the name and is of one of the kinds: going on from where it is, and around the page.
func (h *hands) reach(name string, kinds ...string) {
	h.t.Helper()
	var passed []string
	for len(passed) < 300 && count(passed, "A: 本文へ") < 2 { // which is where a page begins

		h.keys("\t")
		at, err := chromium.Ask[string](h.Tab, atFocus)
		h.must(err)
		kind, words, _ := strings.Cut(at, ": ")
		if slices.Contains(kinds, kind) && strings.Contains(words, name) {
			return
		}
		passed = append(passed, at)
	}
	h.t.Fatalf("%s cannot reach %q by Tab, only\n%s\nin %s", h.Name, name, strings.Join(passed, "\n"), h.reads())
}

func count(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

func (h *hands) keys(keys string, options ...chromedp.KeyOption) {
	h.t.Helper()
	h.must(h.Do(chromedp.KeyEvent(keys, options...)))
}

// fills writes text into the next field of that name, in place of what was there.
func (h *hands) fills(name, text string) {
	h.t.Helper()
	h.reach(name, "INPUT", "TEXTAREA")
	kind, err := chromium.Ask[string](h.Tab, `document.activeElement.type`)
	h.must(err)
	if kind == "date" {
		h.typesDay(text)
		return
	}
	h.keys("a", chromedp.KeyModifiers(chromedp.ModifierCtrl))
	h.writes(text)
}

// writes types; what no key has comes as from an input method.
func (h *hands) writes(text string) {
	h.t.Helper()
	for _, r := range text {
		if r < 0x80 {
			h.keys(string(r))
			continue
		}
		h.must(h.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: string(r)})
			return err
		})))
	}
}

// typesDay writes 2026-11-25 into a field for a day, part by part, in the order in which this browser shows them.
func (h *hands) typesDay(day string) {
	h.t.Helper()
	order, err := chromium.Ask[[]string](h.Tab, `new Intl.DateTimeFormat().formatToParts(new Date()).map(part => part.type).filter(type => type !== "literal")`)
	h.must(err)
	parts := map[string]string{"year": day[:4] + kb.ArrowRight, "month": day[5:7], "day": day[8:]}
	for _, part := range order {
		h.keys(parts[part])
	}
	got, err := chromium.Ask[string](h.Tab, `document.activeElement.value`)
	h.must(err)
	if got != day {
		h.t.Fatalf("%s typed the day %s and the field has %q", h.Name, day, got)
	}
}

// chooses takes one of several round buttons, by the arrow keys.
func (h *hands) chooses(name string) {
	h.t.Helper()
	h.reach(name, "INPUT")
	own := `[...document.activeElement.labels].map(l => l.textContent).join()`
	for range 20 {
		at, err := chromium.Ask[string](h.Tab, own)
		h.must(err)
		if strings.Contains(at, name) {
			h.keys(" ")
			return
		}
		h.keys(kb.ArrowDown)
	}
	h.t.Fatalf("%s cannot choose %q", h.Name, name)
}

// picks takes a line of a list.
func (h *hands) picks(name, option string) {
	h.t.Helper()
	h.reach(name, "SELECT")
	h.keys(kb.Home)
	for range 200 {
		at, err := chromium.Ask[string](h.Tab, `document.activeElement.selectedOptions[0].textContent`)
		h.must(err)
		if strings.Contains(at, option) {
			return
		}
		h.keys(kb.ArrowDown)
	}
	h.t.Fatalf("%s cannot pick %q from %q", h.Name, option, name)
}

// ticks marks a box.
func (h *hands) ticks(name string) {
	h.t.Helper()
	h.reach(name, "INPUT")
	h.keys(" ")
	if is, err := chromium.Ask[bool](h.Tab, `document.activeElement.checked`); err != nil || !is {
		h.t.Fatalf("%s cannot tick %q: %v", h.Name, name, err)
	}
}

// presses a button or follows a link, and is on the next page.
func (h *hands) presses(name string) {
	h.t.Helper()
	h.reach(name, "A", "BUTTON")
	status, err := h.Follow(chromedp.KeyEvent("\r"))
	h.arrived(status, err)
}

// pressesInVain presses a button and gets the form back.
func (h *hands) pressesInVain(name string) {
	h.t.Helper()
	h.reach(name, "BUTTON")
	status, err := h.Follow(chromedp.KeyEvent("\r"))
	h.must(err)
	if status != 422 {
		h.t.Fatalf("%s presses %q and gets %d\n%s", h.Name, name, status, h.reads())
	}
	h.Complaints()
}

// unfolds opens what is folded away on the page.
func (h *hands) unfolds(name string) {
	h.t.Helper()
	h.reach(name, "SUMMARY")
	h.keys("\r")
}

// attaches chooses a file in the window that the browser opens.
func (h *hands) attaches(name, path string) {
	h.t.Helper()
	h.reach(name, "INPUT")
	h.must(h.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, browserpage.SetInterceptFileChooserDialog, browserpage.SetInterceptFileChooserDialogParams{Enabled: true}); err != nil {
			return err
		}
		opened, err := chromedp.WaitEvent(browserpage.FileChooserOpened, nil, chromedp.KeyEvent("\r"))(ctx, t)
		if err != nil {
			return fmt.Errorf("no window for a file opens: %w", err)
		}
		_, err = cdp.Call(ctx, t, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, BackendNodeID: opened.BackendNodeID})
		return err
	})))
}
