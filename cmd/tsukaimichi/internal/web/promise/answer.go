package promise

import (
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// Options are the answers to a question, in the words of a form. to names where the rest of a stopped campaign goes.
func Options(change campaigns.Change, next campaigns.Plan, to string) []page.Option {
	if change.Kind == campaigns.ChangeStop {
		keep := page.Option{Value: "keep", Text: to + "に使ってよい"}
		back := page.Option{Value: "return", Text: "返してもらう", Note: "まだ使っていない、あなたの分です"}
		if change.Rest == campaigns.RestReturn {
			back.Note += "。何も選ばないときも、これになります"
			return []page.Option{back, keep}
		}
		keep.Note = "何も選ばないときも、これになります"
		return []page.Option{keep, back}
	}
	options := []page.Option{{Value: "keep", Text: "新しい約束のとおりに使ってよい", Note: "何も選ばないときも、これになります"}}
	for _, u := range next.Uses {
		if u.BearsCosts { // nobody gives for the costs of giving
			continue
		}
		options = append(options, page.Option{Value: "use-" + strconv.FormatInt(u.UseID, 10), Text: "「" + u.Name + "」に使ってほしい"})
	}
	return append(options,
		page.Option{Value: "general", Text: "団体の活動ぜんたいに使ってほしい", Note: "使いみちを決めない、一般のお金になります"},
		page.Option{Value: "return", Text: "返してもらう", Note: "まだ使っていない、あなたの分です"})
}

// Value is an answer as the form names it.
func Value(a campaigns.Ask) string {
	switch {
	case a.Choice == campaigns.ChooseMove && a.ToUseID > 0:
		return "use-" + strconv.FormatInt(a.ToUseID, 10)
	case a.Choice == campaigns.ChooseMove:
		return "general"
	}
	return string(a.Choice)
}

// Read reads an answer of the form; the domain says whether it will do.
func Read(value string, told campaigns.Told) campaigns.Answer {
	a := campaigns.Answer{Choice: campaigns.Choice(value), Told: told}
	if value == "general" {
		a.Choice = campaigns.ChooseMove
	}
	if id, is := strings.CutPrefix(value, "use-"); is {
		a.Choice = campaigns.ChooseMove
		a.ToUseID, _ = strconv.ParseInt(id, 10, 64)
		if a.ToUseID <= 0 {
			a.Choice = ""
		}
	}
	return a
}

// Say is an answer in a few words.
func Say(a campaigns.Ask, options []page.Option) string {
	value := Value(a)
	for _, o := range options {
		if o.Value == value {
			return o.Text
		}
	}
	return ""
}
