package console

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// EditorPage is a draft being written: the plan, its uses and what is still missing.
type EditorPage struct {
	page.Console
	Action   string
	Seen     string // which state of the draft the form was sent out with
	Preview  page.Link
	Leaflet  page.Link
	Announce page.Link
	When     string // まだ、だれにも見えません
	Heading  string
	Problems page.Problems
	Basics   []Item
	Uses     []UseRow
	Total    ledger.Yen
	Paper    page.Link  // for a call that was handed out on paper
	After    []FormStep // the steps after the uses
	Ready    []Lack     // empty when nothing is missing
	Head     bool       // may announce
}

// Template names the template of the page.
func (EditorPage) Template() string { return "console/editor" }

// Lack is something the draft still needs, with the field it belongs to.
type Lack struct {
	Text string
	Href string
}

// EditDraft shows a draft for writing. An announced campaign leads to its own page.
func (p *Pages) EditDraft(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	if c.Status != campaigns.Draft {
		return redirect(w, r, d.Path("campaigns", c.ID), "")
	}
	initiatives, err := ledger.Initiatives(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	return p.editor(w, r, http.StatusOK, c, draftValues(c, initiatives), nil)
}

// findStanding returns the campaign of the path with its plan.
func (p *Pages) findStanding(r *http.Request) (standing, error) {
	id, err := number(r, "id")
	if err != nil {
		return standing{}, err
	}
	return findStanding(r.Context(), p.DB, desk(r).Organisation.ID, id)
}

func findStanding(ctx context.Context, q sqlx.QueryerContext, organisationID, id int64) (standing, error) {
	c, err := campaigns.Find(ctx, q, organisationID, id)
	if err != nil {
		return standing{}, err
	}
	plan, err := campaigns.FindPlan(ctx, q, organisationID, id, c.Version)
	return standing{c, plan}, err
}

// SaveDraft keeps what was typed, complete or not, after adding, removing or moving a use if that button was pressed.
func (p *Pages) SaveDraft(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	if c.Status != campaigns.Draft { // announced meanwhile
		problems, err := wrong(campaigns.ErrNotDraft)
		if err != nil {
			return err
		}
		return p.campaign(w, r, http.StatusUnprocessableEntity, c, "edit", t.Values, problems)
	}
	anchor := arrangeUses(t.Values)
	plan := readPlan(t)
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		mark := func() (string, error) {
			now, err := findStanding(r.Context(), tx, d.Organisation.ID, c.ID)
			return draftMark(now, draftValues(now, nil)), err
		}
		return t.writeOver(r.Context(), tx, c, mark, func() error {
			initiative, err := initiativeNamed(r.Context(), tx, d.Organisation.ID, t.text("initiative"))
			if err != nil {
				return err
			}
			return campaigns.SaveDraft(r.Context(), tx, d.Organisation.ID, c.ID, initiative, t.text("slug"), plan)
		})
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.editor(w, r, http.StatusUnprocessableEntity, c, t.Values, problems)
	}
	switch t.Get("do") {
	case "preview":
		return redirect(w, r, d.Path("campaigns", c.ID, "preview"), "")
	case "announce":
		return redirect(w, r, d.Path("campaigns", c.ID, "announce"), "")
	}
	return redirect(w, r, d.Path("campaigns", c.ID, "edit")+anchor, "draft_saved")
}

func (p *Pages) editor(w http.ResponseWriter, r *http.Request, status int, c standing, values url.Values, problems map[string]string) error {
	d := desk(r)
	initiatives, err := ledger.Initiatives(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	editor := buildEditor(d, c, values, problems, initiatives)
	editor.Console = d.Frame(r, "下書き："+titleOf(c), page.Campaigns, page.Link{Href: d.Path("campaigns"), Text: "募金"})
	editor.NeedsFix = editor.Problems.Some()
	return p.Renderer.Render(w, status, editor)
}

func buildEditor(d Desk, c standing, values url.Values, problems map[string]string, initiatives []ledger.Initiative) EditorPage {
	b := builder{form: page.NewForm(values, problems)}
	e := EditorPage{Action: d.Path("campaigns", c.ID, "edit"), Seen: draftMark(c, draftValues(c, nil)), When: "まだ、だれにも見えません", Heading: titleOf(c), Total: c.Plan.Total(), Head: d.May(head...),
		Preview: page.Link{Text: "残して、公表した姿を見る"}, Leaflet: page.Link{Href: d.Path("campaigns", c.ID, "leaflet"), Text: "下書きのチラシ（PDF）"}}
	e.Paper = page.Link{Href: d.Path("campaigns", c.ID, "paper"), Text: "紙（回覧・チラシ）で、もうよびかけた募金ですか"}
	if !c.Plan.PaperOn.IsZero() {
		e.Paper.Text = page.DayOnly(c.Plan.PaperOn) + "に紙で公表した募金です（第0版）"
	}
	e.Basics = basicItems(b, initiatives)
	e.Uses = useRows(b, values, c.Plan)
	e.After = planSteps(b, values, c.Plan)
	e.Problems = b.form.Problems()
	e.Ready = lacks(d, c.Plan.Missing(d.Organisation, d.Today()), values)
	return e
}

func basicItems(b builder, initiatives []ledger.Initiative) []Item {
	names := make([]string, len(initiatives))
	for i, in := range initiatives {
		names[i] = in.Name
	}
	return []Item{
		b.field(page.Field{Name: "title", Label: "募金の名前", Hint: "例：冬の火曜日、あたたかい夕ごはんを16回", MostRunes: 60}),
		b.listed(page.Field{Name: "initiative", Label: "どの取り組みのためか"}, names),
		b.field(page.Field{Name: "lead", Label: "はじめの2文", Aside: optional, Hint: "だれに、何をするのかを書きます。", Rows: 3, MostRunes: 400}),
		b.field(page.Field{Name: "saying", Label: "団体のことば", Aside: optional, Hint: "たて書きで出ます。2行までです。", Rows: 2, MostRunes: 80}),
		b.field(page.Field{Name: "need", Label: "なぜ、お金がいるか", Rows: 5, MostRunes: 2000}),
		b.field(page.Field{Name: "other_sources", Label: "ほかのお金でまかなう分", Hint: "例：参加費 1回300円、市の補助金 10万円。なければ「ありません」と書きます。", Rows: 3, MostRunes: 2000}),
		b.field(page.Field{Name: "uncovered", Label: "まだ決まっていないお金", Hint: "なければ「ありません」、分からなければ「未定」と書きます。", Rows: 2, MostRunes: 2000}),
	}
}

func planSteps(b builder, values url.Values, p campaigns.Plan) []FormStep {
	return []FormStep{
		goalsStep(b, values),
		costsStep(b, values, p),
		{Legend: "いつ集めて、いつ報告するか", Items: []Item{
			b.choices(page.Choices{Name: "standing", Label: "集める期間", Legend: true, Options: []page.Option{
				{Value: "", Text: "日を決めて集める"},
				{Value: "yes", Text: "常設の募金にする", Note: "終わりの日を決めません。年度ごとに、使いみちの計画を公表し、年度が終わったら報告します。"}}}),
			b.field(dayField("collects_from", "集め始める日", "")),
			b.field(page.Field{Name: "collects_until", Label: "集め終わる日", Type: "date", Aside: "常設の募金では、書きません"}),
			b.field(page.Field{Name: "report_due_on", Label: "報告する日", Type: "date", Required: true, Hint: "常設の募金では、いまの年度が終わってから半年のうちの日です。"})}},
		otherwiseStep(b, true),
		{Legend: "責任を持つ人と、ページの名前", Items: []Item{
			b.field(page.Field{Name: "responsible", Label: "責任を持つ人", MostRunes: 100}),
			b.field(page.Field{Name: "slug", Label: "ページのアドレス", Hint: "/c/ のあとに付く英数字です。公表したあとは変えられません。"})}},
	}
}

// costsStep asks who bears the processing costs, and for the width.
func costsStep(b builder, values url.Values, p campaigns.Plan) FormStep {
	bears := []page.Option{{Value: campaigns.CostsGeneral, Text: "団体の一般のお金から出す", Note: "寄付は、みな使いみちに使われます"}}
	for i := range useCount(values) {
		if name := values.Get(useField(i+1, "name")); name != "" {
			bears = append(bears, page.Option{Value: strconv.Itoa(i + 1), Text: "使いみち" + strconv.Itoa(i+1) + "「" + name + "」から出す"})
		}
	}
	usual := p
	usual.Margin = nil
	return FormStep{Legend: "手数料と、ずれの幅", Items: []Item{
		b.choices(page.Choices{Name: "costs_borne_by", Label: "カードなどの手数料", Legend: true, Options: bears}),
		b.field(page.Field{Name: "margin", Label: "使いみちのずれの幅", Aside: "書かなければ" + page.YenText(usual.Width()) + "円", Unit: "円",
			Hint: "この幅までは、使いみちの間で動かせます。こえるときは、約束を書き直します。全体の10％から50％までです。"})}}
}

// otherwiseStep asks what happens otherwise; what was said for the case of stopping stays for good.
func otherwiseStep(b builder, stopped bool) FormStep {
	step := FormStep{Legend: "予定どおりにならないとき", Items: []Item{
		b.field(page.Field{Name: "if_too_little", Label: "足りないとき", Hint: "例：食材費と会場を先にします。", Rows: 3, MostRunes: 2000}),
		b.field(page.Field{Name: "if_too_much", Label: "多く集まったとき", Hint: "例：食材費に入れて、回数をふやします。", Rows: 3, MostRunes: 2000})}}
	if stopped {
		step.Items = append(step.Items, b.field(page.Field{Name: "if_stopped", Label: "中止したとき", Hint: "例：返金か、次の夏に使うかを選んでもらいます。", Rows: 3, MostRunes: 2000}))
	}
	return step
}

// lacks says in plain words what is missing, in the order of the page, each with its place.
func lacks(d Desk, missing ledger.Invalid, values url.Values) []Lack {
	order := []string{"paper", "title", "need", "other_sources", "uncovered", "uses"}
	for i := range useCount(values) {
		for _, part := range []string{"name", "quantity", "unit_price", "amount", "due_on", "evidence"} {
			order = append(order, useField(i+1, part))
		}
	}
	for n := range campaigns.MaxGoals {
		for _, part := range goalParts {
			order = append(order, goalField(n+1, part))
		}
	}
	order = append(order, "costs_borne_by", "margin", "collects_from", "collects_until", "report_due_on", "if_too_little", "if_too_much",
		"if_stopped", "responsible", "slug", "organisation")
	var list []Lack
	for _, field := range order {
		key, is := missing[field]
		if !is {
			continue
		}
		lack := Lack{Text: locale.Japanese.T(key), Href: "#" + field}
		switch {
		case field == "paper":
			lack.Href = "#paper"
		case field == "organisation":
			lack.Href = d.Path("settings", "organisation")
		case field == "uses":
			lack.Href = "#uses"
		case field == "costs_borne_by":
			lack.Href = "#costs_borne_by-0"
		case strings.HasPrefix(field, "use"):
			number, _, _ := strings.Cut(field[3:], "_")
			lack.Text = fmt.Sprintf("使いみち%s：%s", number, lack.Text)
		}
		list = append(list, lack)
	}
	return list
}
