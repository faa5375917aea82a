package page

import (
	"html/template"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Bar is one promise and what became of it: the line, the facts below it and the words around it. All amounts are whole yen, zero or more,
// but Left, which is below zero when somebody has advanced money.
type Bar struct {
	Number string // of the use; empty for a total
	Name   string
	How    string   // what it is for, one line
	Terms  []string // how many × unit price, until when, which evidence
	Say    string   // the line in words
	Why    string   // the reason for a difference, in a report

	Promised  ledger.Yen
	Received  ledger.Yen
	Spent     ledger.Yen
	Left      ledger.Yen // received − spent
	Unchecked ledger.Yen // the part of spent that nobody has checked yet

	Unit string // of a goal that is not yen: 人, 食; then Promised is the goal and Spent what was reached, and they are no yen

	Total bool // the one line of a page over all uses
	Final bool // a report: promised, spent and the difference; a total always shows all four
}

// Fact is one of the amounts below a line.
type Fact struct {
	Key    string // which sign of the line it is: promised, received, spent, left, over, or none
	Label  string
	Amount ledger.Yen
}

// differs reports whether the line shows promise against spending alone.
func (b Bar) differs() bool { return b.Unit != "" || (b.Final && !b.Total) }

// unit is what the amounts are counted in.
func (b Bar) unit() string {
	if b.Unit != "" {
		return b.Unit
	}
	return "円"
}

// goal are the facts of a goal that is not yen; what was given besides all goals has no goal.
func (b Bar) goal() []Fact {
	reached := Fact{"spent", "いま", b.Spent}
	if b.Final {
		reached.Label = "実際"
	}
	if b.Promised == 0 {
		return []Fact{reached}
	}
	return []Fact{{"promised", "目標", b.Promised}, reached}
}

// Facts are the amounts below the line, in the order of the eye.
func (b Bar) Facts() []Fact {
	if b.Unit != "" {
		return b.goal()
	}
	promised, spent := Fact{"promised", "約束", b.Promised}, Fact{"spent", "使った", b.Spent}
	if b.differs() {
		switch {
		case b.Spent > b.Promised:
			return []Fact{promised, spent, {"over", "約束より多い", b.Spent - b.Promised}}
		case b.Spent < b.Promised:
			return []Fact{promised, spent, {"left", "使わなかった", b.Promised - b.Spent}}
		}
		return []Fact{promised, spent, {"none", "差", 0}}
	}
	facts := []Fact{promised, {"received", "届いた", b.Received}, spent}
	if b.Left < 0 {
		return append(facts, Fact{"over", "立替え", -b.Left})
	}
	return append(facts, Fact{"left", "残り", b.Left})
}

// keys are the signs of the line beside the words.
var keys = map[string]string{
	"promised": `<svg class="key" viewBox="0 0 26 16" aria-hidden="true"><rect class="michi__track" x="1" y="4" width="22" height="9"/><path class="michi__post" d="M25.5 0h-3v16h3z"/></svg>`,
	"received": `<svg class="key" viewBox="0 0 26 16" aria-hidden="true"><path class="michi__got" d="M1 8h24M1 4v8M25 4v8" fill="none"/></svg>`,
	"spent":    `<svg class="key" viewBox="0 0 26 16" aria-hidden="true"><rect class="michi__spent" x="1" y="3" width="24" height="11"/></svg>`,
	"left":     `<svg class="key" viewBox="0 0 26 16" aria-hidden="true"><rect class="michi__left" fill="url(#hatch)" x="1" y="3" width="24" height="11"/></svg>`,
	"over":     `<svg class="key" viewBox="0 0 26 16" aria-hidden="true"><rect class="michi__over" fill="url(#over)" x="1" y="3" width="24" height="11"/></svg>`,
}

// FactList is the facts as they stand below the line. Like the line it is written here for its speed, out of our own words and
// numbers alone.
func (b Bar) FactList() template.HTML {
	text := make([]byte, 0, 1600)
	text = append(text, `<dl class="michi__facts">`...)
	for _, f := range b.Facts() {
		for _, part := range []string{"<div><dt>", keys[f.Key], f.Label, "</dt><dd>", YenText(f.Amount), "<small>", template.HTMLEscapeString(b.unit()), "</small></dd></div>"} {
			text = append(text, part...)
		}
	}
	return template.HTML(append(text, "</dl>"...))
}

// Sentence is the line for who does not see it.
func (b Bar) Sentence() string {
	var text []byte
	for i, f := range b.Facts() {
		if i > 0 {
			text = append(text, "。"...)
		}
		text = append(text, f.Label+" "+f.Amount.String()+b.unit()...)
	}
	return string(text)
}

// Drawn reports whether there is a line: without a promise there is only a table.
func (b Bar) Drawn() bool { return b.Promised > 0 }

// barShape is the height of the parts of a line, in em; a total is heavier.
type barShape struct {
	height, top, thick, got string
	gotFrom, gotTo          string
	post                    string
}

var (
	useShape = barShape{"2.625em", "0.625em", "1.0625em", "2.1875em", "1.9375em", "2.4375em",
		"M1.5 0h-3v29h3zM-1.5 0h-15l4.5 4-4.5 4h15z"}
	totalShape = barShape{"3.625em", "0.875em", "1.5em", "2.875em", "2.625em", "3.125em",
		"M1.5 0h-3v40h3zM-1.5 0h-15l4.5 6-4.5 6h15z"}
)

// Line draws the road as SVG whose lengths are percentages of the largest fact. It is drawn here and not in a template because a public
// page has a dozen of them: this is ten times faster, and everything in it is a number of ours.
func (b Bar) Line() template.HTML {
	shape := useShape
	if b.Total {
		shape = totalShape
	}
	height := shape.height
	if b.differs() {
		height = "2.125em" // no bracket below
	}
	d := drawing{scale: max(b.Promised, b.Spent), shape: shape}
	if !b.differs() {
		d.scale = max(d.scale, b.Received)
	}
	d.add(`<svg class="michi__line" width="100%" height="`, height, `" role="img" aria-label="`, template.HTMLEscapeString(b.Sentence()), `">`)
	d.rect("michi__track", "", 0, b.Promised)
	if b.differs() {
		d.difference(b)
	} else {
		d.running(b)
	}
	d.add(`<svg x="`, d.at(b.Promised), `" y="0" width="1em" height="1em" viewBox="0 0 16 16" overflow="visible"><path class="michi__post" d="`,
		shape.post, `"/></svg></svg>`)
	return template.HTML(d.text)
}

// drawing collects one line.
type drawing struct {
	text  []byte
	scale ledger.Yen
	shape barShape
}

func (d *drawing) add(parts ...string) {
	for _, p := range parts {
		d.text = append(d.text, p...)
	}
}

func (d *drawing) difference(b Bar) {
	if b.Spent < b.Promised && b.Unit == "" { // a goal not reached yet is nothing that is left
		d.rect("michi__left", "hatch", b.Spent, b.Promised)
	}
	d.rect("michi__spent", "", 0, min(b.Spent, b.Promised))
	if b.Spent > b.Promised {
		d.rect("michi__over", "over", b.Promised, b.Spent)
	}
}

func (d *drawing) running(b Bar) {
	if b.Spent < b.Received {
		d.rect("michi__left", "hatch", b.Spent, b.Received)
	}
	d.rect("michi__spent", "", 0, min(b.Spent, b.Received))
	if b.Spent > b.Received {
		d.rect("michi__over", "over", b.Received, b.Spent)
	}
	if b.Received > 0 {
		d.mark("0", d.shape.got, d.at(b.Received), d.shape.got)
		d.mark("0", d.shape.gotFrom, "0", d.shape.gotTo)
		d.mark(d.at(b.Received), d.shape.gotFrom, d.at(b.Received), d.shape.gotTo)
	}
}

func (d *drawing) rect(class, pattern string, from, to ledger.Yen) {
	d.add(`<rect class="`, class, `"`)
	if pattern != "" {
		d.add(` fill="url(#`, pattern, `)"`)
	}
	start := d.hundredths(from)
	d.add(` x="`, percentage(start), `" y="`, d.shape.top, `" width="`, percentage(d.hundredths(to)-start), `" height="`, d.shape.thick, `"/>`)
}

func (d *drawing) mark(x1, y1, x2, y2 string) {
	d.add(`<line class="michi__got" x1="`, x1, `" y1="`, y1, `" x2="`, x2, `" y2="`, y2, `"/>`)
}

func (d *drawing) at(amount ledger.Yen) string { return percentage(d.hundredths(amount)) }

// hundredths is the place of an amount in hundredths of a percent, never past the end.
func (d *drawing) hundredths(amount ledger.Yen) int64 { return hundredths(amount, d.scale) }

func hundredths(part, whole ledger.Yen) int64 {
	if whole <= 0 || part <= 0 {
		return 0
	}
	share, err := part.Mul(10000, int64(whole), ledger.HalfUp)
	if err != nil {
		return 0
	}
	return min(int64(share), 10000)
}

// percentage writes hundredths of a percent for an SVG attribute: 22.76%.
func percentage(hundredths int64) string {
	text := strconv.FormatInt(hundredths/100, 10)
	if rest := hundredths % 100; rest > 0 {
		text += "." + strconv.FormatInt(rest/10, 10)
		if rest%10 > 0 {
			text += strconv.FormatInt(rest%10, 10)
		}
	}
	return text + "%"
}
