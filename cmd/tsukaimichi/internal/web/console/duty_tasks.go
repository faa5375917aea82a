package console

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// dutySoon is how many days before its day a report is among today's work.
const dutySoon = 30

// dutyTasks are the reports that are late or due within a month, also those on what was decided about unasked gifts, the plans that a standing call's
// next year lacks, and money on uses its year began without.
func dutyTasks(d Desk, w waiting) []page.Task {
	if !d.May(reporters...) {
		return nil
	}
	var tasks []page.Task
	for _, duty := range w.Owed {
		if duty.DueOn.Sub(d.Today()) <= dutySoon {
			tasks = append(tasks, dutyTask(d, duty))
		}
	}
	for _, c := range w.Years {
		tasks = append(tasks, yearTask(d, c))
	}
	for _, h := range w.Behind {
		tasks = append(tasks, heldTask(d, h))
	}
	for _, decision := range w.Decided {
		if decision.DueOn.Sub(d.Today()) <= dutySoon {
			tasks = append(tasks, decisionTask(d, decision))
		}
	}
	return tasks
}

func dutyTask(d Desk, duty campaigns.Duty) page.Task {
	t := page.Task{What: "「" + duty.Title + "」の報告を書く", Note: "約束した日は" + page.Day(duty.DueOn) + "です。",
		Act: page.Link{Href: d.Path("campaigns", duty.CampaignID, "report"), Text: "報告を書く"}}
	if !duty.YearFrom.IsZero() {
		t.What = fmt.Sprintf("「%s」の%d年度の報告を書く", duty.Title, duty.YearFrom.Year())
	} else if duty.Number > 1 {
		t.What = fmt.Sprintf("「%s」の第%d回の報告を書く", duty.Title, duty.Number)
		t.Note += "残ったお金を、そのあとどうしたかを報告します。"
	}
	if late := duty.Late(d.Today()); late > 0 {
		t.Tag, t.Late = page.Tag{Kind: page.TagLate, Text: "報告待ち"}, fmt.Sprintf("%d日すぎています", late)
	}
	return t
}
