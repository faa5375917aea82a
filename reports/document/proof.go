package document

import "github.com/tsukaimichi/tsukaimichi/ledger"

// Proof says how the figures above it are known: the day they were held against the bank, their place in the log, the
// day they were reported. It ends every page of public totals.
type Proof struct {
	Cells []ProofCell `json:"cells"`           // read from the start; three fit side by side
	Stamp *Stamp      `json:"stamp,omitempty"` // repeats the first cell
	Keep  bool        `json:"keep,omitzero"`
}

// ProofCell is one way of knowing.
type ProofCell struct {
	Label string `json:"label"`
	Value Text   `json:"value"`
	Note  Text   `json:"note,omitempty"`
}

// Shares are parts of one sum on one scale: money in by source, money out by use. They need no promise.
type Shares struct {
	Name  string     `json:"name"` // what is shared, 届いたお金
	Items []Share    `json:"items"`
	Total ledger.Yen `json:"total"`
	Note  string     `json:"note,omitzero"` // beside the total
	Keep  bool       `json:"keep,omitzero"`
}

// Share is one part.
type Share struct {
	Label  string     `json:"label"`
	Note   string     `json:"note,omitzero"` // 52人・52件
	Amount ledger.Yen `json:"amount"`
}

// Width is the share's length in ten-thousandths of Full, on the scale of the total; 0 for what is not above zero.
func (s Shares) Width(i int) int {
	amount := s.Items[i].Amount
	if amount <= 0 || s.Total <= 0 {
		return 0
	}
	share, err := min(amount, s.Total).Mul(Full, int64(s.Total), ledger.HalfUp)
	if err != nil {
		return 0
	}
	return int(share)
}

// Table is the shares as rows, which is how paper shows them.
func (s Shares) Table() Table {
	t := Table{Name: s.Name, Columns: []Column{{Weight: 1}, {End: true}, {End: true}}}
	for _, i := range s.Items {
		t.Rows = append(t.Rows, Row{Cells: []Text{Words(i.Label), Words(i.Note), Yen(i.Amount)}})
	}
	t.Rows = append(t.Rows, Row{Total: true, Cells: []Text{Words("合計"), Words(s.Note), Yen(s.Total)}})
	return t
}

// Voice is what someone who was there said, with their consent.
type Voice struct {
	Text string `json:"text"`
	By   string `json:"by"` // 70代の参加者（本人の了解あり）
	Keep bool   `json:"keep,omitzero"`
}

// List is points, one after the other.
type List struct {
	Items   []Text `json:"items"`
	Ordered bool   `json:"ordered,omitzero"` // numbered: the order matters
	Keep    bool   `json:"keep,omitzero"`
}

// Kind names the block.
func (Proof) Kind() string { return "proof" }

// Kind names the block.
func (Shares) Kind() string { return "shares" }

// Kind names the block.
func (Voice) Kind() string { return "voice" }

// Kind names the block.
func (List) Kind() string { return "list" }

// KeepsWithNext is as the writer says.
func (p Proof) KeepsWithNext() bool { return p.Keep }

// KeepsWithNext is as the writer says.
func (s Shares) KeepsWithNext() bool { return s.Keep }

// KeepsWithNext is as the writer says.
func (v Voice) KeepsWithNext() bool { return v.Keep }

// KeepsWithNext is as the writer says.
func (l List) KeepsWithNext() bool { return l.Keep }
