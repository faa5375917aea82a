package public

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/promise"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// PlanPage is one version of a campaign's promise: what it says otherwise than the one before it, why, and what givers said.
type PlanPage struct {
	page.Public
	Heading string
	Tag     page.Tag
	On      ledger.Date
	State   *page.Notice
	Reason  string
	Before  string // 第1版
	Diff    page.PlanDiff
	Width   string
	Counts  []page.Pair
	Uses    page.Table
	WhatIf  []page.Pair
	All     []VersionRow
}

// Template names the page.
func (PlanPage) Template() string { return "public/plan" }

// Plan answers /c/{slug}/plan/{n}: a published version of the promise with the difference to the one before it.
func (p *Pages) Plan(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 || n > 9999 {
		return ledger.ErrNotFound
	}
	return p.show(w, r, func(ctx context.Context) (page.Page, error) {
		c, err := campaigns.FindPublic(ctx, p.DB, r.PathValue("slug"))
		if err != nil {
			return nil, err
		}
		v, err := p.version(ctx, c, n)
		if err != nil {
			return nil, err
		}
		return NewPlanPage(v), nil
	})
}

// Version is a version of a plan with everything its page shows.
type Version struct {
	Campaign campaigns.Campaign
	Plan     campaigns.Plan
	Before   campaigns.Plan   // the one it takes the place of; the zero Plan of the first
	Change   campaigns.Change // the zero Change of the first
	Tally    campaigns.Tally
	Changes  []campaigns.Change // of the campaign, the latest first
	Today    ledger.Date
}

func (p *Pages) version(ctx context.Context, c campaigns.Campaign, n int) (Version, error) {
	v := Version{Campaign: c, Today: p.today()}
	var err error
	if v.Plan, err = campaigns.FindPlan(ctx, p.DB, c.OrganisationID, c.ID, n); err != nil {
		return v, err
	}
	if v.Changes, err = campaigns.Changes(ctx, p.DB, c.OrganisationID, c.ID); err != nil {
		return v, err
	}
	for _, change := range v.Changes {
		if change.Kind != campaigns.ChangeStop && change.Version == n {
			v.Change = change
		}
	}
	if v.Change.ID == 0 {
		return v, nil
	}
	if v.Before, err = campaigns.FindPlan(ctx, p.DB, c.OrganisationID, c.ID, v.Change.FromVersion); err != nil {
		return v, err
	}
	v.Tally, err = campaigns.CountAnswers(ctx, p.DB, v.Change)
	return v, err
}

// NewPlanPage builds the page of a version.
func NewPlanPage(v Version) PlanPage {
	plan, home := v.Plan, "/c/"+v.Campaign.Slug
	built := PlanPage{
		Public:  page.Public{Title: plan.Title + "　使いみちの約束　" + plan.EditionName(), Description: "使いみちの約束と、前の約束との違い。", Crumbs: []page.Link{{Href: home, Text: plan.Title}}},
		Heading: "使いみちの約束　" + plan.EditionName(), On: plan.PublishedOn(), Tag: versionTag(v.Campaign, v.Change, plan.Version),
		Uses: planTable(plan), All: versionRows(v.Campaign, v.Changes, !plan.PaperOn.IsZero()),
		WhatIf: []page.Pair{{Term: "足りなかったら", Text: plan.IfTooLittle}, {Term: "多く集まったら", Text: plan.IfTooMuch}, {Term: "中止したら", Text: plan.IfStopped}},
	}
	if v.Change.ID == 0 {
		return built
	}
	built.Reason, built.Before = v.Change.Reason, v.Before.EditionName()
	built.Diff = promise.Diff(campaigns.DiffPlans(v.Before, plan))
	if v.Change.Kind == campaigns.ChangeYear {
		return built
	}
	built.Width = "使いみちの間で動くお金は" + page.YenText(v.Change.Moved) + "円です。寄付した方にたずねないで動かせる幅（流用の幅）は" + page.YenText(v.Change.Width) + "円です。"
	built.State = changeState(v.Change, v.Tally)
	built.Counts = answerPairs(v.Change, v.Tally)
	return built
}

func versionTag(c campaigns.Campaign, change campaigns.Change, version int) page.Tag {
	switch {
	case change.Status == campaigns.Withdrawn:
		return page.Tag{Kind: page.TagDraft, Text: "取り下げました"}
	case change.Status == campaigns.Asking:
		return page.Tag{Kind: page.TagWait, Text: "たずねています"}
	case c.Version == version:
		return page.Tag{Kind: page.TagOpen, Text: "いまの約束"}
	case change.Kind == campaigns.ChangeYear && version > c.Version:
		return page.Tag{Kind: page.TagWait, Text: "次の年度の計画"}
	}
	return page.Tag{Kind: page.TagDone, Text: "前の約束"}
}

// changeState says how far a change has come that givers are asked about; nil where nobody was asked.
func changeState(change campaigns.Change, t campaigns.Tally) *page.Notice {
	switch {
	case change.Status == campaigns.Asking:
		return &page.Notice{Tag: page.Tag{Kind: page.TagWait, Text: "たずねています"}, Head: page.Day(change.DecidesOn) + "まで、寄付した方にお聞きしています", Attend: true,
			Text: "この約束は、まだ始まっていません。" + peopleAsked(t) + "変わる使いみちのお金は、その日まで使いません。ほかの使いみちは、いままでどおりです。"}
	case change.Status == campaigns.Withdrawn:
		return &page.Notice{Head: "この変更は、取り下げました", Text: "前の約束を、そのままつづけています。"}
	case !change.DecidesOn.IsZero():
		return &page.Notice{Head: page.Day(change.DecidesOn) + "まで、寄付した方にお聞きしました", Text: page.Day(change.InForceOn) + "から、この約束です。" + peopleWereAsked(t)}
	}
	return nil
}

// peopleAsked says how many were asked; a number so small that a neighbour could be guessed is not said.
func peopleAsked(t campaigns.Tally) string {
	switch {
	case t.Asked == 0:
		return "名前のわからない寄付だけなので、回覧と掲示で知らせます。"
	case campaigns.Few(t.Asked):
		return "たずねる方は5人未満です。"
	}
	return "たずねる方は" + page.Count(t.Asked) + "人です。"
}

// peopleWereAsked says it afterwards.
func peopleWereAsked(t campaigns.Tally) string {
	switch {
	case t.Asked == 0:
		return "名前のわからない寄付だけなので、回覧と掲示で知らせました。"
	case campaigns.Few(t.Asked):
		return "たずねた方は5人未満です。"
	}
	return "たずねた方は" + page.Count(t.Asked) + "人です。"
}

// answerPairs tells the answers apart once they are all there and no group of them is small.
func answerPairs(change campaigns.Change, t campaigns.Tally) []page.Pair {
	if change.DecidesOn.IsZero() || change.Status == campaigns.Withdrawn {
		return nil
	}
	var pairs []page.Pair
	if !campaigns.Few(t.Asked) { // of so few it might be what one of them gave
		pairs = append(pairs, page.Pair{Term: "まだ使っていなかったお金（変わる使いみち）", Text: page.YenText(t.Unspent) + "円"})
	}
	if change.Status == campaigns.Asking {
		return pairs
	}
	if !t.Telling() {
		return append(pairs, page.Pair{Term: "答えの内わけ", Text: "人数が少ないので、出しません。"})
	}
	return append(pairs,
		page.Pair{Term: "新しい使いみちへ", Text: page.Count(t.Keep) + "人（" + page.YenText(t.Kept) + "円。たずねられなかった分を入れています）"},
		page.Pair{Term: "ほかへまわした", Text: page.Count(t.Move) + "人（" + page.YenText(t.Moved) + "円）"},
		page.Pair{Term: "返した", Text: page.Count(t.Return) + "人（" + page.YenText(t.Returned) + "円）"})
}

func planTable(plan campaigns.Plan) page.Table {
	t := page.Table{Caption: plan.EditionName() + "の使いみち", Narrow: true, Columns: []page.Column{{Text: "使いみち"}, {Text: "金額", Number: true}}}
	for _, u := range plan.Uses {
		note := page.DayOnly(u.DueOn) + "までに"
		if u.Detail != "" {
			note += "。" + u.Detail
		}
		t.Rows = append(t.Rows, page.Row{Name: u.Name, Note: note, Cells: []string{page.YenText(u.Amount) + "円"}})
	}
	t.Foot = []page.Row{{Name: "合計", Cells: []string{page.YenText(plan.Total()) + "円"}}}
	return t
}

// versionRows are the changes of the promise, the latest first, each with its difference.
func versionRows(c campaigns.Campaign, changes []campaigns.Change, paper bool) []VersionRow {
	var rows []VersionRow
	for _, change := range changes {
		if change.Kind == campaigns.ChangeStop {
			continue
		}
		name := campaigns.EditionName(change.Version, paper)
		switch change.Status {
		case campaigns.Asking:
			name += "（たずねています）"
		case campaigns.Withdrawn:
			name += "（取り下げ）"
		}
		rows = append(rows, VersionRow{Name: name, On: change.OpenedOn, Reason: change.Reason, Href: fmt.Sprintf("/c/%s/plan/%d", c.Slug, change.Version)})
	}
	return rows
}

// changing completes a campaign's page with what is said about changes of its promise, and with the outcome once collecting is over.
func (p *Pages) changing(ctx context.Context, called Called, shown *CampaignPage) error {
	c := called.Campaign
	if c.Ended(called.Plan, called.Today) {
		shown.Outcome = promise.Outcomes(called.Progress.Funding(), called.Plan)
	}
	changes, err := campaigns.Changes(ctx, p.DB, c.OrganisationID, c.ID)
	if err != nil || len(changes) == 0 {
		return err
	}
	shown.Versions = versionRows(c, changes, !called.Plan.PaperOn.IsZero())
	if c.Status == campaigns.Stopped {
		if err = p.settled(ctx, c, shown); err != nil {
			return err
		}
	}
	for _, change := range changes {
		if change.Status != campaigns.Asking {
			continue
		}
		t, err := campaigns.CountAnswers(ctx, p.DB, change)
		if err != nil {
			return err
		}
		shown.Asking = changeState(change, t)
		shown.Asking.Text = "使いみちを、大きく変えようとしています。" + peopleAsked(t) + "変わる使いみちのお金は、その日まで使いません。"
		shown.Asking.Link = page.Link{Href: fmt.Sprintf("/c/%s/plan/%d", c.Slug, change.Version), Text: "何が変わるかを読む"}
		if change.Kind == campaigns.ChangeStop {
			shown.Asking.Text = "中止した募金の残りを、「もしものとき」に書いたとおりにするためです。" + peopleAsked(t)
			shown.Asking.Link = page.Link{}
		}
	}
	return nil
}

// settled says of a stopped campaign what became of the rest, once that is done.
func (p *Pages) settled(ctx context.Context, c campaigns.Campaign, shown *CampaignPage) error {
	s, err := campaigns.FindStopping(ctx, p.DB, c.OrganisationID, c.ID)
	if err != nil || s.Change.Status != campaigns.InForce || shown.State == nil {
		return err
	}
	tally, err := campaigns.CountAnswers(ctx, p.DB, s.Change)
	if err != nil {
		return err
	}
	shown.State.Text = "残りのお金は、「もしものとき」の約束のとおりにしました。"
	if !tally.Telling() {
		return nil
	}
	shown.State.Text += "寄付した方に返したお金 " + page.YenText(s.Returned) + "円、ほかへまわしたお金 " + page.YenText(s.Moved) + "円。"
	if s.ToReturn > 0 {
		shown.State.Text += "これから返すお金 " + page.YenText(s.ToReturn) + "円。"
	}
	return nil
}
