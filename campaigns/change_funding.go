package campaigns

import "github.com/tsukaimichi/tsukaimichi/ledger"

// Funding is what a campaign that has ended can do of its promise, by the declared priority: its uses one by one, what lacks, and what is
// over. What the group does about it stands in its plan: IfTooLittle, IfTooMuch.
type Funding struct {
	Uses    []UseFunding
	Lacking ledger.Yen // of all uses
	Over    ledger.Yen // beyond the promise
}

// UseFunding is one use of a campaign that has ended.
type UseFunding struct {
	PlanUse
	Funded ledger.Yen
	State  FundingState
}

// FundingState says whether a use can be paid for.
type FundingState string

// A use is funded whole, in part, or not at all.
const (
	FundedWhole FundingState = "whole"
	FundedPart  FundingState = "part"
	FundedNot   FundingState = "not"
)

// Funding says which uses are funded. It is a function of the progress alone: envelopes typed in later change it, and only a new version
// changes its rule.
func (p Progress) Funding() Funding {
	var f Funding
	for _, u := range p.Uses {
		funded := min(max(u.Received, 0), u.Amount)
		state := FundedPart
		switch funded {
		case u.Amount:
			state = FundedWhole
		case 0:
			state = FundedNot
		}
		f.Uses = append(f.Uses, UseFunding{PlanUse: u.PlanUse, Funded: funded, State: state})
		f.Lacking += u.Amount - funded
		f.Over += max(0, u.Received-u.Amount)
	}
	return f
}

// Ended reports whether collecting is over, so that too little or too much is known.
func (c Campaign) Ended(p Plan, today ledger.Date) bool {
	switch c.Status {
	case Closed, Reported, Stopped:
		return true
	case Open, Announced:
		return !p.CollectsUntil.IsZero() && today.After(p.CollectsUntil)
	}
	return false
}
