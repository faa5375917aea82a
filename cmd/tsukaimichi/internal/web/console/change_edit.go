package console

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// ChangePage is the next version of a promise being written, beside the one in force.
type ChangePage struct {
	page.Console
	Heading  string
	Problems page.Problems
	Action   string
	Seen     string // which state of the draft the form was sent out with
	Reason   Item
	Uses     []ChangeRow
	Was      ledger.Yen
	Total    ledger.Yen
	Texts    []Item
}

// Template names the template of the page.
func (ChangePage) Template() string { return "console/change" }

// ChangeRow is one use of the next version. One that is in the version in force keeps its name.
type ChangeRow struct {
	UseRow
	Hidden []Hidden
	Was    string // 240,000円; empty for a new use
}

// EditChange shows the draft of the next version; where none is begun, the version in force.
func (p *Pages) EditChange(w http.ResponseWriter, r *http.Request) error {
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	if !c.Changeable() {
		return redirect(w, r, desk(r).Path("campaigns", c.ID), "")
	}
	next, err := campaigns.FindProposal(r.Context(), p.DB, c.Campaign)
	if err != nil {
		return err
	}
	return p.editChange(w, r, http.StatusOK, c, changeValues(c, next), nil)
}

// SaveChange keeps what was typed, after adding, removing or moving a use if that button was pressed.
func (p *Pages) SaveChange(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	c, err := p.findStanding(r)
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	if t.Get("do") == "restart" {
		err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
			return campaigns.DropProposal(r.Context(), tx, d.Organisation.ID, c.ID)
		})
		if err != nil {
			return err
		}
		return redirect(w, r, d.Path("campaigns", c.ID, "change"), "")
	}
	anchor := arrangeUses(t.Values)
	plan := readPlan(t)
	plan.Reason = t.text("reason")
	for i := range plan.Uses {
		plan.Uses[i].UseID = t.id(useField(i+1, "id"))
	}
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if !c.Changeable() {
			return campaigns.ErrClosed
		}
		return t.writeOver(r.Context(), tx, c, func() (string, error) { return changeMark(r.Context(), tx, c) }, func() error {
			return campaigns.SaveProposal(r.Context(), tx, d.Organisation.ID, c.ID, plan)
		})
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.editChange(w, r, http.StatusUnprocessableEntity, c, t.Values, problems)
	}
	if t.Get("do") == "preview" {
		return redirect(w, r, d.Path("campaigns", c.ID, "change", "preview"), "")
	}
	return redirect(w, r, d.Path("campaigns", c.ID, "change")+anchor, "draft_saved")
}

func (p *Pages) editChange(w http.ResponseWriter, r *http.Request, status int, c standing, values url.Values, problems map[string]string) error {
	d := desk(r)
	built := buildChange(d, c, values, problems)
	if c.Changeable() {
		var err error
		if built.Seen, err = changeMark(r.Context(), p.DB, c); err != nil {
			return err
		}
	}
	built.Console = d.Frame(r, "約束を変える："+titleOf(c), page.Campaigns, changeCrumbs(d, c)...)
	built.NeedsFix = built.Problems.Some()
	return p.Renderer.Render(w, status, built)
}

func changeCrumbs(d Desk, c standing) []page.Link {
	return []page.Link{{Href: d.Path("campaigns"), Text: "募金"}, {Href: d.Path("campaigns", c.ID), Text: titleOf(c)}}
}

// changeValues writes a proposal into the fields of the form.
func changeValues(c standing, next campaigns.Plan) url.Values {
	values := draftValues(standing{c.Campaign, next}, nil)
	values.Set("reason", next.Reason)
	for i, u := range next.Uses {
		if u.UseID > 0 {
			values.Set(useField(i+1, "id"), strconv.FormatInt(u.UseID, 10))
		}
	}
	return values
}

func buildChange(d Desk, c standing, values url.Values, problems map[string]string) ChangePage {
	b := builder{form: page.NewForm(values, problems)}
	built := ChangePage{Heading: titleOf(c), Action: d.Path("campaigns", c.ID, "change"), Was: c.Plan.Total()}
	built.Reason = b.field(page.Field{Name: "reason", Label: "変える理由", Hint: "募金のページに、前の約束との違いといっしょに出ます。寄付した方への手紙にも書きます。", Rows: 3, MostRunes: 2000})
	for i := range useCount(values) {
		row := changeRow(b, values, c.Plan, i+1)
		built.Uses = append(built.Uses, row)
		built.Total += typedAmount(values, i+1)
	}
	built.Texts = []Item{
		b.field(page.Field{Name: "lead", Label: "はじめの2文", Aside: optional, Rows: 3, MostRunes: 400}),
		b.field(page.Field{Name: "saying", Label: "団体のことば", Aside: optional, Rows: 2, MostRunes: 80}),
		b.field(page.Field{Name: "need", Label: "なぜ、お金がいるか", Rows: 5, MostRunes: 2000}),
		b.field(page.Field{Name: "other_sources", Label: "ほかのお金でまかなう分", Rows: 3, MostRunes: 2000}),
		b.field(page.Field{Name: "uncovered", Label: "まだ決まっていないお金", Rows: 2, MostRunes: 2000}),
		b.field(page.Field{Name: "if_too_little", Label: "足りないとき", Rows: 3, MostRunes: 2000}),
		b.field(page.Field{Name: "if_too_much", Label: "多く集まったとき", Rows: 3, MostRunes: 2000}),
		b.field(page.Field{Name: "responsible", Label: "責任を持つ人", MostRunes: 100}),
	}
	built.Texts = append(built.Texts, goalsStep(b, values).Items...)
	built.Problems = b.form.Problems()
	return built
}

// typedAmount is the amount of a row as far as it can be read.
func typedAmount(values url.Values, n int) ledger.Yen {
	return readUse(typed{values, ledger.Invalid{}}, n).Amount
}

func changeRow(b builder, values url.Values, inForce campaigns.Plan, n int) ChangeRow {
	field := func(part string) string { return useField(n, part) }
	count := useCount(values)
	row := ChangeRow{UseRow: UseRow{Number: n, Name: values.Get(field("name")), First: n == 1, Last: n == count, Only: count == 1}}
	for _, u := range inForce.Uses {
		if values.Get(field("id")) == strconv.FormatInt(u.UseID, 10) {
			row.Name, row.Was = u.Name, page.YenText(u.Amount)+"円"
			row.Hidden = []Hidden{{field("id"), values.Get(field("id"))}, {field("name"), u.Name}}
		}
	}
	if row.Was == "" {
		row.Items = append(row.Items, b.field(page.Field{Name: field("name"), Label: "何に使うか", MostRunes: 40}))
	}
	row.Items = append(row.Items,
		b.field(page.Field{Name: field("detail"), Label: "内わけ", Aside: optional}),
		b.field(page.Field{Name: field("quantity"), Label: "数", Aside: optional, InputMode: "numeric"}),
		b.listed(page.Field{Name: field("unit"), Label: "数の単位", Aside: optional}, []string{"回", "個", "人", "台", "か月", "式"}),
		b.field(yenField(field("unit_price"), "1つの金額（単価）", optional)),
		b.field(yenField(field("amount"), "金額", "数と単価を書いたら、書かなくてよい")),
		b.field(dayField(field("due_on"), "いつまでに使うか", "")),
		b.listed(page.Field{Name: field("evidence"), Label: "何で示すか"}, evidenceWords))
	return row
}
