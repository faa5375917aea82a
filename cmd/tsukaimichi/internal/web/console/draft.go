package console

import (
	"context"
	"net/http"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/campaigns"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// StartDraft begins a draft, empty or from an earlier campaign, and leads to the editor. Pressing twice is one draft: the second
// try finds the public name taken by the first.
func (p *Pages) StartDraft(w http.ResponseWriter, r *http.Request) error {
	d := desk(r)
	t, err := readForm(w, r)
	if err != nil {
		return err
	}
	var id int64
	err = t.carryOut(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		err := alone(r.Context(), tx, d.Organisation.ID, "draft "+t.Get("slug"))
		if err != nil {
			return err
		}
		if id, err = draftOfForm(r.Context(), tx, d, t); err != nil || id > 0 {
			return err
		}
		if from := t.id("from"); from > 0 {
			id, err = campaigns.Copy(r.Context(), tx, d.Organisation.ID, from, t.Get("slug"), d.By(), d.Now)
			return err
		}
		initiative, err := initiativeNamed(r.Context(), tx, d.Organisation.ID, t.text("initiative"))
		if err != nil {
			return err
		}
		plan := campaigns.Plan{Title: t.text("title"), Responsible: d.Person.Name, Uses: make([]campaigns.PlanUse, 1)}
		id, err = campaigns.StartDraft(r.Context(), tx, d.Organisation.ID, initiative, t.Get("slug"), plan, d.By(), d.Now)
		return err
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.newCampaign(w, r, http.StatusUnprocessableEntity, t, problems)
	}
	return redirect(w, r, d.Path("campaigns", id, "edit"), "draft_started")
}

// draftOfForm finds the draft this form has begun already, or 0.
func draftOfForm(ctx context.Context, tx *sqlx.Tx, d Desk, t typed) (int64, error) {
	all, err := campaigns.List(ctx, tx, d.Organisation.ID)
	if err != nil {
		return 0, err
	}
	for _, c := range all {
		if c.Slug == t.Get("slug") && c.Status == campaigns.Draft {
			return c.ID, nil
		}
	}
	return 0, nil
}

// initiativeNamed finds or enters the initiative a person named.
func initiativeNamed(ctx context.Context, tx *sqlx.Tx, organisationID int64, name string) (int64, error) {
	bad := ledger.Invalid{}
	bad.Need(name != "", "initiative", "console.initiative_missing")
	bad.Need(len([]rune(name)) <= 60, "initiative", "field.too_long")
	if err := bad.Err(); err != nil {
		return 0, err
	}
	return ledger.StartInitiative(ctx, tx, ledger.Initiative{OrganisationID: organisationID, Name: name})
}
