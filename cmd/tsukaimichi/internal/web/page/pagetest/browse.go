package pagetest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// Browse opens rendered pages in Chromium as a reader with a small screen does: 320 px wide, then with text at 200 %. It fails for a page
// that has to be moved sideways, for one our policy keeps something from, and for a control smaller than a finger. Without
// Chromium the test is skipped; under CI=true it fails.
func Browse(t *testing.T, pages map[string]string) {
	t.Helper()
	ctx := browser(t)
	shown := &shelf{pages: pages, static: page.Static()}
	server := httptest.NewServer(shown)
	t.Cleanup(server.Close)
	names := make([]string, 0, len(pages))
	for name := range pages {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		for _, zoom := range []string{"100%", "200%"} {
			faults, err := chromedp.Run(ctx, open(server.URL+"/"+name+"?zoom="+strings.TrimSuffix(zoom, "%")))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, fault := range faults {
				t.Errorf("%s at 320 px, text %s: %s", name, zoom, fault)
			}
		}
	}
	shown.mutex.Lock()
	defer shown.mutex.Unlock()
	for _, refused := range shown.refused {
		t.Errorf("refused by the policy: %s", refused)
	}
}

// browser starts Chromium; it ends with the test.
func browser(t *testing.T) context.Context {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("chromium is missing: apt-get install chromium fonts-morisawa-bizud-gothic")
		}
		t.Skip("chromium is missing: apt-get install chromium fonts-morisawa-bizud-gothic")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun)
	for name, value := range map[string]any{"no-proxy-server": true, "disable-quic": true, "disable-dev-shm-usage": true, "disable-sync": true,
		"disable-background-networking": true, "disable-component-update": true, "lang": "ja",
		"host-resolver-rules": "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"} {
		options = append(options, chromedp.Flag(name, value))
	}
	allocated, stop := chromedp.NewExecAllocator(context.Background(), append(options, chromedp.UserDataDir(t.TempDir()))...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(allocated)
	t.Cleanup(closeTab)
	if err := chromedp.Do(ctx); err != nil { // the first call owns the browser and must not have a deadline
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	return limited
}

// shelf answers with the pages under the policy of the site and notes what the policy refuses. ?zoom=200 makes text twice as large by
// a stylesheet, as a browser's setting does.
type shelf struct {
	pages   map[string]string
	static  http.Handler
	mutex   sync.Mutex
	refused []string
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/zoom.css":
		w.Header().Set("Content-Type", "text/css")
		fmt.Fprint(w, "html { font-size: 200%; }")
	case r.URL.Path == "/refused":
		report, _ := io.ReadAll(io.LimitReader(r.Body, 2000)) // what could be read is enough to find it
		s.mutex.Lock()
		s.refused = append(s.refused, string(report))
		s.mutex.Unlock()
	case strings.HasPrefix(r.URL.Path, page.StaticPath):
		s.static.ServeHTTP(w, r)
	default:
		s.page(w, r)
	}
}

func (s *shelf) page(w http.ResponseWriter, r *http.Request) {
	text, ok := s.pages[strings.TrimPrefix(r.URL.Path, "/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.URL.Query().Get("zoom") == "200" {
		text = strings.Replace(text, "</head>", `<link rel="stylesheet" href="/zoom.css"></head>`, 1)
	}
	w.Header().Set("Content-Security-Policy", page.Policy()+"; report-uri /refused")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, text)
}

// open loads a page and returns what a reader would stumble over.
func open(address string) chromedp.Action[[]string] {
	return func(ctx context.Context, t *chromedp.Target) ([]string, error) {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(320, 700), chromedp.Navigate(address)); err != nil {
			return nil, err
		}
		return chromedp.Run(ctx, chromedp.Evaluate[[]string](looking))
	}
}

// looking runs in the page. A control inside running text is as high as its line, and is left out.
const looking = `(() => {
  const faults = [], width = document.documentElement.clientWidth;
  const name = e => e.tagName.toLowerCase() + "." + (e.className.baseVal ?? e.className);
  if (document.documentElement.scrollWidth > width) {
    const wide = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > width + 1 && !e.closest(".scroll, svg, .skip, .sr"));
    faults.push("has to be moved sideways: " + wide.slice(0, 3).map(name).join(", "));
  }
  if (getComputedStyle(document.querySelector(".skip, .sr")).position !== "absolute") faults.push("the stylesheet did not arrive");
  for (const e of document.querySelectorAll("button, .btn, .choice, .tick, select, .input, .head__nav a, .console__nav a, .textlink"))
    if (e.offsetParent && e.getBoundingClientRect().height < 43.5) faults.push("smaller than a finger: " + name(e));
  return faults;
})()`
