package chromium

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
)

// Hands are a person at a keyboard: every key is a real one, the mouse is never touched, and what cannot be reached cannot be done.
type Hands struct {
	*Tab
	T *testing.T
}

// Sit gives a new visitor a keyboard.
func Sit(t *testing.T, name, at string) *Hands {
	t.Helper()
	b, closeTab, err := Arrive(t, name, at).Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closeTab)
	h := &Hands{b, t}
	h.Must(b.Do(chromedp.EmulateViewport(1280, 800)))
	return h
}

// Must ends the test on an error, with what is to be read on the page.
func (h *Hands) Must(err error) {
	h.T.Helper()
	if err != nil {
		h.T.Fatalf("%s: %v\n%s", h.Name, err, h.Reads())
	}
}

// GoTo types an address into the browser.
func (h *Hands) GoTo(path string) {
	h.T.Helper()
	status, err := h.Navigate(h.At + path)
	h.arrived(status, err)
}

func (h *Hands) arrived(status int, err error) {
	h.T.Helper()
	h.Must(err)
	if status != 200 {
		h.T.Fatalf("%s gets %d\n%s", h.Name, status, h.Reads())
	}
	for _, c := range h.Complaints() {
		h.T.Errorf("%s: %s", h.Name, c)
	}
}

// Reads is the text of the page.
func (h *Hands) Reads() string {
	read, err := Ask[string](h.Tab, `location.pathname + "\n" + document.body.innerText`)
	if err != nil {
		return err.Error()
	}
	return read
}

// Path is that of the open page.
func (h *Hands) Path() string {
	h.T.Helper()
	path, err := Ask[string](h.Tab, `location.pathname`)
	h.Must(err)
	return path
}

// Sees fails unless all of it is to be read on the page. Spaces do not count.
func (h *Hands) Sees(wants ...string) {
	h.T.Helper()
	bare := strings.NewReplacer(" ", "", "\n", "", "\t", "", "　", "")
	read := h.Reads()
	for _, want := range wants {
		if !strings.Contains(bare.Replace(read), bare.Replace(want)) {
			h.T.Errorf("%s does not read %q in\n%s", h.Name, want, read)
		}
	}
}

// WaitsFor loads the page again until it says something that a job or a letter from the payment service brings about.
func (h *Hands) WaitsFor(want string) {
	h.T.Helper()
	path := h.Path()
	for deadline := time.Now().Add(Within); ; time.Sleep(200 * time.Millisecond) {
		if strings.Contains(h.Reads(), want) {
			return
		}
		if time.Now().After(deadline) {
			h.T.Fatalf("%s waits in vain for %q in\n%s", h.Name, want, h.Reads())
		}
		h.GoTo(path)
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

// Reach presses Tab until the focus is on what has the name and is of one of the kinds: going on from where it is, and around the page.
func (h *Hands) Reach(name string, kinds ...string) {
	h.T.Helper()
	var passed []string
	for len(passed) < 300 && count(passed, "A: 本文へ") < 2 { // which is where a page begins

		h.Keys("\t")
		at, err := Ask[string](h.Tab, atFocus)
		h.Must(err)
		kind, words, _ := strings.Cut(at, ": ")
		if slices.Contains(kinds, kind) && strings.Contains(words, name) {
			return
		}
		passed = append(passed, at)
	}
	h.T.Fatalf("%s cannot reach %q by Tab, only\n%s\nin %s", h.Name, name, strings.Join(passed, "\n"), h.Reads())
}

func count(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

// Keys presses keys.
func (h *Hands) Keys(keys string, options ...chromedp.KeyOption) {
	h.T.Helper()
	h.Must(h.Do(chromedp.KeyEvent(keys, options...)))
}

// Fills writes text into the next field of that name, in place of what was there.
func (h *Hands) Fills(name, text string) {
	h.T.Helper()
	h.Reach(name, "INPUT", "TEXTAREA")
	kind, err := Ask[string](h.Tab, `document.activeElement.type`)
	h.Must(err)
	if kind == "date" {
		h.typesDay(text)
		return
	}
	h.Keys("a", chromedp.KeyModifiers(chromedp.ModifierCtrl))
	h.Writes(text)
}

// Writes types; what no key has comes as from an input method.
func (h *Hands) Writes(text string) {
	h.T.Helper()
	for _, r := range text {
		if r < 0x80 {
			h.Keys(string(r))
			continue
		}
		h.Must(h.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: string(r)})
			return err
		})))
	}
}

// typesDay writes 2026-11-25 into a field for a day, part by part, in the order in which this browser shows them.
func (h *Hands) typesDay(day string) {
	h.T.Helper()
	order, err := Ask[[]string](h.Tab, `new Intl.DateTimeFormat().formatToParts(new Date()).map(part => part.type).filter(type => type !== "literal")`)
	h.Must(err)
	parts := map[string]string{"year": day[:4] + kb.ArrowRight, "month": day[5:7], "day": day[8:]}
	for _, part := range order {
		h.Keys(parts[part])
	}
	got, err := Ask[string](h.Tab, `document.activeElement.value`)
	h.Must(err)
	if got != day {
		h.T.Fatalf("%s typed the day %s and the field has %q", h.Name, day, got)
	}
}

// Chooses takes one of several round buttons, by the arrow keys.
func (h *Hands) Chooses(name string) {
	h.T.Helper()
	h.Reach(name, "INPUT")
	own := `[...document.activeElement.labels].map(l => l.textContent).join()`
	for range 20 {
		at, err := Ask[string](h.Tab, own)
		h.Must(err)
		if strings.Contains(at, name) {
			h.Keys(" ")
			return
		}
		h.Keys(kb.ArrowDown)
	}
	h.T.Fatalf("%s cannot choose %q", h.Name, name)
}

// Picks takes a line of a list.
func (h *Hands) Picks(name, option string) {
	h.T.Helper()
	h.Reach(name, "SELECT")
	h.Keys(kb.Home)
	for range 200 {
		at, err := Ask[string](h.Tab, `document.activeElement.selectedOptions[0].textContent`)
		h.Must(err)
		if strings.Contains(at, option) {
			return
		}
		h.Keys(kb.ArrowDown)
	}
	h.T.Fatalf("%s cannot pick %q from %q", h.Name, option, name)
}

// Ticks marks a box.
func (h *Hands) Ticks(name string) {
	h.T.Helper()
	h.Reach(name, "INPUT")
	h.Keys(" ")
	if is, err := Ask[bool](h.Tab, `document.activeElement.checked`); err != nil || !is {
		h.T.Fatalf("%s cannot tick %q: %v", h.Name, name, err)
	}
}

// Presses a button or follows a link, and is on the next page.
func (h *Hands) Presses(name string) {
	h.T.Helper()
	h.Reach(name, "A", "BUTTON")
	status, err := h.Follow(chromedp.KeyEvent("\r"))
	h.arrived(status, err)
}

// PressesInVain presses a button and gets the form back.
func (h *Hands) PressesInVain(name string) {
	h.T.Helper()
	h.Reach(name, "BUTTON")
	status, err := h.Follow(chromedp.KeyEvent("\r"))
	h.Must(err)
	if status != 422 {
		h.T.Fatalf("%s presses %q and gets %d\n%s", h.Name, name, status, h.Reads())
	}
	h.Complaints()
}

// Unfolds opens what is folded away on the page.
func (h *Hands) Unfolds(name string) {
	h.T.Helper()
	h.Reach(name, "SUMMARY")
	h.Keys("\r")
}

// Attaches chooses a file in the window that the browser opens.
func (h *Hands) Attaches(name, path string) {
	h.T.Helper()
	h.Reach(name, "INPUT")
	h.Must(h.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
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
