package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium is the one browser of this test binary: it starts with the first test that looks at pages and ends after the last.
var chromium struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if chromium.stop != nil {
		chromium.stop()
	}
	os.Exit(code)
}

// browser returns the context of the one browser. Nothing but this machine can be reached from it.
func browser(t testing.TB) context.Context {
	t.Helper()
	path := tool(t, "chromium")
	chromium.once.Do(func() {
		profile, err := os.MkdirTemp("", "tsukaimichi-chromium-")
		if err != nil {
			chromium.err = err
			return
		}
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.NoFirstRun, chromedp.UserDataDir(profile))
		for name, value := range map[string]any{"disable-quic": true, "disable-background-networking": true, "disable-component-update": true,
			"disable-sync": true, "disable-dev-shm-usage": true, "no-proxy-server": true, "lang": "ja",
			"host-resolver-rules": "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost"} {
			options = append(options, chromedp.Flag(name, value))
		}
		allocated, stopAll := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, stop := chromedp.NewContext(allocated)
		chromium.ctx, chromium.err = ctx, chromedp.Do(ctx) // the first call owns the browser and must not have a deadline
		chromium.stop = func() {
			stop()
			stopAll()
			_ = os.RemoveAll(profile) // a folder of the system's own, emptied by it as well
		}
	})
	if chromium.err != nil {
		t.Fatal(chromium.err)
	}
	return chromium.ctx
}

// visitor is somebody with cookies of his own.
type visitor struct {
	name string // "だれでも", or the role of a member
	home string // where he begins
	at   string // the site's address
	ctx  context.Context
}

// arrive returns a visitor whom the site does not know yet. He leaves with the test.
func arrive(t testing.TB, name, at string) *visitor {
	t.Helper()
	ctx, leave := chromedp.NewContext(browser(t), chromedp.WithNewBrowserContext())
	t.Cleanup(leave)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &visitor{name: name, home: "/", at: at, ctx: ctx}
}

// tab is one open page of a visitor. It remembers what the browser complained about.
type tab struct {
	*visitor
	ctx     context.Context
	mutex   sync.Mutex
	grumble []string
}

// open gives the visitor a tab; close ends it.
func (v *visitor) open() (*tab, func(), error) {
	b := &tab{visitor: v}
	ctx, closeTab := chromedp.NewContext(v.ctx, chromedp.WithListener(b.listen))
	b.ctx = ctx
	err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	}))
	return b, closeTab, err
}

// listen hears errors of scripts, refusals of the policy and what did not load.
func (b *tab) listen(event any) {
	var said string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		said = e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			said += " " + e.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type != runtime.ConsoleAPICalledTypeError && e.Type != runtime.ConsoleAPICalledTypeWarning {
			return
		}
		for _, a := range e.Args {
			said += " " + string(a.Value)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelVerbose || e.Entry.Level == log.EntryLevelInfo {
			return
		}
		said = fmt.Sprintf("%s %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
	default:
		return
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.grumble = append(b.grumble, strings.TrimSpace(said))
}

// complaints returns what the browser complained about since the last call. The answer's own status is no complaint: it is tested.
func (b *tab) complaints() []string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	var said []string
	for _, g := range b.grumble {
		if !strings.Contains(g, "the server responded with a status of") || strings.Contains(g, "/static/") {
			said = append(said, "the browser complains: "+g)
		}
	}
	b.grumble = nil
	return said
}

// within is how long a page may take, with everything that is asked of it.
const within = 30 * time.Second

// navigate opens an address and returns the status of the answer.
func (b *tab) navigate(address string) (int, error) {
	return b.follow(chromedp.Navigate(address))
}

// follow does what leads to another page, waits for that page and returns its status.
func (b *tab) follow(steps ...chromedp.Action[chromedp.Void]) (int, error) {
	ctx, cancel := context.WithTimeout(b.ctx, within)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		return 0, err
	}
	if response == nil {
		return 0, errors.New("no answer")
	}
	return int(response.Status), nil
}

// do runs steps that stay on the page.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(b.ctx, within)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

// ask evaluates an expression in the page, and waits if it promises a value.
func ask[T any](b *tab, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, within)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// cookies are the visitor's, as a header.
func (b *tab) cookies() (string, error) {
	ctx, cancel := context.WithTimeout(b.ctx, within)
	defer cancel()
	all, err := chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) (network.GetCookiesResult, error) {
		return cdp.Call(ctx, t, network.GetCookies, network.GetCookiesParams{URLs: []string{b.at}})
	})
	if err != nil {
		return "", err
	}
	var pairs []string
	for _, c := range all.Cookies {
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	return strings.Join(pairs, "; "), nil
}

// scripts allows or forbids the pages' own scripts, as a careful reader's browser does.
func (b *tab) scripts(allowed bool) error {
	return b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !allowed})
		return err
	}))
}
