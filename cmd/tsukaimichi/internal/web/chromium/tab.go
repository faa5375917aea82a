package chromium

import (
	"context"
	"errors"
	"fmt"
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

// Visitor is somebody with cookies of his own.
type Visitor struct {
	Name string // "だれでも", or the role of a member
	Home string // where he begins
	At   string // the site's address
	ctx  context.Context
}

// Arrive returns a visitor whom the site does not know yet. He leaves with the test.
func Arrive(t testing.TB, name, at string) *Visitor {
	t.Helper()
	ctx, leave := chromedp.NewContext(Browser(t), chromedp.WithNewBrowserContext())
	t.Cleanup(leave)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &Visitor{Name: name, Home: "/", At: at, ctx: ctx}
}

// Tab is one open page of a visitor. It remembers what the browser complained about.
type Tab struct {
	*Visitor
	Context context.Context // of the tab, for steps of one's own
	mutex   sync.Mutex
	grumble []string
}

// Open gives the visitor a tab; the function returned closes it. Whoever else hears gets every event of the browser's protocol.
func (v *Visitor) Open(hears ...func(event any)) (*Tab, func(), error) {
	b := &Tab{Visitor: v}
	ctx, closeTab := chromedp.NewContext(v.ctx, chromedp.WithListener(func(event any) {
		b.listen(event)
		for _, hear := range hears {
			hear(event)
		}
	}))
	b.Context = ctx
	err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	}))
	return b, closeTab, err
}

// listen hears errors of scripts, refusals of the policy and what did not load.
func (b *Tab) listen(event any) {
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

// Complaints returns what the browser complained about since the last call. The answer's own status is no complaint: it is tested.
func (b *Tab) Complaints() []string {
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

// Within is how long a page may take, with everything that is asked of it.
const Within = 2 * time.Minute

// Navigate opens an address and returns the status of the answer.
func (b *Tab) Navigate(address string) (int, error) {
	return b.Follow(chromedp.Navigate(address))
}

// Follow does what leads to another page, waits for that page and returns its status.
func (b *Tab) Follow(steps ...chromedp.Action[chromedp.Void]) (int, error) {
	ctx, cancel := context.WithTimeout(b.Context, Within)
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

// Do runs steps that stay on the page.
func (b *Tab) Do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(b.Context, Within)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

// Ask evaluates an expression in the page, and waits if it promises a value.
func Ask[T any](b *Tab, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(b.Context, Within)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// Cookies are the visitor's, as a header.
func (b *Tab) Cookies() (string, error) {
	ctx, cancel := context.WithTimeout(b.Context, Within)
	defer cancel()
	all, err := chromedp.Run(ctx, func(ctx context.Context, t *chromedp.Target) (network.GetCookiesResult, error) {
		return cdp.Call(ctx, t, network.GetCookies, network.GetCookiesParams{URLs: []string{b.At}})
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

// Scripts allows or forbids the pages' own scripts, as a careful reader's browser does.
func (b *Tab) Scripts(allowed bool) error {
	return b.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !allowed})
		return err
	}))
}
