package campaigns

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

func usesFor(t *testing.T, received, spent []ledger.Yen) []UseProgress {
	t.Helper()
	uses := make([]UseProgress, len(received))
	for i := range received {
		uses[i] = UseProgress{PlanUse: PlanUse{UseID: int64(i + 1), Name: string(rune('A' + i))}, Received: received[i], Spent: spent[i], Left: received[i] - spent[i]}
	}
	return uses
}

func withNamed(uses []UseProgress, named map[int64]ledger.Yen) []UseProgress {
	for i := range uses {
		uses[i].Named = named[uses[i].UseID]
	}
	return uses
}

func TestAGiftIsTracedToItsUsesToTheYen(t *testing.T) {
	for _, test := range []struct {
		name     string
		gift     ledger.Yen
		use      int64
		received []ledger.Yen
		spent    []ledger.Yen
		named    map[int64]ledger.Yen
		want     []TracePart
	}{
		{"by the share of each use", 1_000, 0, []ledger.Yen{62_000, 38_000, 0}, []ledger.Yen{62_000, 0, 0}, nil,
			[]TracePart{{1, "A", 620, 620, 0}, {2, "B", 380, 0, 380}}},
		{"a named use has it all", 1_000, 2, []ledger.Yen{62_000, 38_000, 0}, []ledger.Yen{62_000, 9_500, 0}, map[int64]ledger.Yen{2: 1_000},
			[]TracePart{{2, "B", 1_000, 250, 750}}},
		{"what others named is not of this gift", 1_000, 0, []ledger.Yen{50_000, 50_000}, []ledger.Yen{0, 0}, map[int64]ledger.Yen{2: 50_000},
			[]TracePart{{1, "A", 1_000, 0, 1_000}}},
		{"thirds end in whole yen, the first has the rest", 1_000, 0, []ledger.Yen{900, 900, 900}, []ledger.Yen{0, 900, 0}, nil,
			[]TracePart{{1, "A", 334, 0, 334}, {2, "B", 333, 333, 0}, {3, "C", 333, 0, 333}}},
		{"an advanced use has spent all of it", 500, 0, []ledger.Yen{500}, []ledger.Yen{800}, nil, []TracePart{{1, "A", 500, 500, 0}}},
		{"of a use that is not told as named, no more is spent than was", 3_000, 2, []ledger.Yen{60_000, 500}, []ledger.Yen{0, 500}, nil,
			[]TracePart{{2, "B", 3_000, 500, 2_500}}},
		{"a returned gift lies nowhere", 0, 0, []ledger.Yen{500}, []ledger.Yen{0}, nil, nil},
		{"nothing has come in yet", 500, 0, []ledger.Yen{0}, []ledger.Yen{0}, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := TraceOf(test.gift, test.use, withNamed(usesFor(t, test.received, test.spent), test.named))
			if err != nil || len(got.Parts) != len(test.want) {
				t.Fatalf("TraceOf = %+v, %v; want %+v", got.Parts, err, test.want)
			}
			for i, part := range got.Parts {
				if part != test.want[i] {
					t.Errorf("part %d = %+v; want %+v", i, part, test.want[i])
				}
			}
		})
	}
}

func TestPartsOfATraceAddUpToTheGift(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(r, "uses")
		yen := rapid.Custom(func(r *rapid.T) ledger.Yen { return ledger.Yen(rapid.Int64Range(0, 2_000_000).Draw(r, "yen")) })
		uses := usesFor(t, rapid.SliceOfN(yen, n, n).Draw(r, "received"), rapid.SliceOfN(yen, n, n).Draw(r, "spent"))
		uses[0].Received++ // something has come in
		gift := 1 + yen.Draw(r, "gift")
		trace, err := TraceOf(gift, int64(rapid.IntRange(0, n).Draw(r, "use")), uses)
		if err != nil {
			r.Fatal(err)
		}
		var sum ledger.Yen
		for _, part := range trace.Parts {
			if part.Amount <= 0 || part.Spent < 0 || part.Left < 0 || part.Spent+part.Left != part.Amount {
				r.Errorf("part %+v", part)
			}
			sum += part.Amount
		}
		if sum != gift {
			r.Errorf("parts of %s add up to %s", gift, sum)
		}
	})
}
