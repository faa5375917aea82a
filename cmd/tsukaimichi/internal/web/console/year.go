package console

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// collectingText says when a campaign collects: of a standing call, for which fiscal year its plan is.
func collectingText(p campaigns.Plan) string {
	switch {
	case p.Standing && p.YearFrom.IsZero():
		return "常設　" + page.Day(p.CollectsFrom) + "から"
	case p.Standing:
		return fmt.Sprintf("常設　%sの計画（%sまで）", yearText(p), page.DayOnly(p.YearUntil()))
	}
	return page.DayOnly(p.CollectsFrom) + "から" + page.DayOnly(p.CollectsUntil) + "まで"
}

// yearText names the fiscal year of a standing call's plan: 2027年度.
func yearText(p campaigns.Plan) string { return fmt.Sprintf("%d年度", p.YearFrom.Year()) }

// findYear returns a standing call with the draft of its next year's plan.
func (p *Pages) findYear(r *http.Request) (standing, error) {
	c, err := p.findStanding(r)
	if err != nil {
		return c, err
	}
	c.Plan, err = campaigns.FindYearPlan(r.Context(), p.DB, c.Campaign, desk(r).Today())
	return c, err
}

// EditYear shows the plan of a standing call's next year for writing: where none is begun, the last one with its days a year later.
func (p *Pages) EditYear(w http.ResponseWriter, r *http.Request) error {
	c, err := p.findYear(r)
	if err != nil {
		return err
	}
	return p.editYear(w, r, http.StatusOK, c, draftValues(c, nil), nil)
}

// SaveYear keeps what was typed, after adding, removing or moving a use if that button was pressed.
func (p *Pages) SaveYear(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findYear(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	anchor := arrangeUses(t.Values)
	plan := readPlan(t)
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		mark := func() (string, error) { return yearMark(r.Context(), tx, c, d.Today()) }
		return t.writeOver(r.Context(), tx, c, mark, func() error {
			return campaigns.SaveYearPlan(r.Context(), tx, d.Organisation.ID, c.ID, plan, d.Today())
		})
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.editYear(w, r, http.StatusUnprocessableEntity, c, t.Values, problems)
	}
	if t.Get("do") == "announce" {
		return redirect(w, r, d.Path("campaigns", c.ID, "year", "announce"), "")
	}
	return redirect(w, r, d.Path("campaigns", c.ID, "year")+anchor, "draft_saved")
}

func (p *Pages) editYear(w http.ResponseWriter, r *http.Request, status int, c standing, values url.Values, problems map[string]string) error {
	d := desk(r)
	behind, err := campaigns.LeftBehind(r.Context(), p.DB, c.Campaign, c.Plan)
	if err != nil {
		return err
	}
	b := builder{form: page.NewForm(values, problems)}
	e := EditorPage{Action: d.Path("campaigns", c.ID, "year"), Seen: draftMark(c, draftValues(c, nil)), When: yearWhen(c.Plan, d.Today()), Heading: titleOf(c) + "　" + yearText(c.Plan) + "の計画",
		Total: c.Plan.Total(), Head: d.May(head...)}
	e.Basics = basicItems(b, nil)[2:] // the name and the initiative stay
	e.Uses = useRows(b, values, c.Plan)
	e.After = []FormStep{
		goalsStep(b, values),
		costsStep(b, values, c.Plan),
		{Legend: "いつ報告するか", Items: []Item{b.field(dayField("report_due_on", yearText(c.Plan)+"の報告をする日", ""))}},
		otherwiseStep(b, false),
		{Legend: "責任を持つ人", Items: []Item{b.field(page.Field{Name: "responsible", Label: "責任を持つ人", MostRunes: 100})}},
	}
	e.Problems = b.form.Problems()
	e.Ready = append(lacks(d, c.Plan.MissingForYear(d.Organisation), values), behindLacks(behind)...)
	e.Console = d.Frame(r, e.Heading, page.Campaigns, changeCrumbs(d, c)...)
	e.NeedsFix = e.Problems.Some()
	return p.Renderer.Render(w, status, e)
}

// yearWhen says when the plan will be in force.
func yearWhen(p campaigns.Plan, today ledger.Date) string {
	if p.YearFrom.After(today) {
		return page.DayOnly(p.YearFrom) + "からの計画です。その前に公表します"
	}
	return "この年度の計画が、まだありません。公表するまで、寄付を受け付けません"
}

// ConfirmYear lists what publishing a year's plan freezes.
func (p *Pages) ConfirmYear(w http.ResponseWriter, r *http.Request) error {
	return p.confirmYear(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) confirmYear(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d := desk(r)
	c, err := p.findYear(r)
	if err != nil {
		return err
	}
	b := builder{form: page.NewForm(values, problems)}
	edit := d.Path("campaigns", c.ID, "year")
	a := AnnouncePage{Heading: titleOf(c) + "　" + yearText(c.Plan) + "の計画", Action: d.Path("campaigns", c.ID, "year", "announce"), Seen: draftMark(c, draftValues(c, nil)), Uses: usesTable(c.Plan),
		Edit: page.Link{Href: edit, Text: "計画にもどって直す"}, Preview: page.Link{Href: "/c/" + c.Slug, Text: "いまの年度のページを見る"}, Frozen: frozenPairs(d, c),
		Lead: "公表すると、この計画が新しい版として残ります。", Button: "計画を公表する"}
	behind, err := campaigns.LeftBehind(r.Context(), p.DB, c.Campaign, c.Plan)
	if err != nil {
		return err
	}
	a.Blocked = behindNotice(d, c, behind)
	for _, lack := range append(lacks(d, c.Plan.MissingForYear(d.Organisation), draftValues(c, nil)), behindLacks(behind)...) {
		if lack.Href[0] == '#' {
			lack.Href = edit + lack.Href
		}
		a.Lacks = append(a.Lacks, lack)
	}
	a.Agree = *b.tick(page.Tick{Name: "agree", Label: "この計画で公表します", Note: page.DayOnly(c.Plan.YearFrom) + "から、この計画になります。残ったお金は、次の年度にくりこします。"}).Tick
	a.Problems = b.form.Problems()
	a.Console = d.Frame(r, "公表の確認："+titleOf(c), page.Campaigns, append(changeCrumbs(d, c), page.Link{Href: edit, Text: yearText(c.Plan) + "の計画"})...)
	a.NeedsFix = a.Problems.Some()
	return p.Renderer.Render(w, status, a)
}

// AnnounceYear publishes the plan of the next year. Pressing twice publishes it once more as it was.
func (p *Pages) AnnounceYear(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findYear(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	t.bad.Need(t.Get("agree") != "", "agree", "console.agree_missing")
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if err := t.publishes(r.Context(), tx, c, func() (string, error) { return yearMark(r.Context(), tx, c, d.Today()) }); err != nil {
			return err
		}
		_, err := campaigns.PublishYear(r.Context(), tx, d.Organisation.ID, c.ID, d.By(), d.Now)
		return err
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.confirmYear(w, r, http.StatusUnprocessableEntity, t.Values, problems)
	}
	return redirect(w, r, d.Path("campaigns", c.ID), "announced")
}

// yearSoon is how many days before the end of a fiscal year the next year's plan is among today's work.
const yearSoon = 45

// yearsToPlan are the standing calls whose year ends soon, or is over, and whose next has no plan.
func yearsToPlan(ctx context.Context, q sqlx.QueryerContext, all []standing, on ledger.Date) ([]standing, error) {
	var lacking []standing
	for _, c := range all {
		if !c.Plan.Standing || (c.Status != campaigns.Open && c.Status != campaigns.Announced) || c.Plan.YearUntil().Sub(on) > yearSoon {
			continue
		}
		planned, err := campaigns.PlannedAhead(ctx, q, c.Campaign)
		if err != nil {
			return nil, err
		}
		if !planned {
			lacking = append(lacking, c)
		}
	}
	return lacking, nil
}

func yearTask(d Desk, c standing) page.Task {
	t := page.Task{What: "「" + titleOf(c) + "」の次の年度の計画を公表する", Note: yearText(c.Plan) + "は" + page.Day(c.Plan.YearUntil()) + "に終わります。計画がないと、次の日から寄付を受け付けられません。",
		Act: page.Link{Href: d.Path("campaigns", c.ID, "year"), Text: "計画を書く"}}
	if late := d.Today().Sub(c.Plan.YearUntil()); late > 0 {
		t.Tag, t.Late = page.Tag{Kind: page.TagLate, Text: "寄付を止めています"}, fmt.Sprintf("計画がないまま、%d日たちました", late)
	}
	return t
}
