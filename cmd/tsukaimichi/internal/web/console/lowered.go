package console

import (
	"context"
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// lowered warns of grants for the same initiative that pay less when the goal of a campaign is reached. goal is the goal that is about to be promised, before
// the one that was promised so far: what it lowered already is not said again.
func (p *Pages) lowered(ctx context.Context, d Desk, initiativeID int64, goal, before ledger.Yen) ([]page.Notice, error) {
	if goal <= before {
		return nil, nil
	}
	now, err := application.GiftEffects(ctx, p.DB, d.Organisation.ID, initiativeID, goal)
	if err != nil || len(now) == 0 {
		return nil, err
	}
	so, err := application.GiftEffects(ctx, p.DB, d.Organisation.ID, initiativeID, before)
	if err != nil {
		return nil, err
	}
	already := map[int64]ledger.Yen{}
	for _, e := range so {
		already[e.Draft.ID] = e.Lowered()
	}
	var notices []page.Notice
	for _, e := range now {
		if e.Lowered() > already[e.Draft.ID] {
			notices = append(notices, loweredNotice(d, e, goal))
		}
	}
	return notices, nil
}

func loweredNotice(d Desk, e application.GiftEffect, goal ledger.Yen) page.Notice {
	text := fmt.Sprintf("この取り組みには、「%s」の申請があります。寄付を先に差し引く決まりなので、目標の%s円が集まると、助成は%s円から%s円になります。\n", e.Draft.Title, page.YenText(goal), page.YenText(e.Before), page.YenText(e.After))
	if e.Planned > 0 {
		text += fmt.Sprintf("申請の予算には、寄付が%s円入っています。それは、もう差し引いてあります。\n", page.YenText(e.Planned))
	}
	switch {
	case e.Free > 0:
		text += fmt.Sprintf("寄付が%s円までなら、助成はへりません。目標をそこまでにするか、ほかの取り組みの募金にすることを考えてください。", page.YenText(e.Free))
	default:
		text += "はじめの1円から、へります。ほかの取り組みの募金にすることを考えてください。"
	}
	text += "\n差し引き方は、助成する団体に確かめてください。このまま公表することもできます。"
	return page.Notice{Tag: page.Tag{Kind: page.TagWait, Text: "助成がへります"}, Head: page.YenText(e.Lowered()) + "円、少なくなります", Text: text, Attend: true,
		Link: page.Link{Href: d.Path("applications", e.Draft.ID, "budget"), Text: "申請の予算を見る"}}
}
