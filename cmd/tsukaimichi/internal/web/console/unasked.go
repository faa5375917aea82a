package console

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// UnaskedPage is the gifts nobody asked for as the group sees them: what is open, what was decided, and the forms to decide and to report.
type UnaskedPage struct {
	page.Console
	Failed    Failure
	Facts     []page.Pair
	Decisions []DecisionRow
	Decide    Act
	Public    page.Link
}

// Template names the template of the page.
func (UnaskedPage) Template() string { return "console/unasked" }

// DecisionRow is one decision, with the form of its report while that is not out.
type DecisionRow struct {
	Name   string
	Tag    page.Tag
	Pairs  []page.Pair
	Report Act
}

// Unasked shows the gifts nobody asked for and what was decided about them.
func (p *Pages) Unasked(w http.ResponseWriter, r *http.Request) error {
	return p.unasked(w, r, http.StatusOK, "", nil, nil)
}

// unasked shows the page; values and problems belong to the form of that name.
func (p *Pages) unasked(w http.ResponseWriter, r *http.Request, status int, form string, values url.Values, problems map[string]string) error {
	d := desk(r)
	u, err := campaigns.FindUnasked(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	decisions, err := campaigns.Decisions(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	all, err := standings(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	of := func(name string) (url.Values, map[string]string) {
		if form == name {
			return values, problems
		}
		return nil, nil
	}
	built := UnaskedPage{Failed: notDone(problems), Public: page.Link{Href: "/o/" + d.Organisation.Slug + "/gifts", Text: "みんなが見るページ"}, Facts: []page.Pair{
		{Term: "届いた寄付", Text: fmt.Sprintf("%s件　%s円", page.Count(u.Gifts), page.YenText(u.Amount))},
		{Term: "使いみちを決めた分", Text: page.YenText(u.Decided) + "円"}, {Term: "まだ決めていない分", Text: page.YenText(u.Open()) + "円", Strong: true},
	}}
	if u.Wishes > 0 {
		built.Facts = append(built.Facts, page.Pair{Term: "願いのある寄付", Text: page.Count(u.Wishes) + "件", Link: page.Link{Href: d.Path("gifts") + "?campaign=none", Text: "寄付の一覧で読む"}})
	}
	for _, decision := range decisions {
		built.Decisions = append(built.Decisions, decisionRow(d, decision, of))
	}
	if d.May(switchers...) && u.Open() > 0 {
		built.Decide = decideAct(d, all, of)
	}
	acts := []Act{built.Decide}
	for _, row := range built.Decisions {
		acts = append(acts, row.Report)
	}
	built.Failed = built.Failed.gone(form, values, problems, acts...)
	built.Console = d.Frame(r, "募金ではない寄付", page.Money, page.Link{Href: d.Path("gifts"), Text: "寄付"})
	built.NeedsFix = len(problems) > 0 || built.Failed.Head != ""
	return p.Renderer.Render(w, status, built)
}

// decideAct is the form of a decision: a use of the group's own, or a campaign it goes to.
func decideAct(d Desk, all []standing, of formOf) Act {
	values, problems := of("decide")
	b := builder{form: page.NewForm(values, problems), prefix: "decide"}
	to := []page.Option{{Value: "0", Text: "団体の使いみちにする"}}
	for _, c := range all {
		if c.Status == campaigns.Announced || c.Status == campaigns.Open || c.Status == campaigns.Closed {
			to = append(to, page.Option{Value: fmt.Sprint(c.ID), Text: "募金「" + titleOf(c) + "」へ移す"})
		}
	}
	act := Act{ID: "decide", Summary: "何に使うかを決める", Lead: "会議で決めたことを入れます。だれでも読めるページに出て、あとから消せません。", Action: d.Path("gifts", "unasked"), Key: typed{Values: values}.keyOf(),
		Button: "決めたことを公表する", Open: problems != nil, Items: []Item{
			b.field(page.Field{Name: "amount", Label: "金額", Unit: "円", Required: true}),
			b.field(page.Field{Name: "campaign", Label: "どうするか", Options: to}),
			b.field(page.Field{Name: "purpose", Label: "何に使うか", Hint: "例：集会所のやかんと茶わん。募金へ移すときは、そのわけを書きます。人の名前は、書かないでください。", Rows: 2, MostRunes: 400, Required: true}),
			b.field(page.Field{Name: "decided_by", Label: "決めたところ", Hint: "例：11月の役員会、総会", Required: true}),
			b.field(page.Field{Name: "decided_on", Label: "決めた日", Type: "date", Value: d.Today().String(), Required: true}),
			b.field(page.Field{Name: "due_on", Label: "いつまでに使って、報告するか", Type: "date", Aside: "募金へ移すときは、いりません"})}}
	act.Problems = b.form.Problems()
	return act
}

func decisionRow(d Desk, decision campaigns.Decision, of formOf) DecisionRow {
	row := DecisionRow{Name: decision.Purpose, Pairs: []page.Pair{
		{Term: "金額", Text: page.YenText(decision.Amount) + "円"}, {Term: "決めたところ・日", Text: decision.DecidedBy + "　" + page.DayOnly(decision.DecidedOn)}}}
	if decision.CampaignID > 0 {
		row.Tag = page.Tag{Kind: page.TagDone, Text: "募金へ移しました"}
		row.Pairs = append(row.Pairs, page.Pair{Term: "移した先", Link: page.Link{Href: d.Path("campaigns", decision.CampaignID), Text: decision.Title}})
		return row
	}
	row.Pairs = append(row.Pairs, page.Pair{Term: "使ったお金", Text: page.YenText(decision.Spent) + "円（支出で「頼まれていない寄付／" + decision.Purpose + "」を選びます）"},
		page.Pair{Term: "報告する日", Text: page.DayOnly(decision.DueOn)})
	if decision.Report != nil {
		row.Tag = page.Tag{Kind: page.TagDone, Text: "報告ずみ"}
		return row
	}
	row.Tag = page.Tag{Kind: page.TagOpen, Text: "使っています"}
	if late := decision.Late(d.Today()); late > 0 {
		row.Tag = page.Tag{Kind: page.TagLate, Text: fmt.Sprintf("報告待ち %d日", late)}
	}
	if d.May(head...) {
		name := fmt.Sprintf("report%d", decision.ID)
		values, problems := of(name)
		b := builder{form: page.NewForm(values, problems), prefix: name}
		row.Report = Act{ID: name, Summary: "使いみちを報告する", Lead: "使ったお金は、帳簿から入ります。公表すると、直せません。", Action: d.Path("gifts", "unasked", decision.ID, "report"), Button: "報告を公表する", Plain: true,
			Open: problems != nil, Items: []Item{
				b.field(page.Field{Name: "did", Label: "したこと", Rows: 4, MostRunes: 4000, Required: true}),
				b.field(page.Field{Name: "rest", Label: "残りをどうするか", Aside: "残りがあるときは、いります", Rows: 2, MostRunes: 2000})}}
		row.Report.Problems = b.form.Problems()
	}
	return row
}

// DecideGifts writes down what the group decided. Pressing twice is one decision.
func (p *Pages) DecideGifts(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	decision := campaigns.Decision{DecidedOn: t.day("decided_on"), DecidedBy: t.text("decided_by"), Purpose: t.text("purpose"), Amount: t.yen("amount"),
		DueOn: t.day("due_on"), CampaignID: t.id("campaign"), Key: t.Get("key")}
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		_, err := campaigns.DecideUse(r.Context(), tx, d.Organisation.ID, decision, d.By(), d.Now)
		return err
	})
	return p.unaskedDone(w, r, t, err, "decide", "gifts_decided")
}

// ReportDecision publishes what became of a decision.
func (p *Pages) ReportDecision(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		return campaigns.ReportDecision(r.Context(), tx, d.Organisation.ID, id, t.text("did"), t.text("rest"), d.By(), d.Now)
	})
	return p.unaskedDone(w, r, t, err, fmt.Sprintf("report%d", id), "gifts_reported")
}

func (p *Pages) unaskedDone(w http.ResponseWriter, r *http.Request, t typed, err error, form, done string) error {
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.unasked(w, r, http.StatusUnprocessableEntity, form, t.Values, problems)
	}
	return redirect(w, r, desk(r).Path("gifts", "unasked"), done)
}

// decidedPurposes are the open decisions about unasked gifts, as an expense names them.
func decidedPurposes(general ledger.Fund, decisions []campaigns.Decision, initiatives []ledger.Initiative) []purpose {
	var found []purpose
	for _, d := range decisions {
		if d.UseID == 0 || d.Report != nil {
			continue
		}
		text, left := "頼まれていない寄付／"+d.Purpose, "（残り "+page.YenText(d.Amount-d.Spent)+"円）"
		for _, in := range initiatives {
			found = append(found, purpose{text + "／" + in.Name, left, general.ID, d.UseID, in.ID})
		}
		found = append(found, purpose{text + "／団体の運営", left, general.ID, d.UseID, 0})
	}
	return found
}

// unreported are the decisions that are still to be reported on.
func unreported(ctx context.Context, q sqlx.QueryerContext, organisationID int64) ([]campaigns.Decision, error) {
	all, err := campaigns.Decisions(ctx, q, organisationID)
	return slices.DeleteFunc(all, func(d campaigns.Decision) bool { return d.Report != nil || d.UseID == 0 }), err
}

func decisionTask(d Desk, decision campaigns.Decision) page.Task {
	t := page.Task{What: "募金ではない寄付「" + decision.Purpose + "」の使いみちを報告する", Note: "約束した日は" + page.Day(decision.DueOn) + "です。",
		Act: page.Link{Href: d.Path("gifts", "unasked"), Text: "報告を書く"}}
	if late := decision.Late(d.Today()); late > 0 {
		t.Tag, t.Late = page.Tag{Kind: page.TagLate, Text: "報告待ち"}, fmt.Sprintf("%d日すぎています", late)
	}
	return t
}
