package fit

import (
	"slices"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// grid says how much each call takes of each line of a cost.
type grid struct {
	cost    []ledger.Yen
	accepts [][]ledger.Yen // by call and line, no more than the line costs
	open    [][]int        // the lines that a call takes something of

	from  []int // for path: the call by which a line was reached
	queue []int
}

func newGrid(cost []ledger.Yen, candidates []Candidate) *grid {
	g := &grid{cost: make([]ledger.Yen, len(cost)), from: make([]int, len(cost))}
	for line, c := range cost {
		g.cost[line] = max(0, c)
	}
	for _, c := range candidates {
		accepts := make([]ledger.Yen, len(cost))
		var open []int
		for line := range cost {
			if accepts[line] = max(0, min(c.Accepts[line], cost[line])); accepts[line] > 0 {
				open = append(open, line)
			}
		}
		g.accepts, g.open = append(g.accepts, accepts), append(g.open, open)
	}
	return g
}

// flow lays what calls pay over the lines of a cost: a maximum flow in which one call is raised after the other. A line that is full may be handed from
// one call to another that accepts it, along a path, to make room. What a call pays is never lowered by raising another, so that the order changes who
// pays, and never how much can be covered.
type flow struct {
	grid    *grid
	free    []ledger.Yen // of each line
	claims  []ledger.Yen // of each line by each call, call after call
	paid    []ledger.Yen // by each call
	covered ledger.Yen
}

func newFlow(g *grid) *flow {
	n := len(g.accepts)
	return &flow{grid: g, free: slices.Clone(g.cost), claims: make([]ledger.Yen, n*len(g.cost)), paid: make([]ledger.Yen, n)}
}

func (f *flow) clone() *flow {
	return &flow{grid: f.grid, free: slices.Clone(f.free), claims: slices.Clone(f.claims), paid: slices.Clone(f.paid), covered: f.covered}
}

// of are the claims of a call, by line.
func (f *flow) of(call int) []ledger.Yen {
	return f.claims[call*len(f.free) : (call+1)*len(f.free)]
}

// raise lets a call pay so much more, as far as there is room, moving others aside; it returns how much more it pays.
func (f *flow) raise(call int, amount ledger.Yen) ledger.Yen {
	var raised ledger.Yen
	for raised < amount {
		path, room := f.path(call, amount-raised)
		if room == 0 {
			break
		}
		f.push(path, room)
		raised += room
	}
	f.paid[call] += raised
	f.covered += raised
	return raised
}

// lower lets a call pay so much less, of the last lines that it carries.
func (f *flow) lower(call int, amount ledger.Yen) {
	f.paid[call] -= amount
	f.covered -= amount
	for line := len(f.free) - 1; amount > 0; line-- {
		claim := min(amount, f.of(call)[line])
		f.of(call)[line] -= claim
		f.free[line] += claim
		amount -= claim
	}
}

// spare is how much more of a line a call would take.
func (f *flow) spare(call, line int) ledger.Yen {
	return f.grid.accepts[call][line] - f.of(call)[line]
}

// step says that a line was reached by a call that could take it.
type step struct{ line, call int }

// path looks, breadth first, for a line with room that the call reaches: by itself, or by taking over a line whose call then takes another. It
// returns the way and how much can go along it.
func (f *flow) path(call int, left ledger.Yen) ([]step, ledger.Yen) {
	from := f.grid.from
	for i := range from {
		from[i] = -1
	}
	var before [Most]int // one more than the line by which a call was reached
	seen := uint32(1) << call
	queue := append(f.grid.queue[:0], call)
	for at := 0; at < len(queue); at++ {
		for _, line := range f.grid.open[queue[at]] {
			if from[line] >= 0 || f.spare(queue[at], line) <= 0 {
				continue
			}
			from[line] = queue[at]
			if f.free[line] > 0 {
				f.grid.queue = queue
				return f.back(line, &before, min(left, f.free[line]))
			}
			for other, paid := range f.paid {
				if seen>>other&1 == 0 && paid > 0 && f.of(other)[line] > 0 {
					seen |= 1 << other
					before[other] = line + 1
					queue = append(queue, other)
				}
			}
		}
	}
	f.grid.queue = queue
	return nil, 0
}

func (f *flow) back(line int, before *[Most]int, room ledger.Yen) ([]step, ledger.Yen) {
	var path []step
	for line >= 0 {
		call := f.grid.from[line]
		path = append(path, step{line, call})
		room = min(room, f.spare(call, line))
		if line = before[call] - 1; line >= 0 {
			room = min(room, f.of(call)[line])
		}
	}
	return path, room
}

// push moves the amount along the path: the free line is filled, and each line before changes hands.
func (f *flow) push(path []step, amount ledger.Yen) {
	f.free[path[0].line] -= amount
	for i, s := range path {
		f.of(s.call)[s.line] += amount
		if i+1 < len(path) {
			f.of(s.call)[path[i+1].line] -= amount
		}
	}
}
