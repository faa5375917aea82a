package console

import (
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
)

// ReportsPage is 報告: which campaigns are to be reported, and which were.
type ReportsPage struct {
	page.Console
	List  []page.ListRow
	Empty page.Empty
}

// Template names the template of the page.
func (ReportsPage) Template() string { return "console/reports" }

// Reports lists the campaigns by what they still owe: a report.
func (p *Pages) Reports(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	all, err := standings(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	built := buildReports(d, all)
	built.Console = d.Frame(r, "報告", page.Reports)
	return p.Renderer.Render(w, http.StatusOK, built)
}

func buildReports(d Desk, all []standing) ReportsPage {
	built := ReportsPage{Empty: page.Empty{Text: "まだ報告する募金はありません。募金を公表すると、報告の日がここに出ます。"}}
	for _, c := range all {
		if !c.Public() {
			continue
		}
		row := page.ListRow{Tag: campaignTag(c.Status), Name: titleOf(c), Href: d.Path("campaigns", c.ID), Text: page.Day(c.Plan.ReportDueOn) + "までに報告します"}
		if d.May(reporters...) {
			row.Href = d.Path("campaigns", c.ID, "report")
		}
		if c.Status != campaigns.Reported && d.Today().After(c.Plan.ReportDueOn) {
			row.Tag = page.Tag{Kind: page.TagLate, Text: "報告待ち"}
			row.Text = page.Day(c.Plan.ReportDueOn) + "までの約束でした。" + page.Count(d.Today().Sub(c.Plan.ReportDueOn)) + "日すぎています"
		}
		built.List = append(built.List, row)
	}
	return built
}
