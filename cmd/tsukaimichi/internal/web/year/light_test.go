package year

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/rehearsed"
)

// The most a first view of a campaign may weigh, in bytes as they come over the line, headers included; and a view of one that is unchanged.
const (
	heaviestFirst = 60 << 10
	heaviestAgain = 3 << 10
)

// sample is a campaign of the sample organisations.
const sample = "/c/renshu-yugohan"

// scale weighs what a tab loads.
type scale struct {
	mu     sync.Mutex
	asked  map[network.RequestID]string
	weight map[string]int64
	status map[string]int64
}

func newScale() *scale {
	return &scale{asked: map[network.RequestID]string{}, weight: map[string]int64{}, status: map[string]int64{}}
}

func (s *scale) hear(event any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		s.asked[e.RequestID] = e.Request.URL
		s.weight[e.Request.URL] += 0
	case *network.EventResponseReceived:
		s.status[e.Response.URL] = e.Response.Status
	case *network.EventLoadingFinished:
		s.weight[s.asked[e.RequestID]] += int64(e.EncodedDataLength)
	}
}

// read tells each resource with its weight, and the sum.
func (s *scale) read() (lines []string, sum int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for address, weight := range s.weight {
		lines = append(lines, fmt.Sprintf("%6d B  %d  %s", weight, s.status[address], address))
		sum += weight
	}
	slices.Sort(lines)
	return lines, sum
}

// foreign lists what was asked of another place than the program.
func (s *scale) foreign(at string) (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for address := range s.weight {
		u, err := url.Parse(address)
		if err != nil || (u.Scheme != "data" && u.Scheme+"://"+u.Host != at) {
			all = append(all, address)
		}
	}
	return all
}

// kept are the paths the worker keeps, once it is at work.
func kept(t *testing.T, b *chromium.Tab, wanted string) []string {
	t.Helper()
	var all []string
	for deadline := time.Now().Add(chromium.Within); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var err error
		all, err = chromium.Ask[[]string](b, `(async () => {
			const all = [];
			for (const name of await caches.keys()) for (const r of await (await caches.open(name)).keys()) all.push(new URL(r.url).pathname);
			return all;
		})()`)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(all, wanted) {
			return all
		}
	}
	t.Fatalf("the worker does not keep %s: %v", wanted, all)
	return nil
}

// TestFirstViewOfACampaignIsLight weighs what Chromium loads for somebody who was never here, by what the browser says of each resource and by the bytes of the
// line, which include those for the worker.
func TestFirstViewOfACampaignIsLight(t *testing.T) {
	chromium.Browser(t)
	l := layLine(t, rehearsed.Begin(t))
	s := newScale()
	b, closeTab, err := chromium.Arrive(t, "読む人", l.at).Open(s.hear)
	if err != nil {
		t.Fatal(err)
	}
	defer closeTab()
	if err = b.Do(chromedp.EmulateViewport(360, 740)); err != nil {
		t.Fatal(err)
	}
	if status, err := b.Navigate(l.at + sample); err != nil || status != 200 {
		t.Fatalf("%d, %v", status, err)
	}
	kept(t, b, sample)
	lines, sum := s.read()
	t.Logf("a first view: %d B, and %d B over the line with what the worker keeps\n%s", sum, l.down.Load(), strings.Join(lines, "\n"))
	if len(lines) < 4 || sum < 5_000 {
		t.Errorf("too little to be a page:\n%s", strings.Join(lines, "\n"))
	}
	if sum > heaviestFirst || l.down.Load() > heaviestFirst {
		t.Errorf("a first view weighs %d B, %d B over the line; want at most %d", sum, l.down.Load(), heaviestFirst)
	}
	if all := s.foreign(l.at); len(all) > 0 {
		t.Errorf("asked of others: %v", all)
	}

	before := l.down.Load()
	if status, err := b.Navigate(l.at + sample); err != nil || status != 200 {
		t.Fatalf("%d, %v", status, err)
	}
	if again := l.down.Load() - before; again > heaviestAgain {
		t.Errorf("an unchanged page weighs %d B, want at most %d", again, heaviestAgain)
	} else {
		t.Logf("the same page again, unchanged: %d B over the line", again)
	}
}
