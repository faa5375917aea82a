package formula

import "github.com/tsukaimichi/tsukaimichi/ledger"

// Share says who carries the cost: Grant + Income + Own = total cost + Surplus.
type Share struct {
	Grant   ledger.Yen
	Income  ledger.Yen // all other income of the budget
	Own     ledger.Yen // what the group has to find itself: あなたの負担額
	Surplus ledger.Yen // what comes in above the cost; a funder asks for it back
}

// ShareOf divides the total cost once a grant is known. It needs the total cost among the facts.
func ShareOf(grant ledger.Yen, facts Facts) (Share, error) {
	total, err := facts.cost(Total)
	if err != nil {
		return Share{}, err
	}
	income, err := facts.income(Sources)
	if err != nil {
		return Share{}, err
	}
	covered, err := grant.Add(income)
	if err != nil {
		return Share{}, err
	}
	return Share{Grant: grant, Income: income, Own: max(0, total-covered), Surplus: max(0, covered-total)}, nil
}

// Effect is what more income from one source does to a claim.
type Effect struct {
	Before, After Claim
	Lowered       ledger.Yen // how much less is paid
	Free          ledger.Yen // how much of the income the claim bears unchanged; Largest when it never falls
}

// EffectOf computes a claim without and with more of an income: what a campaign of donations would do to the grant of the same initiative.
func (f Formula) EffectOf(facts Facts, s Source, more ledger.Yen) (Effect, error) {
	before, err := f.Claim(facts)
	if err != nil {
		return Effect{}, err
	}
	after, err := f.Claim(facts.With(s, more))
	if err != nil {
		return Effect{}, err
	}
	free, err := f.free(facts, s, before.Amount)
	if err != nil {
		return Effect{}, err
	}
	return Effect{Before: before, After: after, Lowered: before.Amount - after.Amount, Free: free}, nil
}

// free halves the range until it is one yen: a claim never rises with income, so there is one place where it begins to fall.
func (f Formula) free(facts Facts, s Source, amount ledger.Yen) (ledger.Yen, error) {
	low, high := ledger.Yen(0), ledger.Yen(Largest)-facts.Income[s]
	if !f.Deducts(s) {
		return Largest, nil
	}
	for low < high {
		middle := low + (high-low+1)/2
		claim, err := f.Claim(facts.With(s, middle))
		if err != nil {
			return 0, err
		}
		if claim.Amount == amount {
			low = middle
		} else {
			high = middle - 1
		}
	}
	if low == Largest-facts.Income[s] {
		return Largest, nil
	}
	return low, nil
}

// Cut is a claim of which the funder grants less, in percent of what was asked, rounded down to the unit the call rounds to (1 when it does
// not): what is left to find if 10, 20 or 30 per cent are cut.
func Cut(asked ledger.Yen, percent int64, unit ledger.Yen, facts Facts) (Share, error) {
	if percent < 0 || percent > 100 || unit < 1 {
		return Share{}, ledger.ErrOverflow
	}
	rest, err := asked.Mul(100-percent, 100, ledger.Down)
	if err != nil {
		return Share{}, err
	}
	return ShareOf(rest-rest%unit, facts)
}
