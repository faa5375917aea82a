package application

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/grants/budget"
	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// GiftEffect is what gifts to an initiative do to one application for it: funders take donations off what they pay.
type GiftEffect struct {
	Draft   Draft
	Form    string     // its title
	Planned ledger.Yen // gifts that its budget holds already, and that are not counted again
	Before  ledger.Yen // what its rule comes to with these; of a grant, no more than was decided
	After   ledger.Yen // with all the gifts
	Free    ledger.Yen // how many gifts it bears unchanged, the planned ones among them
}

// Lowered is how much less is paid.
func (e GiftEffect) Lowered() ledger.Yen { return e.Before - e.After }

// GiftEffects returns the applications of an initiative of which gifts of so much would lower the claim, the hardest hit first: drafts, what was handed in, and
// what was granted. An application whose rule lacks a figure, or bears the gifts, is not among them.
func GiftEffects(ctx context.Context, q sqlx.QueryerContext, organisationID, initiativeID int64, gifts ledger.Yen) ([]GiftEffect, error) {
	all, err := List(ctx, q, organisationID)
	if err != nil {
		return nil, err
	}
	var effects []GiftEffect
	for _, d := range all {
		if initiativeID == 0 || d.InitiativeID != initiativeID || d.Status == Declined || d.Status == Withdrawn {
			continue
		}
		form, err := FindForm(ctx, q, d.FormKey, d.FormVersion)
		if err != nil {
			return nil, err
		}
		decided, err := decidedAmount(ctx, q, d)
		if err != nil {
			return nil, err
		}
		effect, known, err := effectOn(d, form, decided, gifts)
		if err != nil {
			return nil, err
		}
		if known && effect.Lowered() > 0 {
			effects = append(effects, effect)
		}
	}
	slices.SortStableFunc(effects, func(a, b GiftEffect) int { return int(b.Lowered() - a.Lowered()) })
	return effects, nil
}

// decidedAmount is what was granted; formula.Largest while nothing is.
func decidedAmount(ctx context.Context, q sqlx.QueryerContext, d Draft) (ledger.Yen, error) {
	if d.Status != Granted && d.Status != PartGranted {
		return formula.Largest, nil
	}
	outcomes, err := Outcomes(ctx, q, d.OrganisationID, d.ID)
	if err != nil {
		return 0, err
	}
	for _, o := range outcomes {
		if o.Amount > 0 {
			return o.Amount, nil
		}
	}
	return formula.Largest, nil
}

// effectOn works the budget out with the gifts it holds and with all of them. Known is false when there is no claim to compare.
func effectOn(d Draft, form template.Version, decided, gifts ledger.Yen) (e GiftEffect, known bool, err error) {
	if form.Budget == nil {
		return e, false, nil
	}
	e = GiftEffect{Draft: d, Form: form.Title}
	for _, in := range d.Budget.Income {
		if in.Source == formula.Donation {
			e.Planned += in.Amount
		}
	}
	claim := func(more ledger.Yen) ledger.Yen {
		var w budget.Worked
		if w, err = budget.WithGifts(d.Budget, *form.Budget, more); err != nil || w.Missing != "" || len(w.Claim.Steps) == 0 {
			return -1
		}
		return min(w.Claim.Amount, decided)
	}
	more := max(0, gifts-e.Planned)
	e.Before, e.After = claim(0), claim(more)
	if err != nil || e.Before < 0 || e.After < 0 {
		return e, false, err
	}
	low, high := ledger.Yen(0), more // a claim never rises with gifts: there is one place where it begins to fall
	for low < high {
		middle := low + (high-low+1)/2
		if claim(middle) == e.Before {
			low = middle
		} else {
			high = middle - 1
		}
	}
	e.Free = e.Planned + low
	return e, true, err
}
