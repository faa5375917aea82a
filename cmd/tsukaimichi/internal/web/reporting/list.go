package reporting

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/console"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports"
)

// ListPage is the organisation's reports: those that are owed first.
type ListPage struct {
	page.Console
	Owed  []page.ListRow
	Out   []page.ListRow // published, with nothing being written
	Empty page.Empty
}

// Template names the template of the page.
func (ListPage) Template() string { return "reporting/list" }

// owed is a campaign with its report.
type owed struct {
	campaigns.Campaign
	Plan     campaigns.Plan
	Standing reports.Standing
	Due      ledger.Date // of the report that is owed, or of the first
	Owes     bool
}

// List lists the campaigns whose report is late, being written, due, still to come, or out.
func (p *Pages) List(w http.ResponseWriter, r *http.Request) error {
	d, err := console.DeskOf(r.Context())
	if err != nil {
		return err
	}
	all, err := campaigns.List(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	standings, err := reports.Standings(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	open, err := campaigns.Owed(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	due := map[int64]ledger.Date{}
	for _, duty := range open {
		if _, earlier := due[duty.CampaignID]; !earlier { // of a standing call two years may be owed
			due[duty.CampaignID] = duty.DueOn
		}
	}
	var list []owed
	for _, c := range all {
		if !c.Public() {
			continue
		}
		plan, err := campaigns.FindPlan(r.Context(), p.DB, d.Organisation.ID, c.ID, c.Version)
		if err != nil {
			return err
		}
		on, owes := due[c.ID]
		if !owes {
			on = plan.ReportDueOn
		}
		list = append(list, owed{c, plan, standings[c.ID], on, owes})
	}
	shown := buildList(d, list)
	shown.Console = frame(d, r, "報告")
	return p.Renderer.Render(w, http.StatusOK, shown)
}

// soon is how many days before its day a report is spoken of as due.
const soon = 30

func buildList(d console.Desk, list []owed) ListPage {
	slices.SortStableFunc(list, func(a, b owed) int {
		return cmp.Or(cmp.Compare(a.rank(d.Today()), b.rank(d.Today())), a.Due.Sub(b.Due))
	})
	shown := ListPage{Empty: page.Empty{Text: "まだ報告はありません。募金を公表すると、報告する日といっしょに、ここに出ます。",
		Link: page.Link{Href: d.Path("campaigns"), Text: "募金を見る"}}}
	for _, o := range list {
		if o.rank(d.Today()) == out {
			shown.Out = append(shown.Out, o.row(d))
		} else {
			shown.Owed = append(shown.Owed, o.row(d))
		}
	}
	return shown
}

// The ranks of the list, in order.
const (
	late = iota
	drafted
	due
	coming
	out
)

// rank says where a report stands in the list.
func (o owed) rank(today ledger.Date) int {
	on := o.Due
	switch {
	case o.Owes && on.Before(today):
		return late
	case o.Standing.Drafted:
		return drafted
	case o.Standing.Number != "" && (!o.Owes || on.Sub(today) > soon):
		return out
	case on.Sub(today) <= soon:
		return due
	}
	return coming
}

func (o owed) row(d console.Desk) page.ListRow {
	on := o.Due
	row := page.ListRow{Name: o.Plan.Title, Href: d.Path("campaigns", o.ID, "report"), Note: "報告する日　" + page.DayOnly(on)}
	writing := "報告を書く"
	if o.Standing.Drafted {
		writing = "書きかけがあります"
	}
	switch o.rank(d.Today()) {
	case late:
		row.Tag = page.Tag{Kind: page.TagLate, Text: "報告待ち"}
		row.Text = fmt.Sprintf("%d日すぎています。%s", d.Today().Sub(on), writing)
	case drafted:
		row.Tag = page.Tag{Kind: page.TagDraft, Text: "書きかけ"}
		if o.Standing.Number != "" {
			row.Tag.Text = "訂正版の下書き"
			if o.Standing.Next {
				row.Tag.Text = "次の報告の下書き"
			}
			row.Note += "・公表ずみ " + reports.EditionName(o.Standing.Turn, o.Standing.Version)
		}
	case due:
		row.Tag = page.Tag{Kind: page.TagWait, Text: "もうすぐ"}
		row.Text = fmt.Sprintf("あと%d日", on.Sub(d.Today()))
	case coming:
		row.Tag = page.Tag{Kind: page.TagOpen, Text: "これから"}
	case out:
		row.Tag = page.Tag{Kind: page.TagDone, Text: "公表ずみ"}
		row.Text = reports.EditionName(o.Standing.Turn, o.Standing.Version)
	}
	return row
}
