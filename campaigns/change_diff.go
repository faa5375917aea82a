package campaigns

import (
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Diff is what one version of a plan says otherwise than another.
type Diff struct {
	OldTotal, NewTotal ledger.Yen
	Uses               []UseDiff // in the order of the new plan, the removed ones last
	Texts              []TextDiff
	Reordered          bool // the uses that stay have another order of priority
}

// UseDiff is one use before and after.
type UseDiff struct {
	Kind     UseDiffKind
	Old, New PlanUse // the zero PlanUse where there is none
}

// UseDiffKind says what became of a use.
type UseDiffKind string

// A use is the same one as long as it has its name: under another name it is another use, and the old one is removed.
const (
	UseSame    UseDiffKind = "same"
	UseChanged UseDiffKind = "changed"
	UseAdded   UseDiffKind = "added"
	UseRemoved UseDiffKind = "removed"
)

// TextDiff is a text of the plan before and after, by the name of its field.
type TextDiff struct {
	Field    string
	Old, New string
}

// By is how much more is planned for the use; below zero it is less.
func (u UseDiff) By() ledger.Yen { return u.New.Amount - u.Old.Amount }

// DiffPlans compares two versions of a plan. Uses are told by their id; a use without one is new.
func DiffPlans(old, next Plan) Diff {
	d := Diff{OldTotal: old.Total(), NewTotal: next.Total(), Texts: diffTexts(old, next)}
	before := map[int64]PlanUse{}
	for _, u := range old.Uses {
		before[u.UseID] = u
	}
	stays := map[int64]bool{}
	var order []int64
	for _, u := range next.Uses {
		was, known := before[u.UseID]
		switch {
		case u.UseID == 0 || !known:
			d.Uses = append(d.Uses, UseDiff{Kind: UseAdded, New: u})
			continue
		case was == u:
			d.Uses = append(d.Uses, UseDiff{Kind: UseSame, Old: was, New: u})
		default:
			d.Uses = append(d.Uses, UseDiff{Kind: UseChanged, Old: was, New: u})
		}
		stays[u.UseID] = true
		order = append(order, u.UseID)
	}
	for _, u := range old.Uses {
		if !stays[u.UseID] {
			d.Uses = append(d.Uses, UseDiff{Kind: UseRemoved, Old: u})
			continue
		}
		d.Reordered = d.Reordered || order[0] != u.UseID
		order = order[1:]
	}
	return d
}

func diffTexts(old, next Plan) []TextDiff {
	var texts []TextDiff
	for _, t := range []TextDiff{
		{"title", old.Title, next.Title}, {"lead", old.Lead, next.Lead}, {"saying", old.Saying, next.Saying}, {"need", old.Need, next.Need},
		{"other_sources", old.OtherSources, next.OtherSources}, {"uncovered", old.Uncovered, next.Uncovered},
		{"if_too_little", old.IfTooLittle, next.IfTooLittle}, {"if_too_much", old.IfTooMuch, next.IfTooMuch}, {"if_stopped", old.IfStopped, next.IfStopped},
		{"responsible", old.Responsible, next.Responsible}, {"report_due_on", old.ReportDueOn.String(), next.ReportDueOn.String()},
		{"collects_until", old.CollectsUntil.String(), next.CollectsUntil.String()},
		{"goals", old.Goals.text(), next.Goals.text()},
	} {
		if t.Old != t.New {
			texts = append(texts, t)
		}
	}
	return texts
}

// Empty reports whether the plans say the same.
func (d Diff) Empty() bool {
	for _, u := range d.Uses {
		if u.Kind != UseSame {
			return false
		}
	}
	return len(d.Texts) == 0 && !d.Reordered
}

// Decrease is how much less is planned, over all uses that get less: what is moved to others, or to none.
func (d Diff) Decrease() ledger.Yen {
	var less ledger.Yen
	for _, u := range d.Uses {
		less += max(0, -u.By())
	}
	return less
}

// Removes reports whether a use is no longer there.
func (d Diff) Removes() bool {
	for _, u := range d.Uses {
		if u.Kind == UseRemoved {
			return true
		}
	}
	return false
}

// Weight is what a new version does to money that was given: how much it moves, against how much may be moved without asking.
type Weight struct {
	Moved   ledger.Yen
	Width   ledger.Yen
	Removed bool           // a use is no longer there
	Touched map[int64]bool // uses whose money it takes, in part or whole
}

// Beyond reports whether givers are to be asked.
func (w Weight) Beyond() bool { return w.Removed || w.Moved > w.Width }

// weigh compares a new version with the one in force and, for the width, with the last one givers had a say in. Money is moved by less being
// planned for a use and also by another order of priority, which fills others first; the larger of the two counts.
func weigh(base, current, next Plan, in ledger.Yen, flows map[int64]useFlow) Weight {
	diff := DiffPlans(current, next)
	w := Weight{Moved: DiffPlans(base, next).Decrease(), Width: base.Width(), Removed: diff.Removes(), Touched: map[int64]bool{}}
	for _, u := range diff.Uses {
		if u.Kind != UseAdded && u.By() < 0 {
			w.Touched[u.Old.UseID] = true
		}
	}
	filled := map[int64]ledger.Yen{}
	for _, u := range fill(next.Uses, in, flows) {
		filled[u.UseID] += u.Received
	}
	var taken ledger.Yen
	for _, u := range fill(within(current.Uses, in, flows)) {
		if less := u.Received - filled[u.UseID]; less > 0 {
			taken += less
			w.Touched[u.UseID] = true
		}
	}
	w.Moved = max(w.Moved, taken)
	return w
}

// within leaves out of what came in what is more than was promised: fill gives it to the last use, but it was promised for none.
func within(uses []PlanUse, in ledger.Yen, flows map[int64]useFlow) ([]PlanUse, ledger.Yen, map[int64]useFlow) {
	var most ledger.Yen
	for _, u := range uses {
		flow := flows[u.UseID]
		most += max(u.Amount, flow.Spent, flow.Named)
	}
	return uses, min(in, most), flows
}
