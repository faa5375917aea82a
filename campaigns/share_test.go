package campaigns_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func TestSharesOfTheUnspentGoToThoseWhoGave(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		uses     []campaigns.Standing
		holdings []campaigns.Holding
		want     map[[2]int64]ledger.Yen // by gift and use
	}{
		"half of the money is in the touched use, so half of each gift": {
			uses:     []campaigns.Standing{{UseID: 1, Received: 5_000}, {UseID: 2, Received: 5_000, Touched: true}},
			holdings: []campaigns.Holding{{1, 0, 4_000}, {2, 0, 6_000}},
			want:     map[[2]int64]ledger.Yen{{1, 0}: 2_000, {2, 0}: 3_000},
		},
		"what is spent is nobody's share": {
			uses:     []campaigns.Standing{{UseID: 1, Received: 10_000, Spent: 7_000, Touched: true}},
			holdings: []campaigns.Holding{{1, 0, 4_000}, {2, 0, 6_000}},
			want:     map[[2]int64]ledger.Yen{{1, 0}: 1_200, {2, 0}: 1_800},
		},
		"who named a use has its money, and not that of others": {
			uses:     []campaigns.Standing{{UseID: 1, Received: 3_000, Named: 3_000}, {UseID: 2, Received: 4_000, Named: 1_000, Touched: true}},
			holdings: []campaigns.Holding{{1, 1, 3_000}, {2, 2, 1_000}, {3, 0, 3_000}},
			want:     map[[2]int64]ledger.Yen{{2, 2}: 1_000, {3, 0}: 3_000},
		},
		"yen left over go to the largest remainders, the earlier gift first": {
			uses:     []campaigns.Standing{{UseID: 1, Received: 300, Spent: 200, Touched: true}},
			holdings: []campaigns.Holding{{1, 0, 100}, {2, 0, 100}, {3, 0, 100}},
			want:     map[[2]int64]ledger.Yen{{1, 0}: 34, {2, 0}: 33, {3, 0}: 33},
		},
		"money that is no gift keeps its part": {
			uses:     []campaigns.Standing{{UseID: 1, Received: 10_000, Touched: true}},
			holdings: []campaigns.Holding{{1, 0, 6_000}},
			want:     map[[2]int64]ledger.Yen{{1, 0}: 6_000},
		},
		"a use that was advanced has nothing to share": {
			uses:     []campaigns.Standing{{UseID: 1, Received: 1_000, Spent: 1_500, Touched: true}},
			holdings: []campaigns.Holding{{1, 0, 1_000}},
			want:     map[[2]int64]ledger.Yen{},
		},
	} {
		got, err := campaigns.Shares(c.uses, c.holdings)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: got %d shares, want %d", name, len(got), len(c.want))
		}
		for _, s := range got {
			if want := c.want[[2]int64{s.DonationID, s.UseID}]; s.Of != want {
				t.Errorf("%s: gift %d use %d: got %d, want %d", name, s.DonationID, s.UseID, s.Of, want)
			}
		}
	}
}

// Whatever was given, named and spent: shares and what is nobody's come to what is unspent, to the yen, no share exceeds its gift, and the
// same gifts give the same shares.
func TestSharesComeToTheUnspentToTheYen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		yen := func(name string, most int) ledger.Yen { return ledger.Yen(rapid.IntRange(0, most).Draw(r, name)) }
		uses := make([]campaigns.Standing, rapid.IntRange(1, 5).Draw(r, "uses"))
		for i := range uses {
			uses[i] = campaigns.Standing{UseID: int64(i + 1), Touched: rapid.Bool().Draw(r, "touched")}
		}
		holdings := make([]campaigns.Holding, rapid.IntRange(1, 30).Draw(r, "gifts"))
		carried := yen("carried", 5_000)
		free := carried
		for i := range holdings {
			h := campaigns.Holding{DonationID: int64(i + 1), UseID: int64(rapid.IntRange(0, len(uses)).Draw(r, "named")), Amount: 1 + yen("gift", 50_000)}
			holdings[i] = h
			if h.UseID > 0 {
				uses[h.UseID-1].Named += h.Amount
				uses[h.UseID-1].Received += h.Amount
			} else {
				free += h.Amount
			}
		}
		for i := range uses {
			more := free
			if i < len(uses)-1 {
				more = min(free, yen("filled", 40_000))
			}
			uses[i].Received += more
			free -= more
			uses[i].Spent = min(uses[i].Received+500, yen("spent", 60_000))
		}
		shares, err := campaigns.Shares(uses, holdings)
		if err != nil {
			r.Fatal(err)
		}
		var unspent, shared ledger.Yen
		for _, u := range uses {
			if u.Touched {
				unspent += u.Unspent()
			}
		}
		for _, s := range shares {
			shared += s.Of
			if s.Of < 1 || s.Of > s.Amount {
				r.Errorf("gift %d of %d has a share of %d", s.DonationID, s.Amount, s.Of)
			}
		}
		if shared > unspent || shared < unspent-carried {
			r.Errorf("shares come to %d of %d unspent, %d of it carried", shared, unspent, carried)
		}
		if carried == 0 && shared != unspent {
			r.Errorf("shares come to %d, unspent is %d", shared, unspent)
		}
		again, _ := campaigns.Shares(uses, holdings)
		for i := range shares {
			if again[i] != shares[i] {
				r.Errorf("computed again: %+v, first %+v", again[i], shares[i])
			}
		}
	})
}
