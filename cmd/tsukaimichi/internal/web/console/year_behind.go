package console

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// heldBehind is a standing call whose year began without uses that money lies on.
type heldBehind struct {
	standing
	Uses []campaigns.UseProgress
}

// behindText lists uses with what lies on them: 「会場」6,000円、「保険」400円.
func behindText(uses []campaigns.UseProgress) string {
	parts := make([]string, len(uses))
	for i, u := range uses {
		parts[i] = "「" + u.Name + "」" + page.YenText(u.Left) + "円"
	}
	return strings.Join(parts, "、")
}

// behindLacks are what a year's plan lacks because it drops uses with money on them.
func behindLacks(uses []campaigns.UseProgress) (list []Lack) {
	for _, u := range uses {
		list = append(list, Lack{Text: "「" + u.Name + "」に" + page.YenText(u.Left) + "円が残っていますが、この計画にありません。", Href: "#uses"})
	}
	return list
}

// behindNotice says before a year's plan is published what can be done about uses that it drops with money on them; nil if there are none.
func behindNotice(d Desk, c standing, uses []campaigns.UseProgress) *page.Notice {
	if len(uses) == 0 {
		return nil
	}
	return &page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "先に決めます"}, Head: "お金の残っている使いみちが、計画にありません", Attend: true,
		Text: behindText(uses) + "。このままでは公表できません。次のどれかをしてください。\n・この計画にも、同じ名前で入れる。金額は、残った分だけでもかまいません\n・残りを、その使いみちに使いきる\n" +
			"・いまの年度の使いみちを変える。ほかへまわすことを、寄付した方にたずねます",
		Link: page.Link{Href: d.Path("campaigns", c.ID, "change"), Text: "いまの年度の使いみちを変える"}}
}

// heldNotice says on the page of a standing call that money lies on uses its year began without; the zero Notice if none does.
func heldNotice(d Desk, c standing, uses []campaigns.UseProgress) page.Notice {
	if len(uses) == 0 {
		return page.Notice{}
	}
	n := page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "止めています"}, Head: "前の年度の使いみちに、お金が残っています", Attend: true,
		Text: behindText(uses) + "。いまの計画にないので、この使いみちでは払えません。\n会議で決めてから、「使いみちの約束を変える」で、同じ名前で計画にもどすか、ほかの使いみちの金額にたしてください。変えるまで、このお金には手をつけないでください。"}
	if d.May(drafters...) {
		n.Link = page.Link{Href: d.Path("campaigns", c.ID, "change"), Text: "使いみちの約束を変える"}
	}
	return n
}

// findHeldBehind are the standing calls with such uses.
func findHeldBehind(ctx context.Context, q sqlx.QueryerContext, all []standing) ([]heldBehind, error) {
	var held []heldBehind
	for _, c := range all {
		if !c.Plan.Standing || !c.Changeable() {
			continue
		}
		uses, err := campaigns.HeldBehind(ctx, q, c.Campaign)
		if err != nil {
			return nil, err
		}
		if len(uses) > 0 {
			held = append(held, heldBehind{c, uses})
		}
	}
	return held, nil
}

func heldTask(d Desk, h heldBehind) page.Task {
	return page.Task{Tag: page.Tag{Kind: page.TagLate, Text: "止めています"}, What: "「" + titleOf(h.standing) + "」の、前の年度の残りをどうするかを決める",
		Note: behindText(h.Uses) + "。いまの計画にない使いみちです。", Act: page.Link{Href: d.Path("campaigns", h.ID), Text: "できることを見る"}}
}
