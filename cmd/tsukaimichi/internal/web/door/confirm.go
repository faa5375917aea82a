package door

import (
	"net/http"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Confirm answers GET /confirm: asks for the second factor before the page in ?next.
func (p *Pages) Confirm(w http.ResponseWriter, r *http.Request) error {
	return p.confirm(w, r, http.StatusOK, localPath(r.URL.Query().Get("next")), "")
}

func (p *Pages) confirm(w http.ResponseWriter, r *http.Request, status int, next, problem string) error {
	person := auth.PersonOf(r.Context())
	form, err := p.factorForm(r, person, "code", problem)
	if err != nil {
		return err
	}
	shown := ConfirmPage{Console: frame(person, "ご本人の確認", toDesk), Factor: form, Next: next, Origin: p.Factors.PasskeyOrigin()}
	shown.NeedsFix = problem != ""
	return p.Renderer.Render(w, status, shown)
}

// EnterFactor answers POST /confirm.
func (p *Pages) EnterFactor(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	next := localPath(r.PostForm.Get("next"))
	err := p.Factors.Enter(r.Context(), auth.PersonOf(r.Context()), address(r), r.PostForm.Get("code"), p.Now())
	if problem := problemOf(err); problem != "" {
		return p.confirm(w, r, http.StatusUnprocessableEntity, next, problem)
	}
	if err != nil {
		return err
	}
	return p.confirmed(w, r, next)
}

// confirmed keeps that the second factor was shown and goes on.
func (p *Pages) confirmed(w http.ResponseWriter, r *http.Request, next string) error {
	if err := p.Sessions.Confirm(r.Context(), p.Now()); err != nil {
		return err
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// ConfirmInPractice answers POST /practice/confirm: the button that stands for a second factor. The route exists in practice alone.
func (p *Pages) ConfirmInPractice(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	return p.confirmed(w, r, localPath(r.PostForm.Get("next")))
}

// proven reports whether the person may change what has to be shown: who has something shows it first. If not, the visitor is on the way to
// /confirm and back to the page next.
func (p *Pages) proven(w http.ResponseWriter, r *http.Request, next string) (bool, error) {
	may, err := p.mayChange(r)
	if err != nil || may {
		return may, err
	}
	http.Redirect(w, r, confirmPath(next), http.StatusSeeOther)
	return false, nil
}

func (p *Pages) mayChange(r *http.Request) (bool, error) {
	if p.Sessions.Confirmed(r.Context(), p.Now()) {
		return true, nil
	}
	held, err := p.Factors.Of(r.Context(), auth.PersonOf(r.Context()).ID)
	return !held.Some(), err
}
