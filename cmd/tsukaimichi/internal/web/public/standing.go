package public

import (
	"fmt"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// yearText names the fiscal year of a standing call's plan: 2027年度.
func yearText(year ledger.Date) string { return fmt.Sprintf("%d年度", year.Year()) }

// standingPeriod says of a standing call for which year its plan is; once it has ended, that.
func standingPeriod(c campaigns.Campaign, plan campaigns.Plan, today ledger.Date) string {
	switch {
	case plan.CollectsFrom.IsZero():
		return ""
	case plan.YearFrom.IsZero() || today.Before(plan.CollectsFrom):
		return page.Day(plan.CollectsFrom) + "から、終わりを決めずに集めます"
	case c.Status != campaigns.Open && c.Status != campaigns.Announced:
		return "集めるのを終えました"
	}
	return yearText(plan.YearFrom) + "の計画（" + page.DayOnly(plan.YearUntil()) + "まで）"
}

// standing completes the page of a standing call with what its years mean.
func (p *CampaignPage) standing(c Called) {
	plan := c.Plan
	if !plan.Standing {
		return
	}
	year := "この年度"
	if !plan.YearFrom.IsZero() {
		year = yearText(plan.YearFrom)
	}
	p.Total.Name = year + "の、ぜんぶの使いみち"
	p.Year = "常設の募金です。終わりの日を決めずに集め、年度ごとに、使いみちの計画と報告を出します。ここにあるのは" + year + "の計画と、その年度に届いたお金です。"
	if c.Progress.Carried > 0 {
		p.Year += "前の年度から" + page.YenText(c.Progress.Carried) + "円をくりこしました。"
	}
}

// unplanned says that a standing call's year has no plan, so that nothing can be given; nil otherwise.
func unplanned(c Called) *page.Notice {
	if !c.Plan.Standing || c.Plan.YearFrom.IsZero() || !c.Today.After(c.Plan.YearUntil()) || c.Campaign.Status != campaigns.Open {
		return nil
	}
	return &page.Notice{Head: "新しい年度の計画を、まだ公表していません", Text: yearText(c.Plan.YearFrom) + "の計画は" + page.Day(c.Plan.YearUntil()) + "に終わりました。次の使いみちを公表するまで、寄付を受け付けません。", Attend: true}
}
