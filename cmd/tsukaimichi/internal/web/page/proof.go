package page

import "github.com/tsukaimichi/tsukaimichi/ledger"

// Proof says how we know the figures: the day the book met the bank, then two facts more.
type Proof struct {
	MatchedOn  ledger.Date // the last day on which book and bank were compared; zero if never
	Difference ledger.Yen  // book − bank on that day
	By         string      // whose stamp: 会計
	Cells      []ProofCell
	VerifyHref string // how to check it oneself; may be empty
}

// ProofCell is a fact of the strip.
type ProofCell struct {
	Term, Text, Note string
}

// StampDay is the day on the date stamp.
func (p Proof) StampDay() string { return StampDay(p.MatchedOn) }

// Sequence is the cell of the log: the last number that is public.
func Sequence(number int) ProofCell {
	if number == 0 {
		return ProofCell{"お金の記録", "まだありません", "最初のお金が動くと、番号がつきます"}
	}
	return ProofCell{"お金の記録", "第" + Count(number) + "番まで公開", "あとから消したり書きかえたりできません"}
}
