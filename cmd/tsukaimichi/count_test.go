package main

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/chromium"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/limit"
)

// pieces are what random texts are made of: what Japanese forms see, and what has fooled counters before.
var pieces = []string{"あ", "ん", "漢", "字", "、", "。", "「", "ー", "ｶ", "ﾞ", "ﾟ", "\u3099", "\u309a", "か\u3099", "は\u309a", "a", "Z", "7", " ", "　", "\t",
	"\n", "\r\n", "\r", "𠮷", "👨\u200d👩\u200d👧", "🇯🇵", "é", "e\u0301", "ﬁ", "①", "㍻", "½", "\u00a0", "\u2003", "\u200b", "\u202f", "\ufe0f", "葛\U000e0100", "¥", "‾", "α", "Я", "각", "ᄀ\u1161\u11a8", "\ufeff"}

func randomText(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(60) {
		if r.IntN(10) > 0 {
			b.WriteString(pieces[r.IntN(len(pieces))])
			continue
		}
		if c := rune(r.IntN(0x30000)); c >= 0x20 && (c < 0xD800 || c > 0xDFFF) {
			b.WriteRune(c)
		}
	}
	return b.String()
}

func randomLimit(r *rand.Rand) limit.Limit {
	l := limit.Limit{Max: 1 + r.IntN(60), Soft: r.IntN(2) == 0}
	l.Min = r.IntN(l.Max)
	switch r.IntN(4) {
	case 0:
		l.Kind, l.NoSpaces, l.NoBreaks = limit.Chars, r.IntN(2) == 0, r.IntN(2) == 0
	case 1:
		l.Kind, l.NoSpaces, l.NoBreaks = limit.HalfWidth, r.IntN(2) == 0, r.IntN(2) == 0
	case 2:
		l.Kind, l.Cols = limit.Frame, 1+r.IntN(20)
	default:
		l.Kind, l.Cols, l.PageRows = limit.Pages, 1+r.IntN(20), 1+r.IntN(5)
	}
	return l
}

// The draft says 「あと n 字」 while somebody types, and refuses when it is handed in: these must be one count.
func TestBrowserAndServerCountTenThousandTextsAlike(t *testing.T) {
	script, found := page.StaticFiles()["count.js"]
	if !found {
		t.Fatal("no count.js")
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	type sample struct {
		Limit limit.Limit `json:"limit"`
		Text  string      `json:"text"`
	}
	samples := make([]sample, 10_000)
	for i := range samples {
		samples[i] = sample{randomLimit(r), randomText(r)}
	}
	input, err := json.Marshal(samples)
	if err != nil {
		t.Fatal(err)
	}
	b, leave, err := chromium.Arrive(t, "だれでも", "").Open()
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	module := strings.ReplaceAll(string(script), "export function", "function")
	got, err := chromedp.Run(b.Context, chromedp.Evaluate[[]limit.Count]("(() => {"+module+"; return "+string(input)+".map(s => count(s.limit, s.text)); })()"))
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range samples {
		if err = s.Limit.Check(); err != nil {
			t.Fatalf("%+v: %v", s.Limit, err)
		}
		if want := s.Limit.Count(s.Text); got[i] != want {
			t.Fatalf("%+v of %q: the browser counts %+v, the server %+v", s.Limit, s.Text, got[i], want)
		}
	}
}
