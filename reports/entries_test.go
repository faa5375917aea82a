package reports_test

import (
	"testing"

	"github.com/tsukaimichi/tsukaimichi/campaigns/campaigntest"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/migrations/pgtest"
)

// TestCostsOfGiftsStandTogether: the cost of one card gift is a share of it, so that a line of its own would tell the amount.
func TestCostsOfGiftsStandTogether(t *testing.T) {
	t.Parallel()
	g := campaigntest.Found(t, pgtest.New(t).App)
	b := &book{g, g.Announce(campaigntest.CostsOnUse)}
	for i := range 6 {
		b.Pay(b.c, ledger.Yen(1000*(i+1)), ledger.Yen(36*(i+1)))
	}
	b.Pass(31)
	b.Pay(b.c, 30_000, 1_080) // alone in its month
	f := b.figures()
	var lines int
	for _, e := range f.Entries {
		if e.Account != ledger.ProcessingCost {
			continue
		}
		lines++
		if got, want := e.What(nil), e.Plain+"（寄付7件分）"; e.Record != 0 || e.Amount != 36*21+1_080 || got != want {
			t.Errorf("record %d, %s, %s; want 1,836 of seven gifts together", e.Record, e.Amount, got)
		}
	}
	if lines != 1 {
		t.Errorf("%d lines of costs, want one:\n%+v", lines, f.Entries)
	}
	agree(t, f)
}
