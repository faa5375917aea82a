package document_test

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/document"
	"pgregory.net/rapid"
)

// running is a use of a campaign that still collects.
func running(promised, received, spent ledger.Yen) document.Bar {
	return document.Bar{Promised: promised, Received: received, Spent: spent, Left: received - spent}
}

func settled(promised, spent ledger.Yen) document.Bar {
	return document.Bar{Promised: promised, Spent: spent, Settled: true}
}

func TestLineShowsEachState(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bar      document.Bar
		line     document.Line
		last     document.BarFact
		sentence string
	}{
		"just begun": {running(60_000, 0, 0), document.Line{Track: 10000}, document.BarFact{Name: "残り", Amount: 0, Ink: document.Hatch},
			"約束 60,000円。届いた 0円。使った 0円。残り 0円"},
		"came, not spent": {running(60_000, 40_200, 0), document.Line{Track: 10000, Hatch: [2]int{0, 6700}, Bracket: 6700},
			document.BarFact{Name: "残り", Amount: 40_200, Ink: document.Hatch}, "約束 60,000円。届いた 40,200円。使った 0円。残り 40,200円"},
		"begun to spend": {running(60_000, 40_200, 25_000), document.Line{Track: 10000, Solid: 4167, Hatch: [2]int{4167, 6700}, Bracket: 6700},
			document.BarFact{Name: "残り", Amount: 15_200, Ink: document.Hatch}, "約束 60,000円。届いた 40,200円。使った 25,000円。残り 15,200円"},
		"advanced": {running(60_000, 20_000, 25_000), document.Line{Track: 10000, Solid: 3333, Stripes: [2]int{3333, 4167}, Bracket: 3333},
			document.BarFact{Name: "立替え", Amount: 5_000, Ink: document.Stripes}, "約束 60,000円。届いた 20,000円。使った 25,000円。立替え 5,000円"},
		"more came than promised": {running(60_000, 71_400, 25_000), document.Line{Track: 8403, Solid: 3501, Hatch: [2]int{3501, 10000}, Bracket: 10000},
			document.BarFact{Name: "残り", Amount: 46_400, Ink: document.Hatch}, "約束 60,000円。届いた 71,400円。使った 25,000円。残り 46,400円"},
		"more spent than promised": {running(60_000, 80_000, 70_000), document.Line{Track: 7500, Solid: 7500, Stripes: [2]int{7500, 8750}, Hatch: [2]int{8750, 10000}, Bracket: 10000},
			document.BarFact{Name: "約束より多い", Amount: 10_000, Ink: document.Stripes}, "約束 60,000円。届いた 80,000円。使った 70,000円。残り 10,000円。約束より多い 10,000円"},
		"settled above": {settled(156_000, 171_860), document.Line{Track: 9077, Solid: 9077, Stripes: [2]int{9077, 10000}},
			document.BarFact{Name: "約束より多い", Amount: 15_860, Ink: document.Stripes}, "約束 156,000円、使った 171,860円、約束より15,860円多い"},
		"settled below": {settled(40_000, 28_450), document.Line{Track: 10000, Solid: 7113, Hatch: [2]int{7113, 10000}},
			document.BarFact{Name: "使わなかった", Amount: 11_550, Ink: document.Hatch}, "約束 40,000円、使った 28,450円、約束より11,550円少ない"},
		"settled even": {settled(14_000, 14_000), document.Line{Track: 10000, Solid: 10000},
			document.BarFact{Name: "差", Amount: 0, Ink: document.None}, "約束 14,000円、使った 14,000円、同じ"},
		"fund below zero": {running(60_000, 0, 108), document.Line{Track: 10000, Stripes: [2]int{0, 18}},
			document.BarFact{Name: "立替え", Amount: 108, Ink: document.Stripes}, "約束 60,000円。届いた 0円。使った 108円。立替え 108円"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			line, ok := c.bar.Line()
			if !ok || line != c.line {
				t.Errorf("line %+v, want %+v", line, c.line)
			}
			facts := c.bar.Facts()
			if got := facts[len(facts)-1]; got != c.last {
				t.Errorf("last fact %+v, want %+v", got, c.last)
			}
			if got := c.bar.Sentence(document.Screen); got != c.sentence {
				t.Errorf("says %q, want %q", got, c.sentence)
			}
		})
	}
}

func TestNothingPromisedIsNoLine(t *testing.T) {
	t.Parallel()
	if _, ok := running(0, 10, 5).Line(); ok {
		t.Error("a line without a promise")
	}
}

func TestSharesStandOnTheScaleOfTheirTotal(t *testing.T) {
	t.Parallel()
	s := document.Shares{Total: 312_400, Items: []document.Share{{Amount: 156_500}, {Amount: 48_000}, {Amount: 0}, {Amount: -5}, {Amount: 400_000}}}
	for i, want := range []int{5010, 1536, 0, 0, document.Full} {
		if got := s.Width(i); got != want {
			t.Errorf("share %d is %d, want %d", i, got, want)
		}
	}
}

func TestLineStaysWithinItsWidth(t *testing.T) {
	t.Parallel()
	amount := rapid.Int64Range(-1_000, 999_999_999_999)
	rapid.Check(t, func(t *rapid.T) {
		bar := running(ledger.Yen(amount.Draw(t, "promised")), ledger.Yen(amount.Draw(t, "received")), ledger.Yen(amount.Draw(t, "spent")))
		bar.Settled = rapid.Bool().Draw(t, "settled")
		l, ok := bar.Line()
		if !ok {
			return
		}
		for _, at := range []int{l.Track, l.Solid, l.Hatch[0], l.Hatch[1], l.Stripes[0], l.Stripes[1], l.Bracket} {
			if at < 0 || at > document.Full {
				t.Errorf("%+v leaves the width: %+v", bar, l)
			}
		}
		if l.Solid > l.Track || l.Hatch[0] > l.Hatch[1] || l.Stripes[0] > l.Stripes[1] {
			t.Errorf("%+v: parts cross: %+v", bar, l)
		}
		if !bar.Settled && l.Hatch[1] > l.Hatch[0] && l.Hatch[1] != l.Bracket {
			t.Errorf("%+v: what is left does not end where the bracket ends: %+v", bar, l)
		}
	})
}
