package document

import (
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Bar is the line of one use or of their total: 約束, 届いた, 使った, 残り, the same yen seen four ways.
type Bar struct {
	Label    string     `json:"label"`
	Number   int        `json:"number,omitzero"` // the use's place in the plan, from 1; 0 prints none
	How      string     `json:"how,omitzero"`    // what it buys, under the label
	Terms    []string   `json:"terms,omitempty"` // short conditions: 16回 × 15,000円; the day it is due; the evidence
	Say      string     `json:"say,omitzero"`    // one sentence on how it stands
	Why      string     `json:"why,omitzero"`    // the reason of a difference
	Promised ledger.Yen `json:"promised"`
	Received ledger.Yen `json:"received"`
	Spent    ledger.Yen `json:"spent"`
	Left     ledger.Yen `json:"left"`             // Received − Spent; below zero it was spent before it came: 立替え
	Settled  bool       `json:"settled,omitzero"` // a use in its final report: promised, spent and their difference only
	Total    bool       `json:"total,omitzero"`   // the line of all uses together, drawn larger
	Scale    ledger.Yen `json:"scale,omitzero"`   // what the full width stands for; 0 is the largest of its facts
	Brief    bool       `json:"brief,omitzero"`   // a poster's: label and line, with promised and spent on one line
	Keep     bool       `json:"keep,omitzero"`
}

// Ink is how a fact is drawn in the line and in its key.
type Ink string

// The five inks. All can be told apart in grey.
const (
	Track   Ink = "track"   // outline ending at a flag: promised
	Bracket Ink = "got"     // bracket below: received
	Solid   Ink = "spent"   // filled: spent
	Hatch   Ink = "left"    // diagonal lines: left, or not used
	Stripes Ink = "over"    // upright stripes: beyond the promise, or advanced
	None    Ink = "nothing" // a difference of zero
)

// BarFact is one fact of a bar, named.
type BarFact struct {
	Name   string
	Amount ledger.Yen
	Ink    Ink
}

// Kind names the block.
func (Bar) Kind() string { return "bar" }

// KeepsWithNext is as the writer says.
func (b Bar) KeepsWithNext() bool { return b.Keep }

// Facts are the amounts that stand under the line, in order.
func (b Bar) Facts() []BarFact {
	promised, spent := BarFact{"約束", b.Promised, Track}, BarFact{"使った", b.Spent, Solid}
	beyond := BarFact{"約束より多い", b.Spent - b.Promised, Stripes}
	if b.Settled {
		switch {
		case beyond.Amount > 0:
			return []BarFact{promised, spent, beyond}
		case beyond.Amount < 0:
			return []BarFact{promised, spent, {"使わなかった", -beyond.Amount, Hatch}}
		}
		return []BarFact{promised, spent, {"差", 0, None}}
	}
	facts := []BarFact{promised, {"届いた", b.Received, Bracket}, spent, {"残り", b.Left, Hatch}}
	if b.Left < 0 {
		facts[3] = BarFact{"立替え", -b.Left, Stripes}
	}
	if b.Promised > 0 && beyond.Amount > 0 {
		facts = append(facts, beyond)
	}
	return facts
}

// Sentence says the facts in one line, for those who cannot see the drawing.
func (b Bar) Sentence(m Medium) string {
	if !b.Settled {
		var say string
		for i, f := range b.Facts() {
			if i > 0 {
				say += "。"
			}
			say += f.Name + " " + m.Yen(f.Amount) + "円"
		}
		return say
	}
	say := "約束 " + m.Yen(b.Promised) + "円、使った " + m.Yen(b.Spent) + "円、"
	switch d := b.Spent - b.Promised; {
	case d > 0:
		return say + "約束より" + m.Yen(d) + "円多い"
	case d < 0:
		return say + "約束より" + m.Yen(-d) + "円少ない"
	}
	return say + "同じ"
}

// Line is the drawing of a bar: where each part begins and ends, in ten-thousandths of the width. A part that ends where
// it begins is not drawn.
type Line struct {
	Track   int    // the outline is from 0 to here, where the flag stands
	Solid   int    // from 0
	Hatch   [2]int // from, to
	Stripes [2]int
	Bracket int // from 0; 0 is none
}

// Full is the whole width of a Line.
const Full = 10000

// Line returns the drawing; ok is false when nothing was promised, since then there is no line to compare with and the
// facts alone are shown.
func (b Bar) Line() (line Line, ok bool) {
	if b.Promised <= 0 {
		return Line{}, false
	}
	scale := max(b.Scale, b.Promised, b.Spent)
	if !b.Settled {
		scale = max(scale, b.Received)
	}
	at := func(y ledger.Yen) int {
		if y <= 0 {
			return 0
		}
		share, err := y.Mul(Full, int64(scale), ledger.HalfUp)
		if err != nil || share > Full {
			return Full
		}
		return int(share)
	}
	line = Line{Track: at(b.Promised), Solid: at(min(b.Spent, b.Promised))}
	if b.Settled {
		if b.Spent < b.Promised {
			line.Hatch = [2]int{at(b.Spent), at(b.Promised)}
		}
	} else {
		line.Solid = at(min(b.Spent, b.Promised, b.Received))
		line.Bracket = at(b.Received)
		if b.Received > b.Spent {
			line.Hatch = [2]int{at(b.Spent), at(b.Received)}
		}
	}
	if at(b.Spent) > line.Solid {
		line.Stripes = [2]int{line.Solid, at(b.Spent)}
	}
	return line, true
}

func decimal(n int) string { return strconv.Itoa(n) }
