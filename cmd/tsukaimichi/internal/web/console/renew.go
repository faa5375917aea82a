package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// addMember gives or renews a role and keeps in the history which of both it was; a role that goes on as it was is no step.
func addMember(ctx context.Context, tx *sqlx.Tx, m ledger.Membership, d Desk) error {
	members, err := ledger.Members(ctx, tx, m.OrganisationID, m.FromOn)
	if err != nil {
		return err
	}
	if err = ledger.AddMember(ctx, tx, m); err != nil {
		return err
	}
	step := "added:"
	if i := slices.IndexFunc(members, func(has ledger.Membership) bool { return has.PersonID == m.PersonID && has.Role == m.Role }); i >= 0 {
		if has := members[i].UntilOn; has.IsZero() || (!m.UntilOn.IsZero() && !m.UntilOn.After(has)) {
			return nil
		}
		step = "renewed:"
	}
	return ledger.Note(ctx, tx, m.OrganisationID, "member", m.PersonID, step+string(m.Role), d.By(), d.Now, "")
}

// renewAct is the form to put off the end of a role. What was typed and what is wrong belong to the role that was to be renewed.
func renewAct(d Desk, m ledger.Membership, number int, values url.Values, problems map[string]string) Act {
	form := page.NewForm(nil, nil)
	again := values.Get("renew") == fmt.Sprint(m.PersonID, m.Role)
	if again {
		form = page.NewForm(values, problems)
	}
	b := builder{form: form, prefix: fmt.Sprintf("renew-%d", number)}
	hint := ""
	if m.Role == ledger.Coordinator {
		hint = "きょうから1年まで、のばせます。"
	}
	act := Act{ID: b.prefix, Summary: m.Name + "さんの「" + roleName(m.Role) + "」の終わる日をのばす", Action: d.Path("settings", "members", "renew"), Plain: true, Button: "この日までのばす",
		Hidden: []Hidden{{"person", fmt.Sprint(m.PersonID)}, {"role", string(m.Role)}},
		Items:  []Item{b.field(page.Field{Name: "longer", Label: "あたらしい終わる日", Hint: hint, Type: "date", Required: true})}}
	act.Problems = form.Problems()
	act.Open = again
	return act
}

// RenewMember puts off the day on which a role ends.
func (p *Pages) RenewMember(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	m := ledger.Membership{OrganisationID: d.Organisation.ID, PersonID: t.id("person"), Role: ledger.Role(t.Get("role")), FromOn: d.Today(), UntilOn: t.day("longer")}
	t.bad.Need(!m.UntilOn.IsZero(), "longer", "income.day_missing")
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		if err := alone(r.Context(), tx, m.OrganisationID, "members"); err != nil {
			return err
		}
		members, err := ledger.Members(r.Context(), tx, m.OrganisationID, m.FromOn)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(members, func(has ledger.Membership) bool { return has.PersonID == m.PersonID && has.Role == m.Role })
		if i < 0 {
			return ledger.ErrNotFound // what is not there is added, not renewed
		}
		t.bad.Need(m.UntilOn.After(members[i].UntilOn) || m.UntilOn.IsZero(), "longer", "console.until_not_later")
		if len(t.bad) > 0 {
			return nil
		}
		err = addMember(r.Context(), tx, m, d)
		var bad ledger.Invalid
		if errors.As(err, &bad) {
			return ledger.Invalid{"longer": bad["until"]}
		}
		return err
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		t.Set("renew", fmt.Sprint(m.PersonID, m.Role))
		return p.members(w, r, http.StatusUnprocessableEntity, t.Values, problems)
	}
	return redirect(w, r, d.Path("settings", "members"), "member_renewed")
}
