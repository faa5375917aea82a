package door

import (
	"errors"
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/ledger"
	"github.com/tsukaimichi/tsukaimichi/reports/pdf"
)

// App answers GET /account/app: how to set up an app, and once it has begun its key.
func (p *Pages) App(w http.ResponseWriter, r *http.Request) error {
	return p.app(w, r, http.StatusOK, localPath(r.URL.Query().Get("next")), "")
}

func (p *Pages) app(w http.ResponseWriter, r *http.Request, status int, next, problem string) error {
	person := auth.PersonOf(r.Context())
	if may, err := p.proven(w, r, "/account/app"); err != nil || !may {
		return err
	}
	key, err := p.Factors.PendingApp(r.Context(), person)
	if errors.Is(err, auth.ErrNoApp) {
		return p.Renderer.Render(w, status, newAppPage(person, next))
	}
	if err != nil {
		return err
	}
	modules, err := pdf.Modules(key.URL.Reveal())
	if err != nil {
		return errors.New("picture of an app's key") // the error would quote it
	}
	return p.Renderer.Render(w, status, newAppKeyPage(person, next, key.Typed.Reveal(), drawCode(modules), problem))
}

// StartApp answers POST /account/app: makes a key.
func (p *Pages) StartApp(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	if may, err := p.proven(w, r, "/account/app"); err != nil || !may {
		return err
	}
	if err := p.Factors.StartApp(r.Context(), auth.PersonOf(r.Context()).ID, p.Now()); err != nil {
		return err
	}
	http.Redirect(w, r, appPath(localPath(r.PostForm.Get("next"))), http.StatusSeeOther)
	return nil
}

// CheckApp answers POST /account/app/check: the app counts once its digits are right. They were shown, so the session is confirmed.
func (p *Pages) CheckApp(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	if may, err := p.proven(w, r, "/account/app"); err != nil || !may {
		return err
	}
	next := localPath(r.PostForm.Get("next"))
	err := p.Factors.ActivateApp(r.Context(), auth.PersonOf(r.Context()), address(r), r.PostForm.Get("code"), p.Now())
	problem := problemOf(err)
	if problem == "auth.factor_wrong" {
		problem = "auth.app_digits_wrong"
	}
	if problem != "" {
		return p.app(w, r, http.StatusUnprocessableEntity, next, locale.Japanese.T(problem))
	}
	if errors.Is(err, auth.ErrNoApp) {
		http.Redirect(w, r, appPath(next), http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	if err = p.Sessions.Confirm(r.Context(), p.Now()); err != nil {
		return err
	}
	if next != "/desk" && next != "/account" {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	return p.back(w, r, "auth.done_app_added")
}

// AskRemoveApp answers GET /account/app/remove: a page with a button.
func (p *Pages) AskRemoveApp(w http.ResponseWriter, r *http.Request) error {
	return p.Renderer.Render(w, http.StatusOK, newRemovePage(auth.PersonOf(r.Context()), removeApp()))
}

// RemoveApp answers POST /account/app/remove.
func (p *Pages) RemoveApp(w http.ResponseWriter, r *http.Request) error {
	return p.remove(w, r, "auth.done_app_removed", func(person auth.Person) error {
		return p.Factors.RemoveApp(r.Context(), person, p.Now())
	})
}
