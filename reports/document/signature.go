package document

import "github.com/tsukaimichi/tsukaimichi/ledger"

// Stamp is the round date stamp 日付印. It repeats words that stand beside it, so it is decoration to those who listen.
type Stamp struct {
	Top    string      `json:"top"` // 監査ずみ
	On     ledger.Date `json:"on"`
	Bottom string      `json:"bottom"` // 監事
}

// Signature is a statement, its day, and who stands for it.
type Signature struct {
	Statement Text        `json:"statement,omitempty"`
	On        ledger.Date `json:"on,omitzero"`
	Role      string      `json:"role,omitzero"` // 監事, 代表
	Name      string      `json:"name"`
	Stamp     *Stamp      `json:"stamp,omitempty"`
	Keep      bool        `json:"keep,omitzero"`
}

// MaxBoxes is how many boxes stand on one sheet.
const MaxBoxes = 40

// Boxes are empty squares with numbers, in which the houses of a 回覧 leave their mark. Nobody's name is printed in them.
type Boxes struct {
	Label string `json:"label"`
	Count int    `json:"count"` // 1 to MaxBoxes
	Keep  bool   `json:"keep,omitzero"`
}

// Footer ends the paper: lines, a stamp and the code of the page's address. There is at most one, and it comes last.
type Footer struct {
	Lines []Text `json:"lines"`
	Stamp *Stamp `json:"stamp,omitempty"`
	QR    string `json:"qr,omitzero"` // the address
}

// Kind names the block.
func (Signature) Kind() string { return "signature" }

// Kind names the block.
func (Boxes) Kind() string { return "boxes" }

// Kind names the block.
func (Footer) Kind() string { return "footer" }

// KeepsWithNext is as the writer says.
func (s Signature) KeepsWithNext() bool { return s.Keep }

// KeepsWithNext is as the writer says.
func (b Boxes) KeepsWithNext() bool { return b.Keep }

// KeepsWithNext is false: nothing follows.
func (Footer) KeepsWithNext() bool { return false }

// Day writes the day as a date stamp has it: 8.10.14, year of the era first.
func (s Stamp) Day() string {
	_, year := Era(s.On)
	if year == 0 {
		return s.On.String()
	}
	return decimal(year) + "." + decimal(int(s.On.Month())) + "." + decimal(s.On.Day())
}
