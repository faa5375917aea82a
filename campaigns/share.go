package campaigns

import (
	"slices"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Holding is a part of a gift that is still in the campaign's fund, and the use it is meant for: the one its giver named, or 0, when the
// uses are filled in their priority.
type Holding struct {
	DonationID int64
	UseID      int64
	Amount     ledger.Yen
}

// Share is what a holding has of the unspent money of the uses a change touches.
type Share struct {
	Holding
	Of ledger.Yen // the share; at most the holding
}

// Standing is where a use stands: what came in for it, the part that givers named, and what is spent.
type Standing struct {
	UseID    int64
	Received ledger.Yen
	Named    ledger.Yen
	Spent    ledger.Yen
	Touched  bool
}

// Unspent is what came in for the use and is not spent.
func (s Standing) Unspent() ledger.Yen { return max(0, s.Received-s.Spent) }

// Shares splits what is unspent of the touched uses among the gifts, to the yen: of each use the part that givers named goes to them, by what
// they gave; the rest of all touched uses goes to the other gifts, by what they gave, as they fill all uses alike. What did not come from gifts
// keeps its own part: it is nobody's share. The same holdings in the same order give the same shares, whoever computes them; yen left over by
// rounding go to the largest remainders, the earlier gift first.
func Shares(uses []Standing, holdings []Holding) ([]Share, error) {
	inPlan := map[int64]bool{}
	for _, u := range uses {
		inPlan[u.UseID] = true
	}
	var shares []Share
	var open, free ledger.Yen // unspent money nobody named a use for, of the touched uses; all of it, of all uses
	for _, u := range uses {
		free += u.Received - u.Named
		if !u.Touched || u.Unspent() == 0 {
			continue
		}
		parts, err := u.Unspent().Allocate([]int64{int64(u.Named), int64(u.Received - u.Named)})
		if err != nil {
			return nil, err
		}
		open += parts[1]
		named, err := allot(parts[0], holdings, 0, func(h Holding) bool { return h.UseID == u.UseID })
		if err != nil {
			return nil, err
		}
		shares = append(shares, named...)
	}
	unnamed := func(h Holding) bool { return h.UseID == 0 || !inPlan[h.UseID] }
	rest := free
	for _, h := range holdings {
		if unnamed(h) {
			rest -= h.Amount
		}
	}
	others, err := allot(open, holdings, max(0, rest), unnamed)
	if err != nil {
		return nil, err
	}
	shares = append(shares, others...)
	slices.SortFunc(shares, func(a, b Share) int {
		if a.DonationID != b.DonationID {
			return int(a.DonationID - b.DonationID)
		}
		return int(a.UseID - b.UseID)
	})
	return shares, nil
}

// allot splits an amount among the holdings that are meant, and what is nobody's gift beside them.
func allot(amount ledger.Yen, holdings []Holding, nobody ledger.Yen, meant func(Holding) bool) ([]Share, error) {
	if amount == 0 {
		return nil, nil
	}
	var of []Holding
	var weights []int64
	for _, h := range holdings {
		if meant(h) {
			of, weights = append(of, h), append(weights, int64(h.Amount))
		}
	}
	parts, err := amount.Allocate(append(weights, int64(nobody)))
	if err != nil {
		return nil, err
	}
	var shares []Share
	for i, h := range of {
		if parts[i] > 0 {
			shares = append(shares, Share{h, parts[i]})
		}
	}
	return shares, nil
}

// redirected is a part of a gift that an earlier answer meant for another use, or took out of the fund.
type redirected struct {
	DonationID int64      `db:"donation_id"`
	From       int64      `db:"from_use"`
	To         int64      `db:"to_use"` // 0: out of the fund
	Amount     ledger.Yen `db:"amount"`
}

// holdings are the gifts as they are meant now, after earlier answers in their order. A gift that was refunded since may hold less than
// was redirected: then what is there is.
func holdings(gifts []Holding, answers []redirected) []Holding {
	byGift := map[int64][]redirected{}
	for _, a := range answers {
		byGift[a.DonationID] = append(byGift[a.DonationID], a)
	}
	var all []Holding
	for _, g := range gifts {
		held := []Holding{g}
		for _, a := range byGift[g.DonationID] {
			held = redirect(held, a)
		}
		for _, h := range held {
			if h.Amount > 0 {
				all = append(all, h)
			}
		}
	}
	return all
}

func redirect(held []Holding, a redirected) []Holding {
	at := slices.IndexFunc(held, func(h Holding) bool { return h.UseID == a.From })
	if at < 0 {
		return held
	}
	amount := min(a.Amount, held[at].Amount)
	held[at].Amount -= amount
	if a.To == 0 {
		return held
	}
	if to := slices.IndexFunc(held, func(h Holding) bool { return h.UseID == a.To }); to >= 0 {
		held[to].Amount += amount
		return held
	}
	return append(held, Holding{a.DonationID, a.To, amount})
}
