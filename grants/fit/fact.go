package fit

import (
	"slices"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Fact is one thing known about a group, and since when: 会員 12人, 2026年4月1日現在. Exactly one of the values is given.
type Fact struct {
	Number *int64      `json:"number,omitempty"`
	Words  []string    `json:"words,omitempty"` // a legal form; fields; areas from the widest to the narrowest
	Day    ledger.Date `json:"day,omitzero"`
	Yes    *bool       `json:"yes,omitempty"`
	On     ledger.Date `json:"on"`             // the day it was said
	Until  ledger.Date `json:"until,omitzero"` // stale after it
}

// Facts are what is known of a group, by key. Keys are those of Key.
type Facts map[string]Fact

// PastAwards is the key of the question which grants a group was given before, for rules on rests between grants.
const PastAwards = "past_awards"

// Award is money a group was granted before; rules on rests between grants look at it.
type Award struct {
	Funder    string
	Programme string
	On        ledger.Date
	Until     ledger.Date // when only the year is known, the last day on which it can have been granted; On is the first
}

// of reports whether the award is one that the words of a rule mean. People write names shorter than they are.
func (a Award) of(words []string) bool {
	return len(words) == 0 || slices.ContainsFunc(words, func(word string) bool {
		return slices.ContainsFunc([]string{a.Funder, a.Programme}, func(name string) bool {
			return name != "" && (strings.Contains(name, word) || strings.Contains(word, name))
		})
	})
}

// Group is who asks: what is known, what it got before, and which papers lie ready.
type Group struct {
	Facts  Facts
	Awards []Award                // as far as they are known: all of them when the fact PastAwards is
	Papers map[string]ledger.Date // kind → the last day it is fresh; the zero day is for ever
}

// known returns a fact that is fresh on the day.
func (g Group) known(key string, on ledger.Date) (Fact, bool) {
	f, ok := g.Facts[key]
	if !ok || (!f.Until.IsZero() && f.Until.Before(on)) {
		return Fact{}, false
	}
	return f, true
}

// paper says whether a kind of paper is there, and whether it is fresh on the day.
func (g Group) paper(kind string, on ledger.Date) (there, fresh bool) {
	until, there := g.Papers[kind]
	return there, there && (until.IsZero() || !until.Before(on))
}

// covers reports whether one of the areas of a call holds the group's area. Areas are written from the widest part: 鹿児島県, 奄美市. The
// call's 鹿児島県 holds a group of 鹿児島県 奄美市; 全国 holds everybody.
func covers(areas, group []string) bool {
	return slices.ContainsFunc(areas, func(area string) bool { return area == Everywhere || slices.Contains(group, area) })
}

// Everywhere is the area of a call that is open to the whole country.
const Everywhere = "全国"
