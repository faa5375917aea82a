package door

import (
	"net/http"
	"strconv"

	"github.com/tsukaimichi/tsukaimichi/cmd/tsukaimichi/internal/auth"
	"github.com/tsukaimichi/tsukaimichi/ledger"
)

// Account answers GET /account: who one is here, what one can show, and where one is signed in.
func (p *Pages) Account(w http.ResponseWriter, r *http.Request) error {
	person := auth.PersonOf(r.Context())
	held, err := p.Factors.Of(r.Context(), person.ID)
	if err != nil {
		return err
	}
	opened, err := p.Sessions.Opened(r.Context(), person.ID)
	if err != nil {
		return err
	}
	shown := newAccountPage(person, held, opened, p.Factors.PasskeyOrigin())
	shown.Done = p.Sessions.TakeNote(r.Context())
	return p.Renderer.Render(w, http.StatusOK, shown)
}

// EndSession answers POST /account/sessions/end.
func (p *Pages) EndSession(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return ledger.Invalid{"": "form.expired"}
	}
	id, err := strconv.ParseInt(r.PostForm.Get("session"), 10, 64)
	if err != nil {
		return ledger.ErrNotFound
	}
	if err = p.Sessions.End(r.Context(), auth.PersonOf(r.Context()).ID, id); err != nil {
		return err
	}
	return p.back(w, r, "auth.done_session_ended")
}

// EndOtherSessions answers POST /account/sessions/end-others.
func (p *Pages) EndOtherSessions(w http.ResponseWriter, r *http.Request) error {
	if err := p.Sessions.EndOthers(r.Context(), auth.PersonOf(r.Context()).ID); err != nil {
		return err
	}
	return p.back(w, r, "auth.done_sessions_ended")
}

// Sheet answers GET /account/sheet: what the sheet is for, and how much is left of it.
func (p *Pages) Sheet(w http.ResponseWriter, r *http.Request) error {
	person := auth.PersonOf(r.Context())
	held, err := p.Factors.Of(r.Context(), person.ID)
	if err != nil {
		return err
	}
	return p.Renderer.Render(w, http.StatusOK, newSheetPage(person, held.Sheet))
}

// NewSheet answers POST /account/sheet with the sheet itself, not by leading on to it: its numbers are shown this once and kept
// nowhere that a second page could take them from.
func (p *Pages) NewSheet(w http.ResponseWriter, r *http.Request) error {
	if may, err := p.proven(w, r, "/account/sheet"); err != nil || !may {
		return err
	}
	person := auth.PersonOf(r.Context())
	codes, err := p.Factors.NewSheet(r.Context(), person, p.Now())
	if err != nil {
		return err
	}
	return p.Renderer.Render(w, http.StatusOK, newPaperPage(person, codes, p.Site, ledger.DateOf(p.Now())))
}
