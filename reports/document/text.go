package document

import "github.com/tsukaimichi/tsukaimichi/ledger"

// Text is a run of spans read one after the other. "\n" in a span begins a new line.
type Text []Span

// Span is the smallest piece of text: words, or a number or day whose writing depends on the Medium. The first of
// Yen, Permille, On that is set decides; otherwise it is Text.
type Span struct {
	Text     string      `json:"text,omitzero"`
	Bold     bool        `json:"bold,omitzero"`
	Yen      *ledger.Yen `json:"yen,omitempty"`      // without a unit: "156,000"
	Permille *int64      `json:"permille,omitempty"` // tenths of a percent: 102 is "10.2％"
	On       ledger.Date `json:"on,omitzero"`
	Signed   bool        `json:"signed,omitzero"` // a difference: positive numbers carry "+"
}

// Words is plain text.
func Words(s string) Text { return Text{{Text: s}} }

// Strong is bold text.
func Strong(s string) Text { return Text{{Text: s, Bold: true}} }

// Yen is an amount with its unit: "156,000円".
func Yen(y ledger.Yen) Text { return Text{{Yen: &y}, {Text: "円"}} }

// Bare is an amount without unit, for a table whose head names it.
func Bare(y ledger.Yen) Text { return Text{{Yen: &y}} }

// Difference is a signed amount without unit: "+15,860", "△3,000" on paper, "−3,000" on screen, "0".
func Difference(y ledger.Yen) Text { return Text{{Yen: &y, Signed: true}} }

// Percent is a share in tenths of a percent: Percent(958) is "95.8％".
func Percent(permille int64) Text { return Text{{Permille: &permille}} }

// Change is a signed share in tenths of a percent: "+10.2％", "△8.3％" on paper.
func Change(permille int64) Text { return Text{{Permille: &permille, Signed: true}} }

// Day is a day as the medium writes it.
func Day(on ledger.Date) Text { return Text{{On: on}} }

// Join puts texts one after the other.
func Join(texts ...Text) Text {
	var all Text
	for _, t := range texts {
		all = append(all, t...)
	}
	return all
}

// Bold returns the text with every span bold.
func (t Text) Bold() Text {
	bold := make(Text, len(t))
	for i, s := range t {
		s.Bold = true
		bold[i] = s
	}
	return bold
}

// Say writes the text out without its weights.
func (t Text) Say(m Medium) string {
	if len(t) == 1 {
		return t[0].Say(m)
	}
	var all string
	for _, s := range t {
		all += s.Say(m)
	}
	return all
}

// IsNumber reports whether the text begins with an amount or a share.
func (t Text) IsNumber() bool { return len(t) > 0 && (t[0].Yen != nil || t[0].Permille != nil) }
