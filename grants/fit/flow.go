package fit

import (
	"maps"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// flow lays the amounts of calls over the lines of a cost so that the most is covered: a maximum flow, with one call added at a time. A line that is
// full may be handed from one call to another that accepts it, along a path, to make room.
type flow struct {
	free    []ledger.Yen         // of each line
	need    ledger.Yen           // of all lines together
	claims  map[int][]ledger.Yen // of each call, by line
	accepts map[int][]ledger.Yen // what each call takes of each line
	covered ledger.Yen
}

func newFlow(cost []ledger.Yen, need ledger.Yen) *flow {
	free := make([]ledger.Yen, len(cost))
	for i, c := range cost {
		free[i] = max(0, c)
	}
	return &flow{free: free, need: need, claims: map[int][]ledger.Yen{}, accepts: map[int][]ledger.Yen{}}
}

func (f *flow) clone() *flow {
	c := &flow{free: slices.Clone(f.free), need: f.need, claims: make(map[int][]ledger.Yen, len(f.claims)+1), accepts: maps.Clone(f.accepts), covered: f.covered}
	for call, lines := range f.claims {
		c.claims[call] = slices.Clone(lines)
	}
	return c
}

// add lays as much of the amount of a call as there is room, moving others aside.
func (f *flow) add(call int, amount ledger.Yen, accepts []ledger.Yen) {
	f.claims[call] = make([]ledger.Yen, len(f.free))
	f.accepts[call] = accepts
	for left := min(amount, f.need-f.covered); left > 0; {
		path, room := f.path(call, left)
		if room == 0 {
			return
		}
		f.push(path, room)
		f.covered += room
		left -= room
	}
}

// spare is how much more of a line a call would take.
func (f *flow) spare(call, line int) ledger.Yen {
	return f.accepts[call][line] - f.claims[call][line]
}

// share is what a call carries of all lines.
func (f *flow) share(call int) ledger.Yen {
	sum, _ := ledger.Sum(f.claims[call]...) // no more than the cost, which was added up
	return sum
}

// step says that a line was reached by a call that could take it.
type step struct{ line, call int }

// path looks, breadth first, for a line with room that the call reaches: by itself, or by taking over a line whose call then takes another. It
// returns the way and how much can go along it.
func (f *flow) path(call int, left ledger.Yen) ([]step, ledger.Yen) {
	from := make([]int, len(f.free)) // the step by which a line was reached
	before := map[int]int{call: -1}  // the line by which a call was reached
	for i := range from {
		from[i] = -1
	}
	for queue := []int{call}; len(queue) > 0; queue = queue[1:] {
		for line := range f.free {
			if from[line] >= 0 || f.spare(queue[0], line) <= 0 {
				continue
			}
			from[line] = queue[0]
			if f.free[line] > 0 {
				return f.back(line, from, before, min(left, f.free[line]))
			}
			for _, other := range slices.Sorted(maps.Keys(f.claims)) {
				if _, seen := before[other]; !seen && f.claims[other][line] > 0 {
					before[other] = line
					queue = append(queue, other)
				}
			}
		}
	}
	return nil, 0
}

func (f *flow) back(line int, from []int, before map[int]int, room ledger.Yen) ([]step, ledger.Yen) {
	var path []step
	for line >= 0 {
		call := from[line]
		path = append(path, step{line, call})
		room = min(room, f.spare(call, line))
		if line = before[call]; line >= 0 {
			room = min(room, f.claims[call][line])
		}
	}
	return path, room
}

// push moves the amount along the path: the free line is filled, and each line before changes hands.
func (f *flow) push(path []step, amount ledger.Yen) {
	f.free[path[0].line] -= amount
	for i, s := range path {
		f.claims[s.call][s.line] += amount
		if i+1 < len(path) {
			f.claims[s.call][path[i+1].line] -= amount
		}
	}
}
