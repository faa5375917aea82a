package chromium

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	browserpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Examiner looks at pages as their readers do: on a phone, on a desk, with large text, without a mouse, without scripts.
type Examiner struct {
	Axe   string // the text of axe-core
	Shots string // folder for pictures of every page, or ""
}

// widths are those a page is looked at with axe-core, and photographed.
var widths = []int64{1280, 360}

// Page lists what is wrong with the page that is open.
func (x *Examiner) Page(b *Tab) ([]string, error) {
	faults := b.Complaints()
	say := func(where string, said []string) {
		for _, s := range said {
			faults = append(faults, where+": "+s)
		}
	}
	if err := b.Do(chromedp.Evaluate[chromedp.Void](x.Axe)); err != nil {
		return nil, err
	}
	for _, width := range widths {
		if err := b.Do(chromedp.EmulateViewport(width, 800)); err != nil {
			return nil, err
		}
		said, err := Ask[[]string](b, barriers)
		if err != nil {
			return nil, err
		}
		say(fmt.Sprintf("%d px", width), said)
		if err = x.Shoot(b, width); err != nil {
			return nil, err
		}
	}
	for _, view := range []struct {
		name        string
		width, size int64
	}{{"320 px", 320, 16}, {"360 px with text at 200 %", 360, 32}} {
		if err := b.Do(chromedp.EmulateViewport(view.width, 800), textSize(view.size)); err != nil {
			return nil, err
		}
		said, err := Ask[[]string](b, sideways)
		if err != nil {
			return nil, err
		}
		say(view.name, said)
	}
	return faults, b.Do(textSize(16))
}

// textSize is the reader's setting: how many pixels his text has.
func textSize(pixels int64) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, browserpage.SetFontSizes, browserpage.SetFontSizesParams{FontSizes: &browserpage.FontSizes{Standard: pixels}})
		return err
	})
}

// barriers runs axe-core in the page, and looks for what it does not: ids used twice.
const barriers = `axe.run(document, {resultTypes: ["violations"], runOnly: {type: "tag",
    values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}).then(r => {
  const said = r.violations.map(v => "axe " + v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + n.html.slice(0, 160)).join(" | "));
  const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) said.push("id used twice: " + id);
  return said;
})`

// sideways looks for what sticks out of the page or is cut off.
const sideways = `(() => {
  const root = document.documentElement, said = [];
  const name = e => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + "." + (e.className.baseVal ?? e.className) + " " + e.textContent.trim().slice(0, 30);
  const aside = ".scroll, svg, .skip, .sr";
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest(aside));
    said.push("has to be moved sideways: " + wide.slice(0, 3).map(name).join(", "));
  }
  for (const e of document.querySelectorAll("body *")) {
    if (e.closest(aside) || !e.textContent.trim() || getComputedStyle(e).overflowX === "visible" || e.scrollWidth <= e.clientWidth + 1) continue;
    if (!["INPUT", "TEXTAREA", "SELECT"].includes(e.tagName)) said.push("is cut off: " + name(e));
  }
  return said;
})()`

// Keys lists what is wrong for a reader without a mouse: he presses Tab through the page, sees where he is, and reaches the main action.
func (x *Examiner) Keys(b *Tab) ([]string, error) {
	if err := b.Do(chromedp.EmulateViewport(1280, 800)); err != nil {
		return nil, err
	}
	if _, err := Ask[bool](b, watchFocus); err != nil {
		return nil, err
	}
	for range 12 { // 240 stops: more than any page has
		if err := b.Do(chromedp.KeyEvent(strings.Repeat("\t", 20))); err != nil {
			return nil, err
		}
		if round, err := Ask[bool](b, `watched.round`); err != nil || round {
			return focused(b, err)
		}
	}
	return focused(b, nil)
}

func focused(b *Tab, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	return Ask[[]string](b, `watched.end()`)
}

// watchFocus notes every stop. The browser draws a ring of its own around what gets no other, unless a stylesheet takes it away.
const watchFocus = `(() => {
  document.activeElement?.blur();
  const stops = new Set(), unseen = new Set();
  const name = e => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + "." + e.className + " " + (e.textContent.trim() || e.name || "").slice(0, 30);
  const ring = e => { const s = getComputedStyle(e); return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none"; };
  globalThis.watched = {round: false, end() {
    const said = [...unseen].map(e => "gets the focus and does not show it: " + name(e));
    for (const e of document.querySelectorAll("main .btn:not(.btn--plain), main input, main select, main textarea")) {
      if (!e.checkVisibility() || e.disabled || e.type === "hidden" || e.type === "radio" || stops.has(e)) continue;
      said.push("cannot be reached by Tab: " + name(e));
    }
    if (!stops.size) said.push("nothing can be reached by Tab");
    return said;
  }};
  document.addEventListener("focusin", e => {
    const at = e.target, box = at.getBoundingClientRect();
    if (stops.has(at)) { watched.round = true; return; }
    stops.add(at);
    const outside = box.width < 1 || box.right < 1 || box.bottom + scrollY < 1; // of the page: as far as one can scroll
    if (outside || !(ring(at) || [...at.labels ?? []].some(ring))) unseen.add(at);
  });
  return true;
})()`

// Plain lists what is missing for a reader whose browser runs no scripts.
func (x *Examiner) Plain(b *Tab, address string) ([]string, error) {
	withScripts, err := Ask[[]string](b, essentials)
	if err != nil {
		return nil, err
	}
	if err = b.Scripts(false); err != nil {
		return nil, err
	}
	if _, err = b.Navigate(address); err != nil {
		return nil, err
	}
	without, err := Ask[[]string](b, essentials)
	if err != nil {
		return nil, err
	}
	var faults []string
	if !slices.ContainsFunc(without, func(e string) bool { return strings.HasPrefix(e, "h1 ") }) {
		faults = append(faults, "without scripts there is no h1")
	}
	if strings.Join(withScripts, "\n") != strings.Join(without, "\n") {
		faults = append(faults, fmt.Sprintf("without scripts the page has %q, with them %q", without, withScripts))
	}
	return faults, b.Scripts(true)
}

// essentials are the visible headings and forms with their buttons.
const essentials = `[...document.querySelectorAll("h1, form, form button, form input:not([type=hidden])")].filter(e => e.checkVisibility())
  .map(e => e.tagName === "H1" ? "h1 " + e.textContent.trim() : e.tagName + " " + (e.getAttribute("action") ?? e.name))`

var unfit = regexp.MustCompile(`[^0-9A-Za-zぁ-んァ-ヶ一-龠]+`)

// Shoot stores a picture of the whole page.
func (x *Examiner) Shoot(b *Tab, width int64) error {
	if x.Shots == "" {
		return nil
	}
	at, err := Ask[string](b, `location.pathname + location.search + (document.title.startsWith("入力を直して") ? "_422" : "")`)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(b.Context, Within)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s%s-%d.png", b.Name, unfit.ReplaceAllString(at, "_"), width)
	return os.WriteFile(filepath.Join(x.Shots, name), picture, 0o644)
}

// Portray stores a picture of a page on a telephone, from the part with those words on, as the README shows it.
func (x *Examiner) Portray(b *Tab, path, words, name string) error {
	if x.Shots == "" {
		return nil
	}
	if err := b.Do(chromedp.EmulateViewport(400, 1000)); err != nil {
		return err
	}
	if _, err := b.Navigate(b.At + path); err != nil {
		return err
	}
	_, err := Ask[bool](b, fmt.Sprintf(`[...document.querySelectorAll(".head, .sec")].find(e => e.textContent.includes("%s")).scrollIntoView({behavior: "instant"}), true`, words))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(b.Context, Within)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(x.Shots, name), picture, 0o644)
}
