package budget

import (
	"maps"

	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Case is one answer to 「もし…だったら」.
type Case struct {
	Name  string // a text key: whatif.cut_10, whatif.gifts, whatif.fewer
	Grant ledger.Yen
	Share formula.Share
}

// Cases works out what becomes of the own part when the award is cut by 10, 20 and 30 per cent. The sheet is as it stands.
func Cases(s Sheet, b template.Budget) ([]Case, error) {
	w, err := Work(s, b)
	if err != nil {
		return nil, err
	}
	facts, err := w.facts(s, s.Spec(b))
	if err != nil {
		return nil, err
	}
	asked := s.Requested
	if asked == 0 {
		asked = w.Claim.Amount
	}
	var cases []Case
	for _, cut := range []struct {
		name    string
		percent int64
	}{{"whatif.cut_10", 10}, {"whatif.cut_20", 20}, {"whatif.cut_30", 30}} {
		share, err := formula.Cut(asked, cut.percent, w.Unit, facts)
		if err != nil {
			return nil, err
		}
		cases = append(cases, Case{cut.name, share.Grant, share})
	}
	return cases, nil
}

// WithGifts works the sheet out with more donations.
func WithGifts(s Sheet, b template.Budget, more ledger.Yen) (Worked, error) {
	s.Income = append(append([]Income(nil), s.Income...), Income{Source: formula.Donation, Amount: more})
	s.Requested = 0
	return Work(s, b)
}

// WithCount works the sheet out with another count: fewer sessions.
func WithCount(s Sheet, b template.Budget, name string, n int64) (Worked, error) {
	counts := maps.Clone(s.Counts)
	if counts == nil {
		counts = map[string]int64{}
	}
	counts[name] = n
	s.Counts, s.Requested = counts, 0
	return Work(s, b)
}
