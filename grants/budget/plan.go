package budget

import (
	"slices"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/grants/formula"
	"github.com/tsukaimichi/tsukaimichi/grants/template"
	"github.com/tsukaimichi/tsukaimichi/ledger/plans"
)

// sources are the sources of a worksheet as a budget calls them. Grants are what the budget is for, and the group's own money is what is left.
var sources = map[plans.Source]formula.Source{plans.Fees: formula.Fee, plans.Donations: formula.Donation, plans.Sponsorship: formula.Sponsor}

// FromPlan is the sheet a worksheet begins with: its costs under the categories their names point to, none where they point to none, and what is to come in
// beside grants.
func FromPlan(body plans.Body, b template.Budget) Sheet {
	var s Sheet
	for _, c := range body.Costs {
		s.Costs = append(s.Costs, Cost{Category: guess(b, c.What), Item: c.What, Quantity: max(c.Quantity, 1), Unit: c.Unit, Price: c.Price})
	}
	for _, f := range body.Funding {
		if source, other := sources[f.Source]; other && f.Amount > 0 {
			s.Income = append(s.Income, Income{Source: source, Item: f.What, Amount: f.Amount})
		}
	}
	return s
}

// guess finds the category whose label shares a word with what is bought; none, and a person chooses.
func guess(b template.Budget, what string) string {
	at := slices.IndexFunc(b.Categories, func(c template.Category) bool {
		words := strings.FieldsFunc(c.Label, func(r rune) bool { return strings.ContainsRune("・、/／ ", r) })
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(what, word) })
	})
	if at < 0 {
		return ""
	}
	return b.Categories[at].Key
}
