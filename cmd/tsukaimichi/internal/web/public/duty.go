package public

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Promises is how an organisation kept its promises of reports over the years.
type Promises struct {
	Lead  string      // これまでの約束5つのうち、4つを期限までに報告しました。 Empty while no day has come
	Days  string      // from the end of collecting to the report
	Years page.Years  // by the fiscal year of the day, the latest first
	Each  []page.Pair // the latest first
}

// lateDays is for how many days a report that is owed is late; 0 where none is owed or its day has not passed.
func lateDays(owed, today ledger.Date) int {
	if owed.IsZero() {
		return 0
	}
	return max(0, today.Sub(owed))
}

func lateTag(days int) page.Tag {
	return page.Tag{Kind: page.TagLate, Text: fmt.Sprintf("報告待ち %d日", days)}
}

// owed is the report the campaign owes; the zero Duty while it owes none.
func (c Called) owed() campaigns.Duty {
	for _, d := range c.Duties {
		if !d.Met() {
			return d
		}
	}
	return campaigns.Duty{}
}

func reportCell(c Called) page.ProofCell {
	owed := c.owed()
	switch {
	case !owed.DueOn.IsZero() && !owed.YearFrom.IsZero():
		return page.ProofCell{Term: yearText(owed.YearFrom) + "の報告の約束", Text: page.Day(owed.DueOn) + "まで", Note: "年度ごとに、このページで報告します"}
	case !owed.DueOn.IsZero() && owed.Number > 1:
		return page.ProofCell{Term: "次の報告の約束", Text: page.Day(owed.DueOn) + "まで", Note: "残ったお金を使い終わるまで、報告をつづけます"}
	case !owed.DueOn.IsZero() && len(c.Reports) > 0:
		return page.ProofCell{Term: "報告の約束", Text: page.Day(owed.DueOn) + "まで", Note: "とちゅうの報告が、もう読めます"}
	case len(c.Reports) > 0:
		return page.ProofCell{Term: "報告の約束", Text: "報告しました", Note: "約束は" + page.Day(c.Plan.ReportDueOn) + "まで"}
	}
	return page.ProofCell{Term: "報告の約束", Text: page.Day(c.Plan.ReportDueOn) + "まで", Note: "使い終わったら、このページで報告します"}
}

func campaignState(c Called) *page.Notice {
	owed := c.owed()
	late := lateDays(owed.DueOn, c.Today)
	switch {
	case late > 0:
		return &page.Notice{Tag: lateTag(late), Head: "報告の期限がすぎています", Attend: true,
			Text: "期限（" + page.Day(owed.DueOn) + "）から" + strconv.Itoa(late) + "日すぎています。報告するまで、この団体は同じ取り組みの募金を始められません。"}
	case c.Campaign.Status == campaigns.Stopped:
		return &page.Notice{Head: "この募金は、とちゅうでやめました", Text: "残ったお金のことは「もしものとき」に書いたとおりにします。"}
	case c.Campaign.Status == campaigns.Reported && !owed.DueOn.IsZero():
		return &page.Notice{Head: "この募金は終わり、使いみちを報告しました", Text: "残ったお金は、" + page.Day(owed.DueOn) + "までに使い、また報告します。"}
	case c.Campaign.Status == campaigns.Reported:
		return &page.Notice{Head: "この募金は終わり、使いみちを報告しました", Text: "約束と実際をくらべて読めます。"}
	case c.Campaign.Status == campaigns.Announced && c.Today.Before(c.Plan.CollectsFrom):
		return &page.Notice{Head: "まだ集めていません", Text: page.Day(c.Plan.CollectsFrom) + "から集めます。使いみちは、集める前に決めてあります。"}
	case unplanned(c) != nil:
		return unplanned(c)
	case (!c.Plan.CollectsUntil.IsZero() && c.Today.After(c.Plan.CollectsUntil)) || c.Campaign.Status == campaigns.Closed:
		return &page.Notice{Head: "募集は終わりました", Text: "何に使ったかは、" + page.Day(c.Plan.ReportDueOn) + "までに報告します。"}
	}
	return nil
}

// despite says why the group asks again although it owes another report.
func despite(c Called) *page.Notice {
	if c.Despite == "" {
		return nil
	}
	return &page.Notice{Head: "ほかの報告がおくれているときに、始めた募金です", Attend: true, Text: "代表の説明：\n" + c.Despite,
		Link: page.Link{Href: "/o/" + c.Organisation.Slug + "#promises", Text: "この団体の、報告の約束を見る"}}
}

// promisePairs are the promised reports of a campaign, told once there is more to say than the day of the first.
func promisePairs(duties []campaigns.Duty, today ledger.Date) []page.Pair {
	if len(duties) == 0 || (len(duties) == 1 && !duties[0].Met()) {
		return nil
	}
	var pairs []page.Pair
	for _, d := range duties {
		pairs = append(pairs, page.Pair{Term: reportName(d), Text: howKept(d, today)})
	}
	return pairs
}

// reportName names a promised report: 第2回の報告; of a standing call 2027年度の報告.
func reportName(d campaigns.Duty) string {
	if !d.YearFrom.IsZero() {
		return yearText(d.YearFrom) + "の報告"
	}
	return fmt.Sprintf("第%d回の報告", d.Number)
}

// howKept says of a promised report how it was kept.
func howKept(d campaigns.Duty, today ledger.Date) string {
	text := "約束は" + page.DayOnly(d.DueOn) + "まで。"
	switch {
	case d.Met() && d.Late(today) > 0:
		text += fmt.Sprintf("%sに、%d日おくれて報告しました。", page.DayOnly(d.MetOn()), d.Late(today))
	case d.Met():
		text += page.DayOnly(d.MetOn()) + "に報告しました。"
	case d.Late(today) > 0:
		return text + fmt.Sprintf("報告待ち、%d日です。", d.Late(today))
	default:
		return text + "これからです。"
	}
	if d.LeftOver > 0 {
		text += "残り" + page.YenText(d.LeftOver) + "円。"
	}
	return text
}

// tally counts promises of one year.
type tally struct{ inTime, late, waiting, coming int }

func (k *tally) add(d campaigns.Duty, today ledger.Date) {
	switch late := d.Late(today) > 0; {
	case d.Met() && !late:
		k.inTime++
	case d.Met():
		k.late++
	case late:
		k.waiting++
	default:
		k.coming++
	}
}

// String says how many were kept: これまでに約束した報告3件のうち、2件を期限までに、1件をおくれて報告しました。
func (k tally) String() string {
	due := k.inTime + k.late + k.waiting
	if due == 0 {
		return "約束の日が来た報告は、まだありません。"
	}
	text := fmt.Sprintf("これまでに約束した報告%d件のうち、", due)
	var out []string
	if k.inTime > 0 {
		out = append(out, fmt.Sprintf("%d件を期限までに", k.inTime))
	}
	if k.late > 0 {
		out = append(out, fmt.Sprintf("%d件をおくれて", k.late))
	}
	if len(out) > 0 {
		text += strings.Join(out, "、") + "報告しました。"
	}
	if k.waiting > 0 {
		text += fmt.Sprintf("%d件は、報告待ちです。", k.waiting)
	}
	return text
}

// daysTaken says how long first reports took after the end of collecting; nothing where there was none.
func daysTaken(days []int) string {
	if len(days) == 0 {
		return ""
	}
	slices.Sort(days)
	first, last := days[0], days[len(days)-1]
	if first == last {
		return fmt.Sprintf("募集が終わってから最初の報告まで、%d日でした。", first)
	}
	text := fmt.Sprintf("募集が終わってから最初の報告まで、早くて%d日、おそくて%d日", first, last)
	if len(days) > 2 {
		text += fmt.Sprintf("、まん中は%d日", days[len(days)/2])
	}
	return text + "でした。"
}

// keptPromises tells, by the fiscal year of their days, how promises of reports were kept.
func keptPromises(g Group) Promises {
	if len(g.Duties) == 0 {
		return Promises{}
	}
	var all tally
	years := map[int]*tally{}
	var taken []int
	for _, d := range g.Duties {
		year := g.Organisation.FiscalYear(d.DueOn).Year()
		if years[year] == nil {
			years[year] = &tally{}
		}
		all.add(d, g.Today)
		years[year].add(d, g.Today)
		if d.Number == 1 && d.Met() {
			taken = append(taken, d.Taken())
		}
	}
	p := Promises{Lead: all.String(), Days: daysTaken(taken), Years: yearRows(years)}
	latest := slices.Clone(g.Duties)
	slices.SortStableFunc(latest, func(a, b campaigns.Duty) int { return b.DueOn.Sub(a.DueOn) })
	for _, d := range latest {
		name := d.Title
		if !d.YearFrom.IsZero() {
			name += "（" + yearText(d.YearFrom) + "）"
		} else if d.Number > 1 {
			name += fmt.Sprintf("（第%d回）", d.Number)
		}
		p.Each = append(p.Each, page.Pair{Term: name, Text: howKept(d, g.Today), Link: page.Link{Href: "/c/" + d.Slug, Text: "募金のページ"}})
	}
	return p
}

// yearRows are the years, the latest first.
func yearRows(years map[int]*tally) page.Years {
	var rows page.Years
	for _, year := range slices.Backward(slices.Sorted(maps.Keys(years))) {
		k := years[year]
		rows = append(rows, page.Year{Name: strconv.Itoa(year) + "年度", Kept: k.inTime, Late: k.late, Overdue: k.waiting, ToCome: k.coming})
	}
	return rows.Draw()
}
