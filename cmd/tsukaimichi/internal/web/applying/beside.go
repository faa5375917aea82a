package applying

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/application"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// NoteRow is a note with the button that ticks it off.
type NoteRow struct {
	Text, By, Due, For string
	Field              page.Link // it stands beside
	Done               bool
	Action             string
}

// noteRow is a note with its place, and the button that ticks it off for those who write.
func noteRow(m matter, n application.Note) NoteRow {
	row := NoteRow{Text: n.Text, By: n.By + "　" + page.DayOnly(ledger.DateOf(n.At)), Due: page.DayOnly(n.DueOn), For: n.For, Done: n.Done}
	if n.Field != "" {
		if row.Field.Text = m.Form.LabelOf(n.Field); row.Field.Text == n.Field {
			row.Field.Text = "前の様式の質問"
		}
		for _, s := range m.Form.Sections {
			for _, f := range s.Fields {
				if f.Key == n.Field && m.May(writers...) && m.Draft.Status.Open() {
					row.Field.Href = m.at("write", s.Key) + "#a-" + f.Key
				}
			}
		}
	}
	if m.May(writers...) && !n.Done {
		row.Action = m.at("notes", n.ID)
	}
	return row
}

// people are those who write for the group, to choose one.
func (p *Pages) people(r *http.Request, m matter) ([]page.Option, error) {
	members, err := ledger.Members(r.Context(), p.DB, m.Organisation.ID, m.Today())
	if err != nil {
		return nil, err
	}
	options := []page.Option{{Text: "決めない"}}
	for _, member := range members {
		if slices.Contains(writers, member.Role) && !slices.ContainsFunc(options, func(o page.Option) bool { return o.Value == strconv.FormatInt(member.PersonID, 10) }) {
			options = append(options, page.Option{Value: strconv.FormatInt(member.PersonID, 10), Text: member.Name + "（" + roleName(member.Role) + "）"})
		}
	}
	return options, nil
}

// held says who has the draft in hand, and what came of earlier ones on the same form.
func (p *Pages) held(r *http.Request, m matter, form *page.Form, shown *ApplicationPage) error {
	shown.Holder = m.Draft.Holder
	if m.May(writers...) && m.Draft.Status.Open() {
		people, err := p.people(r, m)
		if err != nil {
			return err
		}
		shown.HoldAt, shown.Hold = m.at("hold"), form.Field(page.Field{Name: "person", Label: "だれが持つか", Options: people, Value: strconv.FormatInt(m.Draft.HeldBy, 10)})
	}
	lessons, err := application.Lessons(r.Context(), p.DB, m.Organisation.ID, m.Draft.FormKey)
	if err != nil {
		return err
	}
	for _, l := range lessons {
		if l.ApplicationID == m.Draft.ID || !m.Draft.Status.Open() {
			continue
		}
		text := l.Title + "　" + statusTags[l.Status].Text
		if l.Amount > 0 {
			text += "　" + page.YenText(l.Amount) + "円"
		}
		for _, more := range []struct{ head, words string }{{"聞いたわけ：", l.Reason}, {"おぼえ：", l.Lesson}} {
			if more.words != "" {
				text += "\n" + more.head + more.words
			}
		}
		shown.Lessons = append(shown.Lessons, page.Pair{Term: page.DayOnly(l.DecidedOn), Text: text, Link: page.Link{Href: m.Path("applications", l.ApplicationID), Text: "見る"}})
	}
	return nil
}

// disagreements compares with other drafts on the same sheet.
func (p *Pages) disagreements(r *http.Request, m matter, shown *ApplicationPage) error {
	if m.Draft.WorksheetID == 0 {
		return nil
	}
	all, err := application.List(r.Context(), p.DB, m.Organisation.ID)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID == m.Draft.ID || other.WorksheetID != m.Draft.WorksheetID || !other.Status.Open() {
			continue
		}
		form, err := application.FindForm(r.Context(), p.DB, other.FormKey, other.FormVersion)
		if err != nil {
			return err
		}
		theirs := matter{Desk: m.Desk, Draft: other, Form: form}
		if err = theirs.work(); err != nil {
			return err
		}
		if here, there := m.Worked.Total, theirs.Worked.Total; here != there && here > 0 && there > 0 {
			shown.Disagree = append(shown.Disagree, fmt.Sprintf("総事業費：ここでは%s円、「%s」では%s円", page.YenText(here), other.Title, page.YenText(there)))
		}
		for _, d := range application.Disagreements(m.Form, m.Draft.Answers, other, form) {
			shown.Disagree = append(shown.Disagree, fmt.Sprintf("%s：ここでは「%s」、「%s」では「%s」", m.Form.LabelOf(d.Field), d.Here, d.InText, d.There))
		}
	}
	return nil
}
