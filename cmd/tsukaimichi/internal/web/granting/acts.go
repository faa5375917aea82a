package granting

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/web/page"
	"github.com/tsukaimichi/tsukaimichi/grants/catalogue"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/ledger/profile"
)

// Answer keeps the answer to a question of a call in the group's profile.
func (p *Pages) Answer(w http.ResponseWriter, r *http.Request) error {
	d, o, err := p.find(r)
	if err != nil {
		return err
	}
	if err = r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	key := r.PostForm.Get("key")
	value, code := readAnswer(key, strings.TrimSpace(r.PostForm.Get("value")))
	err = ledger.Invalid{"value": code}
	if code == "" {
		err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
			return profile.Say(r.Context(), tx, d.Organisation.ID, profile.Fact{Key: key, Value: value}, d.By(), d.Now)
		})
	}
	if errors.Is(err, profile.ErrUnknownKey) {
		return errors.Join(ledger.ErrNotFound, err)
	}
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.call(w, r, http.StatusUnprocessableEntity, r.PostForm, problems)
	}
	return page.Redirect(w, r, d.Path("grants", o.ID)+"?plan="+url.QueryEscape(r.PostForm.Get("plan"))+"#rules", "answered")
}

// readAnswer reads what was typed for a key of the profile.
func readAnswer(key, text string) (profile.Value, string) {
	kind, _ := kindOf(key)
	switch kind {
	case profile.Number:
		n, err := ledger.ParseYen(strings.TrimSuffix(text, "人"))
		if err != nil {
			return profile.Value{}, "profile.number_shape"
		}
		number := int64(n)
		return profile.Value{Number: &number}, ""
	case profile.Day:
		day, err := ledger.ParseDate(text)
		if err != nil {
			return profile.Value{}, "profile.day_shape"
		}
		return profile.Value{Day: &day}, ""
	case profile.YesNo:
		if text != "yes" && text != "no" {
			return profile.Value{}, "profile.missing"
		}
		yes := text == "yes"
		return profile.Value{Yes: &yes}, ""
	case profile.Words:
		return profile.Value{Words: strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、,，/／\n 　", r) })}, ""
	}
	if text == "" {
		return profile.Value{}, "profile.missing"
	}
	return profile.Value{Text: &text}, ""
}

// Dismiss takes a call out of the group's list, with the reason.
func (p *Pages) Dismiss(w http.ResponseWriter, r *http.Request) error {
	d, o, err := p.find(r)
	if err != nil {
		return err
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		return catalogue.Dismiss(r.Context(), tx, d.Organisation.ID, o, r.PostFormValue("reason"), d.By(), d.Now)
	})
	if err != nil {
		problems, err := wrong(err)
		if err != nil {
			return err
		}
		return p.call(w, r, http.StatusUnprocessableEntity, r.PostForm, problems)
	}
	return page.Redirect(w, r, d.Path("grants"), "dismissed")
}

// Bring shows a dismissed call again.
func (p *Pages) Bring(w http.ResponseWriter, r *http.Request) error {
	d, o, err := p.find(r)
	if err != nil {
		return err
	}
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error { return catalogue.Bring(r.Context(), tx, d.Organisation.ID, o.ID) })
	if err != nil {
		return err
	}
	return page.Redirect(w, r, d.Path("grants", o.ID), "brought")
}

// Forward makes next year's forecast of a call.
func (p *Pages) Forward(w http.ResponseWriter, r *http.Request) error {
	d, o, err := p.find(r)
	if err != nil {
		return err
	}
	var next int64
	err = ledger.InTx(r.Context(), p.DB, func(tx *sqlx.Tx) error {
		next, err = catalogue.CopyForward(r.Context(), tx, o.ID, author(d), d.Now)
		return err
	})
	if errors.Is(err, catalogue.ErrSameRound) { // twice is once
		return page.Redirect(w, r, d.Path("grants", o.ID), "forward_known")
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, d.Path("grants", next), "forwarded")
}
