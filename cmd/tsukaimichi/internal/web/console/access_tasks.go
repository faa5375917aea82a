package console

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// accessTasks are what the representative decides about who may come in: an operator asks, a coordinator's role ends.
func accessTasks(d Desk, w waiting) []page.Task {
	if !d.May(head...) {
		return nil
	}
	var tasks []page.Task
	for _, g := range w.Grants {
		if g.Status == access.Asked {
			tasks = append(tasks, page.Task{Tag: page.Tag{Kind: page.TagWait, Text: "返事待ち"}, What: "運営が、帳簿を読ませてほしいと言っています",
				Note: g.Name + "さん：" + g.Purpose, Act: page.Link{Href: d.Path("access", "grants"), Text: "わけを読んで決める"}})
		}
	}
	for _, m := range w.Ending {
		tasks = append(tasks, page.Task{Tag: page.Tag{Kind: page.TagWait, Text: fmt.Sprintf("あと%d日", m.UntilOn.Sub(d.Today()))},
			What: "コーディネーターの" + m.Name + "さんの役目が、" + page.ShortDay(m.UntilOn) + "で終わります",
			Note: "つづけてもらうときは、終わる日をのばしてください。終わってよければ、何もしなくてかまいません。", Act: page.Link{Href: d.Path("settings", "members"), Text: "のばす"}})
	}
	return tasks
}

// guestPairs say who may read although he is no member; everybody of the organisation knows.
func guestPairs(d Desk, w waiting) []page.Pair {
	var pairs []page.Pair
	for _, g := range w.Grants {
		if g.Stands(d.Today()) {
			pairs = append(pairs, page.Pair{Term: g.Name + "さん（運営）", Text: page.ShortDay(g.UntilOn) + "まで、読むだけ",
				Link: page.Link{Href: d.Path("access", "grants"), Text: "見る"}})
		}
	}
	return pairs
}
