package formula

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Largest is the largest amount and the largest count that is taken for a fact. A quote above it is a slip of the finger.
const Largest = 999_999_999_999

// The two costs every budget has. Others are the keys of cost categories: rent, setup.
const (
	Total    = "total"    // 総事業費: all that the work costs
	Eligible = "eligible" // 対象経費: the part of it that the call accepts
)

// Source is where money comes from beside the grant that is computed.
type Source string

// The sources a rule may take off: 寄付金その他の収入.
const (
	Donation   Source = "donation"    // 寄付
	Fee        Source = "fee"         // 利用料・参加費
	Sponsor    Source = "sponsor"     // 協賛
	OtherGrant Source = "other_grant" // ほかの助成・補助
	OtherIn    Source = "other"       // その他の収入
)

// Sources are all of them, in the order a budget lists them.
var Sources = []Source{Donation, Fee, Sponsor, OtherGrant, OtherIn}

// Facts are the figures a rule is applied to: planned ones in a draft, actual ones at the settlement.
type Facts struct {
	Costs  map[string]ledger.Yen // by key: Total, Eligible, and categories
	Income map[Source]ledger.Yen // what else comes in; absent is zero
	Counts map[string]int64      // sessions, months, people on average …
	Year   int                   // of a programme of several years, from 1; 0 counts as 1
}

// Missing says that a rule asks for a fact nobody has given yet. It is a question to the group, never a zero.
type Missing struct {
	Kind Kind // Cost or Count
	Name string
}

// Error names the fact, which is a key and no personal data.
func (m Missing) Error() string { return fmt.Sprintf("formula: no %s %q", m.Kind, m.Name) }

func (f Facts) cost(name string) (ledger.Yen, error) {
	amount, known := f.Costs[name]
	if !known {
		return 0, Missing{Cost, name}
	}
	if amount < 0 || amount > Largest {
		return 0, fmt.Errorf("cost %q: %w", name, ledger.ErrOverflow)
	}
	return amount, nil
}

func (f Facts) count(name string) (int64, error) {
	n, known := f.Counts[name]
	if !known {
		return 0, Missing{Count, name}
	}
	if n < 0 || n > Largest {
		return 0, fmt.Errorf("count %q: %w", name, ledger.ErrOverflow)
	}
	return n, nil
}

func (f Facts) income(sources []Source) (ledger.Yen, error) {
	var sum ledger.Yen
	for _, s := range sources {
		amount := f.Income[s]
		if amount < 0 || amount > Largest {
			return 0, fmt.Errorf("income %q: %w", s, ledger.ErrOverflow)
		}
		sum += amount // at most five times Largest
	}
	return sum, nil
}

// given is the fact that a step of this kind looks up beside costs and income.
func (f Facts) given(s Step) (int64, error) {
	switch s.Kind {
	case Units, Tiers, When:
		return f.count(s.Name)
	case Years:
		return f.year(), nil
	}
	return 0, nil
}

func (f Facts) year() int64 { return int64(max(f.Year, 1)) }

// With returns the facts with more of one income; the receiver stays as it was.
func (f Facts) With(s Source, more ledger.Yen) Facts {
	income := make(map[Source]ledger.Yen, len(f.Income)+1)
	for k, v := range f.Income {
		income[k] = v
	}
	income[s] += more
	f.Income = income
	return f
}
