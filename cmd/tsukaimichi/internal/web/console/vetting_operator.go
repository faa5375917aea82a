package console

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/access"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/vetting"
)

// GroupPath is where an operator looks at who a group is.
const GroupPath = OperatorPath + "/groups/{id}"

func groupPath(organisationID int64) string {
	return fmt.Sprintf("%s/groups/%d", OperatorPath, organisationID)
}

// GroupPage is one group before an operator: what is known of it, and the list of what he has seen.
type GroupPage struct {
	page.Console
	Heading string
	Failed  Failure
	State   page.Notice
	Facts   []page.Pair
	Brings  []string
	Seen    []page.Pair // by the vetting in force
	Approve Sighting
	Refuse  Act
	History []Past
}

// Template names the template of the page.
func (GroupPage) Template() string { return "console/vetting_group" }

// Sighting is the form with the list of what was seen.
type Sighting struct {
	Action   string
	Problems page.Problems
	Rows     []SightingRow
	More     []SightingRow // kinds that a group of this kind need not bring
	Open     bool          // those are unfolded
}

// SightingRow asks about one kind of paper.
type SightingRow struct {
	Name string
	Tick page.Tick
	On   page.Field
	How  page.Field
	Note page.Field
}

// Group shows a group to an operator.
func (p *Pages) Group(w http.ResponseWriter, r *http.Request) error {
	return p.group(w, r, http.StatusOK, "", nil, nil)
}

func (p *Pages) group(w http.ResponseWriter, r *http.Request, status int, form string, values url.Values, problems map[string]string) error {
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	o, err := ledger.FindOrganisation(r.Context(), p.DB, id)
	if err != nil {
		return err
	}
	person := auth.PersonOf(r.Context())
	looked := access.Opening{OrganisationID: id, PersonID: person.ID, What: access.Vetting, Route: "GET " + GroupPath}
	if err = access.Log(r.Context(), p.DB, looked, p.Now()); err != nil { // what cannot be written down is not shown
		return err
	}
	today := ledger.DateOf(p.Now())
	view, err := findVetting(r.Context(), p.DB, id, today)
	if err != nil {
		return err
	}
	failed := notDone(problems)
	shown := buildGroup(o, view, today, form, values, problems)
	shown.Failed = failed.gone(form, values, problems, Act{ID: "approve", Action: shown.Approve.Action}, shown.Refuse)
	shown.Console = page.Console{Title: "団体の確認：" + o.Name, Role: locale.Japanese.T("auth.role_operator"), Person: person.Name, Home: "/desk", NeedsFix: status != http.StatusOK,
		Crumbs: []page.Link{{Href: OperatorPath, Text: "運営のページ"}}, Done: doneText(r.URL.Query().Get("done"))}
	return p.Renderer.Render(w, status, shown)
}

func buildGroup(o ledger.Organisation, v vettingView, today ledger.Date, form string, values url.Values, problems map[string]string) GroupPage {
	shown := GroupPage{Heading: o.Name, State: vettingNotice(o, v), Facts: groupFacts(o, v), Brings: brings(o), History: pasts(v.History, vettingStep)}
	if v.InForce != nil {
		for _, s := range v.InForce.Seen {
			shown.Seen = append(shown.Seen, page.Pair{Term: paperName(s.Paper), Text: joined(page.DayOnly(s.On), howSeen(s.How), s.Note)})
		}
		if v.InForce.Status == vetting.Approved && !v.InForce.Changed(o) && v.Newest.Status != vetting.Asked {
			return shown
		}
	}
	of := func(name string) *page.Form {
		if form == name {
			return page.NewForm(values, problems)
		}
		return page.NewForm(nil, nil)
	}
	shown.Approve = sighting(o, today, of("approve"))
	b := builder{form: of("refuse"), prefix: "refuse"}
	shown.Refuse = Act{ID: "refuse", Summary: "まだ承認できない", Action: groupPath(o.ID) + "/refuse", Button: "わけを伝える", Plain: true, Open: form == "refuse",
		Lead: "このまま代表にとどきます。人の名前や番号は、書かないでください。", Items: []Item{
			b.field(page.Field{Name: "reason", Label: "わけ", Hint: "例：規約に、代表の決め方が書かれていません。", Rows: 3, Required: true, MostRunes: vetting.MaxWords}),
			b.field(page.Field{Name: "next", Label: "次にすること", Hint: "例：代表を決めた総会の議事録を見せてください。", Rows: 3, Required: true, MostRunes: vetting.MaxWords})}}
	shown.Refuse.Problems = b.form.Problems()
	return shown
}

func vettingNotice(o ledger.Organisation, v vettingView) page.Notice {
	switch {
	case v.Newest == nil:
		return page.Notice{Tag: page.Tag{Kind: page.TagDraft, Text: "まだです"}, Head: "団体から、まだたのまれていません", Text: "窓口で書類を見たときは、たのまれる前でも入れられます。"}
	case v.Newest.Status == vetting.Asked:
		return page.Notice{Tag: page.Tag{Kind: page.TagWait, Text: "待っています"}, Head: page.DayOnly(ledger.DateOf(v.Newest.AskedAt)) + "にたのまれました", Text: "見せ方：" + v.Newest.Meeting, Attend: true}
	case v.Newest.Status == vetting.Refused:
		return page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "まだできません"}, Head: page.DayOnly(ledger.DateOf(v.Newest.DecidedAt)) + "に、わけを伝えました",
			Text: "わけ：" + v.Newest.Reason + "\n次にすること：" + v.Newest.Next}
	case v.Newest.Status == vetting.Before:
		return page.Notice{Tag: page.Tag{Kind: page.TagOpen, Text: "公表できます"}, Head: "この決まりができる前から、募金をしています"}
	case v.Newest.Changed(o):
		return page.Notice{Tag: page.Tag{Kind: page.TagLate, Text: "変わりました"}, Head: "確認のあとに、名前・種類・代表・振込先のどれかが変わりました", Text: "募金はつづけられます。もう1度見たときは、入れてください。", Attend: true}
	}
	return page.Notice{Tag: page.Tag{Kind: page.TagDone, Text: "確認ずみ"}, Head: page.DayOnly(ledger.DateOf(v.Newest.DecidedAt)) + "に、" + v.Newest.DecidedBy + "さんが確認しました"}
}

// groupFacts are what an operator compares with the papers. An address the group does not publish is shown once it has asked, as it was told.
func groupFacts(o ledger.Organisation, v vettingView) []page.Pair {
	address := o.Address
	if !o.AddressDisclosed && (v.Newest == nil || v.Newest.Status == vetting.Before) {
		address = "公表していません"
	}
	var pairs []page.Pair
	for _, pair := range []page.Pair{{Term: "団体の名前", Text: o.Name}, {Term: "種類", Text: nameOf(organisationKinds, o.Kind)}, {Term: "目的", Text: o.Purpose}, {Term: "代表", Text: o.Representative},
		{Term: "住所", Text: address}, {Term: "振込先", Text: o.BankAccount}, {Term: "みんなが見るページ", Text: o.Slug, Link: page.Link{Href: "/o/" + o.Slug, Text: "開く"}}} {
		if pair.Text != "" {
			pairs = append(pairs, pair)
		}
	}
	return pairs
}

// sighting is the list of kinds of papers: first those that a group of this kind brings.
func sighting(o ledger.Organisation, today ledger.Date, form *page.Form) Sighting {
	s := Sighting{Action: groupPath(o.ID) + "/approve"}
	needed := slices.Concat(vetting.Brought(o.Kind)...)
	for _, first := range []bool{true, false} {
		for _, paper := range vetting.Papers {
			if slices.Contains(needed, paper) != first {
				continue
			}
			row := sightingRow(paper, today, form)
			if first {
				s.Rows = append(s.Rows, row)
				continue
			}
			s.More = append(s.More, row)
			s.Open = s.Open || row.Tick.Checked || row.Tick.Problem != "" || row.Note.Problem != ""
		}
	}
	s.Problems = form.Problems()
	return s
}

func sightingRow(paper vetting.Paper, today ledger.Date, form *page.Form) SightingRow {
	name := string(paper)
	ways := []page.Option{{Text: "えらんでください"}}
	for _, how := range vetting.Ways {
		ways = append(ways, page.Option{Value: string(how), Text: howSeen(how)})
	}
	row := SightingRow{Name: paperName(paper), Tick: form.Tick(page.Tick{Name: name, Label: paperName(paper) + "を見ました"})}
	field := func(f page.Field) page.Field { // in the list of problems it says of which paper it is
		label := f.Label
		f.Label = paperName(paper) + "の" + label
		f = form.Field(f)
		f.Label = label
		return f
	}
	row.On = field(page.Field{Name: name + "_on", Label: "見た日", Type: "date", Value: today.String()})
	row.How = field(page.Field{Name: name + "_how", Label: "見方", Options: ways})
	row.Note = field(page.Field{Name: name + "_note", Label: "いつの何か", Aside: optional, Hint: "例：2026年5月の総会。名前や番号は書きません。", MostRunes: vetting.MaxNote})
	return row
}

// readSeen reads the list.
func readSeen(t typed) (seen []vetting.Seen) {
	for _, paper := range vetting.Papers {
		name := string(paper)
		if t.Get(name) != "" {
			seen = append(seen, vetting.Seen{Paper: paper, On: t.day(name + "_on"), How: vetting.How(t.text(name + "_how")), Note: t.text(name + "_note")})
		}
	}
	return seen
}

// ApproveGroup writes down what an operator has seen of a group and lets it ask for money.
func (p *Pages) ApproveGroup(w http.ResponseWriter, r *http.Request) error {
	return p.decideGroup(w, r, "approve", "vetting_approved", func(tx *sqlx.Tx, id int64, t typed, by ledger.Actor) error {
		return vetting.Approve(r.Context(), tx, id, readSeen(t), by, p.Now())
	})
}

// RefuseGroup tells a group why it cannot ask for money yet.
func (p *Pages) RefuseGroup(w http.ResponseWriter, r *http.Request) error {
	return p.decideGroup(w, r, "refuse", "vetting_refused", func(tx *sqlx.Tx, id int64, t typed, by ledger.Actor) error {
		return vetting.Refuse(r.Context(), tx, id, t.text("reason"), t.text("next"), by, p.Now())
	})
}

func (p *Pages) decideGroup(w http.ResponseWriter, r *http.Request, form, done string, decide func(tx *sqlx.Tx, id int64, t typed, by ledger.Actor) error) error {
	id, err := number(r, "id")
	if err != nil {
		return err
	}
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	person := auth.PersonOf(r.Context())
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if err := decide(tx, id, t, ledger.ByPerson(person.ID, person.Name)); err != nil {
			return err
		}
		return access.TellVettingDecided(r.Context(), tx, id, p.Site, p.Now())
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.group(w, r, http.StatusUnprocessableEntity, form, t.Values, problems)
	}
	return redirect(w, r, groupPath(id), done)
}

// groupRows are all groups as an operator's list shows them: who waits first, then who changed, then who never asked.
func groupRows(organisations []ledger.Organisation, standing map[int64]vetting.Vetting) (waiting, rest []page.ListRow) {
	var changed, never, others []page.ListRow
	for _, o := range organisations {
		v, known := standing[o.ID]
		row := page.ListRow{Name: o.Name, Href: groupPath(o.ID), Text: nameOf(organisationKinds, o.Kind)}
		switch {
		case !known:
			row.Tag = page.Tag{Kind: page.TagDraft, Text: "まだです"}
			never = append(never, row)
		case v.Status == vetting.Asked:
			row.Tag, row.Note = page.Tag{Kind: page.TagWait, Text: "待っています"}, page.DayOnly(ledger.DateOf(v.AskedAt))+"から　"+v.Meeting
			waiting = append(waiting, row)
		case v.Changed(o):
			row.Tag = page.Tag{Kind: page.TagLate, Text: "変わりました"}
			changed = append(changed, row)
		case v.Status == vetting.Refused:
			row.Tag, row.Note = page.Tag{Kind: page.TagLate, Text: "まだできません"}, page.DayOnly(ledger.DateOf(v.DecidedAt))+"に伝えました"
			never = append(never, row)
		case v.Status == vetting.Before:
			row.Tag = page.Tag{Kind: page.TagOpen, Text: "決まりの前から"}
			others = append(others, row)
		default:
			row.Tag, row.Note = page.Tag{Kind: page.TagDone, Text: "確認ずみ"}, page.DayOnly(ledger.DateOf(v.DecidedAt))
			others = append(others, row)
		}
	}
	return waiting, slices.Concat(changed, never, others)
}
