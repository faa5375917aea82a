package console

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// GrantsPage is 運営に読ませる: which operators ask to read, which may, and which could.
type GrantsPage struct {
	page.Console
	Failed Failure
	Asked  []GrantRow
	Open   []GrantRow
	Past   []GrantRow
	None   string
	Give   Act
	Nobody string // said instead of the form where nobody can be chosen
}

// GrantRow is a grant with what the representative can do about it.
type GrantRow struct {
	Tag     page.Tag
	Name    string
	Purpose string
	Note    string
	Allow   Act
	Refuse  Act
	End     Act
}

// Template names the template of the page.
func (GrantsPage) Template() string { return "console/access_grants" }

// Grants shows what operators may read.
func (p *Pages) Grants(w http.ResponseWriter, r *http.Request) error {
	return p.grants(w, r, http.StatusOK, 0, nil, nil)
}

// grants renders the page; problems belong to the request with the id, or to the form if it is 0.
func (p *Pages) grants(w http.ResponseWriter, r *http.Request, status int, id int64, values url.Values, problems map[string]string) error {
	d := desk(r)
	all, err := access.Grants(r.Context(), p.DB, d.Organisation.ID)
	if err != nil {
		return err
	}
	operators, err := access.Operators(r.Context(), p.DB, d.Today())
	if err != nil {
		return err
	}
	failed := notDone(problems)
	shown := buildGrants(d, all, operators, id, values, problems)
	form, acts := "give", []Act{shown.Give}
	if id > 0 {
		form = fmt.Sprintf("allow-%d", id)
	}
	for _, row := range shown.Asked {
		acts = append(acts, row.Allow)
	}
	shown.Failed = failed.gone(form, values, problems, acts...)
	shown.Console = d.Frame(r, "運営に読ませる", page.Settings, page.Link{Href: d.Path("settings"), Text: "設定"})
	shown.NeedsFix = status != http.StatusOK
	return p.Renderer.Render(w, status, shown)
}

func buildGrants(d Desk, all []access.Grant, operators []ledger.Person, id int64, values url.Values, problems map[string]string) GrantsPage {
	shown := GrantsPage{None: "いま読める運営は、だれもいません。"}
	for _, g := range all {
		row := grantRow(d, g)
		switch {
		case g.Status == access.Asked:
			if d.May(head...) {
				form := page.NewForm(nil, nil)
				if g.ID == id {
					form = page.NewForm(values, problems)
				}
				row.Allow = allowAct(d, g, form)
				row.Refuse = Act{ID: fmt.Sprintf("refuse-%d", g.ID), Bare: true, Action: d.Path("access", "grants", g.ID, "refuse"), Button: "断る", Plain: true}
			}
			shown.Asked = append(shown.Asked, row)
		case g.Stands(d.Today()):
			if d.May(head...) {
				row.End = Act{ID: fmt.Sprintf("end-%d", g.ID), Bare: true, Action: d.Path("access", "grants", g.ID, "end"), Button: "いま終わらせる", Plain: true}
			}
			shown.Open = append(shown.Open, row)
		default:
			shown.Past = append(shown.Past, row)
		}
	}
	if !d.May(head...) {
		return shown
	}
	if len(operators) == 0 {
		shown.Nobody = "使い道の運営をしている人が、まだ登録されていません。"
		return shown
	}
	form := page.NewForm(nil, nil)
	if id == 0 {
		form = page.NewForm(values, problems)
	}
	shown.Give = giveAct(d, operators, form)
	return shown
}

func allowAct(d Desk, g access.Grant, form *page.Form) Act {
	b := builder{form: form, prefix: fmt.Sprintf("allow-%d", g.ID)}
	act := Act{ID: b.prefix, Bare: true, Action: d.Path("access", "grants", g.ID, "allow"), Button: "この日まで読んでよい", Items: []Item{b.field(untilField(d))}}
	act.Problems = form.Problems()
	return act
}

func untilField(d Desk) page.Field {
	f := dayField("until", "いつまで", d.Today().AddDays(6).String())
	f.Hint = fmt.Sprintf("長くて%d日、%sまでです。その前に終わらせることもできます。", access.MostDays, page.Day(d.Today().AddDays(access.MostDays-1)))
	return f
}

func giveAct(d Desk, operators []ledger.Person, form *page.Form) Act {
	options := []page.Option{{Text: "えらんでください"}}
	for _, person := range operators {
		options = append(options, page.Option{Value: fmt.Sprint(person.ID), Text: person.Name})
	}
	b := builder{form: form, prefix: "give"}
	act := Act{ID: "give", Bare: true, Action: d.Path("access", "grants"), Button: "読ませる", Plain: true, Items: []Item{
		b.field(page.Field{Name: "person", Label: "だれに", Options: options}),
		b.field(page.Field{Name: "purpose", Label: "何のために", Hint: "例：領収書の印刷がおかしいわけを見てもらう", Rows: 2, Required: true, MostRunes: 500}),
		b.field(untilField(d)),
	}}
	act.Problems = form.Problems()
	return act
}

func grantRow(d Desk, g access.Grant) GrantRow {
	row := GrantRow{Name: g.Name, Purpose: g.Purpose}
	switch {
	case g.Status == access.Asked:
		row.Tag = page.Tag{Kind: page.TagWait, Text: "返事待ち"}
		row.Note = page.Minute(g.AskedAt) + "にたのまれました。"
	case g.Status == access.Refused:
		row.Tag = page.Tag{Kind: page.TagDraft, Text: "断りました"}
		row.Note = page.Minute(g.DecidedAt) + "、" + g.DecidedBy + "さんが断りました。"
	case g.Stands(d.Today()):
		row.Tag = page.Tag{Kind: page.TagOpen, Text: "読めます"}
		row.Note = page.Day(g.UntilOn) + "まで。" + g.DecidedBy + "さんが認めました。"
	case !g.EndedAt.IsZero():
		row.Tag = page.Tag{Kind: page.TagDone, Text: "終わりました"}
		row.Note = page.DayOnly(g.FromOn) + "から。" + page.Minute(g.EndedAt) + "に、" + g.EndedBy + "さんが終わらせました。"
	default:
		row.Tag = page.Tag{Kind: page.TagDone, Text: "終わりました"}
		row.Note = page.DayOnly(g.FromOn) + "から" + page.DayOnly(g.UntilOn) + "まで。" + g.DecidedBy + "さんが認めました。"
	}
	return row
}

// GiveGrant lets an operator read, unasked.
func (p *Pages) GiveGrant(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	person, until := t.id("person"), t.day("until")
	t.bad.Need(person > 0, "person", "access.person_missing")
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		return access.Give(r.Context(), tx, d.Organisation.ID, person, t.text("purpose"), until, d.By(), d.Now)
	})
	return p.grantDone(w, r, 0, t.Values, err, "grant_given")
}

// AllowGrant lets an operator read who has asked.
func (p *Pages) AllowGrant(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	until := t.day("until")
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		return access.Allow(r.Context(), tx, d.Organisation.ID, id, until, d.By(), d.Now)
	})
	return p.grantDone(w, r, id, t.Values, err, "grant_given")
}

// RefuseGrant says no to an operator.
func (p *Pages) RefuseGrant(w http.ResponseWriter, r *http.Request) error {
	return p.decideGrant(w, r, access.Refuse, "grant_refused")
}

// EndGrant ends at once what an operator may read.
func (p *Pages) EndGrant(w http.ResponseWriter, r *http.Request) error {
	return p.decideGrant(w, r, access.End, "grant_ended")
}
