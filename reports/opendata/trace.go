package opendata

import (
	"slices"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Trace is what became of one gift: 「わたしの1,000円」. Its parts add up to what is left of the gift, to the yen.
type Trace struct {
	Gift    ledger.Yen
	Reports []string // the reports that may tell of it, the first one first
	Parts   []Part
}

// Part is the part of a gift that lies with one use. What the reports told is spent, what no report told yet, and what is not spent add up to Amount.
type Part struct {
	Number   int // of the use
	Name     string
	Amount   ledger.Yen
	Reported []ledger.Yen // told as spent by each report that the one before it had not told
	Since    ledger.Yen   // spent, and told by no report yet
	Left     ledger.Yen
}

// Trace follows a gift through the uses, each part of it by what it is meant for (campaigns.HoldingsOf). It reads nothing but the data, so that whoever has them
// comes to the same: each holding goes to the use it names or, where it names none, to all uses by their Received − Named; of each part the
// share Spent ÷ Received is spent (campaigns.TraceOf); and what is spent is told by the reports by how much more each of them told of the use. Every split
// is to whole yen by the largest remainder, ties to the first.
func (d Campaign) Trace(held []campaigns.Holding) (Trace, error) {
	t := Trace{Reports: make([]string, len(d.Reports))}
	for i, r := range d.Reports {
		t.Reports[i] = r.Number
	}
	uses := make([]campaigns.UseProgress, len(d.Uses))
	for i, u := range d.Uses {
		uses[i] = campaigns.UseProgress{PlanUse: campaigns.PlanUse{UseID: u.ID, Name: u.Name}, Received: u.Received, Named: u.Named, Spent: u.Spent, Left: u.Left}
	}
	for _, h := range held {
		traced, err := campaigns.TraceOf(h.Amount, h.UseID, uses)
		if err != nil {
			return Trace{}, err
		}
		t.Gift += h.Amount
		for _, part := range traced.Parts {
			at := slices.IndexFunc(d.Uses, func(u Use) bool { return u.ID == part.UseID })
			p := Part{Number: d.Uses[at].Number, Name: part.Name, Amount: part.Amount, Left: part.Left}
			if p.Reported, p.Since, err = d.Uses[at].toldBy(part.Spent); err != nil {
				return Trace{}, err
			}
			t.add(p)
		}
	}
	slices.SortFunc(t.Parts, func(a, b Part) int { return a.Number - b.Number })
	return t, nil
}

// toldBy splits what is spent of a part by the reports that told of it, and the rest.
func (u Use) toldBy(spent ledger.Yen) (reported []ledger.Yen, since ledger.Yen, err error) {
	weights := make([]int64, len(u.Reported)+1)
	told := ledger.Yen(0)
	for i, r := range u.Reported {
		upTo := min(max(told, r), u.Spent) // what was taken back since, no report tells any more
		weights[i] = int64(upTo - told)
		told = upTo
	}
	weights[len(u.Reported)] = int64(u.Spent - told)
	if spent == 0 || u.Spent <= 0 {
		return make([]ledger.Yen, len(u.Reported)), spent, nil
	}
	parts, err := spent.Allocate(weights)
	if err != nil {
		return nil, 0, err
	}
	return parts[:len(u.Reported)], parts[len(u.Reported)], nil
}

// add joins the parts of two holdings of one gift that lie with the same use.
func (t *Trace) add(p Part) {
	at := slices.IndexFunc(t.Parts, func(q Part) bool { return q.Number == p.Number })
	if at < 0 {
		t.Parts = append(t.Parts, p)
		return
	}
	into := &t.Parts[at]
	into.Amount, into.Since, into.Left = into.Amount+p.Amount, into.Since+p.Since, into.Left+p.Left
	for i := range p.Reported {
		into.Reported[i] += p.Reported[i]
	}
}

// Spent is what is spent of the part, told by a report or not.
func (p Part) Spent() ledger.Yen { return p.Amount - p.Left }
