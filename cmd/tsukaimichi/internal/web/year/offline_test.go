package year

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/rehearsed"
)

// TestPublicPagesAreReadWithoutALine opens a campaign, loses the line, reads the campaign as it was with the day it is of, learns which pages there are, and
// reads it without any notice once the line is back. What is for one person is not kept.
func TestPublicPagesAreReadWithoutALine(t *testing.T) {
	x := &chromium.Examiner{Axe: chromium.Axe(t), Shots: os.Getenv("TSUKAIMICHI_SHOTS")}
	chromium.Browser(t)
	l := layLine(t, rehearsed.Begin(t))
	reader := chromium.Sit(t, "つながらない人", l.at)
	reader.GoTo(sample)
	kept(t, reader.Tab, sample)
	reader.GoTo("/how")
	for _, private := range []string{sample + "/give", "/sign-in", "/practice", "/practice/mail", "/?q=食堂", sample + "/follow"} {
		reader.GoTo(private)
	}
	public := regexp.MustCompile(`^/(static/(tokens|site)\.css|static/mark\.svg|static/comfort\.js|offline|how|c/renshu-yugohan)$`)
	for _, path := range kept(t, reader.Tab, "/how") {
		if !public.MatchString(path) {
			t.Errorf("the worker keeps %s", path)
		}
	}

	l.cut(t)
	reader.GoTo(sample)
	reader.Sees("保存した", "日のページです", "つながっていません", "約束")
	looked(t, x, reader)
	status, err := reader.Navigate(l.at + "/verify")
	reader.Must(err)
	if status != 503 {
		t.Errorf("a page never read: %d, want 503", status)
	}
	reader.Sees("いま、つながっていません", "みんなの夕ごはん", "しくみ", "に保存しました")
	reader.Complaints() // that the page is not there
	looked(t, x, reader)
	other, closeTab, err := reader.Open()
	reader.Must(err)
	if _, err := other.Navigate(l.at + sample + "/give"); err == nil || !strings.Contains(err.Error(), "ERR_CONNECTION_REFUSED") {
		t.Errorf("a page to give on, without a line: %v", err)
	}
	closeTab()

	l.mend(t)
	reader.GoTo(sample)
	if strings.Contains(reader.Reads(), "保存した") {
		t.Error("an old page is shown although there is a line")
	}
}

// looked has the open page looked at.
func looked(t *testing.T, x *chromium.Examiner, h *chromium.Hands) {
	t.Helper()
	faults, err := x.Page(h.Tab)
	h.Must(err)
	for _, fault := range faults {
		t.Errorf("%s: %s", h.Name, fault)
	}
}
