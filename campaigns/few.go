package campaigns

import (
	"slices"

	"github.com/lib/pq"
)

// Fewest is the least number of givers of whom anything is told apart in public. In a small place fewer are neighbours: who gave, and what, could
// be guessed. What all gave together is always told, because the group answers for it; how few they were, and any part of it that so few gave,
// is not, and no sum is told beside a part from which the other part follows.
const Fewest = 5

// Few reports whether a number of givers is too small to be told in public.
func Few(n int) bool { return n > 0 && n < Fewest }

// Givers is who stands behind some gifts: registered givers once, however often they gave, and every gift without a name for itself. Queries may
// leave out donors from the twentieth on, so that Count is exact below that and never says Few where it is not.
type Givers struct {
	Donors   pq.Int64Array `db:"donors" json:"-"`
	Nameless int           `db:"nameless" json:"-"`
}

// Count is how many there are.
func (g Givers) Count() int { return len(g.Donors) + g.Nameless }

// Few reports whether there are so few that nothing may be told of them apart.
func (g Givers) Few() bool { return Few(g.Count()) }

// And joins two: who is in both counts once.
func (g Givers) And(other Givers) Givers {
	donors := slices.Concat(g.Donors, other.Donors)
	slices.Sort(donors)
	return Givers{Donors: slices.Compact(donors), Nameless: g.Nameless + other.Nameless}
}

// Told is the progress as anybody may read it. What so few givers named for a use fills the uses in their priority like the rest, for otherwise their
// gift stood there alone; so does everything that was named, where so few named nothing. Payments under way, and goods, of so few givers are left
// out. Sums over all uses stay as they are.
func (p Progress) Told() Progress {
	flows := map[int64]useFlow{}
	rest := p.unnamed
	for _, u := range p.Uses {
		if u.namers.Few() {
			rest = rest.And(u.namers)
		}
	}
	for _, u := range p.Uses {
		flow := useFlow{UseID: u.UseID, Spent: u.Spent, Waiting: u.Waiting}
		if !rest.Few() && !u.namers.Few() {
			flow.Named, flow.Givers = u.Named, u.namers
		}
		flows[u.UseID] = flow
	}
	plan := make([]PlanUse, len(p.Uses))
	for i, u := range p.Uses {
		plan[i] = u.PlanUse
	}
	p.Uses = fill(plan, p.Carried+p.Received, flows)
	p.unnamed = rest // telling twice is telling once
	p.PendingFew, p.InKindFew = p.PendingFew || p.paying.Few(), p.InKindFew || p.bringing.Few()
	if p.PendingFew {
		p.Pending = 0
	}
	if p.InKindFew {
		p.InKind = 0
	}
	return p
}
