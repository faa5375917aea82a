package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/reports/opendata"
)

// neighbour gives as the i-th neighbour.
func neighbour(i int) func(*campaigns.Gift) {
	return func(g *campaigns.Gift) {
		g.CountsAs, g.Display = campaigns.CountsPerson, campaigns.Anonymous
		g.Donor = campaigns.Donor{Name: fmt.Sprintf("練習 %d", i), Address: fmt.Sprintf("練習町%d", i), Kind: "person"}
	}
}

// TestOnePageAloneMayBeFramed: the panel by any site, and no other page, whatever became of the request.
func TestOnePageAloneMayBeFramed(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	c := s.Announce()
	at := "/c/" + c.Slug
	panel := s.get(at + "/embed")
	if policy := panel.header.Get("Content-Security-Policy"); panel.status != http.StatusOK || !strings.Contains(policy, "frame-ancestors *;") || strings.Contains(policy, "script") ||
		panel.header.Get("X-Frame-Options") != "" {
		t.Errorf("the panel: %d, %q, %q", panel.status, policy, panel.header.Get("X-Frame-Options"))
	}
	for _, path := range []string{"/", at, at + "/share", at + "/give", at + "/embed/", "/c/nobody/embed", "/o/" + s.slug, "/o/" + s.slug + "/trace", at + "/data.json", at + "/card.png", "/data"} {
		got := s.get(path)
		if policy := got.header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'none'") || got.header.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s (%d): %q, %q", path, got.status, policy, got.header.Get("X-Frame-Options"))
		}
	}
}

func TestDataHasStableAddressesAndIsSentOnce(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	c := s.Announce()
	s.Enter(c, 5_000, neighbour(1))
	for path, kind := range map[string]string{"/c/" + c.Slug + "/data.json": "application/json; charset=utf-8", "/c/" + c.Slug + "/data.csv": "text/csv; charset=utf-8",
		"/o/" + s.slug + "/data.json": "application/json; charset=utf-8", "/o/" + s.slug + "/data.csv": "text/csv; charset=utf-8", "/c/" + c.Slug + "/card.png": "image/png"} {
		first := s.get(path)
		if first.status != http.StatusOK || first.header.Get("Content-Type") != kind || first.header.Get("ETag") == "" {
			t.Errorf("%s: %d, %v", path, first.status, first.header)
		}
		again := httptest.NewRequest(http.MethodGet, path, nil)
		again.Header.Set("If-None-Match", first.header.Get("ETag"))
		if got := s.send(again); got.status != http.StatusNotModified || got.body != "" {
			t.Errorf("%s again: %d", path, got.status)
		}
	}
	var d opendata.Campaign
	if err := json.Unmarshal([]byte(s.get("/c/"+c.Slug+"/data.json").body), &d); err != nil || d.Format != 1 || d.Total.Received != 5_000 || d.Source != address+"/c/"+c.Slug {
		t.Errorf("%v, %+v", err, d)
	}
	if page := s.get("/c/" + c.Slug).body; !strings.Contains(page, `<meta property="og:image" content="`+address+"/c/"+c.Slug+`/card.png">`) || !strings.Contains(page, `<meta name="twitter:card" content="summary_large_image">`) {
		t.Error("the page of the campaign has no card")
	}
	for _, path := range []string{"/c/nobody/data.json", "/o/nobody/data.csv", "/c/nobody/card.png", "/r/nobody/card.png", "/c/nobody/share", "/o/nobody/trace"} {
		if got := s.get(path); got.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.status)
		}
	}
}

// TestHolderOfAReceiptSeesWhereHisGiftWent: with the number and the digits of the paper, which stand in no address.
func TestHolderOfAReceiptSeesWhereHisGiftWent(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	c := s.Announce()
	gift := s.Enter(c, 3_000, neighbour(1))
	for i := range 6 {
		s.Enter(c, 10_000, neighbour(2+i))
	}
	s.Check(s.Spend(s.Uses(c)[0], 21_000))
	s.sign()
	r := s.receipt(gift)
	at := "/o/" + s.slug + "/trace"
	if form := s.get(at); form.status != http.StatusOK || !strings.Contains(form.body, `method="post" action="`+at+`"`) {
		t.Errorf("the form: %d", form.status)
	}
	found := s.post(at, url.Values{"number": {"第" + r.Label() + "号"}, "check": {r.Payload.Check[:4] + "　" + r.Payload.Check[4:]}})
	for _, want := range []string{"わたしの3,000円", "2,857円", "1,000円", "143円", "/c/" + c.Slug + "/data.csv", "使いみちの指定はありません"} {
		if !strings.Contains(found.body, want) {
			t.Errorf("the trace does not say %s", want)
		}
	}
	if found.status != http.StatusOK || found.header.Get("Cache-Control") != "private, no-store" || strings.Contains(found.body, r.Payload.Check) || strings.Contains(found.body, "練習 1") {
		t.Errorf("%d, %v", found.status, found.header)
	}
	if wrong := s.post(at, url.Values{"number": {r.Label()}, "check": {"000000000000"}}); wrong.status != http.StatusUnprocessableEntity || strings.Contains(wrong.body, "3,000円") {
		t.Errorf("other digits: %d", wrong.status)
	}
	tries := 0
	for range 30 {
		if s.post(at, url.Values{"number": {r.Label()}, "check": {"000000000000"}}).status == http.StatusTooManyRequests {
			break
		}
		tries++
	}
	if tries >= 30 {
		t.Error("the digits can be tried for ever")
	}
}

// TestWhatNoTextCanHoldIsNoFaultOfOurs: NUL and half a character, in a path and in a query; the log of faults stays for faults.
func TestWhatNoTextCanHoldIsNoFaultOfOurs(t *testing.T) {
	t.Parallel()
	s := openSite(t)
	for _, path := range []string{"/?q=%00", "/?q=%e3%81", "/c/%00", "/c/%ff/give", "/o/%00/log", "/r/%ff", "/c/%00/data.json", "/g/1/%00", "/files/1/photo/%ff", "/sign-in/link?t=%00"} {
		if got := s.get(path); got.status < 400 || got.status >= 500 {
			t.Errorf("%s: %d; want 4xx", path, got.status)
		}
	}
}
