package chromium

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// shared is the one browser of a test binary: it starts with the first test that looks at pages and ends with Close.
var shared struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

// Close ends the browser, where one was started. It belongs at the end of TestMain.
func Close() {
	if shared.stop != nil {
		shared.stop()
	}
}

// Browser returns the context of the one browser. Nothing but this machine can be reached from it.
func Browser(t testing.TB) context.Context {
	t.Helper()
	path := Tool(t, "chromium")
	shared.once.Do(func() {
		profile, err := os.MkdirTemp("", "tsukaimichi-chromium-")
		if err != nil {
			shared.err = err
			return
		}
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.NoFirstRun, chromedp.UserDataDir(profile), chromedp.Env("LC_ALL=C.UTF-8")) // without it a file with a Japanese name is not sent
		for name, value := range map[string]any{"disable-quic": true, "disable-background-networking": true, "disable-component-update": true,
			"disable-sync": true, "disable-dev-shm-usage": true, "no-proxy-server": true, "lang": "ja",
			"host-resolver-rules": "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost"} {
			options = append(options, chromedp.Flag(name, value))
		}
		allocated, stopAll := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, stop := chromedp.NewContext(allocated)
		shared.ctx, shared.err = ctx, chromedp.Do(ctx) // the first call owns the browser and must not have a deadline
		shared.stop = func() {
			stop()
			stopAll()
			_ = os.RemoveAll(profile) // a folder of the system's own, emptied by it as well
		}
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.ctx
}
