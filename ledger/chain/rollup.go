package chain

import (
	"cmp"
	"slices"

	"github.com/lib/pq"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// rollupKey is one row of the roll-up. Zero and empty stand for none.
type rollupKey struct {
	FundID, Account, UseID, InitiativeID int64
	Segment                              string
	Month                                ledger.Date
}

type rollupSum struct {
	Amount  int64
	Entries int64
}

// rollup adds entries up by month. The zero rollup is empty.
type rollup struct{ sums map[rollupKey]rollupSum }

func (r *rollup) add(x *record) {
	if x.Posted == nil {
		return
	}
	if r.sums == nil {
		r.sums = map[rollupKey]rollupSum{}
	}
	for i := range x.Posted.Entries {
		e := &x.Posted.Entries[i]
		key := rollupKey{
			FundID: e.FundID, Account: e.Account, UseID: e.UseID.Int64, InitiativeID: e.InitiativeID.Int64, Segment: e.Segment.String,
			Month: monthOf(e.BookedOn),
		}
		sum := r.sums[key]
		sum.Amount += int64(e.Amount)
		sum.Entries++
		r.sums[key] = sum
	}
}

// columns are the rows as arrays, one for each column, in the order of the key: sealers of two organisations never meet, but
// whoever sums by key reads them in order.
func (r *rollup) columns() []any {
	keys := make([]rollupKey, 0, len(r.sums))
	for key := range r.sums {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b rollupKey) int {
		return cmp.Or(cmp.Compare(a.FundID, b.FundID), cmp.Compare(a.Account, b.Account), cmp.Compare(a.UseID, b.UseID),
			cmp.Compare(a.InitiativeID, b.InitiativeID), cmp.Compare(a.Segment, b.Segment), a.Month.Sub(b.Month))
	})
	n := len(keys)
	funds, accounts, uses, initiatives := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	segments, months, amounts, entries := make([]string, n), make([]string, n), make([]int64, n), make([]int64, n)
	for i, key := range keys {
		funds[i], accounts[i], uses[i], initiatives[i] = key.FundID, key.Account, key.UseID, key.InitiativeID
		segments[i], months[i], amounts[i], entries[i] = key.Segment, key.Month.String(), r.sums[key].Amount, r.sums[key].Entries
	}
	return []any{
		pq.Array(funds), pq.Array(accounts), pq.Array(uses), pq.Array(initiatives), pq.Array(segments), pq.Array(months),
		pq.Array(amounts), pq.Array(entries),
	}
}
