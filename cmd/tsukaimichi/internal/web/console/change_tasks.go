package console

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// changeTasks are what changes of promises and stopped campaigns wait for.
func changeTasks(d Desk, w waiting) []page.Task {
	titles := map[int64]string{}
	for _, c := range w.Campaigns {
		titles[c.ID] = titleOf(c)
	}
	var tasks []page.Task
	for _, c := range w.Changes {
		name := "「" + titles[c.CampaignID] + "」"
		if c.NeedsRest && d.May(head...) {
			tasks = append(tasks, page.Task{What: "中止した" + name + "の残りを、約束のとおりにする", Note: "「中止したとき」の約束を、手順にそって進めます。",
				Act: page.Link{Href: d.Path("campaigns", c.CampaignID, "stopping"), Text: "手順を見る"}})
		}
		if c.Returns > 0 && d.May(treasurer...) {
			tasks = append(tasks, page.Task{What: fmt.Sprintf("%sの寄付を%d件、返す", name, c.Returns), Note: "振込か現金で返す分、" + page.YenText(c.ToReturn) + "円です。",
				Act: page.Link{Href: d.Path("campaigns", c.CampaignID, "returns"), Text: "返すお金の一覧"}})
		}
		if c.Asking {
			tasks = append(tasks, page.Task{Tag: page.Tag{Kind: page.TagWait, Text: "たずねています"}, What: name + "の変更を、寄付した方にたずねています",
				Note: page.Day(c.DecidesOn) + "までです。メールのない方には紙で知らせ、答えが来たら入れます。",
				Act:  page.Link{Href: d.Path("campaigns", c.CampaignID, "asking"), Text: "答えを見る・入れる"}})
		}
	}
	return tasks
}
