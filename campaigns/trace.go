package campaigns

import "github.com/tsukaimichi/tsukaimichi/ledger"

// Trace is what became of one gift: 「わたしの1,000円」. Its parts add up to the gift less what was returned, to the yen.
type Trace struct {
	Gift  ledger.Yen // what stands of it
	Parts []TracePart
}

// TracePart is the part of a gift that lies with one use. Spent + Left = Amount.
type TracePart struct {
	UseID  int64
	Name   string
	Amount ledger.Yen
	Spent  ledger.Yen
	Left   ledger.Yen
}

// TraceOf follows a part of a gift through the uses of a campaign as anybody reads them (Progress.Told): a part that is meant for a use lies with it alone;
// of any other, each use has the share that it has of all that came in without being told as named. What is spent of a part is what is spent of the whole
// use, which is never taken for less than the part. Each split is to whole yen by the largest remainder (ledger.Yen.Allocate), so that whoever has
// the gift and the public figures of the uses comes to the same.
func TraceOf(gift ledger.Yen, useID int64, uses []UseProgress) (Trace, error) {
	trace := Trace{Gift: gift}
	weights := make([]int64, len(uses))
	for i, u := range uses {
		if useID != 0 && u.UseID == useID {
			weights = make([]int64, len(uses))
			weights[i] = 1
			break
		}
		weights[i] = int64(max(0, u.Received-u.Named))
	}
	if gift <= 0 || !anyWeight(weights) {
		return trace, nil
	}
	amounts, err := gift.Allocate(weights)
	if err != nil {
		return Trace{}, err
	}
	for i, u := range uses {
		if amounts[i] == 0 {
			continue
		}
		part := TracePart{UseID: u.UseID, Name: u.Name, Amount: amounts[i]}
		if part.Spent, part.Left, err = spentOf(amounts[i], u); err != nil {
			return Trace{}, err
		}
		trace.Parts = append(trace.Parts, part)
	}
	return trace, nil
}

// spentOf splits a part as its use is split. Of a use that was advanced (立替え) all is spent.
func spentOf(amount ledger.Yen, u UseProgress) (spent, left ledger.Yen, err error) {
	pool := max(u.Received, amount)
	of := min(max(0, u.Spent), pool)
	halves, err := amount.Allocate([]int64{int64(of), int64(pool - of)})
	if err != nil {
		return 0, 0, err
	}
	return halves[0], halves[1], nil
}

func anyWeight(weights []int64) bool {
	for _, w := range weights {
		if w > 0 {
			return true
		}
	}
	return false
}
