package console

import (
	"fmt"
	"net/url"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// goalKinds are what can be counted besides yen, with their names.
var goalKinds = []page.Option{
	{Value: string(campaigns.GoalPeople), Text: "人（来る人・受け取る人）"}, {Value: string(campaigns.GoalMeals), Text: "食数"}, {Value: string(campaigns.GoalTimes), Text: "回数"},
	{Value: string(campaigns.GoalHours), Text: "手伝いの時間"}, {Value: string(campaigns.GoalThings), Text: "いただく品物"},
}

func goalField(n int, part string) string { return fmt.Sprintf("goal%d_%s", n, part) }

// goalParts are the fields of a goal, as they are named after goal1_.
var goalParts = []string{"kind", "name", "target", "unit"}

// goalCount is how many goals the form has something of.
func goalCount(values url.Values) int {
	count := 0
	for n := 1; n <= campaigns.MaxGoals; n++ {
		for _, part := range goalParts[1:] {
			if values.Get(goalField(n, part)) != "" {
				count = n
			}
		}
	}
	return count
}

// goalsStep asks for goals besides yen: those there are, and one more.
func goalsStep(b builder, values url.Values) FormStep {
	step := FormStep{Legend: "お金のほかの目標", Hint: "書かなくてもかまいません。人・食数・回数や、手伝いの時間・品物を、目標にできます。残すと、次の欄が出ます。\nお金を集めない募金にするときは、使いみちをみな消して、手伝いの時間か品物を書いてください。"}
	for n := 1; n <= min(goalCount(values)+1, campaigns.MaxGoals); n++ {
		step.Items = append(step.Items,
			b.field(page.Field{Name: goalField(n, "kind"), Label: fmt.Sprintf("目標%dの種類", n), Options: goalKinds}),
			b.field(page.Field{Name: goalField(n, "name"), Label: "何を数えるか", Aside: optional, Hint: "例：食べに来る人、届けるお弁当、配膳の手伝い、お米", MostRunes: 30}),
			b.field(page.Field{Name: goalField(n, "target"), Label: "目標の数", Aside: optional, InputMode: "numeric"}),
			b.listed(page.Field{Name: goalField(n, "unit"), Label: "数の単位", Aside: optional}, []string{"人", "食", "回", "時間", "kg", "個"}))
	}
	return step
}

// readGoals reads the goals of the form; a row nobody wrote in is none.
func readGoals(t typed) campaigns.Goals {
	var goals campaigns.Goals
	for n := 1; n <= goalCount(t.Values); n++ {
		g := campaigns.Goal{Kind: campaigns.GoalKind(t.Get(goalField(n, "kind"))), Name: t.text(goalField(n, "name")), Target: t.count(goalField(n, "target")), Unit: t.text(goalField(n, "unit"))}
		if g.Name != "" || g.Target != 0 || g.Unit != "" {
			goals = append(goals, g)
		}
	}
	return goals
}

func setGoals(values url.Values, goals campaigns.Goals) {
	for i, g := range goals {
		values.Set(goalField(i+1, "kind"), string(g.Kind))
		values.Set(goalField(i+1, "name"), g.Name)
		values.Set(goalField(i+1, "target"), ledger.Yen(g.Target).String())
		values.Set(goalField(i+1, "unit"), g.Unit)
	}
}

// withoutBlankUses leaves out rows nobody wrote in, where the plan has goals: it may ask for no yen.
func withoutBlankUses(p campaigns.Plan) campaigns.Plan {
	if len(p.Goals) == 0 {
		return p
	}
	var uses []campaigns.PlanUse
	for _, u := range p.Uses {
		if u != (campaigns.PlanUse{}) {
			uses = append(uses, u)
		}
	}
	p.Uses = uses
	return p
}

// goalsText writes the goals in words, a line for each.
func goalsText(p campaigns.Plan) string {
	text := ""
	for i, g := range p.Goals {
		if i > 0 {
			text += "\n"
		}
		text += fmt.Sprintf("%s　%s%s", g.Name, page.YenText(ledger.Yen(g.Target)), g.Unit)
	}
	return text
}
