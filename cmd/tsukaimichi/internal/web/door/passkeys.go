package door

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/locale"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// answered is what a page's script sends: what the device answered, and what stands beside the button.
type answered struct {
	Answer json.RawMessage `json:"answer"`
	Name   string          `json:"name"`
	Next   string          `json:"next"`
}

// reply is what the script gets: where to go on, or what to say.
type reply struct {
	To   string `json:"to,omitempty"`
	Text string `json:"text,omitempty"`
}

func (p *Pages) say(w http.ResponseWriter, status int, what any) error {
	body, err := json.Marshal(what)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // an error says that the reader left
	return nil
}

// sayProblem answers what a person can do something about; other errors go back.
func (p *Pages) sayProblem(w http.ResponseWriter, err error) error {
	switch {
	case errors.Is(err, auth.ErrFactor):
		return p.say(w, http.StatusUnprocessableEntity, reply{Text: locale.Japanese.T("auth.passkey_refused")})
	case errors.Is(err, auth.ErrTooMany):
		return p.say(w, http.StatusUnprocessableEntity, reply{Text: locale.Japanese.T("auth.passkeys_enough")})
	case errors.Is(err, auth.ErrNoPasskeys):
		return p.say(w, http.StatusUnprocessableEntity, reply{Text: locale.Japanese.T("auth.passkeys_not_here")})
	}
	return err
}

// begin hands the ceremony to the script.
func (p *Pages) begin(w http.ResponseWriter, c auth.Ceremony, err error) error {
	if err != nil {
		return p.sayProblem(w, err)
	}
	p.Sessions.AwaitPasskey(w, c.Browser)
	return p.say(w, http.StatusOK, json.RawMessage(c.Options))
}

func readAnswer(r *http.Request) (a answered, err error) {
	body, err := io.ReadAll(r.Body) // limited by the route
	if err != nil {
		return a, err
	}
	if json.Unmarshal(body, &a) != nil {
		return a, auth.ErrFactor
	}
	return a, nil
}

// BeginPasskey answers POST /sign-in/passkey/begin.
func (p *Pages) BeginPasskey(w http.ResponseWriter, r *http.Request) error {
	c, err := p.Factors.BeginSignIn(r.Context(), p.Now())
	return p.begin(w, c, err)
}

// UsePasskey answers POST /sign-in/passkey. The device has asked for more than being there, so this is a second factor as well.
func (p *Pages) UsePasskey(w http.ResponseWriter, r *http.Request) error {
	a, err := readAnswer(r)
	if err != nil {
		return p.sayProblem(w, err)
	}
	id, err := p.Factors.EndSignIn(r.Context(), p.Sessions.AwaitedPasskey(r), a.Answer, p.Now())
	if err != nil {
		return p.sayProblem(w, err)
	}
	if err = p.arrive(w, r, id, true); err != nil {
		return err
	}
	return p.say(w, http.StatusOK, reply{To: "/desk"})
}

// BeginConfirmPasskey answers POST /confirm/passkey/begin.
func (p *Pages) BeginConfirmPasskey(w http.ResponseWriter, r *http.Request) error {
	c, err := p.Factors.BeginConfirm(r.Context(), auth.PersonOf(r.Context()), p.Now())
	return p.begin(w, c, err)
}

// ConfirmPasskey answers POST /confirm/passkey.
func (p *Pages) ConfirmPasskey(w http.ResponseWriter, r *http.Request) error {
	a, err := readAnswer(r)
	if err == nil {
		err = p.Factors.EndConfirm(r.Context(), auth.PersonOf(r.Context()), p.Sessions.AwaitedPasskey(r), a.Answer, p.Now())
	}
	if err != nil {
		return p.sayProblem(w, err)
	}
	if err = p.Sessions.Confirm(r.Context(), p.Now()); err != nil {
		return err
	}
	return p.say(w, http.StatusOK, reply{To: localPath(a.Next)})
}

// BeginAddPasskey answers POST /account/passkeys/begin.
func (p *Pages) BeginAddPasskey(w http.ResponseWriter, r *http.Request) error {
	may, err := p.mayChange(r)
	if err != nil {
		return err
	}
	if !may {
		return p.say(w, http.StatusForbidden, reply{To: confirmPath("/account")})
	}
	c, err := p.Factors.BeginAdd(r.Context(), auth.PersonOf(r.Context()), p.Now())
	return p.begin(w, c, err)
}

// AddPasskey answers POST /account/passkeys. A passkey just made was shown.
func (p *Pages) AddPasskey(w http.ResponseWriter, r *http.Request) error {
	may, err := p.mayChange(r)
	if err != nil {
		return err
	}
	if !may {
		return p.say(w, http.StatusForbidden, reply{To: confirmPath("/account")})
	}
	a, err := readAnswer(r)
	if err == nil {
		err = p.Factors.EndAdd(r.Context(), auth.PersonOf(r.Context()), p.Sessions.AwaitedPasskey(r), a.Name, a.Answer, p.Now())
	}
	if err != nil {
		return p.sayProblem(w, err)
	}
	if err = p.Sessions.Confirm(r.Context(), p.Now()); err != nil {
		return err
	}
	to := localPath(a.Next)
	if to == "/account" {
		p.Sessions.Note(r.Context(), locale.Japanese.T("auth.done_passkey_added"))
	}
	return p.say(w, http.StatusOK, reply{To: to})
}

// AskRemovePasskey answers GET /account/passkeys/{id}/remove: a page with a button.
func (p *Pages) AskRemovePasskey(w http.ResponseWriter, r *http.Request) error {
	person := auth.PersonOf(r.Context())
	held, err := p.Factors.Of(r.Context(), person.ID)
	if err != nil {
		return err
	}
	for _, k := range held.Passkeys {
		if strconv.FormatInt(k.ID, 10) == r.PathValue("id") {
			return p.Renderer.Render(w, http.StatusOK, newRemovePage(person, removePasskey(k)))
		}
	}
	return ledger.ErrNotFound
}

// RemovePasskey answers POST /account/passkeys/{id}/remove. Who takes one away has often lost a device: all other sessions end.
func (p *Pages) RemovePasskey(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return ledger.ErrNotFound
	}
	return p.remove(w, r, "auth.done_passkey_removed", func(person auth.Person) error {
		return p.Factors.RemovePasskey(r.Context(), person, id, p.Now())
	})
}

// remove takes something away that could be shown, and ends all other sessions first.
func (p *Pages) remove(w http.ResponseWriter, r *http.Request, done string, do func(auth.Person) error) error {
	if may, err := p.proven(w, r, "/account"); err != nil || !may {
		return err
	}
	person := auth.PersonOf(r.Context())
	if err := p.Sessions.EndOthers(r.Context(), person.ID); err != nil {
		return err
	}
	if err := do(person); err != nil {
		return err
	}
	return p.back(w, r, done)
}

// back returns to the page of the account, which says what was done.
func (p *Pages) back(w http.ResponseWriter, r *http.Request, done string) error {
	p.Sessions.Note(r.Context(), locale.Japanese.T(done))
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}
