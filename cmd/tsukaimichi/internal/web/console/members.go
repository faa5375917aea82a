package console

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// MembersPage is who has which role, and the form to add one.
type MembersPage struct {
	page.Console
	Failed  Failure
	Members []MemberRow
	Add     Act
}

// MemberRow is a role of a person.
type MemberRow struct {
	Name string
	Role string
	Note string
	End  Act
	More Act // until a later day
}

// Template names the template of the page.
func (MembersPage) Template() string { return "console/members" }

// Members shows who has which role.
func (p *Pages) Members(w http.ResponseWriter, r *http.Request) error {
	return p.members(w, r, http.StatusOK, nil, nil)
}

func (p *Pages) members(w http.ResponseWriter, r *http.Request, status int, values url.Values, problems map[string]string) error {
	d := desk(r)
	members, err := ledger.Members(r.Context(), p.DB, d.Organisation.ID, d.Today())
	if err != nil {
		return err
	}
	failed := notDone(problems)
	built := buildMembers(d, members, values, problems)
	form, acts := "add", []Act{built.Add}
	if values.Get("renew") != "" {
		form = "renew"
		for _, row := range built.Members {
			if row.More.Open { // the one that was to be renewed
				form, acts = row.More.ID, append(acts, row.More)
			}
		}
	}
	built.Failed = failed.gone(form, values, problems, acts...)
	built.Console = d.Frame(r, "メンバー", page.Settings, page.Link{Href: d.Path("settings"), Text: "設定"})
	built.NeedsFix = len(problems) > 0 || built.Failed.Head != ""
	return p.Renderer.Render(w, status, built)
}

func buildMembers(d Desk, members []ledger.Membership, values url.Values, problems map[string]string) MembersPage {
	var built MembersPage
	for i, m := range members {
		row := MemberRow{Name: m.Name, Role: roleName(m.Role), Note: page.DayOnly(m.FromOn) + "から"}
		if !m.UntilOn.IsZero() {
			row.Note += page.DayOnly(m.UntilOn) + "まで"
		}
		if d.May(head...) {
			row.Note = m.Mail + "　" + row.Note
			if !m.UntilOn.IsZero() {
				row.More = renewAct(d, m, i+1, values, problems)
			}
			if m.UntilOn != d.Today() {
				row.End = Act{ID: fmt.Sprintf("end-%d", i+1), Summary: m.Name + "さんの「" + row.Role + "」を終える", Lead: "きょうで終わり、あすからは入れません。これまでの記録は残ります。",
					Action: d.Path("settings", "members", "end"), Hidden: []Hidden{{"person", fmt.Sprint(m.PersonID)}, {"role", string(m.Role)}}, Button: "きょうで終える", Plain: true}
			}
		}
		built.Members = append(built.Members, row)
	}
	if d.May(head...) {
		form := page.NewForm(values, problems)
		if values.Has("renew") {
			form = page.NewForm(nil, nil) // the form above came back
		}
		b := builder{form: form, prefix: "add"}
		built.Add = Act{ID: "add", Summary: "メンバーを足す", Action: d.Path("settings", "members"), Button: "メンバーを足す", Bare: true, Items: []Item{
			b.field(page.Field{Name: "name", Label: "名前", Required: true}),
			b.field(page.Field{Name: "mail", Label: "メールアドレス", Type: "email", Hint: "入るときの番号が、ここに届きます。", Required: true}),
			b.choices(page.Choices{Name: "role", Label: "役目", Legend: true, Options: roleOptions()}),
			b.field(page.Field{Name: "until", Label: "終わる日", Aside: "コーディネーターだけ・1年まで", Type: "date"}),
		}}
		built.Add.Problems = b.form.Problems()
	}
	return built
}

// AddMember gives a person a role; somebody who has it keeps it, until the later day.
func (p *Pages) AddMember(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	name, mail, role, until := t.text("name"), strings.ToLower(t.text("mail")), ledger.Role(t.Get("role")), t.day("until")
	t.bad.Need(name != "", "name", "console.name_missing")
	t.bad.Need(len([]rune(name)) <= 100, "name", "field.too_long")
	t.bad.Need(mail != "", "mail", "console.mail_missing")
	t.bad.Need(campaigns.MailFits(mail) && len(mail) <= 200, "mail", "console.mail_shape")
	t.bad.Need(slices.Contains(readers, role), "role", "console.role_missing")
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		m := ledger.Membership{OrganisationID: d.Organisation.ID, Role: role, FromOn: d.Today(), UntilOn: until}
		if len(t.bad) > 0 {
			return m.Fits() // nothing the database would have to refuse
		}
		if err := alone(r.Context(), tx, d.Organisation.ID, "members"); err != nil {
			return err
		}
		person, err := ledger.AddPerson(r.Context(), tx, ledger.Person{Name: name, Mail: mail, CreatedAt: d.Now})
		if err != nil {
			return err
		}
		m.PersonID = person
		return addMember(r.Context(), tx, m, d)
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.members(w, r, http.StatusUnprocessableEntity, t.Values, problems)
	}
	return redirect(w, r, d.Path("settings", "members"), "member_added")
}

// EndMember ends a role today. The last representative stays.
func (p *Pages) EndMember(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	person, role := t.id("person"), ledger.Role(t.Get("role"))
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if err := alone(r.Context(), tx, d.Organisation.ID, "members"); err != nil { // two of two representatives may go at once
			return err
		}
		today, err := ledger.Members(r.Context(), tx, d.Organisation.ID, d.Today())
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(today, func(m ledger.Membership) bool { return m.Role == role && m.PersonID == person }) {
			return ledger.ErrNotFound // and nothing that was typed gets into the history
		}
		tomorrow, err := ledger.Members(r.Context(), tx, d.Organisation.ID, d.Today().AddDays(1))
		if err != nil {
			return err
		}
		others := slices.ContainsFunc(tomorrow, func(m ledger.Membership) bool { return m.Role == ledger.Representative && m.PersonID != person })
		if role == ledger.Representative && !others {
			return ledger.Invalid{"": "console.last_representative"}
		}
		if err = ledger.EndMember(r.Context(), tx, d.Organisation.ID, person, role, d.Today()); err != nil {
			return err
		}
		return ledger.Note(r.Context(), tx, d.Organisation.ID, "member", person, "ended:"+string(role), d.By(), d.Now, "")
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.members(w, r, http.StatusUnprocessableEntity, nil, problems)
	}
	return redirect(w, r, d.Path("settings", "members"), "member_ended")
}
